"""A programme in やさしい日本語: as its office wrote it, each kanji with its reading, the figures of the call."""

import re

import pytest
from django.test import Client

from grants.programmes.parameters import read
from portal.places import ROOT
from portal.ui import furigana
from tests.conftest import World
from tests.markup import one_line

DATA = ROOT / "grants/programmes/data"


@pytest.mark.parametrize("name", sorted(path.stem for path in DATA.glob("*.toml")))
def test_each_shipped_programme_says_itself_in_short_sentences_with_readings(name: str) -> None:
    easy = read((DATA / f"{name}.toml").read_text("utf-8")).easy
    assert easy is not None
    for text in (easy.what, easy.who, easy.prepare):
        unread = re.sub("<ruby>.*?</ruby>", "", furigana.read(text))
        assert re.findall(f"[{furigana.KANJI}]+", unread) == []
        assert max(map(len, text.split("。"))) <= 60


def test_each_kanji_of_the_page_has_its_reading(world: World, client: Client) -> None:
    for call in world.calls.values():
        page = client.get(f"{call.public_url}easy/").content.decode()
        main = page.partition("<main")[2].partition("</main>")[0]
        texts = re.sub("<ruby>.*?</ruby>|<[^>]*>", " ", main)
        unread = set(re.findall(f"[{furigana.KANJI}]+", texts))
        assert unread <= set(re.findall(f"[{furigana.KANJI}]+", call.stated.office.ja))


def test_it_says_what_the_call_states_and_leads_to_it(world: World, client: Client) -> None:
    call = world.calls["telework"]
    at = call.public_url
    page = one_line(client.get(f"{at}easy/"))
    plain = re.sub("<rt>.*?</rt>|</?(?:ruby|furi-gana)>", "", page)
    assert "使うお金の3分の2です。" in plain
    assert "いちばん多くて40万円です。" in plain
    assert call.stated.phone in plain
    assert "決める前に、買ったり" in plain
    assert f'href="{at}"' in plain
    assert f"{at}easy/" in one_line(client.get(at))
    assert "easy/" not in one_line(client.get(f"/en{at}"))
    assert client.get(f"/en{at}easy/")["Location"] == f"{at}easy/"


def test_there_is_none_where_the_office_wrote_none(world: World, client: Client) -> None:
    call = world.calls["telework"]
    call.parameters = {**call.parameters, "easy": None}
    call.save()
    assert client.get(f"{call.public_url}easy/").status_code == 404
    assert "やさしい日本語" not in one_line(client.get(call.public_url))
