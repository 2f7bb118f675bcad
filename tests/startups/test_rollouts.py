"""Roll-outs: each municipality its own, by a route with its tests, from a budget to a contract, and whether it is in use; all of it public."""

import json
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from grants.followup.schedule import add_months
from portal import clock
from portal.accounts.models import StaffRole, User
from portal.cases import turns
from portal.cases.models import Case
from portal.registry.models import Municipality
from portal.types import Given
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady
from startups.challenges.routes import BY_KEY, ROUTES, small_amount_limit
from startups.pilots.models import Pilot
from startups.pilots.starting import start_pilot
from startups.rollouts import calendar, confirming, evidence, public
from startups.rollouts.forms import UseForm
from startups.rollouts.models import Rollout
from startups.rollouts.ports import draw_report
from startups.rollouts.starting import start_rollout
from tests.conftest import World
from tests.startups.test_pilots import accepted
from tools.demonstration.rooms import pilots, rollouts
from tools.demonstration.simulation import at, parts

DAYS = {
    "starts_on": date(2026, 10, 1),
    "ends_on": date(2027, 1, 31),
    "reports_on": date(2027, 2, 15),
    "gate_on": date(2026, 12, 1),
}


@pytest.fixture
def evaluated(world: World) -> Pilot:
    """A pilot of Sapporo with a good result, its price a secret."""
    rows = accepted(world, secret=("price",))
    pilot = pilots.running(rows[0], world.staff, clock.today() - timedelta(days=100))
    pilots.measured(pilot, world.staff, (4.0, 3.5, 3.1), (11, 8, 5))
    return pilots.evaluated(pilot, world.staff, "adopt", clock.today() - timedelta(days=40))


def waiting(rollout: Rollout) -> list[tuple[str, str]]:
    assert turns.differing() == []
    return sorted((turn.side, turn.what) for turn in rollout.case.turns.all())


# -- the calendar -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("needed", "vote", "request_on"),
    [
        (date(2027, 7, 1), date(2027, 6, 18), date(2027, 4, 16)),
        (date(2027, 4, 1), date(2027, 3, 25), date(2026, 10, 31)),
        (date(2027, 3, 31), date(2026, 12, 10), date(2026, 10, 1)),
        (date(2027, 10, 5), date(2027, 6, 18), date(2027, 4, 16)),
        (date(2027, 12, 11), date(2027, 12, 10), date(2027, 10, 1)),
    ],
)
def test_money_comes_from_the_latest_session_that_serves(
    needed: date, vote: date, request_on: date
) -> None:
    assert calendar.council(needed) == (vote, request_on)


def test_the_road_is_counted_back_from_use() -> None:
    road = calendar.road(date(2027, 10, 1), "proposal", **DAYS)
    assert [step.key for step in road.steps] == [
        "use",
        "contract",
        "review",
        "notice",
        "council",
        "request",
        "decide",
        "report",
        "gate",
        "pilot",
    ]
    assert (road.day("notice"), road.day("council"), road.day("request")) == (
        date(2027, 7, 2),
        date(2027, 6, 18),
        date(2027, 4, 16),
    )
    assert road.day("decide") == date(2027, 3, 19)
    assert not road.too_early
    assert calendar.road(
        date(2027, 4, 1), "proposal", **DAYS
    ).too_early  # the request comes before the result


@pytest.mark.parametrize("route", [route.key for route in ROUTES])
def test_every_route_has_its_calendar_and_its_tests(route: str) -> None:
    first = calendar.earliest(route, reports_on=DAYS["reports_on"])
    assert not calendar.road(first, route, **DAYS).too_early
    keys = [key for key, _label in BY_KEY[route].tests]
    assert len(keys) == len(set(keys)) >= 4


def test_a_road_is_drawn_on_thirteen_marks() -> None:
    road = calendar.road(date(2027, 10, 1), "proposal", **DAYS)
    found = calendar.drawing(road, date(2026, 12, 7))
    assert len(found.heads) == 13
    assert all(0 <= x <= 1000 for _step, x, _width, _weeks in found.rows)
    assert found.today is not None
    long = calendar.drawing(calendar.road(date(2028, 10, 1), "proposal", **DAYS), date(2020, 1, 1))
    assert long.today is None
    assert all(0 <= x <= 1000 for _step, x, _width, _weeks in long.rows)


# -- from an evaluated pilot to use -------------------------------------------------------------------------------------
def test_a_municipality_goes_its_road_to_a_contract(
    world: World, evaluated: Pilot, client: Client
) -> None:
    owner, day = world.staff["owner"], clock.today()
    rollout = start_rollout(
        evaluated, Municipality.objects.get(pk="011002"), department="雪対策室", by=owner
    )
    assert not rollout.is_adopted_on_evidence
    assert rollout.route == "proposal"
    assert waiting(rollout) == [("office", "予算を要求する")]
    assert rollout.road is not None
    assert (
        not rollout.road.too_early
    )  # proposed so that the result is known before the money is asked for
    rollout = perform(
        rollout,
        "plan",
        by=owner,
        route="small_amount",
        contract_kind="service",
        used_on=day + timedelta(days=200),
        department="雪対策室",
    )
    rollout = perform(rollout, "fund", by=owner, fiscal_year=day.year, budget=2_500_000)
    assert waiting(rollout) == [("office", "仕様を決める")]
    rollout = perform(rollout, "specify", by=owner, specification=rollouts.SPECIFICATION)
    assert waiting(rollout) == [("office", "契約の方法の要件を確かめる")]
    signed: Given = {"contractor": evaluated.case.organisation.name, "contracted_on": day}
    with pytest.raises(NotReady, match="確かめていない要件"):
        perform(rollout, "contract", by=world.approver, contract_amount=1_500_000, **signed)
    for key, _label in rollout.tests:
        confirming.confirm(rollout, key, note="契約の担当と確認", by=owner)
    assert waiting(rollout) == [("office", "契約を決定する")]
    StaffRole.objects.create(
        person=owner,
        role="approver",
        starts_on=day,
        granted_by=User.objects.system(),
        municipality_id="011002",
    )
    with pytest.raises(Forbidden, match="仕様の作成"):
        perform(
            rollout,
            "contract",
            by=User.objects.get(pk=owner.pk),
            contract_amount=1_500_000,
            **signed,
        )
    for amount, text in (
        (2_600_000, "予算"),
        (small_amount_limit("service", "011002") + 1, "少額"),
    ):
        with pytest.raises(NotReady, match=text):
            perform(rollout, "contract", by=world.approver, contract_amount=amount, **signed)
    rollout = perform(rollout, "contract", by=world.approver, contract_amount=1_500_000, **signed)
    assert waiting(rollout) == [("office", "使い始める")]
    rollout = perform(rollout, "begin_use", by=owner, use_began_on=day)
    assert rollout.case.turns.get().due_on == rollout.asked_on == add_months(day, 6)
    assert rollout.is_in_use
    rollout = perform(rollout, "answer", by=owner, in_use=False, text="夏は使わない")
    assert not rollout.is_in_use
    assert rollout.asked_on == add_months(day, 12)
    page = client.get(evaluated.public_url).content.decode()
    assert "1,500,000" in page
    assert "夏は使わない" in page


def test_another_municipality_adopts_on_the_evidence(
    world: World, evaluated: Pilot, client: Client
) -> None:
    ishikari_owner = world.staff["ishikari_owner"]
    assert (
        not Case.objects.visible_to(ishikari_owner).filter(pk=evaluated.case_id).exists()
    )  # the pilot itself stays its partners'
    client.force_login(ishikari_owner)
    assert "自分の市町村での導入を検討する" in client.get(evaluated.public_url).content.decode()
    where = f"/pilots/{evaluated.case.number}/rollout/"
    sent = client.post(where, {"municipality": "012351", "department": "維持管理課"})
    assert sent.status_code == 302
    rollout = Rollout.objects.get()
    assert rollout.is_adopted_on_evidence
    assert rollout.case.municipality_codes == ["012351"]
    assert client.get(rollout.get_absolute_url()).status_code == 200
    assert client.get(f"/cases/{rollout.case.number}/evidence.pdf").content.startswith(b"%PDF")
    assert (
        client.post(where, {"municipality": "012351", "department": "x"}).status_code == 422
    )  # one is under way
    assert (
        client.post(where, {"municipality": "011002", "department": "x"}).status_code == 422
    )  # not theirs to open
    client.force_login(world.staff["owner"])
    assert client.get(rollout.get_absolute_url()).status_code == 404
    with pytest.raises(Forbidden):
        perform(rollout, "drop", by=world.staff["owner"], reason="x")


def test_only_an_evaluated_pilot_can_be_adopted(world: World) -> None:
    pilot = pilots.running(accepted(world)[0], world.staff, clock.today() - timedelta(days=20))
    with pytest.raises(NotReady, match="評価の終わった"):
        start_rollout(
            pilot, Municipality.objects.get(pk="011002"), department="x", by=world.staff["owner"]
        )


def test_what_is_dropped_says_why_in_public(world: World, evaluated: Pilot, client: Client) -> None:
    rollout = rollouts.considered(evaluated, "012319", world.staff, clock.today())
    with pytest.raises(NotReady, match="すでに検討"):
        rollouts.considered(evaluated, "012319", world.staff, clock.today())
    rollout = perform(
        rollout,
        "drop",
        by=world.staff["eniwa_owner"],
        reason="雪の量が少なく、費用に見合わないため",
    )
    assert "費用に見合わない" in client.get(evaluated.public_url).content.decode()
    assert rollout.case.closed_at is not None
    rollouts.considered(
        evaluated, "012319", world.staff, clock.today()
    )  # later it may be thought of again


def test_tests_of_another_route_do_not_count(world: World, evaluated: Pilot) -> None:
    owner = world.staff["owner"]
    rollout = rollouts.considered(evaluated, "011002", world.staff, clock.today())
    with pytest.raises(NotReady, match="この方法の要件ではありません"):
        confirming.confirm(rollout, "certified", note="x", by=owner)
    confirming.confirm(rollout, "unfit", note="x", by=owner)
    confirming.confirm(rollout, "open_spec", note="x", by=owner)
    rollout = perform(
        rollout,
        "plan",
        by=owner,
        route="small_amount",
        contract_kind="service",
        used_on=clock.today() + timedelta(days=200),
        department="x",
    )
    assert set(rollout.confirmed) == {"open_spec"}
    with pytest.raises(Forbidden):
        confirming.confirm(rollout, "whole", note="x", by=world.staff["ishikari_owner"])


def test_the_database_refuses_what_the_door_would(world: World, evaluated: Pilot) -> None:
    rollout = rollouts.contracted(
        evaluated, "011002", world.staff, clock.today() - timedelta(days=61)
    )
    refused: list[tuple[str, Given]] = [
        ("rollouts_within_budget", {"contract_amount": 1_000_001}),
        ("rollouts_contract_has_amount", {"contract_amount": None}),
        ("rollouts_end_has_reason", {"state": "dropped"}),
        ("rollouts_budget_positive", {"budget": 0}),
        ("rollouts_state", {"state": "x"}),
    ]
    for constraint, change in refused:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Rollout.objects.filter(pk=rollout.pk).update(**change)


@pytest.mark.parametrize(
    ("kind", "designated", "other"),
    [
        ("work", 4_000_000, 2_000_000),
        ("purchase", 3_000_000, 1_500_000),
        ("lease", 1_500_000, 800_000),
        ("service", 2_000_000, 1_000_000),
    ],
)
def test_the_small_amount_goes_by_the_kind_of_contract_and_the_city(
    kind: str, designated: int, other: int
) -> None:
    """地方自治法施行令 別表第5, since April 2025."""
    assert small_amount_limit(kind, "011002") == designated
    assert small_amount_limit(kind, "012319") == other


def test_a_lease_is_held_to_the_limit_of_leases(world: World, evaluated: Pilot) -> None:
    begun = clock.today() - timedelta(days=41)
    rollout = rollouts.specified(evaluated, "011002", world.staff, begun)
    Rollout.objects.filter(pk=rollout.pk).update(contract_kind="lease", budget=3_000_000)
    signed: Given = {"contractor": "x", "contracted_on": clock.today()}
    with pytest.raises(NotReady, match=r"リース.*1,500,000円"):
        perform(rollout, "contract", by=world.approver, contract_amount=1_500_001, **signed)
    perform(rollout, "contract", by=world.approver, contract_amount=1_500_000, **signed)


def test_a_trial_order_is_made_public_before_and_after_its_contract(
    world: World, client: Client, evaluated: Pilot
) -> None:
    """施行令167条の2第1項第4号: bought by the procedure of the city's rules of contracts."""
    owner, day = world.staff["owner"], clock.today()
    rollout = rollouts.specified(
        evaluated,
        "011002",
        world.staff,
        day - timedelta(days=41),
        route="trial_order",
        unsure=("announced",),
    )
    signed: Given = {"contractor": "x", "contracted_on": day, "contract_amount": 900_000}
    with pytest.raises(NotReady, match="契約の前に公表した"):
        perform(rollout, "contract", by=world.approver, **signed)
    confirming.confirm(rollout, "announced", note="市のページ", by=owner)
    rollout = perform(rollout, "contract", by=world.approver, **signed)
    with pytest.raises(NotReady, match="選んだ理由を公表した日"):
        perform(rollout, "begin_use", by=owner, use_began_on=day)
    typed = parts("use_began_on", day) | parts("published_on", day - timedelta(days=1))
    assert "published_on" in UseForm(typed, obj=rollout).errors
    rollout = perform(rollout, "begin_use", by=owner, use_began_on=day, published_on=day)
    client.force_login(owner)
    assert "契約を公表した日" in client.get(rollout.get_absolute_url()).content.decode()


def test_another_municipality_reads_that_something_happened_and_not_in_which_words(
    world: World, evaluated: Pilot
) -> None:
    words, answer = "利用者の名簿を取り違えた", "利用者に謝り、名簿を作り直した"
    for settled in ({"settled": answer, "settled_on": date(2026, 3, 2)}, {}):
        evaluated.incidents.create(
            happened_on=date(2026, 3, 1),
            grave="data",
            text=words,
            reported_by=world.staff["owner"],
            **settled,
        )
    own, other = (
        str(evidence.facts(rollouts.considered(evaluated, town, world.staff, clock.today())))
        for town in ("011002", "012351")
    )
    assert words in own
    assert answer in own
    assert words not in other
    assert answer not in other
    for said in (
        "出来事（2件）",
        "個人情報に関わる",
        "対応ずみ（令和8年3月2日）",
        "対応はまだ",
        "尋ねる",
    ):
        assert said in other


# -- evidence and public data -------------------------------------------------------------------------------------------
@pytest.mark.poppler
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is absent")
def test_the_evidence_is_drawn_from_the_ledger_and_keeps_secrets(
    world: World, evaluated: Pilot, tmp_path: Path
) -> None:
    rollout = rollouts.considered(evaluated, "011002", world.staff, clock.today())
    path = tmp_path / "e.pdf"
    path.write_bytes(draw_report.value(evidence.facts(rollout)))
    text = "".join(
        subprocess.run(
            ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
        ).stdout.split()
    )
    for part in ("本格導入の根拠資料", "判断の時刻", "3.1時", "予算を要求する", "契約の方法と要件"):
        assert part in text
    assert evaluated.terms["price_after"] not in text


def test_stages_are_public_row_by_row(world: World, evaluated: Pilot, client: Client) -> None:
    rollouts.used(evaluated, "011002", world.staff, clock.today() - timedelta(days=70))
    rollouts.considered(evaluated, "012351", world.staff, clock.today())
    rows = json.loads(client.get("/pilots.json").content)["rows"]
    assert [(row["municipality"], row["stage"], row["in_use_now"]) for row in rows] == [
        ("札幌市", "本格導入：利用中", True),
        ("石狩市", "本格導入：検討中", False),
    ]
    assert (rows[0]["agreement_value_yen"], rows[0]["contract_value_yen"]) == (500_000, 980_000)
    text = client.get("/pilots.csv").content.decode("utf-8-sig").splitlines()
    assert text[0].split(",") == list(public.FIELDS)
    assert text[1].endswith(",yes")


def test_before_the_agreement_nobody_is_named(world: World, client: Client) -> None:
    rows = accepted(world)
    start_pilot(rows, by=world.staff["concierge"])
    found = json.loads(client.get("/pilots.json").content)["rows"]
    assert [(row["firm"], row["stage"]) for row in found] == [(None, "募集中")]


def test_a_sole_proprietor_is_never_named(world: World, evaluated: Pilot, client: Client) -> None:
    firm = evaluated.case.organisation
    name, firm.kind, firm.corporate_number = firm.name, "sole_proprietor", None
    firm.save()
    rollouts.contracted(evaluated, "011002", world.staff, clock.today() - timedelta(days=61))
    for path in ("/pilots.json", "/pilots.csv", "/pilots/", evaluated.public_url, "/en/pilots/"):
        assert name not in client.get(path).content.decode()


def test_stages_ask_the_same_number_of_queries_for_more(
    world: World, evaluated: Pilot, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        public.stages()


def test_the_time_machine_of_the_rehearsal(world: World, evaluated: Pilot) -> None:
    with clock.at(at(clock.today() - timedelta(days=1), 10)):
        assert rollouts.used(
            evaluated, "011002", world.staff, clock.today() - timedelta(days=300)
        ).is_in_use
