"""Budget lines and their append-only book.

Triggers keep the totals; the database refuses an overdraft (migration 0002).
"""

from datetime import date

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from grants.budget.classification import Classified, whole
from grants.budget.debts import DebtAct
from grants.budget.kinds import BACK, KINDS, MOVING, OUT
from grants.budget.layouts import AccountingAnswer as AccountingAnswer
from grants.budget.layouts import AccountingLayout as AccountingLayout
from grants.budget.months import BookedMonth as BookedMonth
from grants.budget.ports import money_moved
from grants.budget.promising import SHORT, Promising, within
from grants.budget.proposed import BudgetChange as BudgetChange
from grants.budget.proposed import ClassificationProposal as ClassificationProposal
from grants.budget.years import (
    CARRIES,
    carried_longest,
    more_refusals,
    promise_refusals,
    settles_on,
)
from grants.programmes.models import Call, said
from grants.programmes.states import CallState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Scope
from portal.cases.models import Case
from portal.workflow.door import at_end
from portal.workflow.errors import NotReady

# who changes a line itself; cases commit and spend by their own acts
CHANGERS = ("finance_officer",)


class BudgetLine(Classified, Promising):
    """予算: what one frame of a call may spend, in yen or in slots; money stands under its 予算科目.

    Totals are kept by trigger, never by code.
    """

    lock_rank = 10
    UNITS = [("yen", "yen"), ("slots", "slots"), ("seats", "seats")]

    call = models.ForeignKey(Call, models.PROTECT, related_name="budget_lines")
    frame = models.CharField(max_length=31)
    unit = models.CharField(max_length=6, choices=UNITS)
    fiscal_year = models.PositiveSmallIntegerField()
    # of a later year: what is promised now stays within it; paid is only what was voted since
    debt = models.ForeignKey(DebtAct, models.PROTECT, null=True, related_name="lines")
    voted = models.BigIntegerField(default=0, editable=False)
    disbursed = models.BigIntegerField(default=0, editable=False)
    carried = models.BigIntegerField(default=0, editable=False)
    # of what is carried: what may be paid yet one year later (事故繰越し)
    carried_again = models.BigIntegerField(default=0, editable=False)
    # what left the accounts of its own year so, and those of the next (`grants.budget.adding_up`)
    carried_out = models.BigIntegerField(default=0, editable=False)
    carried_out_again = models.BigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["call", "frame", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["call", "frame", "unit"], name="budget_line_once"),
            *within(),
            models.CheckConstraint(
                condition=Q(disbursed__lte=F("committed")), name="budget_paid_within_committed"
            ),
            models.CheckConstraint(
                condition=Q(carried__lte=F("committed")), name="budget_carried_within_committed"
            ),
            models.CheckConstraint(
                condition=Q(carried_again__gte=0, carried_again__lte=F("carried")),
                name="budget_carried_again_within_carried",
            ),
            models.CheckConstraint(
                condition=Q(debt=None) | Q(disbursed__lte=F("voted")),
                name="budget_debt_voted_first",
            ),
            models.CheckConstraint(
                condition=Q(committed__gte=0, disbursed__gte=0), name="budget_not_negative"
            ),
            models.CheckConstraint(condition=whole(), name="budget_classified_wholly"),
        ]

    def __str__(self) -> str:
        """Its call, and its frame where there are several."""
        frames = self.call.stated.frames
        names = [said(frame.name) for frame in frames if frame.key == self.frame]
        return "　".join([str(self.call), *(names if len(frames) > 1 else [])])

    @property
    def programme_code(self) -> str:
        return self.call.programme_code

    @property
    def municipality_codes(self) -> list[str]:
        return list(self.call.municipality_codes)

    @property
    def funder(self) -> str:
        """The municipality whose money it is."""
        return str(self.call.municipality_codes[0])

    @property
    def own_scope(self) -> Scope:
        """A call of many towns is paid by one, whose people change it."""
        return Scope(self.programme_code, [self.funder])

    @property
    def settles_on(self) -> date:
        """出納閉鎖: the last day on which the year's money may be paid (地方自治法 235条の5)."""
        return settles_on(self.fiscal_year)

    def closes_for(self, case: Case) -> date:
        """The last day on which the money of a case moves: what was carried over has longer."""
        kinds = self.entries.filter(case=case, kind__in=CARRIES).values_list("kind", flat=True)
        return settles_on(self.fiscal_year + carried_longest(kinds))

    @property
    def is_changed_still(self) -> bool:
        """May it be proposed today that it gets more or less?"""
        return not more_refusals(self.fiscal_year, clock.today())

    @property
    def may_carry(self) -> int:
        """Yen promised to all cases, not paid, and not yet carried over."""
        return max(self.committed - self.disbursed - self.carried, 0)


class BudgetEntry(models.Model):
    """予算の増減: one line of the book, never changed or removed."""

    KINDS = [(kind, kind) for kind in KINDS]

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=14, choices=KINDS)
    amount = models.BigIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="budget_entries")
    # of a transfer: the line that receives what this one gives
    to = models.ForeignKey(BudgetLine, models.PROTECT, null=True, related_name="received")
    note = models.CharField(max_length=120, blank=True)
    booked_at = models.DateTimeField(default=clock.now)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        indexes = [
            # what went out and came back: of most entries neither
            models.Index(
                fields=["case"],
                include=["kind", "amount", "line"],
                condition=Q(kind__in=[*OUT, *BACK]),
                name="budget_entry_moved",
            ),
            # whose money was carried over: of most cases none
            models.Index(
                fields=["case", "line"],
                condition=Q(kind__in=[*CARRIES]),
                name="budget_entry_let_over",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_entry_positive"),
            models.CheckConstraint(
                condition=(Q(kind="transfer", to__isnull=False) & ~Q(to=F("line")))
                | (~Q(kind="transfer") & Q(to=None)),
                name="budget_transfer_has_two_legs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


def lines_of(call: Call, frame: str) -> list[BudgetLine]:
    return [line for line in call.budget_lines.all() if line.frame == frame]


def book(
    line: BudgetLine,
    kind: str,
    amount: int,
    *,
    by: User,
    case: Case | None = None,
    note: str = "",
    to: BudgetLine | None = None,
) -> BudgetEntry:
    """Book one entry (yen, slots or seats, > 0).

    Raises NotReady when the line would be overdrawn.
    """
    entry = BudgetEntry(
        line=line,
        kind=kind,
        amount=amount,
        case=case,
        note=note,
        to=to,
        booked_by=by,
        booked_at=clock.now(),
    )
    if kind in ("commitment", "return_undone"):
        _commit([entry])
    else:
        entry.save()
    if kind in MOVING:
        for one in (line, to) if to is not None else (line,):
            at_end(_moved, (one.call_id, one.frame))
    return entry


def _commit(entries: list[BudgetEntry]) -> None:
    """Enter what takes of the line at once; NotReady where a line has not enough left for its own."""
    try:
        with transaction.atomic():
            _enter(entries)
    except IntegrityError as error:
        if not any(name in str(error) for name in SHORT):
            raise
        needs: dict[int, int] = {}
        for entry in entries:
            needs[entry.line_id] = needs.get(entry.line_id, 0) + entry.amount
        lines = BudgetLine.objects.filter(pk__in=needs)
        raise NotReady(
            *[_short(line, needs[line.pk]) for line in lines if needs[line.pk] > line.available]
        ) from error


def _short(line: BudgetLine, need: int) -> str:
    if line.unit == "seats":
        said = _("席が足りません（残り %(left)s、必要 %(need)s）。")
    elif line.by_allotment:
        said = _("予算の配当が足りません（配当の残り %(left)s、必要 %(need)s）。")
    else:
        said = _("予算が足りません（残り %(left)s、必要 %(need)s）。")
    return said % {"left": f"{line.available:,}", "need": f"{need:,}"}


def _moved(frames: list[tuple[int, str]]) -> None:
    """Whoever waits for a frame's money is looked at anew when there is more or less of it."""
    for listener in money_moved.values():
        listener(set(frames))


def commit(call: Call, frame: str, amount: int, *, by: User, case: Case) -> None:
    """支出負担行為: commit `amount` yen (and one slot) on the lines of the frame.

    Booked at the end of the perform, many at once, which is refused where a line has not enough.
    Raises NotReady outside the year of the money.
    """
    if reasons := promise_refusals(call.fiscal_year, clock.today()):
        raise NotReady(*reasons)
    entered = {"kind": "commitment", "case": case, "note": "交付決定", "booked_by": by}
    for line in lines_of(call, frame):
        need = 1 if line.unit == "slots" else amount
        at_end(_commit, BudgetEntry(line=line, amount=need, booked_at=clock.now(), **entered))
    at_end(_moved, (call.pk, frame))


def _entered(case: Case, kind: str) -> int:
    """Yen of a kind in the book of a case."""
    rows = BudgetEntry.objects.filter(case=case, line__unit="yen", kind=kind)
    return sum(row.amount for row in rows)


def spent(case: Case) -> int:
    """Yen disbursed for a case, less what the bank sent back.

    What the recipient returned is not taken off: its commitment was given back as it came.
    """
    return _entered(case, "disbursement") - _entered(case, "reversal")


def returned_to_line(case: Case) -> int:
    """Yen that the recipient returned and that went back to the line with its commitment."""
    return _entered(case, "return") - _entered(case, "return_undone")


def book_reversal(
    call: Call, frame: str, amount: int, *, on: date, by: User, case: Case, note: str
) -> None:
    """振込の戻り, 相殺の取消し: `amount` yen that had been booked as paid were not, which was known `on` a day.

    They stay committed, to be paid anew. Once the accounts of their year are closed nothing is booked
    any more: the yen are revenue of the present year (地方自治法施行令 159条, 160条).
    """
    for line in _reversed_on(call, frame, on, case):
        book(line, "reversal", amount, by=by, case=case, note=note)


def is_reversed(call: Call, frame: str, *, on: date, case: Case) -> bool:
    """Was what came back `on` a day entered in the book, and not as revenue of a later year?"""
    return bool(_reversed_on(call, frame, on, case))


def _reversed_on(call: Call, frame: str, on: date, case: Case) -> list[BudgetLine]:
    lines = lines_of(call, frame)
    return [line for line in lines if line.unit == "yen" and on <= line.closes_for(case)]


def keep_only(call: Call, frame: str, needed: int, *, by: User, case: Case) -> None:
    """Give back to the frame's line what is committed for a case above `needed` yen."""
    rest = _committed(case) - needed
    if rest > 0:
        decommit(call, frame, rest, by=by, case=case, slot=False)


def keep_again(call: Call, frame: str, needed: int, *, by: User, case: Case) -> None:
    """Commit for a case up to `needed` yen again, where the decision that had freed them fell away.

    Raises NotReady where the line has not enough left.
    """
    short = needed - _committed(case)
    for line in lines_of(call, frame) if short > 0 else ():
        if line.unit == "yen":
            book(line, "commitment", short, by=by, case=case, note="減額の取消し")


def _committed(case: Case) -> int:
    """Yen that the book holds committed for a case."""
    given_back = _entered(case, "decommitment") - _entered(case, "return_undone")
    return _entered(case, "commitment") - given_back


def disburse(
    call: Call, frame: str, amount: int, *, by: User, case: Case, note: str = "支払"
) -> None:
    """支出: `amount` yen left the yen line of the frame.

    Booked at the end of the perform, many at once.
    """
    spent = {"kind": "disbursement", "amount": amount, "case": case, "note": note, "booked_by": by}
    for line in lines_of(call, frame):
        if line.unit == "yen":
            at_end(_enter, BudgetEntry(line=line, booked_at=clock.now(), **spent))


def _enter(entries: list[BudgetEntry]) -> None:
    BudgetEntry.objects.bulk_create(entries, batch_size=500)


def take_back(call: Call, frame: str, amount: int, *, by: User, case: Case) -> None:
    """戻入: `amount` yen came back to the line within the year (until 31 May); then it is free again."""
    for line in lines_of(call, frame):
        if line.unit == "yen":
            book(line, "return", amount, by=by, case=case, note="戻入")
            _release(line, amount, by=by, case=case, note="戻入による減額")


def undo_return(call: Call, frame: str, amount: int, *, by: User, case: Case) -> None:
    """戻入の取消し: `amount` yen that were booked as come back never came. The line is as it was before
    `take_back`, but for what was carried over and fell with the commitment: that is entered anew.

    Raises NotReady where the line has spent it since.
    """
    for line in lines_of(call, frame):
        if line.unit == "yen":
            book(line, "return_undone", amount, by=by, case=case, note="戻入の取消し")


def decommit(
    call: Call, frame: str, amount: int, *, by: User, case: Case, slot: bool = True
) -> None:
    """Give back to the lines of the frame what a case no longer needs."""
    for line in lines_of(call, frame):
        if line.unit == "yen" or slot:
            freed = 1 if line.unit == "slots" else amount
            _release(line, freed, by=by, case=case, note="減額・取下げ")


def _release(line: BudgetLine, amount: int, *, by: User, case: Case, note: str) -> None:
    """Free again on its line; of a call that was called off it leaves the line too, as what was not
    promised left it then.
    """
    book(line, "decommitment", amount, by=by, case=case, note=note)
    if line.call.state == CallState.CANCELLED:
        reduce(line, amount, by=by, note="公募の中止")


def reduce(line: BudgetLine, amount: int, *, by: User, note: str) -> None:
    """予算現額の減: the line has `amount` less, and no more allotted than is left."""
    line.refresh_from_db(fields=["appropriated", "allotted"])
    too_much = line.allotted - (line.appropriated - amount)
    if too_much > 0:
        book(line, "allotment_cut", too_much, by=by, note=note)
    book(line, "reduction", amount, by=by, note=note)
