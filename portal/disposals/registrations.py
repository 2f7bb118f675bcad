"""What this room fills in elsewhere."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import User
from portal.approvals.ports import acts
from portal.approvals.stations import DRAFTERS
from portal.cases.models import Case
from portal.cases.ports import Beside, beside_inbox, keeping_rules, loaders, page_names
from portal.disposals import access, retention
from portal.disposals.acts import DISPOSE
from portal.disposals.forms import ReceiptForm
from portal.disposals.models import Disposal
from portal.disposals.states import DisposalState
from portal.together import Ask
from portal.workflow.ports import transition_forms

NAMED = [
    ("disposal_csv", _lazy("廃棄・移管の台帳（CSV）")),
]


def register() -> None:
    for page, label in NAMED:
        page_names.add(page, label)
    acts.add("dispose", DISPOSE)
    loaders.add("disposal", access.disposal_for)
    transition_forms.add("archives_receipt", ReceiptForm)
    keeping_rules.add("disposal", retention.keep_until)
    beside_inbox.add("disposals", _waiting)


def _waiting(user: User, ask: Ask) -> Callable[[], Beside | None]:
    """What waits for a draft, for the archives, or for a second look at what they have."""
    if not user.has_role(*DRAFTERS):
        return lambda: None
    states = (DisposalState.DUE, DisposalState.TO_ARCHIVES, DisposalState.SAID_HANDED)
    seen = Case.objects.visible_to(user).values("pk")
    n = ask.count(Disposal.objects.filter(state__in=states, case__in=seen))
    return lambda: _said(n())


def _said(n: int) -> Beside | None:
    if not n:
        return None
    return Beside(
        text=_("保存期間が満了した案件が%(n)s件、扱いを待っています。") % {"n": n},
        link=_("廃棄・移管を起案する"),
        url=reverse("disposal_list"),
    )
