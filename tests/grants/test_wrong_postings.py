"""Whether the money machine sees a wrong posting: two fixed walks go through the rules that move money, and in each
step whatever the portal books is booked wrongly, in each way that there is.

A wrong step is undone, and the walk goes on as it should. A row of a walk says what holds after it, reckoned by hand.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from unittest.mock import patch

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet, Sum

from grants.awards.models import Award
from grants.budget.models import BudgetEntry, BudgetLine
from grants.payments.models import Claim, Payment
from grants.recovery.agreed import Instalment
from grants.recovery.models import MoneyIn, Recovery
from portal import clock, fiscal
from portal.cases.models import Case
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.grants.test_money_promises import PROMISES, Money, machine, of_one_firm

# Yen: what each of the two awards may keep; of all lines what is promised and spent; asked back; come back for that
Sums = tuple[int, int, int, int, int, int]
Do = Callable[[], object]
Step = tuple[str, Sequence[Do], Sums]

TWO = {"drafter": "officer", "decider": "director"}
FINANCE = {"who": "accountant", "then": "treasurer"}


class Walk(Money):
    def back(self, n: int, amount: int) -> None:
        self.pay_back(n=n, amount=amount, all_of_it=False, ago=0, who="accountant")

    def until_june(self) -> None:
        year = fiscal.fiscal_year(clock.today())
        self.days_pass((fiscal.fiscal_year_end(year) - clock.today()).days + 70)

    def sums(self) -> Sums:
        awards = [self.award(n).payable for n in (0, 1)]
        lines = BudgetLine.objects.filter(unit="yen")
        booked = [lines.aggregate(n=Sum(name))["n"] for name in ("committed", "disbursed")]
        asked = Recovery.objects.exclude(state="cancelled").aggregate(n=Sum("principal"))["n"]
        came = sum(row.counted for row in MoneyIn.objects.standing().exclude(recovery=None))
        return (*awards, *booked, asked or 0, came)


def returns(run: Walk) -> list[Step]:
    """Awarded, paid, asked back on every ground, and what comes of that."""
    do, steps, less = partial, run.paid_steps(0, 420_000), run.paid_steps(1, 300_000)
    part = do(run.call_back, act="revoke_part", **TWO)
    bank = {"who": "accounting_officer", "then": "treasurer"}
    return [
        ("award", [lambda: awarded(run.world)], (280_000, 280_000, 840_000, 0, 0, 0)),
        ("fix", steps[:3], (280_000, 280_000, 840_000, 0, 0, 0)),
        ("order", steps[3:6], (280_000, 280_000, 840_000, 0, 0, 0)),
        ("pay", steps[6:], (280_000, 280_000, 840_000, 280_000, 0, 0)),
        (
            "early",
            [do(run.pay_early, n=0, amount=10_000, who="accountant")],
            (280_000, 280_000, 840_000, 280_000, 0, 0),
        ),
        (
            "ask back",
            [do(part, n=0, amount=50_000)],
            (230_000, 280_000, 830_000, 270_000, 50_000, 10_000),
        ),
        (
            "in part",
            [do(run.back, 0, 15_000)],
            (230_000, 280_000, 815_000, 255_000, 50_000, 25_000),
        ),
        ("late", [do(run.days_pass, 45)], (230_000, 280_000, 815_000, 255_000, 50_000, 25_000)),
        (
            "fix less",
            less[:3],
            (230_000, 200_000, 735_000, 255_000, 50_000, 25_000),
        ),
        (
            "order less",
            [*less[3:6], do(run.withhold, n=1, **TWO)],
            (230_000, 200_000, 735_000, 255_000, 50_000, 25_000),
        ),
        # 60 % of 25,502 yen: with 0.03 % a day of surcharge, and of arrears for twenty days
        (
            "set off",
            [do(run.set_off, n=1, share=60, **TWO)],
            (230_000, 200_000, 719_699, 255_000, 50_000, 40_301),
        ),
        (
            "undo",
            [do(run.undo_set_off, n=1, **TWO)],
            (230_000, 200_000, 735_000, 255_000, 50_000, 25_000),
        ),
        (
            "defer",
            [do(run.defer, n=0, first=40, days=20, **TWO)],
            (230_000, 200_000, 735_000, 255_000, 50_000, 25_000),
        ),
        (
            "pay the rest",
            less[5:],
            (230_000, 200_000, 735_000, 455_000, 50_000, 25_000),
        ),
        (
            "come back",
            [do(run.come_back, n=1, **bank)],
            (230_000, 200_000, 735_000, 255_000, 50_000, 25_000),
        ),
        (
            "arrived after all",
            [do(run.correct, n=1, is_denied=False, **bank)],
            (230_000, 200_000, 735_000, 455_000, 50_000, 25_000),
        ),
        (
            "too much",
            [do(run.back, 0, 90_000)],
            (230_000, 200_000, 710_000, 430_000, 50_000, 50_540),
        ),
        (
            "surplus back",
            [do(run.end_of_receipt, n=0, is_wrong=False, **FINANCE)],
            (230_000, 200_000, 710_000, 430_000, 50_000, 50_540),
        ),
        (
            "close",
            [do(run.close, n=0, who="treasurer")],
            (230_000, 200_000, 710_000, 430_000, 50_000, 50_540),
        ),
        (
            "ask another",
            [do(part, n=1, amount=60_000)],
            (230_000, 140_000, 710_000, 430_000, 110_000, 50_540),
        ),
        (
            "entered wrongly",
            [do(run.back, 1, 60_000)],
            (230_000, 140_000, 650_000, 370_000, 110_000, 110_540),
        ),
        (
            "take back",
            [do(run.end_of_receipt, n=1, is_wrong=True, **FINANCE)],
            (230_000, 140_000, 710_000, 430_000, 110_000, 50_540),
        ),
        (
            "waive",
            [do(run.call_back, n=1, act="waive", amount=1, **TWO)],
            (230_000, 140_000, 710_000, 430_000, 110_000, 50_540),
        ),
        # ten days of 0.03 % of 230,000 yen
        (
            "fine",
            [do(run.fine, n=0, days=10, **TWO)],
            (229_310, 140_000, 710_000, 430_000, 110_690, 50_540),
        ),
        (
            "order falls away",
            [do(run.call_back, n=0, act="cancel_order", amount=2, **TWO)],
            (230_000, 140_000, 710_000, 430_000, 110_000, 50_540),
        ),
        # 230,000 × 10/110 × 80 %
        (
            "input tax",
            [do(run.report_tax, n=0, ratio=80, **TWO)],
            (213_273, 140_000, 710_000, 430_000, 126_727, 50_540),
        ),
        (
            "tax comes",
            [do(run.back, 0, 16_727)],
            (213_273, 140_000, 710_000, 430_000, 126_727, 67_267),
        ),
        (
            "close tax",
            [do(run.close, n=0, who="treasurer")],
            (213_273, 140_000, 710_000, 430_000, 126_727, 67_267),
        ),
        # two thirds of what it is worth still: more than may be kept
        (
            "disposal",
            [do(run.dispose, n=0, proceeds=100_000, is_allowed=True, **TWO)],
            (0, 140_000, 710_000, 430_000, 340_000, 67_267),
        ),
        (
            "ask a third",
            [do(part, n=1, amount=40_000)],
            (0, 100_000, 710_000, 430_000, 380_000, 67_267),
        ),
        ("accounts closed", [run.until_june], (0, 100_000, 710_000, 430_000, 380_000, 67_267)),
        (
            "revenue",
            [do(run.back, 1, 40_000)],
            (0, 100_000, 710_000, 430_000, 380_000, 107_267),
        ),
    ]


def years(run: Walk) -> list[Step]:
    """Too much paid in advance; and what is carried over, once and once more."""
    do, steps, later = partial, run.paid_steps(0, 240_000), run.paid_steps(1, 420_000)
    carry = do(run.carry, n=1, share=100, **FINANCE)
    return [
        (
            "advance",
            [
                steps[3],
                do(run.claim, n=0, kind="advance", amount=200_000, all_of_it=False),
                *steps[5:],
            ],
            (280_000, 280_000, 560_000, 200_000, 0, 0),
        ),
        ("fix", steps[:3], (160_000, 280_000, 480_000, 200_000, 0, 0)),
        (
            "surplus",
            [do(run.call_back, n=0, act="surplus", amount=1, **TWO)],
            (160_000, 280_000, 480_000, 200_000, 40_000, 0),
        ),
        (
            "surplus comes",
            [do(run.back, 0, 40_000)],
            (160_000, 280_000, 440_000, 160_000, 40_000, 40_000),
        ),
        (
            "order",
            [*later[:3], *later[4:5]],
            (160_000, 280_000, 440_000, 160_000, 40_000, 40_000),
        ),
        (
            "carry over",
            [do(carry, kind="carry_over")],
            (160_000, 280_000, 440_000, 160_000, 40_000, 40_000),
        ),
        ("next year", [run.until_june], (160_000, 280_000, 440_000, 160_000, 40_000, 40_000)),
        (
            "carry again",
            [do(carry, kind="carry_again")],
            (160_000, 280_000, 440_000, 160_000, 40_000, 40_000),
        ),
        ("year after", [run.until_june], (160_000, 280_000, 440_000, 160_000, 40_000, 40_000)),
        (
            "pay",
            later[5:],
            (160_000, 280_000, 440_000, 440_000, 40_000, 40_000),
        ),
    ]


# -- how it is booked wrongly ------------------------------------------------------------------------------------------
Wrong = Callable[[BudgetEntry], list[BudgetEntry]]


def less(entry: BudgetEntry) -> list[BudgetEntry]:
    entry.amount -= 1
    return [entry]


def missing(entry: BudgetEntry) -> list[BudgetEntry]:
    return []


def on_other_line(entry: BudgetEntry) -> list[BudgetEntry]:
    lines = BudgetLine.objects.filter(unit="yen").exclude(pk=entry.line_id)
    entry.line = lines.order_by("-appropriated")[0]
    return [entry]


def of_other_case(entry: BudgetEntry) -> list[BudgetEntry]:
    entry.case = Case.objects.filter(awards__isnull=False).exclude(pk=entry.case_id or 0)[0]
    return [entry]


@contextmanager
def going_in(
    table: type[models.Model], change: Callable[[models.Model], list[models.Model]]
) -> Iterator[None]:
    """Rows of a table are changed on their way into the database."""
    save: Callable[..., None] = table.save
    create: Callable[..., object] = QuerySet.bulk_create

    def saved(row: models.Model, *args: object, **options: object) -> None:
        for changed in change(row):
            save(changed, *args, **options)

    def created(
        rows: QuerySet[models.Model], objs: Iterable[models.Model], **options: object
    ) -> object:
        if rows.model is table:
            objs = [changed for row in objs for changed in change(row)]
        return create(rows, objs, **options)

    with patch.object(table, "save", saved), patch.object(QuerySet, "bulk_create", created):
        yield


def entry_is(how: Wrong, kind: str) -> Callable[[models.Model], list[models.Model]]:
    def changed(row: models.Model) -> list[models.Model]:
        if isinstance(row, BudgetEntry) and row.kind == kind and row.line.unit == "yen":
            return [*how(row)]
        return [row]

    return changed


# sums beside the book
YEN = {
    Award: ("payable", "fixed_amount"),
    Claim: ("amount",),
    Payment: ("amount",),
    Recovery: ("principal", "lowered"),
    MoneyIn: ("amount", "over", "to_line"),
    Instalment: ("amount",),
}


def is_new(row: models.Model, name: str) -> bool:
    """Does the row get another sum than it has?"""
    before = type(row)._default_manager.filter(pk=row.pk).values_list(name, flat=True).first()
    return bool(getattr(row, name)) and getattr(row, name) != before


def sum_is(more: int, name: str) -> Callable[[models.Model], list[models.Model]]:
    def changed(row: models.Model) -> list[models.Model]:
        if is_new(row, name):
            now = getattr(row, name)
            setattr(row, name, not now if isinstance(now, bool) else now + more)
        return [row]

    return changed


@contextmanager
def undone(run: Walk) -> Iterator[None]:
    place, times, reached = transaction.savepoint(), run.times, run.reached.copy()
    run.times = ExitStack()
    try:
        yield
    finally:
        run.times.close()
        run.times, run.reached = times, reached
        transaction.savepoint_rollback(place)


def is_seen(run: Walk, do: Do, wrong: AbstractContextManager[None]) -> bool:
    """By what a rule says of its own step, by a promise, by the database, or since nothing goes on."""
    with undone(run):
        try:
            with wrong:
                do()
            for promise in PROMISES:
                getattr(run, promise)()
        except (AssertionError, IntegrityError, ValueError):
            return True
    return False


def books(run: Walk, do: Do) -> tuple[set[str], set[tuple[type, str]]]:
    """Kinds of entries and sums of rows that a step writes."""
    kinds: set[str] = set()
    sums: set[tuple[type, str]] = set()

    def looked(row: models.Model) -> list[models.Model]:
        if isinstance(row, BudgetEntry):
            kinds.update([row.kind] if row.line.unit == "yen" else [])
        sums.update((type(row), name) for name in YEN.get(type(row), ()) if is_new(row, name))
        return [row]

    with undone(run), ExitStack() as looking:
        for table in (BudgetEntry, *YEN):
            looking.enter_context(going_in(table, looked))
        do()
    return kinds, sums


TRIED = {
    "returns": {
        *("commitment", "decommitment", "disbursement", "reversal", "return", "return_undone"),
        *("Award.payable", "Claim.amount", "Payment.amount"),
        *("Recovery.principal", "Recovery.lowered", "Instalment.amount"),
        *("MoneyIn.amount", "MoneyIn.over", "MoneyIn.to_line"),
    },
    "years": {
        *("decommitment", "disbursement", "return", "carry_over", "carry_again"),
        *("Claim.amount", "Payment.amount", "Recovery.principal"),
        *("MoneyIn.amount", "MoneyIn.to_line"),
    },
}


@pytest.mark.parametrize("way", [returns, years])
@begins(of_one_firm)
def test_each_wrong_posting_is_seen_at_once(
    world: World, way: Callable[[Walk], list[Step]]
) -> None:
    machine(world)
    run, tried = Walk(), set[str]()
    unseen: list[tuple[str, str]] = []

    def look(name: str, do: Do, wrong: Iterable[AbstractContextManager[None]], how: str) -> None:
        tried.add(how)
        unseen.extend((name, how) for one in wrong if not is_seen(run, do, one))

    try:
        for name, parts, sums in way(run):
            for do in parts:
                kinds, of_rows = books(run, do)
                for kind in kinds:
                    ways = (
                        (less,) if kind in tried else (less, missing, on_other_line, of_other_case)
                    )
                    look(
                        name, do, [going_in(BudgetEntry, entry_is(how, kind)) for how in ways], kind
                    )
                for table, column in of_rows:
                    wrong = [going_in(table, sum_is(more, column)) for more in (-1, 1)]
                    look(name, do, wrong, f"{table.__name__}.{column}")
                do()
            run.what_is_promised_holds()
            assert (name, run.sums()) == (name, sums)
    finally:
        run.teardown()
    assert unseen == []
    assert tried == TRIED[way.__name__]
