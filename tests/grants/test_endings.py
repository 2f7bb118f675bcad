"""Whatever ends or lowers an award, money out and what may be kept agree: the difference is ordered back.

The table is states × endings, each without money out, with an advance, and paid in full.
"""

import pytest
from django.test import Client
from lxml import html

from grants.awards import changing
from grants.awards.changes import ChangeRequest
from grants.awards.models import Award
from grants.budget.models import BudgetLine
from grants.payments import settling
from grants.payments.models import Claim
from grants.recovery import collecting
from grants.recovery.models import Recovery
from portal import clock
from portal.accounts.models import User
from portal.approvals.ports import acts
from portal.cases.turns import differing
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.errors import NotReady
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants.test_completion import awarded, inspected, reported
from tests.grants.test_recovery import WAIVED, advanced, paid

Brought = tuple[Award, User]
BACK: Given = {"reason": "理由", "heard": "書面で弁明を受けた。"}
FAULT: Given = BACK | {"with_surcharge": True}


def fresh(award: Award) -> Award:
    return Award.objects.select_related("application__call", "case").get(pk=award.pk)


def committed(award: Award) -> int:
    return BudgetLine.objects.get(
        call=award.application.call, frame=award.frame, unit="yen"
    ).committed


def suspended(world: World, award: Award) -> None:
    world.decided("suspend", [award], {"reason": "x"})


def fixed_at(world: World, brought: Brought, cost: int) -> None:
    award, person = brought
    world.decided("fix", [inspected(world, reported(world, award, person, cost))])


# act, what it is given → (state, what may be kept, ordered back, its ground, with surcharge)
Expected = tuple[str, int, int, str, bool]
NONE = ("", False)
# of 280,000 yen awarded
WITHOUT: list[tuple[str, Given, Expected]] = [
    ("abandon", BACK, ("abandoned", 0, 0, *NONE)),
    ("cancel", BACK, ("cancelled", 0, 0, *NONE)),
    ("revoke", FAULT, ("revoked", 0, 0, *NONE)),
    ("revoke_part", FAULT | {"amount": 80_000}, ("", 200_000, 0, *NONE)),
]
# … and 200,000 of them paid in advance
WITH_ADVANCE: list[tuple[str, Given, Expected]] = [
    ("abandon", BACK, ("abandoned", 0, 200_000, "abandoned", False)),
    ("abandon", BACK | {"kept": 50_000}, ("abandoned", 50_000, 150_000, "abandoned", False)),
    ("abandon", BACK | {"kept": 200_000}, ("abandoned", 200_000, 0, *NONE)),
    ("cancel", BACK, ("cancelled", 0, 200_000, "circumstances", False)),
    ("cancel", BACK | {"kept": 120_000}, ("cancelled", 120_000, 80_000, "circumstances", False)),
    ("revoke", BACK, ("revoked", 0, 200_000, "revoked", False)),
    ("revoke", FAULT, ("revoked", 0, 200_000, "revoked", True)),
    ("revoke_part", FAULT | {"amount": 80_000}, ("", 200_000, 0, *NONE)),
    ("revoke_part", FAULT | {"amount": 130_000}, ("", 150_000, 50_000, "partly", True)),
]
# paid in full, and closed
CLOSED: list[tuple[str, Given, Expected]] = [
    ("revoke", FAULT, ("revoked", 0, 280_000, "revoked", True)),
    ("revoke_part", FAULT | {"amount": 80_000}, ("closed", 200_000, 80_000, "partly", True)),
]


def check(world: World, award: Award, act: str, given: Given, expected: Expected) -> None:
    """Do it, look, then pay back, and look again."""
    state, kept, principal, ground, surcharge = expected
    out = settling.received(award)
    state = state or award.state
    world.decided(act, [award], given)
    award = fresh(award)
    assert (award.state, award.payable) == (state, kept)
    rows = [(r.principal, r.ground, r.with_surcharge) for r in award.recoveries.all()]
    assert rows == ([(principal, ground, surcharge)] if principal else [])
    assert collecting.excess(award) <= 0
    assert differing() == []
    if principal:
        collecting.receive(
            Recovery.objects.get(),
            amount=principal,
            paid_on=clock.today(),
            by=world.staff["accountant"],
        )
        assert settling.settled_sum(fresh(award)) == kept
    still_out = out - principal
    running = state in ("active", "suspended", "amount_fixed")
    assert committed(award) == (max(kept, still_out) if running else still_out)


@begins(awarded)
@pytest.mark.parametrize("is_suspended", [False, True])
@pytest.mark.parametrize(("act", "given", "expected"), WITHOUT)
def test_nothing_was_paid(
    world: World, act: str, given: Given, expected: Expected, is_suspended: bool
) -> None:
    award, _person = world.begun(awarded)
    if is_suspended:
        suspended(world, award)
    check(world, fresh(award), act, given, expected)


@begins(advanced)
@pytest.mark.parametrize("is_suspended", [False, True])
@pytest.mark.parametrize(("act", "given", "expected"), WITH_ADVANCE)
def test_an_advance_was_paid(
    world: World, act: str, given: Given, expected: Expected, is_suspended: bool
) -> None:
    award, _person = world.begun(advanced)
    if is_suspended:
        suspended(world, award)
    check(world, fresh(award), act, given, expected)


@begins(paid)
@pytest.mark.parametrize(("act", "given", "expected"), CLOSED)
def test_all_was_paid(world: World, act: str, given: Given, expected: Expected) -> None:
    award, _person = world.begun(paid)
    check(world, fresh(award), act, given, expected)


@begins(paid)
@pytest.mark.parametrize("act", ["abandon", "cancel"])
def test_what_is_closed_is_neither_given_up_nor_cancelled_for_circumstances(
    world: World, act: str
) -> None:
    award, _person = world.begun(paid)
    assert acts[act].obstacles(award)


@begins(advanced)
def test_an_award_that_ended_is_none_any_more_in_lists_and_totals(
    world: World, client: Client
) -> None:
    award, _person = world.begun(advanced)
    other, _holder = awarded(world)
    world.decided("cancel", [award], BACK | {"kept": 50_000})
    ended, stands = award.case.number, other.case.number
    client.force_login(world.officer)

    def listed(**given: str) -> tuple[set[str], int]:
        """The cases of the list and the sum of what was decided."""
        context = client.get("/cases/", given).context
        return {case.number for case, _cells in context["rows"]}, context["sums"][1][1]

    assert listed() == ({ended, stands}, 330_000)
    assert listed(state="awarded") == ({stands}, 280_000)
    assert listed(state="cancelled") == ({ended}, 50_000)
    client.post("/cases/columns/", {"columns": ["state", "awarded"]})
    table = b"".join(client.get("/cases/export.csv?state=cancelled")).decode("utf-8-sig")
    assert table.splitlines()[1:] == [f"{award.case.number},事情変更による取消,50000"]
    head = html.fromstring(client.get(award.case.get_absolute_url()).content)
    [badge] = head.xpath("//p[@class='kicker']/span[contains(@class, 'badge--rest')]")
    assert badge.text_content().strip() == "事情変更による取消"


@begins(advanced)
@pytest.mark.parametrize(
    ("cost", "fixed", "ordered", "state"),
    [
        (150_000, 100_000, 100_000, "amount_fixed"),  # below the advance
        (300_000, 200_000, 0, "closed"),  # the advance to the yen: nothing is left to do
        (400_000, 266_000, 0, "amount_fixed"),  # above it: the rest is claimed
    ],
)
def test_the_amount_is_fixed_beside_an_advance(
    world: World, cost: int, fixed: int, ordered: int, state: str
) -> None:
    award, person = world.begun(advanced)
    fixed_at(world, (award, person), cost)
    award = fresh(award)
    assert (award.payable, award.state) == (fixed, state)
    assert max(collecting.excess(award), 0) == ordered
    if ordered:
        assert award.case.turns.get().what == "返還の命令を起案する"
        world.decided("surplus", [award])
        recovery = Recovery.objects.get()
        assert (recovery.principal, recovery.ground) == (ordered, "surplus")


@begins(advanced)
def test_a_withdrawal_with_an_advance_out_leaves_its_order_to_the_office(world: World) -> None:
    award, person = world.begun(advanced)
    perform(award, "withdraw", by=person, reason="条件に同意できない")
    award = fresh(award)
    assert (award.state, award.payable, collecting.excess(award)) == ("withdrawn", 0, 200_000)
    assert committed(award) == 200_000  # what is out stays committed until it comes back
    assert award.case.turns.get().what == "返還の命令を起案する"
    with pytest.raises(NotReady, match="責任のない"):
        world.approval("surplus", [award], {"with_surcharge": True})
    world.decided("surplus", [award])
    recovery = Recovery.objects.get()
    assert (recovery.principal, recovery.ground) == (200_000, "withdrawn")
    assert award.case.turns.get().what == "補助金を返還する"


@begins(advanced)
def test_an_order_that_was_cancelled_can_be_given_again(world: World) -> None:
    award, _person = world.begun(advanced)
    world.decided("cancel", [award], BACK)
    given: Given = {"ground": "error", "proof": "命令書", "reason": "納期限の誤り"}
    world.decided("cancel_order", [Recovery.objects.get()], given)
    award = fresh(award)
    assert award.case.turns.get().what == "返還の命令を起案する"
    world.decided("surplus", [award])
    again = Recovery.objects.latest("pk")
    assert (again.principal, again.ground) == (200_000, "circumstances")


@begins(advanced)
@pytest.mark.parametrize("act", ["abandon", "cancel"])
def test_nobody_keeps_more_than_was_paid(world: World, act: str) -> None:
    award, _person = world.begun(advanced)
    with pytest.raises(NotReady, match="支払った200,000円まで"):
        world.approval(act, [award], BACK | {"kept": 200_001})


@pytest.mark.parametrize("amount", [0, 280_000])
def test_a_part_is_neither_nothing_nor_all(world: World, amount: int) -> None:
    award, _person = awarded(world)
    with pytest.raises(NotReady, match="280,000円"):
        world.approval("revoke_part", [award], BACK | {"amount": amount})


def test_a_part_revoked_before_the_payment_lowers_it_and_the_award_closes(world: World) -> None:
    award, person = payments.fixed(world)
    world.decided("revoke_part", [award], FAULT | {"amount": 50_000})
    award = fresh(award)
    assert (award.payable, committed(award)) == (230_000, 230_000)
    kinds = set(award.case.notices.values_list("kind", flat=True))
    assert "partial_revocation" in kinds
    assert "recovery" not in kinds
    payments.account(world, person)
    with pytest.raises(NotReady, match="230,000円まで"):
        begin(Claim, by=person, award=award, kind="settlement", amount=230_001)
    batch = payments.batched(world, payments.ordered(world, award, person))
    payments.taken_in(world, batch, payments.answer(batch))
    assert (fresh(award).state, committed(award)) == ("closed", 230_000)


def test_a_part_revoked_while_the_project_runs_bounds_the_amount_fixed(world: World) -> None:
    award, person = awarded(world)
    world.decided("revoke_part", [award], BACK | {"amount": 100_000})
    fixed_at(world, (fresh(award), person), 420_000)
    assert (fresh(award).fixed_amount, fresh(award).payable) == (180_000, 180_000)


@begins(advanced)
def test_what_was_waived_lets_the_award_close(world: World) -> None:
    award, person = world.begun(advanced)
    fixed_at(world, (award, person), 150_000)
    world.decided("surplus", [fresh(award)])
    world.decided("waive", [Recovery.objects.get()], WAIVED)
    assert (fresh(award).state, collecting.excess(fresh(award))) == ("closed", 0)


def test_giving_up_is_decided_where_what_comes_back_is_decided(world: World) -> None:

    award, person = awarded(world)
    change = changing.file(award, kind="abandon", reason="廃業", after=[], ends_on=None, by=person)
    assert acts["approve_change"].obstacles(change)
    world.decided("abandon", [fresh(award)], BACK)
    asked = ChangeRequest.objects.get(pk=change.pk)
    assert (fresh(award).state, asked.state) == ("abandoned", "approved")
