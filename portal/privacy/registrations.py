"""What this room fills in elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import User
from portal.accounts.ports import OwnTable, own_tables
from portal.cases.ports import Beside, beside_inbox, page_names
from portal.days import day_said
from portal.privacy import access
from portal.privacy.asking import DECIDER, DRAFTER
from portal.together import Ask

NAMED = [
    ("data_request_letter", _lazy("自分の情報についての通知")),
]


def register() -> None:
    for page, label in NAMED:
        page_names.add(page, label)
    beside_inbox.add("data requests", _waiting)
    own_tables.add(
        "data requests",
        OwnTable(
            label=_lazy("自分の情報についての請求"),
            head=(_lazy("番号"), _lazy("求めること"), _lazy("請求した日"), _lazy("期限")),
            rows=_own,
        ),
    )


def _own(user: User) -> Iterator[Sequence[object]]:
    for row in user.data_requests.order_by("pk"):
        yield row.number, row.get_kind_display(), row.received_on, row.due_on


def _waiting(user: User, ask: Ask) -> Callable[[], Beside | None]:
    """What waits for a draft, or for whoever decides on one."""
    wanted = Q(pk__in=[])
    if user.has_role(DRAFTER):
        wanted |= Q(drafted_by=None)
    if user.has_role(DECIDER):
        wanted |= Q(drafted_by__isnull=False) & ~Q(drafted_by=user)
    if not user.has_role(*access.OFFICE) or not access.reads(user):
        return lambda: None
    rows = access.in_office(user).filter(wanted, decided_at=None, withdrawn_at=None)
    days = ask(rows.select_related(None).order_by("due_on").values_list("due_on", flat=True))
    return lambda: _said(list(days))


def _said(days: list[date]) -> Beside | None:
    if not days:
        return None
    text = _("個人情報の請求が%(n)s件、決定を待っています。いちばん早い期限は%(day)sです。")
    return Beside(
        text=text % {"n": len(days), "day": day_said(days[0])},
        link=_("期限の近い順に見る"),
        url=reverse("data_request_desk"),
    )
