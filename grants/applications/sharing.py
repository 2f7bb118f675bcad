"""Who of a firm's people writes which section of a draft: a note among them. It locks nothing, and gives
nobody a right that they have not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.applications import drafts, outgoing
from grants.applications.models import Application
from grants.applications.sections import SectionShare
from grants.applications.states import EDITABLE
from grants.applications.turns import due_on
from portal import clock
from portal.accounts.models import User, in_force
from portal.cases.models import Case
from portal.together import Ask
from portal.types import Context, Text
from portal.workflow.door import door, write_to

SHOWN = 20  # of one's own sections beside the cases


@dataclass(frozen=True)
class Shared:
    """What a mail about it is called and leads to."""

    application: Application

    @property
    def told_as(self) -> str:
        case = self.application.case
        return f"{case.shown_programme}　{case.number_word} {case.number}"

    def address_for(self, _user: User) -> str:
        return reverse("application_tasks", args=[self.application.case.number])


def people_of(application: Application) -> dict[User, str]:
    """Who may write the draft on the firm's side → as what: its people, then its advisers."""
    firm = application.case.organisation
    members = firm.memberships.filter(left_at=None, user__is_active=True).select_related("user")
    advisers = firm.delegations.filter(
        in_force(),
        programme_code__in=("", application.call.programme_code),
        adviser__is_active=True,
    ).select_related("adviser")
    found = {row.user: row.get_role_display() for row in members.order_by("pk")}
    for mandate in advisers.order_by("pk"):
        found.setdefault(mandate.adviser, _("代理人"))
    return found


def writers(application: Application) -> dict[str, User]:
    """Key of a section → who is to write it; whoever left the firm since is named no more."""
    shares = list(application.shares.exclude(person=None).select_related("person"))
    there = people_of(application) if shares else {}
    return {share.key: share.person for share in shares if share.person in there}


def share(application: Application, wanted: Mapping[str, User | None], *, by: User) -> None:
    """Note who writes which section (None: nobody in particular), and tell whoever is new to one."""
    with door(by, [application]):
        have = {row.key: row for row in application.shares.all()}
        told: dict[User, int] = {}
        for key, person in wanted.items():
            row = have.get(key) or SectionShare(application=application, key=key)
            if row.person == person:
                continue
            row.person, row.noted_by, row.noted_at = person, by, clock.now()
            row.save()
            if person is not None and person != by:
                told[person] = told.get(person, 0) + 1
        for person, n in told.items():
            write_to(person, Shared(application), outgoing.SHARED, n=n)


def title_of(application: Application, key: str) -> Text:
    own: dict[str, Text] = {"officers": _("役員の一覧"), "documents": _("添付する書類")}
    return own[key] if key in own else drafts.title_of(application, key)


def beside(user: User, ask: Ask) -> Callable[[], tuple[str, Context] | None]:
    """What stands beside one's cases: the sections that one is to write, the first day first."""
    shares = (
        SectionShare.objects.filter(
            person=user,
            application__state__in=EDITABLE,
            application__case__in=Case.objects.visible_to(user),
        )
        .select_related("application__case__organisation", "application__call__programme")
        .order_by("pk")
    )
    asked = ask(shares[:SHOWN])
    return lambda: _shown(asked)


def _shown(shares: list[SectionShare]) -> tuple[str, Context] | None:
    rows = [
        {
            "title": title_of(share.application, share.key),
            "case": share.application.case,
            "key": share.key,
            "by": due_on(share.application),
        }
        for share in shares
    ]
    rows.sort(key=lambda row: str(row["by"] or "9"))
    return ("grants/applications/my_sections.html", {"rows": rows}) if rows else None
