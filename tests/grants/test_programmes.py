"""Programme files, calls, the public list and the eligibility check."""

import re
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.applications.models import Application
from grants.programmes import announcing, eligibility, loading, sizes, values
from grants.programmes.eligibility import Facts
from grants.programmes.forms import CallForm
from grants.programmes.mistakes import Mistake
from grants.programmes.models import Call, Programme
from grants.programmes.parameters import read
from portal import clock, ical
from portal.accounts.models import User
from portal.approvals import letters
from portal.audit.chain import sha256
from portal.money import aid
from portal.notices.models import Notice
from portal.notices.ports import draw_notice
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady
from tests.conftest import World
from tests.roles import granted

FILES = sorted(loading.DATA.glob("*.toml"))
TEXT = (loading.DATA / "telework.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_shipped_programme_is_valid_and_its_example_yields_aid(path: Path) -> None:
    stated = read(path.read_text(encoding="utf-8"))
    if stated.example is None:
        assert stated.unit == "seats"
        return
    totals = {item.category: item.amount for item in stated.example.items}
    assert (
        0
        < aid(totals, stated.terms(stated.example.frame)).amount
        <= stated.frame(stated.example.frame).cap
    )


def test_the_programmes_of_the_policy_are_shipped() -> None:
    shipped = [
        "ai_training",
        "dx_creation",
        "dx_promotion",
        "iot",
        "it_bio",
        "open_innovation",
        "pilot_support",
        "sales_channel",
        "telework",
    ]
    assert [p.stem for p in FILES] == shipped


def line_of(words: str) -> int:
    return TEXT.split(words)[0].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ('rate = "2/3"', 'rate = "5/3"', line_of('rate = "2/3"'), "0より大きく1以下"),
        (
            "cap = 400000",
            'cap = "400000円"',
            line_of("cap = 400000"),
            "frames.0.cap：引用符を付けずに、整数で",
        ),
        (
            "floor = 100000",
            "floor = 500000",
            line_of("floor = 100000"),
            "frames.0.floor：下限が、上限を超えています",
        ),
        ('code = "telework"', "code = ", 2, "TOMLの書き方になっていません"),
        ('selection = "first_come"', 'selection = "whim"', 9, "selection：first_come、"),
        ('rule = "office"', 'rule = "nice"', line_of('rule = "office"'), "head_office、office、"),
        (
            'category = "equipment"',
            'category = "yacht"',
            line_of('category = "equipment"'),
            "経費区分にyachtがありません",
        ),
        ('code = "telework"', 'withdrawal_text = "10日"\ncode = "telework"', 2, "この行を消して"),
        (
            'arrears_rate = "10.95"',
            'arrears_rate = "1/10"',
            line_of("arrears_rate"),
            "年の割合は、引用符で囲んだ％の数",
        ),
        (
            "slots = 150\n",
            "slots = 150\ncolour = 1\n",
            line_of("slots = 150") + 1,
            "colour：この名前の項目はありません",
        ),
    ],
)
def test_a_mistake_is_refused_with_line_and_reason(
    old: str, new: str, line: int, reason: str
) -> None:
    with pytest.raises(Mistake) as caught:
        read(TEXT.replace(old, new, 1))
    assert reason in caught.value.reason
    assert caught.value.line == line


def test_interest_is_stated_named_and_frozen_as_typed() -> None:
    """Without a source each value of it is a planning value."""
    stated = read(TEXT.replace('arrears_rate = "10.95"', 'arrears_rate = "14.6"', 1))
    assert stated.interest.arrears_rate == Fraction(146, 1000)
    frozen = stated.model_dump(mode="json")["interest"]
    assert (frozen["arrears_rate"], frozen["surcharge_rate"]) == ("14.6", "10.95")
    named = values.planned(stated)
    assert named["interest.arrears_rate"] == "延滞金の割合（年、％）：14.6"
    assert named["interest.surcharge_rate"] == "加算金の割合（年、％）：10.95"


def test_the_yearly_caps_and_pro_rata_of_the_bio_programme() -> None:
    stated = read((loading.DATA / "it_bio.toml").read_text(encoding="utf-8"))
    assert [stated.terms("research", year=y).cap for y in (1, 2, 3)] == [
        3_000_000,
        2_000_000,
        1_000_000,
    ]
    assert stated.terms("research", year=1, months=5).cap == 1_250_000


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_the_standard_conditions_announce_what_each_programme_enforces(path: Path) -> None:
    stated = read(path.read_text(encoding="utf-8"))
    assert announcing.unannounced(stated) == []
    assert all(condition.source for condition in stated.conditions)
    assert not [line for line in stated.award_conditions if "{" in line]


def test_an_award_says_only_what_its_programme_enforces() -> None:
    said = "".join(read(TEXT).award_conditions)
    for words in (
        "30日以内に、実績報告書",
        "1個の価格が500,000円（税抜）以上",
        "6、12、24、36か月が過ぎたとき",
        "注文の額が1,000,000円（税込）を超える",
        "加算金：",
        "延滞金：",
    ):
        assert words in said
    assert "仕入控除税額" not in said  # tax_return = false
    taxed = TEXT.replace('selection = "', 'tax_return = true\nselection = "', 1)
    assert "仕入控除税額が確定したとき" in "".join(read(taxed).award_conditions)


ANNOUNCED = [
    "before_award",
    "change",
    "delay",
    "suspension",
    "two_quotes",
    "report",
    "inspection",
    "records",
    "assets",
    "use",
    "effect",
    "other_aid",
    "assignment",
    "succession",
    "publication",
    "revocation",
    "repayment",
    "progress",
    "withholding",
    "set_off",
]


def stating(*announces: str) -> str:
    names = ", ".join(f'"{name}"' for name in announces)
    return f'{TEXT}\n[[conditions]]\nannounces = [{names}]\ntext = "守ること"\nsource = "要綱"\n'


def test_a_programme_that_enforces_what_no_condition_announces_is_not_approved(
    world: World,
) -> None:
    kept = [name for name in ANNOUNCED if name not in ("assets", "inspection")]
    draft = begin(Programme, by=world.officer, text=stating(*kept))
    with pytest.raises(NotReady, match="検査と立入り、財産処分の制限"):
        perform(draft, "approve", by=world.approver)
    draft = perform(draft, "revise", by=world.officer, text=stating(*ANNOUNCED))
    assert perform(draft, "approve", by=world.approver).state == "approved"


def test_a_condition_announces_a_duty_that_there_is() -> None:
    with pytest.raises(Mistake, match="silenceは、義務の名前ではありません"):
        read(stating("silence"))


OWN_WORDS = """
[[texts]]
paper = "rejection"
form = "様式第4号"
body = "{firm}　様の申請（{receipt}）についてお知らせします。{standard}"
note = "次の公募の案内は{office}（{phone}）へ。"
"""


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('"rejection"', '"no_such"', "no_suchは、通知書の名前でないか"),
        ("{standard}", "", "標準の文{standard}を入れて"),
        ("{firm}", "{firm.__class__}", "差し込める項目ではありません"),
        ("{phone}", "{telephone}", "{telephone}は、差し込める項目ではありません"),
        ("{office}", "{office", "差し込める項目ではありません"),
    ],
)
def test_own_words_name_only_papers_and_fields_that_there_are(
    before: str, after: str, words: str
) -> None:
    with pytest.raises(Mistake, match=re.escape(words)):
        read(TEXT + OWN_WORDS.replace(before, after, 1))


def test_own_words_are_read_before_the_decision_and_frozen_into_what_is_issued(
    world: World,
) -> None:
    application = world.accepted()[0]
    stated = read(TEXT + OWN_WORDS).model_dump(mode="json")
    Call.objects.filter(pk=application.call_id).update(parameters=stated)
    application = Application.objects.get(pk=application.pk)
    approval = world.approval("reject", [application], {"reason": "対象外"})
    [before] = letters.drafted(approval, approval.items.get()).notices
    perform(approval, "approve", by=world.director)
    facts = Notice.objects.get(case=application.case, kind="rejection").facts
    firm, number = application.case.organisation.name, application.case.receipt_number
    assert facts["body"].startswith(f"{firm}　様の申請（{number}）についてお知らせします。令和")
    assert "要綱第8条第2項の規定により" in facts["body"]  # the standard sentence stays
    own, _footnote = facts["small"].split("\n")  # the second line is that of a demonstration
    assert own == "次の公募の案内は経済観光局 経営支援・雇用労働担当（011-000-0002）へ。"
    assert (before.facts["body"], before.facts["small"]) == (facts["body"], facts["small"])
    assert not {"wordings", "slots"} & facts.keys()
    drawn = pypdfium2.PdfDocument(draw_notice.value(Notice.objects.get(kind="rejection")))
    assert "様式第4号" in drawn[0].get_textpage().get_text_range()


def test_a_programme_may_state_conditions_of_its_own(world: World) -> None:
    own = '[[conditions]]\ntext = "{report_days}日のうちに"\nsource = "要綱 第9条"\n'
    assert read(TEXT + own).award_conditions[:-2] == ["30日のうちに"]  # and those of interest
    with pytest.raises(Mistake, match="1つ以上"):
        read("conditions = []\n" + TEXT)


@pytest.mark.parametrize("text", ["{report_day}日のうちに", "30日のうちに{", "{0}日のうちに"])
def test_a_condition_names_only_days_that_the_programme_has(text: str) -> None:
    own = f'\n[[conditions]]\ntext = "{text}"\nsource = "条例"\n'
    with pytest.raises(Mistake, match="波かっこ"):
        read(TEXT + own)


def test_new_conditions_are_a_new_revision_of_the_programme(world: World) -> None:
    programme = Programme.objects.get(code="telework")
    earlier = programme.parameters | {"conditions": [{"text": "前の条件", "source": "前の条"}]}
    Programme.objects.filter(pk=programme.pk).update(parameters=earlier)
    loading.load_programmes(loading.DATA, by=world.officer, approved_by=world.approver)
    present = Programme.objects.get(code="telework", state="approved")
    assert (present.revision, "前の条件" in present.stated.award_conditions) == (2, False)
    assert Programme.objects.filter(code="iot").count() == 1


def test_loading_twice_makes_no_new_revision(world: World) -> None:
    loading.load_programmes(loading.DATA, by=world.officer, approved_by=world.approver)
    assert set(Programme.objects.values_list("revision", flat=True)) == {1}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a = " + "[" * 5_000, "TOMLの書き方"),
        ("a = " + "9" * 5_000, "TOMLの書き方"),
        (TEXT + "# " + "あ" * 100_000, "100,000文字まで"),
        (re.sub(r"(?m)^order = .*$", "order = 40000", TEXT), "32767以下"),
    ],
    ids=["nested", "digits", "long", "order"],
)
def test_a_file_without_measure_is_a_mistake_on_its_page(
    world: World, client: Client, text: str, reason: str
) -> None:
    programme = Programme.objects.get(code="telework")
    client.force_login(world.officer)
    page = client.post(
        reverse("programme_edit", args=[programme.pk]), {"text": text, "seen": programme.version}
    )
    assert page.status_code == 422
    assert reason in page.content.decode()


def test_a_draft_stays_the_programme_that_it_was(world: World) -> None:
    draft = begin(Programme, by=world.officer, text=TEXT)
    other = (loading.DATA / "iot.toml").read_text(encoding="utf-8")
    with pytest.raises(NotReady, match="telework"):
        perform(draft, "revise", by=world.officer, text=other)
    towns = 'municipalities = ["012319"]\n' + re.sub(r"(?m)^municipalities = .*\n", "", TEXT)
    written = perform(draft, "revise", by=world.officer, text=towns)
    assert (written.code, written.municipality_codes) == ("telework", ["012319"])


def test_nobody_writes_a_draft_out_of_their_own_scope(world: World) -> None:
    officer = world.staff["second_officer"]
    granted(officer.staff_roles.all(), municipality="011002")
    draft = begin(Programme, by=officer, text=TEXT)
    towns = 'municipalities = ["012319"]\n' + re.sub(r"(?m)^municipalities = .*\n", "", TEXT)
    with pytest.raises(Forbidden):
        perform(draft, "revise", by=User.objects.get(pk=officer.pk), text=towns)
    assert Programme.objects.get(pk=draft.pk).municipality_codes == ["011002"]


def test_whoever_drafts_a_programme_does_not_approve_it(world: World) -> None:
    draft = begin(Programme, by=world.officer, text=TEXT + "\n")
    with pytest.raises(Forbidden):
        perform(draft, "approve", by=world.officer)
    perform(draft, "approve", by=world.approver)
    assert list(
        Programme.objects.filter(code="telework")
        .order_by("revision")
        .values_list("state", flat=True)
    ) == [
        "retired",
        "approved",
    ]


@pytest.mark.parametrize("way", ["announced", "suspended", "selecting"])
def test_a_programme_does_not_end_under_a_call_without_results(world: World, way: str) -> None:
    call = world.calls["telework"]
    if way == "suspended":
        perform(call, "suspend", by=world.director, public_reason="x")
    if way == "selecting":
        with world.after_intake(call):
            perform(Call.objects.get(pk=call.pk), "select", by=world.officer)
    assert Call.objects.get(pk=call.pk).state == way
    programme = Programme.objects.get(pk=call.programme_id)
    with pytest.raises(NotReady, match="結果をまだ公表していない公募回"):
        perform(programme, "retire", by=world.director, reason="x")
    newer = begin(Programme, by=world.officer, text=TEXT + "\n")
    newer = perform(newer, "approve", by=world.director)
    assert Programme.objects.get(pk=programme.pk).is_retired
    with pytest.raises(NotReady, match="結果をまだ公表していない公募回"):
        perform(newer, "retire", by=world.director, reason="x")


def test_a_programme_without_calls_under_way_ends(world: World) -> None:
    programme = world.calls["telework"].programme
    Call.objects.filter(programme__code=programme.code).update(state="archived")
    assert perform(programme, "retire", by=world.director, reason="x").is_retired


def test_a_call_freezes_its_parameters(world: World) -> None:
    call = world.calls["telework"]
    changed = begin(Programme, by=world.officer, text=TEXT.replace("cap = 400000", "cap = 300000"))
    perform(changed, "approve", by=world.approver)
    assert Call.objects.get(pk=call.pk).stated.frame("standard").cap == 400_000


def test_a_deadline_moves_later_only(world: World) -> None:
    call = world.calls["telework"]
    announced = call.last_closes_at
    assert announced
    for moment in (announced - timedelta(days=1), announced):
        with pytest.raises(NotReady, match="より後"):
            perform(call, "extend", by=world.approver, reason="x", closes_at=moment)
    later = announced + timedelta(days=7)
    perform(call, "extend", by=world.approver, reason="x", closes_at=later)
    assert Call.objects.get(pk=call.pk).last_closes_at == later
    with clock.at(later + timedelta(days=2)), pytest.raises(NotReady, match="もう一度開く"):
        perform(call, "extend", by=world.approver, reason="x", closes_at=later + timedelta(days=1))


def test_load_programmes_names_file_line_and_reason(world: World, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(TEXT.replace("cap = 400000", "cap = -1"), encoding="utf-8")
    with pytest.raises(CommandError, match=rf"line {line_of('cap = 400000')}: x\.toml"):
        call_command(
            "load_programmes",
            str(tmp_path),
            by=world.officer.email,
            approved_by=world.approver.email,
        )


NOT_LARGE = dict.fromkeys(sizes.LARGE_TESTS, False)


@pytest.mark.parametrize(
    ("facts", "open_rules"),
    [
        (
            Facts(),
            {
                "head_office",
                "sme",
                "independent",
                "industry_not_in",
                "tax",
                "antisocial",
                "partner",
            },
        ),
        (
            Facts(
                municipality="011002",
                industry="09",
                capital=10_000_000,
                tax_paid=True,
                no_antisocial=True,
                large=NOT_LARGE,
                partner_area="011002",
            ),
            set(),
        ),
        (
            Facts(
                municipality="",
                industry="09",
                employees=28,
                tax_paid=True,
                no_antisocial=True,
                large=NOT_LARGE,
                partner_area="012173",
            ),
            {"head_office", "partner"},
        ),
        (
            Facts(
                municipality="012033",
                industry="39",
                employees=5,
                tax_paid=False,
                no_antisocial=True,
                large=NOT_LARGE,
                partner_area="011002",
            ),
            {"industry_not_in", "tax"},
        ),
        (
            Facts(
                municipality="011002",
                industry="56",
                capital=60_000_000,
                employees=51,
                tax_paid=True,
                no_antisocial=True,
                large=NOT_LARGE,
                partner_area="011002",
            ),
            {"sme"},
        ),
        (
            Facts(
                kind="sole_proprietor",
                municipality="011002",
                industry="56",
                tax_paid=True,
                no_antisocial=True,
                large=NOT_LARGE,
                partner_area="011002",
            ),
            set(),
        ),
    ],
)
def test_eligibility_finds_what_needs_a_look(facts: Facts, open_rules: set[str]) -> None:
    stated = read((loading.DATA / "dx_promotion.toml").read_text(encoding="utf-8"))
    found = eligibility.findings(stated, facts)
    assert {finding.rule for finding in found if finding.tone != "good"} == open_rules


def test_a_near_miss_says_how_near() -> None:
    stated = read((loading.DATA / "telework.toml").read_text(encoding="utf-8"))
    finding = next(
        f
        for f in eligibility.findings(stated, Facts(kind="body", employees=103))
        if f.rule == "sme_or_at_most"
    )
    assert "3人多い" in finding.next


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("q=補助金", 1),
        ("q=ﾃﾚﾜｰｸ", 1),
        ("q=在宅勤務 パソコン", 1),
        ("q=宇宙船", 0),
        ("size=301", 0),
        ("area=012033", 0),
        ("open=on", 1),
        ("purpose=販路拡大・海外展開をしたい", 0),
    ],
)
def test_the_public_list_finds_and_filters(
    world: World, client: Client, query: str, n: int
) -> None:
    page = client.get(f"/programmes/?{query}")
    assert page.content.decode().count('class="call__name"') == n


def test_a_draft_call_is_not_public(world: World, client: Client) -> None:
    programme = Programme.objects.get(code="iot")
    call = begin(
        Call,
        by=world.officer,
        programme=programme,
        fiscal_year=2026,
        round_no=9,
        periods=[(clock.now(), clock.now() + timedelta(days=9))],
        decision_on=clock.today() + timedelta(days=30),
        project_ends_on=clock.today() + timedelta(days=60),
    )
    assert client.get(f"/programmes/{call.code}/").status_code == 404


def test_the_calendar_file_holds_the_deadline(world: World, client: Client) -> None:
    call = world.calls["telework"]
    lines = client.get(f"/programmes/{call.code}/deadline.ics").content.decode().split("\r\n")
    closes = call.periods.get().closes_at.astimezone(clock.JST)
    assert f"DTSTART;TZID=Asia/Tokyo:{closes:%Y%m%dT%H%M%S}" in lines
    assert max(len(line.encode()) for line in lines) <= 75


def test_the_eligibility_page_needs_no_sign_in_and_never_blocks(
    world: World, client: Client
) -> None:
    page = client.get(
        f"/programmes/{world.calls['telework'].code}/check/?kind=body&employees=９９９&tax_paid=no"
    )
    assert page.status_code == 200
    assert "899人多い" in page.content.decode()
    wrong = client.get(
        f"/programmes/{world.calls['telework'].code}/check/?corporate_number=123456789012"
    )
    assert wrong.status_code == 422
    assert "個人番号" in wrong.content.decode()


def test_the_lottery_shows_its_hash_before_and_its_seed_after(world: World) -> None:
    call = world.call("iot")
    assert (len(call.seed_hash), call.seed) == (64, "")
    with world.after_intake(call):
        call = perform(call, "select", by=world.officer)
    assert sha256(call.seed) == call.seed_hash


def drafted(world: World, round_no: int) -> Call:
    """A call of this year that nobody approved yet."""
    return begin(
        Call,
        by=world.officer,
        programme=Programme.objects.get(code="iot"),
        fiscal_year=2026,
        round_no=round_no,
        periods=[(clock.now(), clock.now() + timedelta(days=9))],
        decision_on=clock.today() + timedelta(days=30),
        project_ends_on=clock.today() + timedelta(days=60),
    )


def as_typed(round_no: int) -> dict[str, str]:
    days = {"opens_on": 1, "closes_on": 9, "decision_on": 30, "project_ends_on": 60}
    typed = {
        f"{name}_y": (clock.today() + timedelta(days=n)).isoformat() for name, n in days.items()
    }
    return typed | {"fiscal_year": "2026", "round_no": str(round_no), "yen_introduction": "1"}


def test_the_number_of_a_call_that_nobody_saw_is_free_again(world: World) -> None:
    programme = Programme.objects.get(code="iot")
    call = drafted(world, 9)
    assert "round_no" in CallForm(as_typed(9), programme=programme).errors
    gone = perform(call, "cancel", by=world.director, reason="日程を改める")
    assert CallForm(as_typed(9), programme=programme).errors == {}
    again = drafted(world, 9)
    assert (gone.code, again.code) == (f"x{gone.pk}-iot-2026-9", "iot-2026-9")


def test_the_number_of_a_call_that_was_announced_is_never_given_again(world: World) -> None:
    call = perform(drafted(world, 9), "approve", by=world.director)
    call = perform(call, "announce", by=world.officer)
    world.called_off(call)
    errors = CallForm(as_typed(9), programme=Programme.objects.get(code="iot")).errors
    assert list(errors) == ["round_no"]
    with pytest.raises(IntegrityError), transaction.atomic():
        drafted(world, 9)


def test_each_word_of_the_library_that_a_file_can_meet_has_its_sentence() -> None:
    """Whatever is mistyped in the file, no sentence of the library reaches the page."""
    value = re.compile(r"(?m)^(?P<key>\w+) = (?P<value>.+)$")
    others = ('""', "-1", "1.5", "true", "[]", "{}", "10000000000000", '"whim"')
    said = set()
    for found in value.finditer(TEXT):
        for other in others:
            mistyped = TEXT[: found.start("value")] + other + TEXT[found.end("value") :]
            try:
                read(mistyped)
            except Mistake as mistake:
                said.add(mistake.reason.rpartition("：")[2])
    assert len(said) > 10
    assert {text for text in said if re.search("使えません| or |^[ -~]*$", text)} == set()


def test_a_text_adds_no_line_to_a_calendar() -> None:
    at = clock.now()
    made = ical.calendar([("x", at, "一行目\nATTACH:https://evil.example", "https://x/")], now=at)
    assert "SUMMARY:一行目\\nATTACH:https://evil.example" in made.replace("\r\n ", "")
    assert not any(line.startswith("ATTACH") for line in made.splitlines())
