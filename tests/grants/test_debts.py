"""債務負担行為: a call that runs past its year promises of a later one, up to what the council resolved."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.awards.papers import award_facts
from grants.budget import adding_up, changes, owing
from grants.budget.calls import make_lines
from grants.budget.carrying import payment_refusals, year_of
from grants.budget.debts import DebtAct
from grants.budget.models import BudgetLine
from grants.payments import execution
from grants.programmes.models import Call, CallChange, Programme
from portal import clock, fiscal
from portal.accounts.models import User
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.markup import one_line
from tests.roles import granted
from tools.demonstration import simulation

LIMIT = 6_000_000


def year() -> int:
    return fiscal.fiscal_year(clock.today())


def programme() -> Programme:
    return Programme.objects.get(code="telework", state="approved")


def proposed(world: World, *, spent_in: int = 0) -> DebtAct:
    """Of the next year, unless said otherwise."""
    return owing.propose(
        programme(),
        fiscal_year=year(),
        spent_in=spent_in or year() + 1,
        limit_amount=LIMIT,
        ground="第4回定例会の議決",
        by=world.staff["accountant"],
    )


def resolved(world: World, *, spent_in: int = 0) -> DebtAct:
    debt = proposed(world, spent_in=spent_in)
    owing.confirm(debt, by=world.staff["treasurer"])
    return debt


def opened(world: World, *, round_no: int = 8, amount: int = 2_000_000) -> Call:
    """A call whose projects end in September of the next year, announced."""
    today = clock.today()
    call = begin(
        Call,
        by=world.officer,
        programme=programme(),
        fiscal_year=year(),
        round_no=round_no,
        periods=[
            (
                simulation.at(today - timedelta(days=3), 9),
                simulation.at(today + timedelta(days=20), 17),
            )
        ],
        decision_on=today + timedelta(days=50),
        project_ends_on=date(year() + 1, 9, 30),
    )
    frames = [(frame.key, "yen", amount) for frame in call.stated.frames]
    slots = [(frame.key, "slots", 5) for frame in call.stated.frames if frame.slots]
    make_lines(call, frames + slots, by=world.officer)
    return perform(perform(call, "approve", by=world.director), "announce", by=world.officer)


def test_a_call_runs_past_its_year_once_it_is_confirmed_what_may_be_promised(world: World) -> None:
    with pytest.raises(NotReady, match="債務負担行為を登録"):
        opened(world)
    debt = proposed(world)
    with pytest.raises(NotReady, match="債務負担行為を登録"):
        opened(world)
    owing.confirm(debt, by=world.staff["treasurer"])
    call = opened(world)
    lines = {(line.unit, line.fiscal_year, line.debt) for line in call.budget_lines.all()}
    assert lines == {("yen", year() + 1, debt), ("slots", year(), None)}
    assert year_of(call, call.stated.frames[0].key) == year() + 1


def test_one_of_another_year_does_not_do(world: World) -> None:
    resolved(world, spent_in=year() + 2)
    with pytest.raises(NotReady, match="債務負担行為を登録"):
        opened(world)
    with pytest.raises(NotReady, match="より後の年度"):
        proposed(world, spent_in=year())


def test_calls_draw_no_more_than_the_limit(world: World) -> None:
    debt = resolved(world)
    frames = len(programme().stated.frames)
    opened(world, amount=LIMIT // frames)
    assert owing.drawn(debt) == LIMIT // frames * frames
    with pytest.raises(NotReady, match="限度額（6,000,000円）を"):
        opened(world, round_no=9, amount=1_000)
    line = BudgetLine.objects.filter(debt=debt).first()
    assert line is not None
    change = changes.propose(line, "appropriation", 1_000, by=world.staff["accountant"], note="x")
    with pytest.raises(NotReady, match="限度額（6,000,000円）を"):
        changes.confirm(change, by=world.staff["treasurer"])


def test_two_people_and_their_scope(world: World) -> None:
    debt = proposed(world)
    with pytest.raises(Forbidden, match="提案した方は確認できません"):
        owing.confirm(debt, by=world.staff["accountant"])
    with pytest.raises(Forbidden):
        owing.confirm(debt, by=world.officer)
    with pytest.raises(IntegrityError, match="budget_debt_four_eyes"), transaction.atomic():
        DebtAct.objects.filter(pk=debt.pk).update(
            confirmed_at=clock.now(), closed_at=clock.now(), closed_by=debt.proposed_by
        )
    treasurer = world.staff["treasurer"]
    granted(treasurer.staff_roles.all(), programme_code="iot")
    with pytest.raises(Forbidden, match="職務です"):
        owing.confirm(debt, by=User.objects.get(pk=treasurer.pk))
    owing.take_back(debt, by=world.staff["accountant"])
    with pytest.raises(NotReady, match="すでに"):
        owing.take_back(debt, by=world.staff["accountant"])


def test_an_award_refers_to_it_and_is_paid_from_the_voted_budget_of_its_year(
    world: World,
) -> None:
    resolved(world)
    call = world.calls["telework"] = opened(world)
    award, _person = awarded(world)
    line = BudgetLine.objects.get(call=call, frame=award.frame, unit="yen")
    assert line.committed == award.awarded_amount
    paper = award_facts(Award.objects.get(pk=award.pk))
    assert [
        "支払う年度",
        f"{fiscal.era_fiscal_year(year() + 1)}（債務負担行為　第4回定例会の議決）",
    ] in paper["items"]  # type: ignore[operator]

    def refused(day: date, yen: int) -> list[str]:
        return payment_refusals({award.case: (call.pk, award.frame)}, {award.case: yen}, day)

    first = date(year() + 1, 4, 1)
    assert "から支払えます" in refused(first - timedelta(days=1), 1)[0]
    assert "残り0円" in refused(first, 1)[0]
    change = changes.propose(line, "voted", 100_000, by=world.staff["accountant"], note="当初予算")
    changes.confirm(change, by=world.staff["treasurer"])
    assert refused(first, 100_000) == []
    assert "残り100,000円" in refused(first, 100_001)[0]
    assert refused(date(year() + 2, 5, 31), 100_000) == []
    assert refused(date(year() + 2, 6, 1), 100_000) != []
    with pytest.raises(IntegrityError, match="budget_debt_voted_first"), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(disbursed=100_001)
    assert adding_up.first_fault() == ""


def test_no_more_is_voted_than_was_promised_and_nothing_of_it_goes_elsewhere(world: World) -> None:
    resolved(world)
    line, other = opened(world).budget_lines.filter(unit="yen")[:2]
    by = world.staff["accountant"]
    for amount in (1_500_000, 500_001):
        change = changes.propose(line, "voted", 1_500_000, by=by, note="当初予算")
        if amount == 1_500_000:
            changes.confirm(change, by=world.staff["treasurer"])
    with pytest.raises(NotReady, match="まだ予算化していない500,000円まで"):
        changes.confirm(change, by=world.staff["treasurer"])
    with pytest.raises(NotReady, match="流用できません"):
        changes.propose(line, "transfer", 1, by=by, note="x", to=other)


@pytest.mark.parametrize(("month", "day", "is_taken"), [(3, 31, True), (4, 1, False)])
def test_a_running_call_does_not_move_to_the_money_of_another_year(
    world: World, month: int, day: int, is_taken: bool
) -> None:
    """Not even where what may be promised of that year is confirmed."""
    resolved(world)
    call = world.calls["telework"]

    def proposed_end() -> CallChange:
        return begin(
            CallChange,
            by=world.officer,
            call=call,
            decision_on=call.decision_on,
            project_ends_on=date(year() + 1, month, day),
            public_reason="大雪のため。",
        )

    if is_taken:
        assert proposed_end().state == "proposed"
        return
    with pytest.raises(NotReady, match="次の年度へ移せません"):
        proposed_end()


def test_the_forecast_is_of_the_year_that_pays(world: World) -> None:
    resolved(world)
    world.calls["telework"] = opened(world)
    award, _person = awarded(world)
    assert execution.forecast(year()) == []
    assert sum(m.yen for m in execution.forecast(year() + 1)) == award.payable


def test_the_pages_propose_confirm_and_show_it(world: World, client: Client) -> None:
    client.force_login(world.staff["accountant"])
    page = reverse("debt_list")
    sent = {
        "form_key": "one-form",
        "programme": str(programme().pk),
        "fiscal_year": f"{year()}",
        "spent_in": f"{year() + 1}",
        "limit_amount": "6,000,000",
        "ground": "第4回定例会の議決",
    }
    assert client.post(page, sent | {"spent_in": f"{year()}"}).status_code == 422
    assert client.post(page, sent).status_code == 302
    debt = DebtAct.objects.get()
    client.force_login(world.staff["treasurer"])
    assert client.post(reverse("debt_confirm", args=[debt.pk])).status_code == 302
    assert DebtAct.objects.get().is_confirmed
    call = opened(world)
    line = call.budget_lines.filter(unit="yen").first()
    assert line is not None
    shown = one_line(client.get(reverse("budget_line", args=[line.pk])))
    assert "債務負担行為による額" in shown
    assert "予算化を提案する" in shown
    vote = {"form_key": "vote", "voted": "1,000", "vote": "当初予算の議決"}
    assert client.post(reverse("budget_line", args=[line.pk]), vote).status_code == 302
    assert line.changes.get().kind == "voted"
    other = call.budget_lines.exclude(unit="yen").first() or world.calls["iot"].budget_lines.first()
    assert other is not None
    with pytest.raises(NotReady, match="債務負担行為による予算だけ"):
        changes.propose(other, "voted", 1, by=world.staff["accountant"], note="x")
