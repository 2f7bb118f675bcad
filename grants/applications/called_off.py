"""What becomes of applications whose call is called off. Decision 0171."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.applications.states import UNDECIDED
from grants.programmes.models import Call, CallChange
from portal.accounts.models import User
from portal.approvals.models import Approval, Item
from portal.workflow.door import perform


def end_undecided(call: Call, by: User) -> None:
    for application in _undecided(call).order_by("pk"):
        perform(application, "end_with_call", by=by)


def drafts_in_circulation(change: CallChange) -> list[str]:
    """Nobody ends under the hands of those who are about to decide it."""
    if not change.calls_off:
        return []
    live = Item.objects.filter(
        approval__state__in=Approval.LIVE, case__application__in=_undecided(change.call)
    )
    n = live.values("approval").distinct().count()
    if not n:
        return []
    return [
        _("決裁を待っている起案が%(n)s件あります。決裁か取下げのあとに中止できます。") % {"n": n}
    ]


def _undecided(call: Call) -> QuerySet[Application]:
    return Application.objects.filter(call=call, state__in=UNDECIDED)
