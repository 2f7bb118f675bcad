"""Each guard of the year of money, by the doors that people use, on the last day and on the first one after it.

A clock walks from February to the July after next over one case of each kind. `WALKED` says which act walks each
place of the code that asks for the year: a new one is missing there until it is walked, too.
"""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from grants.applications.models import Application
from grants.awards.forms import ChangeForm
from grants.awards.models import Award
from grants.budget import changes, years
from grants.budget.models import BudgetLine, lines_of
from grants.completion.models import CompletionReport
from grants.payments import many, paying
from grants.payments.models import Claim, Payment
from grants.programmes.models import Call
from grants.recovery import collecting
from grants.recovery.models import Recovery
from portal import clock, fiscal
from portal.accounts.models import User
from portal.closures import calendars
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.errors import NotReady, Refused
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_debts as debts
from tests.grants import test_payments as payments
from tests.grants.test_changes import file
from tests.grants.test_completion import awarded, inspected, reported
from tests.grants.test_recovery import paid
from tests.grants.test_transfers import PERMIT, two_lines
from tests.markup import one_line
from tests.reports import letters
from tools.demonstration import simulation
from tools.demonstration.simulation import parts

ROOT = Path(__file__).parents[2]
Y = fiscal.fiscal_year(clock.today())
MARCH, APRIL = date(Y + 1, 3, 31), date(Y + 1, 4, 1)
MAY, JUNE = date(Y + 1, 5, 31), date(Y + 1, 6, 1)
REVOKED: Given = {"reason": "x", "heard": "x"}


def later(day: date, by: int = 1) -> date:
    return day.replace(year=day.year + by)


@dataclass(frozen=True)
class Row:
    """On the day `open_on` the act is done, on the one beside it refused in these words: why, and the
    way out.
    """

    act: str
    open_on: date
    shut_on: date
    words: str
    kind: str = ""  # of entry, where the act has several

    def __str__(self) -> str:
        return f"{self.act} {self.kind} {self.shut_on}"


# -- the acts: each through its door, on a day; a refusal is raised, or told by a page ---------------------------------
class Walk:
    """One case of the world and the people who act."""

    two: tuple[BudgetLine, BudgetLine]  # of which the one gives to the other

    def __init__(self, world: World, award: Award | None = None) -> None:
        self.world, self.staff, self.award = world, world.staff, award
        self.now = clock.now()

    def its(self) -> Award:
        assert self.award is not None
        return Award.objects.get(pk=self.award.pk)

    def line(self) -> BudgetLine:
        award = self.its()
        return next(
            row for row in lines_of(award.application.call, award.frame) if row.unit == "yen"
        )

    def proposed(self, day: date, kind: str, **given: object) -> None:
        """Proposed by one, confirmed by another."""
        change = changes.propose(
            given.pop("line", None) or self.line(),  # type: ignore[arg-type]
            kind,
            int(str(given.pop("amount", 100_000))),
            by=self.staff["accountant"],
            note="x",
            **given,  # type: ignore[arg-type]
        )
        changes.confirm(change, by=self.staff["treasurer"])

    # of the office that decides
    def decide_award(self, _row: Row, _day: date) -> None:
        self.world.decided("award", [Application.objects.get()])

    def prolong(self, _row: Row, day: date) -> None:
        """A project that shall run until the day."""
        [change] = self.its().changes.all()
        change.__class__.objects.filter(pk=change.pk).update(ends_on=day)
        with clock.at(self.now):
            self.world.decided("approve_change", [change.__class__.objects.get(pk=change.pk)])

    def ask_longer(self, _row: Row, day: date) -> None:
        """The firm's own form."""
        typed = QueryDict(mutable=True)
        typed.update({"kind": "delay", "reason": "x"} | parts("ends_on", day))
        form = ChangeForm(typed, award=self.its())
        if "ends_on" in form.errors:
            raise NotReady(*form.errors["ends_on"])

    def open_call(self, _row: Row, day: date) -> None:
        with clock.at(self.now):
            begin(
                Call,
                by=self.world.officer,
                programme=debts.programme(),
                fiscal_year=Y,
                round_no=9,
                periods=[(simulation.at(clock.today(), 9), simulation.at(clock.today(), 17))],
                decision_on=clock.today(),
                project_ends_on=day,
            )

    # of the budget
    def carry(self, row: Row, day: date) -> None:
        self.proposed(day, row.kind, case=self.its().case)

    def change_budget(self, row: Row, day: date) -> None:
        one, other = self.two
        given: Given = {"to": other, "permit": PERMIT} if row.kind == "transfer" else {}
        self.proposed(day, row.kind, line=one, **given)

    # of finance
    def fix(self, _row: Row, _day: date) -> None:
        self.world.decided("fix", [CompletionReport.objects.get(award=self.its())])

    def order(self, _row: Row, _day: date) -> None:
        """Its own page and the page of many cases say the same."""
        claim, by = self.its().claims.get(), self.staff["treasurer"]
        listed = many.ORDERS.look(by, [claim.case], None)[claim.case_id].reasons
        said: list[str] = []
        try:
            paying.order(claim, by=by)
        except Refused as refused:
            said = refused.reasons
            raise
        finally:
            assert listed == said

    def make_batch(self, _row: Row, day: date) -> None:
        """Ordered in time; the day is that of the transfer."""
        before = calendars.banks().last_open(day - timedelta(days=20))
        with clock.at(simulation.at(before, 10)):
            payment = paying.order(self.its().claims.get(), by=self.staff["treasurer"])
            paying.make_batch(self.staff["treasurer"], pay_on=day, payments=[payment])

    def tick(self, _row: Row, day: date) -> None:
        """The page of what waits for its transfer."""
        with clock.at(simulation.at(day - timedelta(days=20), 10)):
            paying.order(self.its().claims.get(), by=self.staff["treasurer"])
        client = Client()
        client.force_login(self.staff["treasurer"])
        page = one_line(client.get("/payments/"))
        if found := re.findall(r"[^>]*出納を閉鎖しました[^<]*", page):
            raise NotReady(*found)

    def undo_set_off(self, _row: Row, _day: date) -> None:
        payment = Payment.objects.get(award=self.its(), state="set_off")
        self.world.decided("undo_set_off", [payment], {"ground": "form", "reason": "x"})

    # what comes back: nothing refuses it, the book of the closed year does not move
    def pay_back(self, _row: Row, day: date) -> None:
        recovery, before = Recovery.objects.get(), self.line().disbursed
        by = self.staff["accountant"]
        collecting.receive(recovery, amount=100_000, paid_on=day, by=by)
        client = Client()
        client.force_login(by)
        panel = one_line(client.get(recovery.case.get_absolute_url())).split('id="recovery"')[1]
        if (moved := before - self.line().disbursed) != 100_000:
            raise NotReady(*re.findall(r"歳入(?=<| )", panel)[:1], f"{moved}円")
        assert "予算に戻入" in panel

    def come_back(self, _row: Row, day: date) -> None:
        payment = payments.said_back(self.world, Payment.objects.get(award=self.its()), day)
        before = self.line().disbursed
        perform(payment, "come_back", by=self.staff["treasurer"], reason="x")
        if (moved := before - self.line().disbursed) != payment.amount:
            raise NotReady(f"{moved}円")

    # -- both sides of a day -------------------------------------------------------------------------
    def both_sides(self, *rows: Row) -> None:
        for row in rows:
            act: Callable[[Row, date], None] = getattr(self, row.act)
            assert refusal(act, row, row.open_on) == "", str(row)
            said = refusal(act, row, row.shut_on)
            for part in row.words.split("…"):
                assert part in said, f"{row}: {said!r}"


def refusal(act: Callable[[Row, date], None], row: Row, day: date) -> str:
    """Done and undone again; or in which words it is refused."""
    with clock.at(simulation.at(day, 10)), transaction.atomic():
        try:
            act(row, day)
        except Refused as refused:
            return " ".join(map(str, getattr(refused, "reasons", refused.args)))
        finally:
            transaction.set_rollback(True)
    return ""


# -- the cases -------------------------------------------------------------------------------------------------------
NO_AWARD = "までしか決定に使えません…新しい年度の公募をご案内"
NO_ORDER = "支払えるのは…5月31日…までです…年度のうちに繰り越した額だけを"
NO_CARRY = "までに提案する必要があります"
FIRST_CARRY = "年度からの繰越は…から提案できます"
NO_CHANGE = "増減と流用は…までに提案する必要があります"
TOO_LONG = "年度の終わり…先に、この案件の額を繰り越してください"


def asked(world: World) -> tuple[Award, User]:
    """Its amount is fixed, its claim is checked and not ordered."""
    award, person = payments.fixed(world)
    payments.account(world, person)
    claimed(world, award, person)
    return award, person


def claimed(world: World, award: Award, person: User) -> None:
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    perform(claim, "examine", by=world.staff["accountant"])


def carried(walk: Walk, *steps: tuple[str, date]) -> None:
    for kind, day in steps:
        with clock.at(simulation.at(day, 10)):
            walk.proposed(day, kind, amount=280_000, case=walk.its().case)


@pytest.mark.parametrize("is_waiting", [False, True])
def test_what_was_accepted_or_waits_on_the_old_list(world: World, is_waiting: bool) -> None:
    application, _person = world.accepted()
    if is_waiting:
        world.decided("waitlist", [application])
    ends_on = later(MARCH, 9)
    Call.objects.filter(pk=application.call_id).update(project_ends_on=ends_on)
    Walk(world).both_sides(Row("decide_award", MARCH, APRIL, NO_AWARD))


@begins(asked)
def test_what_is_awarded_and_not_paid(world: World) -> None:
    award, _person = world.begun(asked)
    banks = calendars.banks()
    Walk(world, award).both_sides(
        Row("carry", MARCH, APRIL, NO_CARRY, "carry_over"),
        Row("carry", MARCH, APRIL, NO_CARRY, "accident"),
        Row("order", MAY, JUNE, NO_ORDER),
        Row("make_batch", banks.last_open(MAY), banks.next_open(JUNE), NO_ORDER),
        Row("tick", MAY, JUNE, "5月31日…に出納を閉鎖しました…この案件で繰り越した額は0円"),
    )


@pytest.mark.parametrize("kind", ["carry_over", "accident"])
@begins(asked)
def test_what_was_carried_over_once(world: World, kind: str) -> None:
    award, _person = world.begun(asked)
    walk, banks = Walk(world, award), calendars.banks()
    carried(walk, (kind, MARCH))
    last, after = later(MAY), later(JUNE)
    rows = [
        Row("order", last, after, NO_ORDER),
        Row("make_batch", banks.last_open(last), banks.next_open(after), NO_ORDER),
        Row("tick", last, after, "出納を閉鎖しました"),
    ]
    if kind == "carry_over":
        rows += [
            Row("carry", later(MARCH), later(APRIL), NO_CARRY, "carry_again"),
            Row("carry", APRIL, MARCH, FIRST_CARRY, "carry_again"),
        ]
    walk.both_sides(*rows)
    if kind == "accident":  # no second time, on no day
        again = Row("carry", APRIL, APRIL, "", "carry_again")
        assert "していない0円まで" in refusal(walk.carry, again, APRIL)


@begins(asked)
def test_what_was_carried_over_and_once_more_by_accident(world: World) -> None:
    award, _person = world.begun(asked)
    walk = Walk(world, award)
    carried(walk, ("carry_over", MARCH), ("carry_again", later(MARCH)))
    walk.both_sides(Row("order", later(MAY, 2), later(JUNE, 2), NO_ORDER))


@begins(awarded)
def test_what_shall_run_longer(world: World) -> None:
    award, person = world.begun(awarded)
    walk = Walk(world, award)
    file(award, person, kind="delay", ends_on=MARCH)
    walk.both_sides(
        Row("prolong", MARCH, APRIL, TOO_LONG),
        Row("ask_longer", later(MARCH, 2), later(APRIL, 2), "繰り越せる年度の終わり"),
    )
    carried(walk, ("carry_over", MARCH))
    again = "繰り越した年度の終わり…事故繰越しでもう一度繰り越せます"
    walk.both_sides(Row("prolong", later(MARCH), later(APRIL), again))
    carried(walk, ("carry_again", later(MARCH)))
    last = "事故繰越しをした年度の終わり"
    walk.both_sides(Row("prolong", later(MARCH, 2), later(APRIL, 2), last))


@begins(awarded)
def test_what_is_fixed_in_april_is_paid_until_the_accounts_are_closed(world: World) -> None:
    award, person = world.begun(awarded)
    inspected(world, reported(world, award, person))
    payments.account(world, person)
    walk = Walk(world, award)
    with clock.at(simulation.at(APRIL, 10)):
        walk.fix(Row("fix", APRIL, APRIL, ""), APRIL)
        claimed(world, walk.its(), person)
    walk.both_sides(Row("order", MAY, JUNE, NO_ORDER))


@begins(paid)
def test_what_was_paid_and_comes_back(world: World) -> None:
    award, _person = world.begun(paid)
    walk = Walk(world, award)
    walk.both_sides(Row("come_back", MAY, JUNE, "0円"))
    world.decided("revoke", [award], REVOKED)
    walk.both_sides(Row("pay_back", MAY, JUNE, "歳入…0円"))


def test_a_set_off_of_a_closed_year_stands(world: World) -> None:
    Walk(world, letters.set_off(world)).both_sides(
        Row("undo_set_off", MAY, JUNE, "出納が閉鎖されている…過年度支出として、会計管理者に相談")
    )


def test_what_a_later_year_pays(world: World) -> None:
    """債務負担行為: announced with projects that end in the next year, paid from that year's budget."""
    walk = Walk(world)
    walk.both_sides(Row("open_call", MARCH, APRIL, "年度の終わり…債務負担行為を登録してください"))
    debts.resolved(world)
    world.calls["telework"] = debts.opened(world)
    walk.award, _person = asked(world)
    walk.proposed(MARCH, "voted", amount=280_000)
    walk.both_sides(
        Row("order", APRIL, MARCH, "債務負担行為による…から支払えます"),
        Row("order", later(MAY), later(JUNE), NO_ORDER),
    )


def test_the_budget_of_a_year_is_changed_within_it(world: World) -> None:
    walk = Walk(world)
    walk.two = two_lines(world)
    kinds = ("appropriation", "supplement", "supplement_cut", "transfer", "allotment")
    walk.both_sides(*(Row("change_budget", MARCH, APRIL, NO_CHANGE, kind) for kind in kinds))


# -- every guard is walked -------------------------------------------------------------------------------------------
# where the code asks for the year of money, to say no or to book elsewhere → the act that walks it
WALKED = {
    "grants/applications/deciding.py too_late": "decide_award",
    "grants/awards/changing.py _past_the_year": "prolong",
    "grants/awards/forms.py ChangeForm.clean": "ask_longer",
    "grants/budget/carrying.py payment_refusals": "order",
    "grants/budget/carrying.py too_late": "order",
    "grants/budget/carrying.py left": "order",
    "grants/budget/carrying.py years_carried": "prolong",
    "grants/budget/changes.py _untimely": "change_budget",
    "grants/budget/models.py BudgetLine.closes_for": "come_back",
    "grants/budget/models.py BudgetLine.settles_on": "order",
    "grants/budget/models.py _reversed_on": "come_back",
    "grants/budget/models.py commit": "decide_award",
    "grants/budget/owing.py past_its_year": "open_call",
    "grants/payments/batches.py PaymentBatch.begin": "make_batch",
    "grants/payments/correcting.py arrived_after_all": "come_back",
    "grants/payments/many.py _look_orders": "order",
    "grants/payments/ordering.py refusals": "order",
    "grants/payments/paying.py past_their_year": "tick",
    "grants/recovery/booking.py book_return": "pay_back",
    "grants/recovery/booking.py goes_to_line": "pay_back",
    "grants/recovery/taking_back.py rebook": "pay_back",
    "grants/recovery/undoing.py obstacles": "undo_set_off",
}
# where it is asked for a figure, a word or a link
SAID = {
    "grants/awards/carried.py _left_wrongly",
    "grants/budget/adding_up.py account_of",
    "grants/budget/adding_up.py first_fault",
    "grants/budget/adding_up.py",
    "grants/budget/carrying.py ways_on",
    "grants/budget/handed_out.py settlement",
    "grants/budget/models.py BudgetEntry.Meta",
    "grants/budget/models.py BudgetLine.is_changed_still",
    "grants/budget/settling.py closed",
    "grants/budget/standing.py standings",
    "grants/payments/execution.py _expected",
    "grants/payments/execution.py months",
    "grants/payments/execution_views.py execution",
    "grants/payments/foreseen.py _alike",
    "grants/payments/foreseen.py asked",
    "grants/payments/foreseen.py months",
    "grants/payments/side_by_side.py years_of",
    "grants/payments/year_end.py _batches",
    "grants/payments/year_end.py _leaving",
    "grants/payments/year_end.py _lines",
    "grants/payments/year_end.py beside",
    "grants/payments/year_end.py is_near",
    "grants/payments/year_end.py told",
    "grants/payments/year_end_views.py year_end",
    "grants/recovery/slips.py slip_facts",
    "reports/statistics/page/live.py Live.settled",
    "reports/statistics/pipeline/frames/money.py _is_late",
    "reports/statistics/pipeline/reconciling.py revenue",
}
# functions of the years, and those that ask them on behalf of others
OF_YEARS = {
    name
    for name, value in vars(years).items()
    if getattr(value, "__module__", "") == years.__name__
}
BESIDE = {"closes_for", "is_reversed", "goes_to_line", "payment_refusals"}


def asking(path: Path) -> set[str]:
    """The functions of a module that ask for the year."""
    tree, found = ast.parse(path.read_text(encoding="utf-8")), set()
    own = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == years.__name__
        for alias in node.names
    }

    def look(node: ast.AST, place: str) -> None:
        for child in ast.iter_child_nodes(node):
            here = place
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                here = f"{place}.{child.name}".strip(".")
            named = child.id if isinstance(child, ast.Name) else ""
            member = child.attr if isinstance(child, ast.Attribute) else ""
            of_years = member in OF_YEARS and ast.unparse(child).startswith("years.")
            if of_years or named in own | BESIDE or member in BESIDE | {"settles_on"}:
                found.add(here)
            look(child, here)

    look(tree, "")
    return {f"{path.relative_to(ROOT)} {place}".strip() for place in found}


def test_every_place_that_asks_for_the_year_is_walked_or_only_says_it() -> None:
    modules = [
        path for room in ("grants", "startups", "reports") for path in (ROOT / room).rglob("*.py")
    ]
    found = {place for path in modules if path.stem != "years" for place in asking(path)}
    assert found == WALKED.keys() | SAID
    assert {act for act in WALKED.values() if not hasattr(Walk, act)} == set()
