"""A draft is thrown away: what was written and sent is erased, and the call is free for another.

Its number and its events stay; what was handed in is withdrawn instead, and kept.
"""

from django.db import transaction
from django.utils.translation import gettext_noop

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from portal.accounts.models import Organisation, User
from portal.cases import retention
from portal.workflow.door import perform

THROWN_AWAY = gettext_noop("下書きを消し、書いた内容とファイルを消去しました")


@transaction.atomic
def discard(application: Application, *, by: User, seen: int | None = None) -> Application:
    """Erase a draft, for good. `seen`: the version that the person looked at.

    Raises Forbidden for whoever may not write it, WrongState where it is none any more, Stale where
    it was submitted or erased meanwhile.
    """
    done = perform(application, "discard", by=by, seen=seen)
    capacity = by.capacity_for(done)
    retention.dispose(done.case, by=by, label=THROWN_AWAY, capacity=capacity)
    return done


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
