"""返還の一覧: what is to come back, what has come and what is left, as a list and for a spreadsheet."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.recovery import deferring
from grants.recovery.models import Reckoned, Recovery, RecoveryQuerySet
from grants.recovery.states import RecoveryState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import prefixed
from portal.cases import visibility
from portal.cases.models import Case
from portal.together import Ask
from portal.ui.paging import MANY

READERS = ("finance_officer", "accounting_officer", "auditor")
LATE, OPEN = "late", "open"
ORDER = ("-ordered_on", "-serial")
# of an award, large, and said by no list
_UNREAD = ("plan", "fixed_trace", "conditions", "cut_reason", "ended_reason")
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
    """What the person reads, newest first. The rule of `visible_to` is asked of each row's case."""
    rows = Recovery.objects.filter(prefixed(visibility.seen(user, visibility.MONEY), "case"))
    return rows.order_by(*ORDER)


def keys(user: User, stage: str) -> list[int]:
    """Those of a stage that the person reads, in the order of the list, no further than one above `MANY`.
    Whose case each is comes first: joined, PostgreSQL reads every case for some thousand returns.
    """
    every = within(Recovery.objects.order_by(*ORDER), stage).values_list("pk", "case")
    pairs = list(every[: MANY + 1])
    if len(pairs) > MANY:
        return list(within(seen(user), stage).values_list("pk", flat=True)[: MANY + 1])
    cases = Case.objects.filter(
        visibility.seen(user, visibility.MONEY), pk__in={case for _pk, case in pairs}
    )
    known = set(cases.order_by().values_list("pk", flat=True))
    return [pk for pk, case in pairs if case in known]


def of_keys(keys: Sequence[int]) -> list[Row]:
    """The rows of a page of the list, whose keys were found as the person sees them."""
    return rows(named(Recovery.objects.filter(pk__in=keys).order_by(*ORDER)))


def named(recoveries: RecoveryQuerySet) -> RecoveryQuerySet:
    """With what the list says of each, and what was reckoned of it."""
    found = recoveries.for_sums().select_related("case__organisation")
    return found.defer(*(f"award__{name}" for name in _UNREAD))


def told(recoveries: RecoveryQuerySet) -> list[Row]:
    """The rows of a whole list. Of those that were reckoned today nothing is reckoned, nor is the
    programme of their award read, by which it would be.
    """
    found = named(recoveries)
    known = found.filter(reckoned__on=clock.today()).defer(
        *(f"award__{name}" for name in (*_UNREAD, "parameters"))
    )
    every = [*known, *found.exclude(reckoned__on=clock.today())]
    return rows(sorted(every, key=lambda one: (one.ordered_on, one.serial), reverse=True))


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


def _kept(recovery: Recovery, day: date) -> dict[str, int] | None:
    """What it comes to, where that was reckoned of this day."""
    known: Reckoned | None = getattr(recovery, "reckoned", None)
    if known is None or known.on != day or recovery.state not in Recovery.OWED:
        return None
    return known.owed(recovery.principal)


def _row(recovery: Recovery, day: date) -> Row:
    owed = _kept(recovery, day) or recovery.owed(day)
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
            one.case.number,
            one.case.organisation.name,
            one.get_ground_display(),
            one.ordered_on,
            one.next_due,
            *[owed[name] for name in ("principal", "surcharge", "arrears", "fees", "paid", "left")],
            one.held,
            str(one.info.label),
        ]
