"""返還の一覧: what is to come back, what has come and what is left, as a list and for a spreadsheet."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.recovery import deferring
from grants.recovery.models import Recovery, RecoveryQuerySet
from grants.recovery.states import RecoveryState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import prefixed
from portal.cases import visibility
from portal.together import Ask

READERS = ("finance_officer", "accounting_officer", "auditor")
LATE, OPEN = "late", "open"
TOLD = 200  # of a longer list no sums are told: interest is reckoned order by order
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
    asks_later: bool

    @property
    def accrued(self) -> int:
        """Surcharge, arrears and fees."""
        return self.owed["total"] - self.owed["principal"]


def seen(user: User) -> RecoveryQuerySet:
    """What the person reads, newest first. The rule of `worked_on_by` is asked of each row's case."""
    rows = Recovery.objects.filter(prefixed(visibility.seen(user, visibility.WORKERS), "case"))
    return rows.order_by("-ordered_on", "-serial")


def named(recoveries: RecoveryQuerySet) -> RecoveryQuerySet:
    """With what the list says of each."""
    return recoveries.for_sums().select_related("case__organisation", "award__application__call")


def within(recoveries: RecoveryQuerySet, stage: str) -> RecoveryQuerySet:
    """Those of a stage: what is left, and when its next part is due, as it was reckoned for today."""
    if stage not in (LATE, OPEN):
        return recoveries.filter(state=stage) if stage else recoveries
    known, others = _reckoned(recoveries)
    if stage == LATE:
        known &= Q(reckoned__next_due__lt=clock.today())
    keys = [row.recovery.pk for row in rows(others) if _is_of(row, stage)]
    return recoveries.filter(known | Q(pk__in=keys))


def _reckoned(recoveries: RecoveryQuerySet) -> tuple[Q, RecoveryQuerySet]:
    """Of which something is left, as it was reckoned for today; and those of which it was not."""
    today = clock.today()
    owed = Q(state__in=Recovery.OWED)
    known = owed & Q(reckoned__on=today, reckoned__left__gt=0)
    return known, recoveries.filter(owed).exclude(reckoned__on=today).for_sums()


def _is_of(row: Row, stage: str) -> bool:
    return row.is_late if stage == LATE else bool(row.owed["left"])


def rows(recoveries: Iterable[Recovery]) -> list[Row]:
    today = clock.today()
    return [_row(recovery, today) for recovery in recoveries]


def due(ask: Ask, user: User, by: date) -> Callable[[], tuple[int, int]]:
    """How many are due by a day, and yen left of them today."""
    known, others = _reckoned(seen(user))
    of_known = seen(user).filter(known, reckoned__next_due__lte=by)
    sums = ask.totals(of_known, n=Count("pk"), yen=Sum("reckoned__left", default=0))
    found = ask(others)

    def told() -> tuple[int, int]:
        kept = sums()
        left = [row.owed["left"] for row in rows(found) if row.recovery.next_due <= by]
        left = [yen for yen in left if yen]
        return kept["n"] + len(left), kept["yen"] + sum(left)

    return told


def _row(recovery: Recovery, day: date) -> Row:
    owed = recovery.owed(day)
    is_late = bool(owed["left"]) and recovery.next_due < day
    return Row(recovery, owed, is_late, deferring.asked(recovery) is not None)


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
        _("預かっている納めすぎ"),
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
            one.held,
            str(one.info.label),
        ]
