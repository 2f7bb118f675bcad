"""違約金: what was used later than promised is asked back by decision, where the programme states a rate."""

import re
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pydantic import ValidationError

from grants.awards.models import Award
from grants.followup import filing as writing
from grants.followup.forms import FirstUseForm
from grants.followup.models import Filing
from grants.programmes.interest import Interest
from grants.recovery import collecting, late_use
from grants.recovery.models import MoneyIn, Recovery
from portal import clock
from portal.accounts.models import User
from portal.workflow.door import perform
from portal.workflow.drafts import keep
from portal.workflow.errors import NotReady, Refused
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_recovery import items, paid
from tools.demonstration.simulation import at, paper, parts
from tools.demonstration.simulation.files import attach

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
        assert late_use.obstacles(fresh) == ["使用の遅れによる違約金は、すでに命じています。"]


@begins(paid)
def test_none_is_asked_without_a_provision_nor_for_days_that_are_not_late(world: World) -> None:
    award, _person = world.begun(paid)
    with clock.at(clock.now() + timedelta(days=60)):
        with pytest.raises(NotReady, match="違約金の定めがありません"):
            world.approval("late_use", [award], late(award, 10))
        stated(award)
        with pytest.raises(NotReady, match="期限より後で今日まで"):
            world.approval("late_use", [award], late(award, 0))
        with pytest.raises(NotReady, match="交付の決定の日以後"):
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


# -- what the report of use says of it ---------------------------------------------------------------------------------
FINE = "使用の遅れによる違約金を起案する"


def told(award: Award, person: User, *, after: int) -> Filing:
    """The first report of use, handed in: used so many days after the end of the project."""
    filing = writing.start(award, "use", 6, by=person)
    began = award.project_ends_on + timedelta(days=after)
    said = {"in_use": "yes", "people": "3", "how": "毎日使っている。"} | parts("started_on", began)
    filing = keep(filing, said, seen=filing.version)
    attach(award.case, key=filing.file_key, name="画面.pdf", data=paper("use"), by=person)
    return writing.submit(filing, by=person)


def on_day(award: Award, after: int) -> AbstractContextManager[None]:
    return clock.at(at(award.project_ends_on + timedelta(days=after), 10))


def asked(award: Award) -> bool:
    return award.case.turns.filter(what=FINE, side="office").exists()


@begins(paid)
def test_a_report_of_late_use_asks_for_the_fine_with_its_days(world: World, client: Client) -> None:
    award, person = world.begun(paid)
    stated(award)
    with on_day(award, 40):
        told(award, person, after=10)
        assert asked(award)
        client.force_login(world.officer)
        page = client.get(
            reverse("approval_draft"), {"act": "late_use", "case": award.case.number}
        ).content.decode()
        assert late_use.LATE_USE.sum_of(award, {}) == 0  # asked of a form that is empty yet
        for name, day in zip(("promised", "used"), late_days(award, 10), strict=True):
            for part, value in (("y", day.year), ("m", day.month), ("d", day.day)):
                field = re.search(rf'<input[^>]*name="[^"]*-{name}_{part}"[^>]*>', page)
                assert field is not None
                assert f'value="{value}"' in field[0]
        promised, used = late_days(award, 10)
        given = late(award, 10) | {"promised": str(promised), "used": str(used)}
        world.decided("late_use", [Award.objects.get(pk=award.pk)], given)
        assert Recovery.objects.get().principal == 840
        assert not asked(award)


def late_days(award: Award, after: int) -> tuple[date, date]:
    return award.project_ends_on, award.project_ends_on + timedelta(days=after)


@begins(paid)
def test_an_officer_says_why_none_is_asked(world: World, client: Client) -> None:
    award, person = world.begun(paid)
    stated(award)
    with on_day(award, 40):
        told(award, person, after=10)
        client.force_login(world.officer)
        assert "使用の遅れ" in client.get(award.case.get_absolute_url()).content.decode()
        address = reverse("signal_dismiss", args=[award.case.number])
        reason = {"reason": "納品が災害で遅れたため"}
        assert client.post(f"{address}?signal=late_use", reason).status_code == 302
        assert not asked(award)


@begins(paid)
@pytest.mark.parametrize("after", [0, -5])
def test_use_within_the_project_asks_for_none(world: World, after: int) -> None:
    award, person = world.begun(paid)
    stated(award)
    with on_day(award, 40):
        told(award, person, after=after)
        assert not asked(award)


@begins(paid)
def test_a_programme_without_a_fine_does_not_ask_when_use_began(world: World) -> None:
    award, person = world.begun(paid)
    with on_day(award, 40):
        filing = told(award, person, after=10)
        assert "started_on" not in filing.content
        assert not asked(award)
        stated(award)
        form = writing.form_of(Filing.objects.get(pk=filing.pk))
        assert isinstance(form, FirstUseForm)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"in_use": "yes"}, True),
        ({"in_use": "partly"}, True),
        ({"in_use": "no"} | parts("stopped_on", date(2026, 1, 5)), False),
        ({"in_use": "yes"} | parts("started_on", date(2026, 1, 5)), False),
        ({"in_use": "yes"} | parts("started_on", date(9998, 1, 5)), True),
    ],
)
def test_the_first_day_of_use_is_asked_of_whoever_uses_it(
    said: dict[str, str], fault: bool
) -> None:
    form = FirstUseForm(said | {"people": "3", "how": "毎日"})
    assert ("started_on" in form.errors) is fault
