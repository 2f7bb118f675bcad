"""Each value of a programme has a source or is a planning value, which the public reads as such."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from grants.programmes import loading
from grants.programmes.mistakes import Mistake
from grants.programmes.models import Call
from grants.programmes.parameters import read
from grants.programmes.values import open_blocks, planned, values
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.markup import one_line

FILES = sorted(loading.DATA.glob("*.toml"))
TELEWORK = (loading.DATA / "telework.toml").read_text(encoding="utf-8")
BLOCKS_OF_TELEWORK = {"rules": "some", "costs": "all", "money": "all", "forecast": "all"}
SOURCE = '[[sources]]\nvalues = ["%s"]\n[sources.name]\nja = "要綱"\nen = "Guideline"\n\n[family]'


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_value_of_a_shipped_file_has_one_name_and_is_borne_out_or_open(path: Path) -> None:
    stated = read(path.read_text(encoding="utf-8"))
    paths = [name for name, _words in values(stated)]
    assert len(paths) == len(set(paths)) > 20
    assert {"articles", "guideline", "periods.standard_days"} <= planned(stated).keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_file_that_pays_states_its_interest_as_a_planning_value(path: Path) -> None:
    stated = read(path.read_text(encoding="utf-8"))
    named = {name for name in planned(stated) if name.startswith("interest.")}
    assert ("interest" in stated.model_fields_set) == stated.pays
    assert named >= {
        f"interest.{kind}_{part}"
        for kind in ("surcharge", "arrears")
        for part in ("rate", "cite")
        if stated.pays
    }


def test_what_an_expert_is_paid_for_asks_for_the_free_consulting_before() -> None:
    before = {frame.key: frame.before for frame in read(TELEWORK).frames}
    assert before["standard"] is None
    assert before["expert"] is not None
    assert "無料で派遣する専門家" in before["expert"].ja


def test_what_was_published_of_telework_is_not_open() -> None:
    open_ones = planned(read(TELEWORK))
    assert not [path for path in open_ones if path.startswith("frames.")]
    assert open_ones["two_quotes_above"] == "見積書が2社分要る額（円）：1,000,000"
    assert open_ones["lives.equipment"] == "機器の購入・賃借料の耐用年数：4年"


def test_a_source_of_all_leaves_nothing_open() -> None:
    assert not planned(read(TELEWORK.replace("[family]", SOURCE % "all", 1)))


@pytest.mark.parametrize("name", ["frames.standrad", "rules.sme", "everything"])
def test_a_source_of_what_is_not_stated_is_refused(name: str) -> None:
    with pytest.raises(Mistake, match="この制度の値ではありません"):
        read(TELEWORK.replace("[family]", SOURCE % name, 1))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.replace('share = "1/2"', 'share = "1/1"'), "1より小さく"),
        (
            lambda t: t.replace(
                "[[rules]]",
                '[[groups]]\ncategories = ["software"]\nshare = "1/4"\ncite = "x"\n\n[[rules]]',
                1,
            ),
            "順番で額が変わります",
        ),
    ],
)
def test_shares_that_have_no_one_result_are_refused(
    change: Callable[[str], str], words: str
) -> None:
    text = (loading.DATA / "dx_promotion.toml").read_text(encoding="utf-8")
    with pytest.raises(Mistake, match=words):
        read(change(text))


def approved(world: World) -> Call:
    call = world.call("iot")
    Call.objects.filter(pk=call.pk).update(state="approved")
    return Call.objects.get(pk=call.pk)


def test_a_call_with_open_values_is_announced_in_a_demonstration_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = approved(world)
    monkeypatch.setattr(settings, "DEMO", False)
    with pytest.raises(NotReady, match="導入枠 上限：200万円"):
        perform(call, "announce", by=world.officer)
    monkeypatch.setattr(settings, "DEMO", True)
    assert perform(call, "announce", by=world.officer).state == "announced"


def test_a_decision_later_than_the_standard_time_is_not_announced(world: World) -> None:
    call = approved(world)
    Call.objects.filter(pk=call.pk).update(decision_on=call.project_ends_on)
    with pytest.raises(NotReady, match="標準の30営業日"):
        perform(Call.objects.get(pk=call.pk), "announce", by=world.officer)


def test_the_public_reads_what_is_planned(world: World, client: Client) -> None:
    page = client.get(world.calls["telework"].public_url).content.decode()
    assert "計画値（未確定）が含まれています" in page
    assert "見積書が2社分要る額（円）：1,000,000" in page
    assert "届いた順に、1件ごとに標準30営業日" in page
    with override("en"):
        names = planned(read(TELEWORK))
    assert names["two_quotes_above"] == "Two quotations above (yen)：1,000,000"


def test_a_block_says_once_whether_all_or_some_of_its_values_are_planned(
    world: World, client: Client
) -> None:
    assert open_blocks(read(TELEWORK)) == BLOCKS_OF_TELEWORK
    page = one_line(client.get(world.calls["telework"].public_url))
    said = page.count("すべて計画値です") + page.count("計画値が含まれます。")
    assert said == len(BLOCKS_OF_TELEWORK.keys() - {"forecast"})
    assert page.count('href="#planned"') == said + 1  # and beside the button
    assert "（計画値）" not in page
