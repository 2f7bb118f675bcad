"""A draft is thrown away: what was written and sent is erased, and the call is free for another.

Its number and its events stay; what was handed in is withdrawn instead, and kept.
"""

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from grants.applications import outgoing
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from portal.accounts.models import Organisation, User
from portal.cases import retention
from portal.cases.models import Case
from portal.correspondence.readers import Readers
from portal.workflow.door import perform
from portal.workflow.gathering import Letter
from portal.workflow.outgoing import Wording
from portal.workflow.ports import write_letters

THROWN_AWAY = gettext_noop("下書きを消し、書いた内容とファイルを消去しました")
ENDED = gettext_noop("お知らせした日が過ぎたため、下書きを消し、書いた内容とファイルを消去しました")


@dataclass(frozen=True)
class ThrownAway:
    """What is left to say of a case whose words are erased. A mail on it would be erased, too."""

    case: Case

    @property
    def told_as(self) -> str:
        return f"{self.case.shown_programme}（{self.case.number}）"

    def address_for(self, _user: User) -> str:
        return reverse("my_cases")


@transaction.atomic
def discard(application: Application, *, by: User, seen: int | None = None) -> Application:
    """Erase a draft, for good, and tell everybody who could have written it but whoever did this.
    `seen`: the version that the person looked at.

    Raises Forbidden for whoever may not write it, WrongState where it is none any more, Stale where
    it was submitted or erased meanwhile.
    """
    done = perform(application, "discard", by=by, seen=seen)
    capacity = by.capacity_for(done)
    retention.dispose(done.case, by=by, label=THROWN_AWAY, capacity=capacity)
    if not by.is_system:  # where the portal erases what strangers began, they heard of that before
        _tell(done.case, outgoing.THROWN_AWAY, by)
    return done


@transaction.atomic
def end(application: Application) -> None:
    """Erase a draft that nobody finished, and tell its people, who heard of the day before."""
    done = perform(application, "discard", by=User.objects.system())
    retention.dispose(done.case, by=User.objects.system(), label=ENDED)
    _tell(done.case, outgoing.ENDED)


def _tell(case: Case, words: Wording, but: User | None = None) -> None:
    people = Readers.of([case]).members_and_advisers(case)
    about = ThrownAway(case)
    write_letters.value([Letter(person, about, words) for person in people if person != but])


def discard_again(case: Case) -> bool:
    """Erase the draft that a restore brought back; False where the case is none."""
    draft = Application.objects.filter(case=case, state=ApplicationState.DRAFT).first()
    if draft is None:
        return False
    discard(draft, by=User.objects.system())
    return True


def discard_left(organisation: Organisation) -> int:
    """Erase every draft that people of a firm left behind who were never shown to be it (decision
    0060); what the counter entered is the office's. Returns how many.
    """
    left = Application.objects.filter(
        case__organisation=organisation, case__on_paper=False, state=ApplicationState.DRAFT
    )
    rows = list(left.select_related("case").order_by("pk"))
    for application in rows:
        discard(application, by=User.objects.system())
    return len(rows)
