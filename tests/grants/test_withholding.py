"""支払いの一時停止: who owes a return of a programme is not paid under it, by decision, until it came in."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from grants.awards.models import Award
from grants.payments import paying
from grants.payments.models import Payment
from grants.recovery import collecting, withholding
from grants.recovery.agreed import Withholding
from grants.recovery.models import Recovery
from portal import clock
from portal.cases.models import Case
from portal.notices.models import Notice
from portal.workflow.door import perform
from portal.workflow.errors import NotReady, Refused
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_recovery
from tests.reports import letters
from tools.demonstration import simulation

pytestmark = begins(letters.late_elsewhere)


@pytest.fixture
def late(world: World) -> Iterator[tuple[Payment, Recovery]]:
    """A payment and the return that its firm should have made by yesterday."""
    award, debt = world.begun(letters.late_elsewhere)
    with clock.at(simulation.at(debt.due_on + timedelta(days=1), 9)):
        yield Payment.objects.select_related("award", "case").get(award=award), debt


def test_what_is_withheld_is_neither_released_nor_cancelled_until_the_return_came_in(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    world.decided("withhold", [payment], {"reason": "返還が済んでいないため"})
    payment = Payment.objects.get(pk=payment.pk)
    treasurer = world.staff["treasurer"]
    assert (payment.state, Withholding.objects.get().recovery) == ("held", debt)
    for name in ("release", "cancel"):
        with pytest.raises(NotReady, match="返還が納められるまで"):
            perform(payment, name, by=treasurer, reason="x")
    left = Recovery.objects.get(pk=debt.pk).owed()["left"]
    today = clock.today()
    collecting.receive(debt, amount=left - 1, paid_on=today, by=world.staff["accountant"])
    with pytest.raises(NotReady, match="返還が納められるまで"):
        perform(payment, "release", by=treasurer, reason="x")
    collecting.receive(debt, amount=1, paid_on=today, by=world.staff["accountant"])
    assert perform(payment, "release", by=treasurer, reason="納付を確かめた").state == "ordered"
    assert papers(payment) == ["withholding", "withholding_ended"]
    perform(payment, "hold", by=treasurer, reason="口座の照会")
    perform(payment, "release", by=treasurer, reason="照会が済んだ")  # nothing withheld it
    assert papers(payment) == ["withholding", "withholding_ended"]


def papers(payment: Payment) -> list[str]:
    found = Notice.objects.filter(case=payment.case, kind__startswith="withholding")
    return list(found.order_by("pk").values_list("kind", flat=True))


def test_what_was_released_is_withheld_anew_for_the_same_return(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    """Its day was put off, the payment went on, and the new day passed as well."""
    payment, debt = late
    world.decided("withhold", [payment], {"reason": "x"})
    parts = [(clock.today() + timedelta(days=30), debt.principal)]
    world.decided("defer_return", [debt], test_recovery.planned(*parts))
    perform(payment, "release", by=world.staff["treasurer"], reason="延期したため")
    with clock.at(simulation.at(clock.today() + timedelta(days=31), 9)):
        assert withholding.still_late(payment) == []
        world.decided("withhold", [payment], {"reason": "x"})
        with pytest.raises(NotReady, match="返還が納められるまで"):
            perform(payment, "release", by=world.staff["treasurer"], reason="x")
    assert Withholding.objects.count() == 2


def test_it_is_decided_by_another_and_never_by_who_drafted(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, _debt = late
    with pytest.raises(Refused):
        perform(payment, "withhold", by=world.staff["treasurer"], reason="x")
    approval = world.approval("withhold", [payment], {"reason": "x"})
    with pytest.raises(Refused):
        perform(approval, "approve", by=world.officer)


def test_a_return_that_came_in_since_the_draft_withholds_nothing(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    approval = world.approval("withhold", [payment], {"reason": "x"})
    left = Recovery.objects.get(pk=debt.pk).owed()["left"]
    collecting.receive(debt, amount=left, paid_on=clock.today(), by=world.staff["accountant"])
    with pytest.raises(Refused, match="内容が動いています"):
        perform(approval, "approve", by=world.director)
    assert (Payment.objects.get(pk=payment.pk).state, Withholding.objects.count()) == ("ordered", 0)


def why_not(payment: Payment) -> str:
    fresh = Payment.objects.select_related("award", "case", "batch").get(pk=payment.pk)
    return "".join(withholding.obstacles(fresh))


def test_only_what_is_late_under_the_same_programme_withholds(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    assert why_not(payment) == ""
    with clock.at(simulation.at(debt.due_on, 9)):  # its last day
        assert "納めていない案件が" in why_not(payment)
    Case.objects.filter(pk=debt.case_id).update(programme_code="iot")
    assert "納めていない案件が" in why_not(payment)
    Case.objects.filter(pk=debt.case_id).update(programme_code=payment.case.programme_code)
    parts = payment.award.parameters["provisions"] | {"withholding": ""}
    changed = payment.award.parameters | {"provisions": parts}
    Award.objects.filter(pk=payment.award_id).update(parameters=changed)
    assert "定めがありません" in why_not(payment)


def test_a_payment_in_a_batch_is_not_withheld(world: World, late: tuple[Payment, Recovery]) -> None:
    payment, _debt = late
    treasurer = world.staff["treasurer"]
    paying.make_batch(treasurer, pay_on=paying.next_pay_day(), payments=[payment])
    assert "振込データに入っています" in why_not(payment)
