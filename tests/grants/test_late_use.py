"""違約金: what was used later than promised is asked back by decision, where the programme states a rate."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from grants.awards.models import Award
from grants.programmes.interest import Interest
from grants.recovery import collecting
from grants.recovery.models import MoneyIn, Recovery
from portal import clock
from portal.workflow.door import perform
from portal.workflow.errors import NotReady, Refused
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_recovery import items, paid

LAW = {"late_use_rate": "10.95", "late_use_cite": "要綱第24条"}


def late(award: Award, days: int) -> dict[str, str]:
    used = clock.today()
    promised = used - timedelta(days=days)
    return {
        "promised": promised.isoformat(),
        "used": used.isoformat(),
        "how": "written",
        "asked_on": promised.isoformat(),
        "answer_by": (promised + timedelta(days=5)).isoformat(),
        "heard": "書面で聞いた。",
        "reason": "導入が遅れたため",
    }


def stated(award: Award) -> Award:
    award.parameters["interest"] = LAW
    award.save()
    return award


@begins(paid)
def test_each_day_late_costs_its_share_and_comes_back_as_revenue(world: World) -> None:
    """280,000 yen at 10.95 % a year: 84 yen a day."""
    award, _person = world.begun(paid)
    with clock.at(clock.now() + timedelta(days=60)):
        world.decided("late_use", [stated(award)], late(award, 10))
        fresh, recovery = Award.objects.get(pk=award.pk), Recovery.objects.get()
        assert (recovery.ground, recovery.principal, recovery.with_surcharge) == (
            "late_use",
            840,
            False,
        )
        assert (fresh.payable, fresh.state) == (award.payable - 840, "closed")
        said = items(award, "recovery")["返還の理由"]
        assert said.startswith("使用の遅れによる違約金\n導入が遅れたため")
        assert "（10日の遅れ）" in said
        assert items(award, "recovery")["弁明の内容"] == "書面で聞いた。"
        assert items(award, "recovery")["弁明の機会"].startswith("書面による弁明")
        assert "年10.95パーセントの割合を乗じた額（要綱第24条）" in said
        by = world.staff["accountant"]
        collecting.receive(recovery, amount=840, paid_on=clock.today(), by=by)
        assert not MoneyIn.objects.get().to_line


@begins(paid)
def test_none_is_asked_without_a_provision_nor_for_days_that_are_not_late(world: World) -> None:
    award, _person = world.begun(paid)
    with clock.at(clock.now() + timedelta(days=60)):
        with pytest.raises(NotReady, match="違約金の定めがありません"):
            world.approval("late_use", [award], late(award, 10))
        stated(award)
        with pytest.raises(NotReady, match="期限より後で今日まで"):
            world.approval("late_use", [award], late(award, 0))
        with pytest.raises(NotReady, match="交付の決定の日より後"):
            world.approval("late_use", [award], late(award, 900))


@begins(paid)
def test_who_drafted_it_does_not_decide_it(world: World) -> None:
    award, _person = world.begun(paid)
    with clock.at(clock.now() + timedelta(days=60)):
        drafted = world.approval("late_use", [stated(award)], late(award, 10))
        with pytest.raises(Refused):
            perform(drafted, "approve", by=world.officer)
    assert Recovery.objects.count() == 0


def test_a_rate_without_its_article_is_no_rule() -> None:
    with pytest.raises(ValidationError, match="根拠の条項が要ります"):
        Interest.model_validate({"late_use_rate": "10.95"})


def test_an_award_announces_it_beforehand() -> None:
    law = Interest.model_validate(LAW)
    assert [line[:4] for line in law.conditions()] == ["加算金：", "延滞金：", "違約金："]
    assert [line[:4] for line in Interest().conditions()] == ["加算金：", "延滞金："]
