"""Readings above kanji: right where they stand, none where the table does not know, nothing else touched."""

import re

import polib
import pytest
from django.test import Client

from portal.correspondence import panels, talk
from portal.places import ROOT
from portal.ui import furigana
from tests.conftest import World

KANJI = re.compile(f"[{furigana.KANJI}]+")


def told(text: str) -> str:
    """The text with each reading in brackets behind its word."""
    plain = re.sub("</?furi-gana>", "", furigana.read(text))
    return re.sub("<ruby>(.*?)<rt>(.*?)</rt></ruby>", r"\1[\2]", plain)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("締切は1月8日（金）です。", "締切[しめきり]は1月[がつ]8日[ようか]（金[きん]）です。"),
        ("12月31日まで", "12月[がつ]31日[にち]まで"),
        (
            "申し込める人は2人、次は5人です",
            "申[もう]し込[こ]める人[ひと]は2人[ふたり]、次[つぎ]は5人[にん]です",
        ),
        ("10分以内、3分の1", "10分[ぷん]以内[いない]、3分[ぶん]の1"),
        ("3か月以内に60万円", "3か月以内[げついない]に60万円[まんえん]"),
        ("行わない、出した、待たずに", "行[おこな]わない、出[だ]した、待[ま]たずに"),
        ("年・月・日を確かめる", "年・月・日を確[たし]かめる"),
        ("従業員数（人）", "従業員数[じゅうぎょういんすう]（人[にん]）"),
    ],
)
def test_words_figures_and_days_are_read_as_people_read_them(text: str, said: str) -> None:
    assert told(text) == said


@pytest.mark.parametrize("name", ["山田商店", "大通電気株式会社", "上田太郎", "本間", "人見", "前"])
def test_what_is_no_word_of_ours_gets_no_reading(name: str) -> None:
    assert told(name) == name


def test_what_was_typed_or_is_chosen_from_stays_as_it_is() -> None:
    kept = (
        '<body data-words="申請"><label title="申請">',
        "<textarea>申請</textarea>",
        "<select><option>申請</option></select>",
        "<script>'申請'</script>",
    )
    page = "<title>申請</title>" + "".join(kept) + "申請"
    read = furigana.above(page)
    assert all(part in read for part in kept)
    assert read.startswith("<title>申請</title>")
    assert read.count("<ruby>") == 1


def test_each_line_of_the_table_is_a_word_with_its_reading() -> None:
    words = furigana._readings()
    for word, reading in words.items():
        plain = word.lstrip("0か")
        assert KANJI.match(plain), word
        assert re.fullmatch("[ぁ-んー]+", KANJI.sub("", reading)), word
        assert "".join(part for part, _said in furigana._aligned(plain, reading)) == plain
        assert plain == reading or KANJI.search(reading) is None, word


def test_the_portals_own_texts_are_read() -> None:
    """Of the rows of kanji in the texts of templates, a new word of ours asks for its line."""
    rows = unread = 0
    for entry in polib.pofile(str(ROOT / "locale/en/LC_MESSAGES/django.po")):
        if any(place.startswith("templates/") for place, _line in entry.occurrences):
            text = re.sub(r"%\(\w+\)[sd]", "5", entry.msgid)
            rows += len(KANJI.findall(text))
            unread += len(KANJI.findall(re.sub("<ruby>.*?</ruby>", "", furigana.read(text))))
    assert rows > 9000
    assert unread / rows < 0.05


def test_it_is_asked_for_on_any_page_and_kept_for_the_browser(world: World, client: Client) -> None:
    assert b"<ruby>" not in client.get("/programmes/").content
    answer = client.get("/programmes/?furigana=on&q=IT")
    assert answer["Location"] == "?q=IT"
    page = client.get("/programmes/?q=IT")
    assert "<rt>しえん</rt>" in page.content.decode()
    assert "Cookie" in page["Vary"]
    assert b"<ruby>" not in client.get("/en/programmes/").content
    assert client.get("//elsewhere.example/?furigana=on")["Location"] == "?"
    client.force_login(world.officer)
    assert b"<ruby>" not in client.get("/programmes/").content
    client.logout()
    client.cookies[furigana.COOKIE] = "on"
    client.get("/programmes/?furigana=off")
    assert b"<ruby>" not in client.get("/programmes/").content


def test_what_people_wrote_to_each_other_gets_no_readings(world: World, client: Client) -> None:
    application, person = world.submitted()
    talk.write(application.case, body="申請の書類を提出\n質問です", by=person)
    client.force_login(person)
    client.cookies[furigana.COOKIE] = "on"
    page = client.get(application.case.get_absolute_url()).content.decode()
    assert "<as-typed>申請の書類を提出<br>質問です</as-typed>" in page
    assert "<ruby>" in page


def test_a_page_costs_no_more_than_so_many_signs_whatever_people_wrote_in_it() -> None:
    furigana.read.cache_clear()
    lines = [f"申請{n}は提出{n}の書{n}類" for n in range(5_000)]
    page = "<body>" + "<br>".join(lines)
    read = furigana.above(page)
    assert re.sub("<rt>.*?</rt>|</?(?:ruby|furi-gana)>", "", read) == page
    assert furigana.read.cache_info().misses < 2_000
    assert "<ruby>" not in read.split("<br>")[-1]
    assert "<ruby>" in read.split("<br>")[0]


def test_the_conversation_shows_the_latest_and_leads_to_the_earlier(
    world: World, client: Client
) -> None:
    application, person = world.submitted()
    for n in range(panels.LATEST + 2):
        talk.write(application.case, body=f"本文その{n}番", by=person)
    client.force_login(person)
    where = application.case.get_absolute_url()
    page = client.get(where).content.decode()
    assert "本文その1番" not in page
    assert page.index("本文その2番") < page.index(f"本文その{panels.LATEST + 1}番")
    assert "?talk=2#talk" in page
    earlier = client.get(f"{where}?talk=2").content.decode()
    assert "本文その0番" in earlier
    assert "本文その2番" not in earlier
    assert "?talk=1#talk" in earlier
    assert client.get(f"{where}?talk=%00").status_code in (200, 400)
