"""返還の一覧: what is to come back, what has come and what is left, as a list and for a spreadsheet."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.recovery.models import Recovery
from grants.recovery.states import RecoveryState
from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case
from portal.together import Ask

READERS = ("finance_officer", "accounting_officer", "auditor")
LATE, OPEN = "late", "open"
# which of them a list shows
STAGES = [
    ("", _lazy("すべて")),
    (OPEN, _lazy("納付を待つもの")),
    (LATE, _lazy("納期限を過ぎたもの")),
    *[(str(state), state.label) for state in RecoveryState],
]


@dataclass(frozen=True)
class Row:
    """One sum to come back as of a day: yen by `Recovery.owed`."""

    recovery: Recovery
    owed: dict[str, int]
    is_late: bool

    @property
    def accrued(self) -> int:
        """Surcharge, arrears and fees."""
        return self.owed["total"] - self.owed["principal"]


def seen(user: User) -> QuerySet[Recovery]:
    rows = Recovery.objects.filter(case__in=Case.objects.worked_on_by(user))
    rows = rows.select_related("case__organisation", "award__application__call")
    return rows.prefetch_related("receipts", "agreed", "demands").order_by("-ordered_on", "-serial")


def rows(recoveries: Iterable[Recovery], stage: str, today: date | None = None) -> list[Row]:
    day = today or clock.today()
    found = [_row(recovery, day) for recovery in recoveries]
    if stage == LATE:
        return [row for row in found if row.is_late]
    if stage == OPEN:
        return [row for row in found if row.owed["left"]]
    return [row for row in found if stage in ("", row.recovery.state)]


def due(ask: Ask, user: User, by: date) -> Callable[[], list[int]]:
    """Yen left today of each that is due by a day."""
    found = ask(seen(user).filter(state__in=Recovery.OWED))
    return lambda: [row.owed["left"] for row in rows(found, OPEN) if row.recovery.next_due <= by]


def _row(recovery: Recovery, day: date) -> Row:
    owed = recovery.owed(day)
    return Row(recovery, owed, bool(owed["left"]) and recovery.next_due < day)


def sums(found: Sequence[Row]) -> dict[str, int]:
    """Yen of all of them: ordered with what has accrued, received, left."""
    return {name: sum(row.owed[name] for row in found) for name in ("total", "paid", "left")}


def table(found: Iterable[Row]) -> Iterator[list[object]]:
    """The list for a spreadsheet: names, then a row each."""
    yield [
        _("調定番号"),
        _("案件"),
        _("事業者"),
        _("理由"),
        _("命じた日"),
        _("納期限"),
        _("返還額"),
        _("加算金"),
        _("延滞金"),
        _("督促手数料"),
        _("納付された額"),
        _("残り"),
        _("段階"),
    ]
    for row in found:
        one, owed = row.recovery, row.owed
        yield [
            one.number,
            one.case.shown_number,
            one.case.organisation.name,
            one.get_ground_display(),
            one.ordered_on,
            one.next_due,
            *[owed[name] for name in ("principal", "surcharge", "arrears", "fees", "paid", "left")],
            str(one.info.label),
        ]
