"""After the money: what is to be reported and when, the asset register, disposals, input tax, and effects recomputed."""

from datetime import date, timedelta
from fractions import Fraction
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from grants.awards.models import Award
from grants.completion.models import CompletionReport
from grants.followup import figures, lives, schedule, signals
from grants.followup import filing as writing
from grants.followup.acts import ALLOW_DISPOSAL
from grants.followup.forms import VatForm
from grants.followup.models import Asset, Filing, LifeChange
from grants.followup.schedule import Wanted
from grants.payments.accounts import BankAccount
from grants.programmes.loading import DATA
from grants.programmes.parameters import Programme, read
from grants.recovery.models import Recovery
from portal import clock
from portal.accounts.models import User
from portal.cases import turns
from portal.days import dated, span_said
from portal.notices.models import Notice
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.drafts import keep
from portal.workflow.errors import Forbidden, NotReady, Stale, WrongState
from portal.workflow.shown import mark
from tests.beginning import begins
from tests.conftest import World, seen_on
from tests.grants import test_payments as payments
from tests.grants.test_completion import awarded, inspected, reported
from tests.grants.test_recovery import paid
from tests.markup import one_line
from tests.workdays import WORKDAYS
from tools.demonstration.rooms import followup
from tools.demonstration.simulation import at, paper, parts
from tools.demonstration.simulation.files import attach

STATED = read((DATA / "telework.toml").read_text(encoding="utf-8"))


def stated(**change: object) -> Programme:
    return STATED.model_copy(update=change)


# -- what is due, and when -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 3, 10), 36, date(2029, 3, 10)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_are_added_to_the_same_day_or_the_last_of_a_shorter_month(
    day: date, months: int, expected: date
) -> None:
    assert schedule.add_months(day, months) == expected


def test_use_is_asked_at_6_12_24_36_months_and_effects_each_june() -> None:
    found = schedule.after(stated(tax_return=True), date(2027, 3, 10), WORKDAYS)
    assert found == [
        Wanted("effect", 1, date(2027, 6, 30)),
        Wanted("use", 6, date(2027, 10, 12)),
        Wanted("use", 12, date(2028, 4, 10)),
        Wanted("vat", 0, date(2028, 6, 30)),
        Wanted("use", 24, date(2029, 4, 9)),
        Wanted("use", 36, date(2030, 4, 9)),
    ]


def test_status_is_asked_only_before_the_project_ends() -> None:
    asked = stated(periods=STATED.periods.model_copy(update={"progress_after_days": (60, 120)}))
    found = schedule.during(asked, date(2026, 12, 1), date(2027, 2, 28), WORKDAYS)
    assert found == [Wanted("progress", 60, date(2027, 2, 1))]  # 30 January is a Saturday
    assert schedule.during(STATED, date(2026, 12, 1), date(2027, 2, 28), WORKDAYS) == []


# -- sums ------------------------------------------------------------------------------------------------------------
def test_a_disposal_is_shown_line_by_line_with_the_published_vector() -> None:
    lines = figures.disposal(
        600_000,
        date(2025, 4, 1),
        4,
        figures.Share(300_000, 600_000),
        on=date(2027, 4, 1),
        proceeds=0,
        begun_counts=True,
    )
    assert [line.yen for line in lines] == [600_000, 300_000, 0, 300_000, 150_000]
    lines = figures.disposal(
        600_000,
        date(2025, 4, 1),
        4,
        figures.Share(300_000, 600_000),
        on=date(2027, 4, 1),
        proceeds=900_000,
        begun_counts=True,
    )
    assert lines[-1].yen == 300_000  # never above what the asset got


@pytest.mark.parametrize(("begun_counts", "residual"), [(True, 287_500), (False, 300_000)])
def test_a_begun_month_of_use_counts_where_the_programme_says_so(
    world: World, begun_counts: bool, residual: int
) -> None:
    award, _person = awarded(world)
    award.parameters["begun_month_counts"] = begun_counts
    asset = Asset(award=award, cost=600_000, acquired_on=date(2025, 4, 1), life_years=4)
    with clock.at(at(date(2027, 4, 2), 9)):
        assert asset.residual == residual


FILED = {"total": "2,000,000", "taxable_10": "2,000,000"} | parts("filed_on", date(2026, 6, 30))
COST: dict[str, object] = {"total": 2_000_000, "taxable_10": 2_000_000}


@pytest.mark.parametrize(
    ("answers", "yen"),
    [
        (COST | {"basis": "full", "ratio": "98.2"}, [1_000_000, 90_909, 90_909]),
        (COST | {"basis": "proportional", "ratio": "87.6"}, [1_000_000, 79_636, 79_636]),
        (
            {"basis": "individual", "ratio": "87.65", "total": 2_000_000}
            | {"taxable_10": 1_000_000, "common_10": 500_000, "exempt_8": 108_000},
            [1_000_000, 45_454, 19_920, 0, 65_375],
        ),
        (COST | {"basis": "exempt", "ratio": "100"}, []),
        ({"basis": "simple"}, []),
        (COST | {"basis": "special"}, []),
    ],
)
def test_input_tax_comes_back_by_the_way_it_was_filed(
    answers: dict[str, object], yen: list[int]
) -> None:
    assert [line.yen for line in figures.tax(1_000_000, answers)] == yen


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"basis": "simple"}, set()),
        ({"basis": "proportional"}, {"filed_on", "ratio", "total"}),
        (FILED | {"basis": "proportional", "ratio": "87.65"}, set()),
        (FILED | {"basis": "proportional", "ratio": "87.654"}, {"ratio"}),
        (FILED | {"basis": "proportional", "ratio": "100.5"}, {"ratio"}),
        (FILED | {"basis": "individual", "ratio": "0"}, set()),
        (FILED | {"basis": "full", "ratio": "94.99"}, {"basis"}),
        (FILED | {"basis": "full", "ratio": "95", "common_8": "1"}, {"total"}),
    ],
)
def test_a_report_of_input_tax_says_all_that_its_sum_needs(
    typed: dict[str, str], wrong: set[str]
) -> None:
    assert set(VatForm(typed).errors) == wrong


def test_productivity_is_recomputed_not_believed() -> None:
    said = {
        "profit": 6_000_000,
        "personnel": 40_000_000,
        "depreciation": 2_000_000,
        "employees": 12,
        "productivity": 5_000_000,
    }
    assert figures.productivity(said) == 4_000_000
    assert figures.disagreements(said, said) == [("productivity", 5_000_000, 4_000_000)]
    assert figures.disagreements(said | {"productivity": 4_000_000}, said) == []
    filed = said | {"profit": -6_000_000}
    assert figures.disagreements(said | {"productivity": 4_000_000}, filed) == [
        ("profit", 6_000_000, -6_000_000),
        ("productivity", 4_000_000, 3_000_000),
    ]
    assert figures.growth(4_000_000, 4_120_000) == Fraction(3, 100)
    assert figures.growth(0, 1) is None
    assert (
        figures.productivity({"profit": 1, "personnel": 1, "depreciation": None, "employees": 1})
        is None
    )


# -- the case --------------------------------------------------------------------------------------------------------
def registered(world: World, *, limit: int = 100_000) -> tuple[Award, User]:
    """A case paid in full whose programme registers assets from `limit` yen; one asset of 420,000 yen."""
    award, person = awarded(world)
    award.parameters["asset_limit"] = limit
    award.save()
    report = reported(world, award, person)
    report = perform(
        report,
        "inspect",
        by=world.staff["inspector"],
        inspected_on=clock.today(),
        inspection_kind="paper",
        inspection_note="見た。",
    )
    world.decided("fix", [report])
    return Award.objects.get(pk=award.pk), person


def asked_disposal(world: World, person: User, asset: Asset, **change: str) -> Filing:
    filing = writing.ask_disposal(asset, by=person)
    typed = {
        "way": "sell",
        "proceeds": "0",
        "other": "中古店",
        "reason": "使わなくなったため",
        **parts("on", clock.today()),
        **change,
    }
    return writing.submit(keep(filing, typed, seen=filing.version), by=person)


def test_assets_from_the_limit_a_piece_are_registered_when_the_amount_is_fixed(
    world: World,
) -> None:
    award, _person = registered(world)
    asset = award.assets.get()
    assert (asset.cost, asset.quantity, asset.life_years) == (420_000, 1, 4)
    assert asset.restricted_until == schedule.add_months(asset.acquired_on, 48)
    other, _person = registered(world, limit=420_001)
    assert not other.assets.exists()


@begins(awarded)
def test_what_has_no_life_in_its_programme_is_no_asset(world: World) -> None:
    award, person = world.begun(awarded)
    report = reported(world, award, person)
    award.parameters["asset_limit"] = 100_000
    for category in award.parameters["categories"]:
        category["life_years"] = 0
    award.save()
    award.completion_report.content = report.content
    writing.register([award], world.director)
    assert not award.assets.exists()


@begins(awarded)
def test_the_price_a_piece_counts_not_the_sum(world: World) -> None:
    award, person = world.begun(awarded)
    award.parameters["asset_limit"] = 150_000
    award.save()
    report = reported(world, award, person)
    report.content["items"][0]["quantity"] = 3  # 140,000 yen each
    report.save()
    award.completion_report.content = report.content
    writing.register([award], world.director)
    assert not award.assets.exists()


@begins(paid)
def test_a_disposal_is_approved_by_act_and_its_share_ordered_back(world: World) -> None:
    award, person = world.begun(paid)
    asset = Asset.objects.create(
        award=award, item=1, name="端末", cost=420_000, acquired_on=clock.today(), life_years=4
    )
    filing = asked_disposal(world, person, asset)
    assert filing.refund == 280_000  # nothing used up yet: the whole share
    assert [t.what for t in award.case.turns.filter(side="office")] == [
        "報告・申請について起案する"
    ]
    with pytest.raises(NotReady, match="起案と決裁"):
        perform(filing, "accept", by=world.officer)
    with pytest.raises(Forbidden):
        perform(filing, "allow", by=world.officer)
    world.decided("allow_disposal", [filing])
    filing = Filing.objects.get(pk=filing.pk)
    recovery = Recovery.objects.get()
    assert (filing.state, recovery.ground, recovery.principal, recovery.with_surcharge) == (
        "accepted",
        "disposal",
        280_000,
        False,
    )
    assert Asset.objects.get().disposed_on == clock.today()
    assert set(Notice.objects.filter(case=award.case).values_list("kind", flat=True)) >= {
        "disposal_approved",
        "recovery",
    }
    with pytest.raises(NotReady, match="承認は要りません"):
        writing.ask_disposal(Asset.objects.get(), by=person)


def test_the_day_of_a_disposal_lies_in_its_restriction_and_within_a_year(world: World) -> None:
    """What comes back is less the later the day: a day that nobody waits for would make it nothing."""
    award, person = registered(world)
    asset, today = award.assets.get(), clock.today()
    ends = asset.restricted_until
    ahead = schedule.add_months(today, 12)
    for day in (asset.acquired_on - timedelta(days=1), ahead + timedelta(days=1), ends):
        with pytest.raises(NotReady, match="入力の途中"):
            asked_disposal(world, person, asset, **parts("on", day))
    with clock.at(at(ends - timedelta(days=30))):
        form = writing.form_of(writing.ask_disposal(asset, by=person))
        assert form.fields["on"].help_text == span_said(asset.acquired_on, ends)
    filing = asked_disposal(world, person, asset, **parts("on", ahead))
    assert ALLOW_DISPOSAL.preview(filing, {})[0] == ("処分する日", "", dated(ahead))


def test_an_asset_stays_restricted_until_the_day_of_its_approved_disposal(world: World) -> None:
    award, person = registered(world)
    asset, day = award.assets.get(), clock.today() + timedelta(days=60)
    world.decided("allow_disposal", [asked_disposal(world, person, asset, **parts("on", day))])
    asset.refresh_from_db()
    assert (asset.disposed_on, asset.is_restricted, asset.is_to_be_asked) == (day, True, False)
    with pytest.raises(NotReady, match="すでに承認しています"):
        writing.ask_disposal(asset, by=person)
    with clock.at(at(day)):
        assert not asset.is_restricted


def test_a_disposal_can_be_refused_or_taken_back_and_asked_again(world: World) -> None:
    award, person = registered(world)
    asset = award.assets.get()
    filing = asked_disposal(world, person, asset)
    assert writing.ask_disposal(asset, by=person) == filing  # one live request for an asset
    with pytest.raises(IntegrityError, match="followup_disposal_once"), transaction.atomic():
        begin(Filing, by=person, award=award, kind="disposal", asset=asset)
    world.decided("deny_disposal", [filing], {"reason": "まだ使えるため"})
    assert Filing.objects.get(pk=filing.pk).state == "denied"
    assert Notice.objects.filter(kind="disposal_denied").exists()
    again = asked_disposal(world, person, asset)
    assert perform(again, "withdraw", by=person).state == "withdrawn"
    assert not Recovery.objects.exists()
    assert Asset.objects.get().disposed_on is None


def test_nothing_is_asked_after_the_life_is_over(world: World) -> None:
    award, person = registered(world)
    with (
        clock.at(at(clock.today() + timedelta(days=366 * 5))),
        pytest.raises(NotReady, match="承認は要りません"),
    ):
        writing.ask_disposal(award.assets.get(), by=person)


@begins(paid)
def test_input_tax_is_reported_and_ordered_back_by_act(world: World) -> None:
    award, person = world.begun(paid)
    award.parameters["tax_return"] = True
    award.save()
    award = Award.objects.select_related("completion_report").get(pk=award.pk)
    filing = writing.start(award, "vat", 0, by=person)
    typed = {
        "basis": "proportional",
        "total": "700,000",
        "taxable_10": "700,000",
        "ratio": "87.6",
        "note": "",
        **parts("filed_on", clock.today()),
    }
    filing = keep(filing, typed, seen=filing.version)
    with pytest.raises(NotReady, match="消費税の確定申告書"):
        writing.submit(filing, by=person)
    attach(award.case, key=filing.file_key, name="申告書.pdf", data=paper("vat"), by=person)
    filing = writing.submit(filing, by=person)
    assert filing.refund == 22_298  # 280,000 × 10 ÷ 110 × 87.6 %
    with pytest.raises(NotReady, match="返還する額"):
        perform(filing, "accept", by=world.officer)
    world.decided("refund_tax", [filing])
    recovery = Recovery.objects.get()
    assert (recovery.ground, recovery.principal, Filing.objects.get().state) == (
        "vat",
        22_298,
        "accepted",
    )
    assert "確定額 × 700,000円 ÷ 700,000円 × 10 ÷ 110 × 課税売上割合87.6％" in recovery.reason
    assert Filing.objects.get().refund == 22_298  # as ordered, although less may be kept now
    with pytest.raises(NotReady, match="求められていません"):
        writing.start(Award.objects.get(pk=award.pk), "progress", 60, by=person)


@begins(paid)
def test_an_exempt_firm_reports_and_nothing_comes_back(world: World) -> None:
    award, person = world.begun(paid)
    award.parameters["tax_return"] = True
    award.save()
    filing = writing.start(Award.objects.get(pk=award.pk), "vat", 0, by=person)
    filing = keep(filing, {"basis": "exempt", "note": ""}, seen=filing.version)
    attach(award.case, key=filing.file_key, name="説明.pdf", data=paper("exempt"), by=person)
    filing = writing.submit(filing, by=person)
    approval = world.approval("refund_tax", [filing]) if filing.refund else None
    assert approval is None
    assert perform(filing, "accept", by=world.officer).state == "accepted"
    assert not Recovery.objects.exists()


def use(world: World, award: Award) -> Filing:
    row = writing.wanted(award)[1]
    return followup.file(world.staff, award, row, clock.now(), accepted=False)


@begins(paid)
def test_reports_follow_each_other_as_turns_until_the_last(world: World) -> None:
    award, _person = world.begun(paid)
    award = Award.objects.select_related("completion_report", "case__organisation").get(pk=award.pk)
    wanted = [(row.kind, row.period) for row in writing.wanted(award)]
    assert sorted(wanted) == [("effect", 1), ("use", 6), ("use", 12), ("use", 24), ("use", 36)]
    assert award.case.turns.get().due_on == writing.wanted(award)[0].due_on
    for row in writing.wanted(award):
        filing = followup.file(world.staff, award, row, clock.now(), accepted=False)
        assert award.case.turns.filter(side="office").get().what == "報告を確かめる"
        if filing.kind == "effect":
            with pytest.raises(NotReady, match="決算書の数字"):
                perform(filing, "accept", by=world.officer)
            writing.check(
                filing,
                {
                    "profit": 6_200_000,
                    "personnel": 41_000_000,
                    "depreciation": 2_800_000,
                    "employees": 12,
                },
                by=world.officer,
            )
        perform(Filing.objects.get(pk=filing.pk), "accept", by=world.officer)
    assert not award.case.turns.exists()


@begins(paid)
def test_a_report_is_returned_mended_and_cannot_be_written_meanwhile(world: World) -> None:
    award, person = world.begun(paid)
    award = Award.objects.select_related("completion_report", "case__organisation").get(pk=award.pk)
    filing = use(world, award)
    with pytest.raises(Forbidden):
        keep(filing, {}, seen=filing.version)
    with pytest.raises(WrongState):
        perform(filing, "submit", by=person, content={})
    filing = perform(
        filing,
        "return_for_correction",
        by=world.officer,
        reason="写真がぼやけています。",
        correct_by=clock.today() + timedelta(days=14),
    )
    assert award.case.turns.filter(side="applicant", due_on=filing.correct_by).exists()
    with pytest.raises(Stale):
        keep(filing, {"how": "x"}, seen=filing.version - 1)
    filing = keep(filing, filing.typed, seen=filing.version)
    assert writing.submit(filing, by=person).state == "submitted"


@begins(paid)
def test_the_pages_from_the_case_to_the_accepted_report(world: World, client: Client) -> None:
    award, person = world.begun(paid)
    number = award.case.number
    client.force_login(person)
    text = client.get(f"/cases/{number}/").content.decode()
    assert "利用状況の報告（6か月後）" in text
    answer = client.post(f"/cases/{number}/filings/start/use/6/")
    where = answer["Location"]
    assert "書類へ進む" in client.get(where).content.decode()
    answer = client.post(
        where, {"version": "1", "in_use": "no", "people": "x", "how": "毎日", "go_on": "1"}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "使わなくなった日" in text
    assert "数字で入力してください（例：1,200,000）。" in text
    assert ">毎日<" in text.replace("\n", "")
    answer = client.post(
        where, {"version": "1", "in_use": "partly", "people": "9", "how": "別の人の文"}
    )
    assert answer.status_code == 409
    beside = one_line(answer)  # refused, and nothing typed or kept is lost
    assert "保存されている内容：毎日" in beside
    assert "あなたの入力：<strong>別の人の文</strong>" in beside
    assert Filing.objects.get().typed["how"] == "毎日"
    typed = {"in_use": "yes", "people": "3", "how": "毎日", "go_on": "1"}
    answer = client.post(where, {"version": str(Filing.objects.get().version), **typed})
    assert answer["Location"] == f"{where}documents/"
    bare = {"form_key": "k1", "seen": seen_on(client.get(f"{where}documents/"))}
    answer = client.post(f"{where}documents/", bare)
    assert answer.status_code == 422
    assert "付けてください" in answer.content.decode()
    filing = Filing.objects.get()
    attach(award.case, key=filing.file_key, name="画面.pdf", data=paper("use"), by=person)
    page = client.get(f"{where}documents/")
    assert "毎日" in page.content.decode()  # what goes out is read before it goes
    assert keep(filing, typed | {"how": "週に3日"}, seen=filing.version).typed["how"] == "週に3日"
    stale = client.post(f"{where}documents/", {"form_key": "k1", "seen": seen_on(page)})
    assert stale.status_code == 409
    assert "見直しのあとに内容が変わりました" in stale.content.decode()
    assert "週に3日" in stale.content.decode()
    assert Filing.objects.get().state == "draft"
    sent = client.post(f"{where}documents/", {"form_key": "k1", "seen": seen_on(stale)})
    assert sent["Location"] == f"/cases/{number}/"
    assert "週に3日" in client.get(where).content.decode()
    assert client.get(f"{where}documents/").status_code == 404
    client.force_login(world.officer)
    text = client.get(where).content.decode()
    assert "受理する" in text
    version = Filing.objects.get().version
    client.post(f"/do/filing/{filing.pk}/accept/", {"seen": version, "key": "k2"})
    assert Filing.objects.get().state == "accepted"
    client.force_login(world.outsider)
    assert client.get(where).status_code == 404
    assert client.get(f"/cases/{number}/assets/").status_code == 404


def test_the_register_is_written_by_its_owner_and_the_office(world: World, client: Client) -> None:
    award, person = registered(world)
    asset = award.assets.get()
    page = f"/cases/{award.case.number}/assets/{asset.pk}/"
    given = {"model": "X-100", "place": "本社2階", "note": "", "life_years": "1"}
    for writer in (person, world.officer):
        client.force_login(writer)
        seen = client.get(page).context["form"]["seen"].value()
        assert client.post(page, given | {"seen": seen}).status_code == 302
    late = client.post(page, {"model": "Y-1", "seen": mark("", "", "")})
    assert (late.status_code, "ほかの方が先に" in late.content.decode()) == (409, True)
    asset = Asset.objects.get()
    assert (asset.model, asset.place, asset.life_years) == ("X-100", "本社2階", 4)
    assert "本社2階" in client.get(f"/cases/{award.case.number}/assets/").content.decode()


CONFIRM = "耐用年数の変更を確認する"


def turns_of(award: Award) -> set[str]:
    return set(award.case.turns.values_list("what", flat=True))


@begins(registered)
def test_another_life_is_proposed_with_its_ground_and_confirmed_by_another(
    world: World, client: Client
) -> None:
    award, person = world.begun(registered)
    asset, second = award.assets.get(), world.staff["second_officer"]
    page = f"/cases/{award.case.number}/assets/{asset.pk}/"
    client.force_login(person)
    assert client.get(f"{page}life/").status_code == 404
    client.force_login(world.officer)
    for years, ground in (("0", "x"), ("51", "x"), ("6", ""), ("4", "x")):
        answer = client.post(f"{page}life/", {"life_years": years, "ground": ground})
        assert answer.status_code == 422, years
    client.post(f"{page}life/", {"life_years": "6", "ground": "省令 別表第一"})
    change = LifeChange.objects.get()
    assert CONFIRM in turns_of(award)
    assert Asset.objects.get().life_years == 4
    assert "省令 別表第一" in client.get(page).content.decode()
    with pytest.raises(NotReady, match="すでに確認を待って"):
        lives.propose(asset, 7, "x", by=second)
    confirm = reverse("life_confirm", args=[change.pk])
    client.post(confirm)  # by who proposed it
    assert Asset.objects.get().life_years == 4
    client.force_login(second)
    client.post(confirm)
    assert Asset.objects.get().life_years == 6
    assert CONFIRM not in turns_of(award)
    assert turns.differing() == []
    with pytest.raises(NotReady, match="すでに確認されたか"):
        lives.take_back(change, by=second)


@begins(registered)
def test_the_database_asks_for_two_people_for_another_life(world: World) -> None:
    award, _person = world.begun(registered)
    lives.propose(award.assets.get(), 6, "省令", by=world.officer)
    with pytest.raises(IntegrityError, match="followup_life_four_eyes"), transaction.atomic():
        LifeChange.objects.update(is_confirmed=True, closed_by=world.officer, closed_at=clock.now())


@begins(registered)
def test_no_other_life_while_a_disposal_is_asked_for(world: World) -> None:
    """What comes back was computed by the life that the firm read."""
    award, person = world.begun(registered)
    asset = award.assets.get()
    change = lives.propose(asset, 6, "省令", by=world.officer)
    writing.ask_disposal(asset, by=person)
    second = world.staff["second_officer"]
    with pytest.raises(NotReady, match="処分が申請されて"):
        lives.confirm(change, by=second)
    lives.take_back(change, by=second)
    with pytest.raises(NotReady, match="処分が申請されて"):
        lives.propose(asset, 6, "省令", by=world.officer)


# -- signals ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ({}, []),
        ({"second": 100_500}, ["quotes:1:100000:100500"]),
        ({"second": 101_001}, []),
        ({"second": 99_100}, ["quotes:1:100000:99100"]),
        ({"address": "sapporo1-1"}, ["address:有限会社事務機"]),
        ({"address": "elsewhere"}, []),
        ({"other_applicants": 4}, []),
        ({"other_applicants": 5}, ["many:有限会社事務機"]),
        ({"ties": ("口座", "代表者")}, ["ties:有限会社事務機"]),
        ({"advised": (("吉野", 2),)}, ["adviser:有限会社事務機:吉野"]),
    ],
)
def test_each_signal_of_an_item(change: Given, keys: list[str]) -> None:
    item = signals.Bought(**{"n": 1, "vendor": "有限会社事務機", "amount": 100_000, **change})
    for items in ([item], [item, item]):  # a vendor of two items is named once
        found = signals.signals(signals.Picture("株式会社申請者", "sapporo1-1", items))
        assert [row.key for row in found] == keys
    assert all(row.why for row in found)


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ({"holders": ["カ）申請者 株式会社申請者 代表取締役"]}, []),
        ({"holders": ["別人 太郎"]}, ["holder:別人 太郎"]),
        ({"holders": ["別人　太郎"], "people": ["別人 太郎"]}, []),
        ({"namesakes": ["1234567890123"]}, ["namesake"]),
        ({"papers": [("領収書.pdf", 1)]}, []),
        ({"papers": [("領収書.pdf", 2)]}, ["paper:領収書.pdf"]),
    ],
)
def test_each_signal_of_a_firm_and_its_papers(change: Given, keys: list[str]) -> None:
    picture = signals.Picture(**{"applicant": "株式会社申請者", "address": "", **change})
    assert [row.key for row in signals.signals(picture)] == keys


@begins(awarded)
def test_namesakes_another_holder_and_one_paper_for_two_items_are_found_in_the_records(
    world: World, client: Client
) -> None:
    award, person = world.begun(awarded)
    other, _stranger = awarded(world)
    firm, namesake = award.case.organisation, other.case.organisation
    namesake.name = firm.name
    namesake.save()
    payments.account(world, person)
    BankAccount.objects.filter(organisation=firm).update(holder="別人 太郎")
    report = reported(world, award, person)
    for key in ("evidence_1", "evidence_2"):
        attach(award.case, key=key, name="領収書.pdf", data=paper("same"), by=person)
    found = {row.key: row for row in signals.signals(signals.picture(report))}
    assert set(found) == {"namesake", "holder:別人 太郎", "paper:領収書.pdf"}
    assert str(namesake.corporate_number) in found["namesake"].why
    client.force_login(world.officer)
    link = f"/cases/?q={quote(firm.name)}"
    assert link in client.get(f"/cases/{award.case.number}/").content.decode()
    call_command("index_cases")
    listed = client.get(link).content.decode()
    assert str(award.case) in listed
    assert str(other.case) in listed


@begins(awarded)
def test_signals_are_found_in_the_records_and_set_aside_with_a_reason(
    world: World, client: Client
) -> None:
    award, person = world.begun(awarded)
    other, stranger = awarded(world)
    firm, elsewhere = award.case.organisation, other.case.organisation
    elsewhere.name, elsewhere.representative_name, firm.representative_name = (
        "有限会社架空事務機",
        "同じ 人",
        "同じ　人",
    )
    elsewhere.save()
    firm.save()
    for owner in (person, stranger):
        payments.account(world, owner)
    attach(award.case, key="evidence_1", name="写真.pdf", data=paper("same"), by=person)
    attach(other.case, key="evidence_1", name="別名.pdf", data=paper("same"), by=stranger)
    report = reported(world, award, person)
    reported(world, other, stranger)
    found = {row.key: row for row in signals.signals(signals.picture(report))}
    assert set(found) == {
        "account",
        "ties:有限会社架空事務機",
        f"file:写真.pdf:{other.case.number}",
    }
    assert "代表者・口座" in found["ties:有限会社架空事務機"].why
    client.force_login(world.officer)
    page = f"/cases/{award.case.number}/"
    assert "手がかり" in client.get(page).content.decode()
    aside = f"{page}signals/dismiss/?signal=account"
    assert client.post(aside, {"reason": ""}).status_code == 422
    assert (
        client.post(aside, {"reason": "同じ代表者の2社で、口座の名義も確かめた"}).status_code == 302
    )
    assert "口座の名義も確かめた" in client.get(page).content.decode()
    assert client.get(aside).status_code == 404
    draft = world.approval("fix", [inspected(world, report)])
    client.force_login(world.director)
    shown = one_line(client.get(draft.get_absolute_url()))
    assert "確認が必要な点2件" in shown  # one was set aside
    assert found["ties:有限会社架空事務機"].why in shown
    client.force_login(person)
    assert "確認が必要な点" not in client.get(page).content.decode()


def test_signals_cost_the_same_number_of_queries_for_one_item_and_for_many(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reported(world, *awarded(world))  # another applicant with the same vendor
    for amounts in ((400_000,), (100_000, 110_000, 120_000, 130_000)):
        award, person = awarded(world, *amounts)
        report = CompletionReport.objects.select_related("case__organisation").get(
            pk=reported(world, award, person).pk
        )
        with django_assert_num_queries(3):
            signals.signals(signals.picture(report))
