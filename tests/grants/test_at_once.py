"""What the page of a call says at once, and what is one press away; which frame would do."""

import re
from fractions import Fraction

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from grants.applications.sections import Section
from grants.programmes import cash, choosing, loading
from grants.programmes.parameters import Programme, read
from grants.programmes.parts import Bilingual
from tests.conftest import World
from tests.markup import one_line

FILES = sorted(path.name for path in loading.DATA.glob("*.toml"))
ENOUGH = {"": 650, "/en": 1100}  # characters of the page before the button


def shipped(name: str) -> Programme:
    return read((loading.DATA / f"{name}.toml").read_text(encoding="utf-8"))


def read_before(page: str, end: str) -> str:
    """What a reader has read of the page's main part before `end`, without what is folded."""
    main = page.partition("<main")[2].partition(end)[0]
    return re.sub(r"<(script|svg)\b.*?</\1>|<[^>]+>|\s", "", main, flags=re.DOTALL)


@pytest.mark.parametrize("language", ENOUGH)
def test_little_is_read_before_the_button(world: World, client: Client, language: str) -> None:
    for code in ("telework", "dx_promotion"):
        call = world.calls.get(code) or world.call(code)
        page = client.get(f"{language}{call.public_url}").content.decode()
        assert 100 < len(read_before(page, 'class="enter"')) < ENOUGH[language]


def test_the_page_begins_with_who_how_much_until_when_and_what_not_to_do_yet(
    world: World, client: Client
) -> None:
    call = world.calls["telework"]
    page = one_line(client.get(call.public_url))
    first = page.partition('class="enter"')[0]
    for words in (
        "札幌市内に事業所があること",
        "通常枠",
        "上限40万円",
        "専門家派遣枠",
        "締切",
        "交付決定より前に注文・支払いをした費用は対象になりません",
    ):
        assert words in first
    assert "滞納がないこと" not in first


def test_all_else_is_one_press_away_and_open_where_all_is_asked_for(
    world: World, client: Client
) -> None:
    call = world.calls["telework"]
    shape = r'<details class="fold"( open="")?><summary>.*?</summary><section[^>]* id="(\w+)"'
    folded = re.findall(shape, client.get(call.public_url).content.decode(), re.DOTALL)
    names = [name for _is_open, name in folded]
    assert names == ["who", "costs", "amt", "money", "docs", "faq", "planned", "outage", "ground"]
    assert not any(is_open for is_open, _name in folded)
    whole = client.get(f"{call.public_url}?whole=1").content.decode()
    opened = re.findall(shape, whole, re.DOTALL)
    assert [name for is_open, name in opened if is_open] == names


@pytest.mark.parametrize("name", FILES)
def test_each_frame_says_what_it_is_for(name: str) -> None:
    stated = read((loading.DATA / name).read_text(encoding="utf-8"))
    for frame in stated.frames if stated.unit == "yen" else ():
        assert choosing.purpose_words(frame)
        with override("en"):
            assert choosing.purpose_words(frame).isascii()


def test_what_a_frame_is_for_is_reckoned_where_its_programme_does_not_say_so() -> None:
    dx, digital = (
        frame.model_copy(update={"purpose": None}) for frame in shipped("dx_promotion").frames
    )
    assert choosing.purpose_words(dx) == (
        "費用（税抜）が100万円から使えます。1,000万円以上は、一律500万円です。"
    )
    assert choosing.purpose_words(digital) == (
        "費用（税抜）が20万円から使えます。300万円以上は、一律150万円です。"
    )
    own = Bilingual(ja="紙の仕事をなくすための枠です。", en="For an end of paper.")
    assert choosing.purpose_words(dx.model_copy(update={"purpose": own})) == own.ja


@pytest.mark.parametrize(
    ("chosen", "yen", "words"),
    [
        ("dx", 999_999, ["デジタライゼーション枠なら、補助額の見込みは499,000円です。"]),
        (
            "dx",
            150_000,
            ["デジタライゼーション枠なら、対象の費用（税抜）が20万円以上で補助されます。"],
        ),
        ("digitalisation", 199_999, ["対象の費用（税抜）が20万円以上になると、補助されます。"]),
    ],
)
def test_costs_below_a_floor_name_the_frame_that_fits(
    chosen: str, yen: int, words: list[str]
) -> None:
    assert choosing.below_floor_words(shipped("dx_promotion"), chosen, {"software": yen}) == words


def test_the_costs_of_a_draft_name_the_frame_that_fits(world: World, client: Client) -> None:
    call = world.calls.get("dx_promotion") or world.call("dx_promotion")
    application, person = world.draft(call=call)
    section = Section.objects.get(application=application, key="costs")
    sums = [name for name in section.data if name.endswith("-amount")]
    section.data |= dict.fromkeys(sums, "") | {"frame": "dx", sums[0]: "600,000"}
    section.save()
    client.force_login(person)
    address = reverse("application_section", args=[application.case.number, "costs"])
    page = one_line(client.get(address))
    assert "デジタライゼーション枠なら、補助額の見込みは30万円です。" in page


def test_the_page_of_money_names_the_frame_that_fits(world: World, client: Client) -> None:
    call = world.calls.get("dx_promotion") or world.call("dx_promotion")
    month = cash.payable_months(call)[0].isoformat()
    typed = {"frame": "dx", "cost_software": "600000", "month_software": month}
    page = one_line(client.get(f"{call.public_url}money/", typed))
    assert "デジタライゼーション枠なら、補助額の見込みは30万円です。" in page
    assert "見込みは30万円です。" not in one_line(
        client.get(f"{call.public_url}money/", typed | {"cost_software": "1000000"})
    )


ALONE = "設備備品費・人材育成関連費だけでは補助されません。ソフト開発委託費と同じ額までが対象です。"


@pytest.mark.parametrize(
    ("chosen", "totals", "words"),
    [
        ("digitalisation", {"equipment": 1_000_000}, [ALONE]),
        ("dx", {"equipment": 200_000, "training": 100_000}, [ALONE]),
        (
            "digitalisation",
            {"software": 50_000, "equipment": 1_000_000},
            [
                ALONE,
                "補助額が100,000円に届かないため、0円になります。",
                "対象の費用（税抜）が20万円以上になると、補助されます。",
            ],
        ),
        (
            "digitalisation",
            {"software": 150_000},
            [
                "補助額が100,000円に届かないため、0円になります。",
                "対象の費用（税抜）が20万円以上になると、補助されます。",
            ],
        ),
    ],
)
def test_costs_that_bring_nothing_alone_are_told_so_and_no_floor(
    chosen: str, totals: dict[str, int], words: list[str]
) -> None:
    assert choosing.unpaid_words(shipped("dx_promotion"), chosen, totals) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [
        ("1/2", "Bだけでは補助されません。Aと同じ額までが対象です。"),
        ("1/3", "Bだけでは補助されません。Aの2分の1までが対象です。"),
        ("2/3", "Bだけでは補助されません。Aの2倍までが対象です。"),
    ],
)
def test_up_to_what_such_costs_count_follows_from_the_share(share: str, words: str) -> None:
    stated = shipped("dx_promotion")
    first, second = stated.categories[:2]
    names = [
        category.model_copy(update={"name": Bilingual(ja=name, en=name)})
        for category, name in ((first, "A"), (second, "B"))
    ]
    group = stated.groups[0].model_copy(
        update={"categories": (second.key,), "share": Fraction(share)}
    )
    told = stated.model_copy(update={"categories": tuple(names), "groups": (group,)})
    assert choosing.mixing_words(group, told) == words


def test_what_brings_nothing_alone_is_said_before_the_button(world: World, client: Client) -> None:
    call = world.calls.get("dx_promotion") or world.call("dx_promotion")
    assert ALONE in one_line(client.get(call.public_url)).partition('class="enter"')[0]
    month = cash.payable_months(call)[0].isoformat()
    typed = {"frame": "dx", "cost_equipment": "1000000", "month_equipment": month}
    page = one_line(client.get(f"{call.public_url}money/", typed))
    assert ALONE in page
    assert "になると、補助されます。" not in page
    assert "円に届かない" not in page


def test_costs_that_bring_nothing_say_so_in_a_red_box(world: World, client: Client) -> None:
    call = world.calls.get("dx_promotion") or world.call("dx_promotion")
    application, person = world.draft(call=call)
    section = Section.objects.get(application=application, key="costs")
    rows = [name.removesuffix("-amount") for name in section.data if name.endswith("-amount")]
    typed = section.data | {"frame": "digitalisation", "version": str(section.version)}
    typed |= {f"{row}-category": "equipment" for row in rows}
    client.force_login(person)
    address = reverse("application_section", args=[application.case.number, "costs"])
    answer = client.post(address, typed)
    box = one_line(answer).partition('class="error-summary')[2].partition("</div>")[0]
    assert (answer.status_code, ALONE in box) == (422, True)
    assert ALONE in one_line(
        client.get(reverse("application_tasks", args=[application.case.number]))
    )
    section.refresh_from_db()
    typed |= {"version": str(section.version), f"{rows[0]}-category": "software"}
    assert client.post(address, typed).status_code == 302


def test_what_stands_at_the_top_of_a_page_stands_there_once(world: World, client: Client) -> None:
    call = world.call("dx_promotion")
    page = one_line(client.get(call.public_url))
    for text in (
        "札幌市または近隣11市町村に本社があること",
        "グループで申し込むときは、代表する1者が申請します。",
        shipped("dx_promotion").frames[0].purpose.ja,  # type: ignore[union-attr]
        ALONE,
        "日以内です。領収書など",
    ):
        assert page.count(text) == 1
    assert "合計は、対象の費用全体の" not in page


def test_two_frames_that_pay_the_same_say_what_each_is_for(world: World, client: Client) -> None:
    stated = shipped("dx_promotion")
    assert [one.name for one in choosing.as_well(stated, "dx", {"software": 1_440_000})] == [
        "デジタライゼーション枠"
    ]
    assert not choosing.as_well(stated, "dx", {"software": 4_000_000})
    assert not choosing.as_well(stated, "dx", {"software": 10_000})
    telework = shipped("telework")  # whose other frame asks something first
    assert not choosing.as_well(telework, "standard", {telework.categories[0].key: 300_000})
    application, person = world.draft(call=world.call("dx_promotion"))
    section = Section.objects.get(application=application, key="costs")
    sums = [name for name in section.data if name.endswith("-amount")]
    section.data |= dict.fromkeys(sums, "") | {"frame": "dx", sums[0]: "1,440,000"}
    section.save()
    client.force_login(person)
    page = one_line(
        client.get(reverse("application_section", args=[application.case.number, "costs"]))
    )
    assert "デジタライゼーション枠にも申し込めます" in page
    for frame in stated.frames:
        assert frame.purpose is not None
        assert frame.purpose.ja.removesuffix("。") in page
