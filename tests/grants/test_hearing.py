"""弁明の機会: a revocation says how its recipient was heard, as data; 「なし」 is no hearing."""

import tomllib
from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest
from pydantic import ValidationError

from grants.awards.models import Award
from grants.programmes import loading
from grants.programmes.parameters import Programme
from grants.programmes.values import planned
from grants.recovery import hearing
from portal import clock, fiscal
from portal.types import Given
from portal.ui.forms import offer_choices
from tools.demonstration import simulation

FILE = tomllib.loads((loading.DATA / "iot.toml").read_text(encoding="utf-8"))
TODAY = date(2026, 6, 20)
DAYS = {"asked_on": "2026-06-01", "answer_by": "2026-06-15"}
WORDS = "管理の誤りであったとの弁明があった。"


def form(**said: str) -> hearing.HearingForm:
    typed = {"reason": "目的外の使用", "how": "written", "heard": WORDS} | said
    for name in hearing.ASKED:
        typed[f"{name}_y"] = typed.pop(name, "")
    made = hearing.HearingForm(typed)
    for name, choices in hearing.choices(award()).items():
        offer_choices(made, name, choices)
    return made


def award(**stated: object) -> Award:
    """Of a programme with these grounds, or with the standard ones."""
    programme = Programme.model_validate(FILE | stated)
    return cast(Award, SimpleNamespace(stated=programme))


RIGHT: list[dict[str, str]] = [
    DAYS,
    DAYS | {"how": "oral"},
    DAYS | {"how": "hearing"},
    DAYS | {"answer_by": "2026-06-30"},  # the answer is there before its day
    DAYS | {"how": "silent", "heard": ""},
    {"how": "needless", "heard": "", "needless": "ordinance"},
]


@pytest.mark.parametrize("said", RIGHT)
def test_each_way_of_hearing_is_taken_and_kept_as_text(said: dict[str, str]) -> None:
    with clock.at(simulation.at(TODAY, 10)):
        made = form(**said)
        assert made.is_valid(), made.errors
        kept = hearing.kept(made.cleaned_data)
    assert {name: kept[name] or "" for name in said} == said
    assert hearing.told(award(), kept, fiscal.era)[0][0] == "弁明の機会"


WRONG = [
    (DAYS | {"how": ""}, "how"),
    ({}, "asked_on"),
    ({}, "answer_by"),
    (DAYS | {"heard": ""}, "heard"),
    (DAYS | {"heard": "なし"}, "heard"),
    (DAYS | {"heard": "特になし。"}, "heard"),
    (DAYS | {"asked_on": "2026-06-20", "answer_by": "2026-06-30"}, "asked_on"),
    (DAYS | {"answer_by": "2026-06-01"}, "answer_by"),
    (DAYS | {"how": "silent", "heard": "", "answer_by": "2026-06-20"}, "answer_by"),
    (DAYS | {"how": "silent"}, "heard"),
    ({"how": "needless", "heard": ""}, "needless"),
    (DAYS | {"how": "needless", "heard": "", "needless": "act"}, "asked_on"),
    (DAYS | {"needless": "act"}, "needless"),
]


@pytest.mark.parametrize(("said", "where"), WRONG)
def test_what_is_no_hearing_is_refused_at_its_field(said: dict[str, str], where: str) -> None:
    with clock.at(simulation.at(TODAY, 10)):
        assert where in form(**said).errors


TOLD: list[tuple[Given, list[list[str]]]] = [
    (
        {"how": "oral", **DAYS, "heard": WORDS},
        [
            [
                "弁明の機会",
                "口頭による弁明\n令和8年6月1日に、令和8年6月15日を期限として求めた。",
            ],
            ["弁明の内容", WORDS],
        ],
    ),
    (
        {"how": "silent", **DAYS, "heard": ""},
        [
            [
                "弁明の機会",
                "弁明がなかった（期限までに提出なし）\n令和8年6月1日に、令和8年6月15日を期限として求めた。",
            ]
        ],
    ),
    (
        {"how": "needless", "needless": "urgent"},
        [
            [
                "弁明の機会",
                "不要のため行わなかった\n公益上、緊急に行う必要があるため（行政手続法第13条第2項第1号）",
            ]
        ],
    ),
    ({"heard": "書面で聞いた。"}, [["弁明の機会と内容", "書面で聞いた。"]]),  # an older draft
    ({}, []),
]


@pytest.mark.parametrize(("given", "lines"), TOLD)
def test_draft_and_paper_say_how_it_was_held(given: Given, lines: list[list[str]]) -> None:
    assert hearing.told(award(), given, fiscal.era) == lines
    assert [label for label, _before, _text in hearing.shown(award(), given)] == [
        label for label, _text in lines
    ]


def test_what_a_draft_keeps_is_asked_again_when_it_is_decided() -> None:
    """Its days are right from the day after on; a ground without its hearing never is."""
    kept: Given = {"how": "silent", **DAYS}
    with clock.at(simulation.at(date(2026, 6, 15), 10)):
        assert hearing.misfits(award(), kept) == [
            "弁明の機会：期限がまだ過ぎていません。過ぎてから起案してください。"
        ]
    with clock.at(simulation.at(TODAY, 10)):
        assert hearing.misfits(award(), kept) == []
        assert hearing.misfits(award(), kept | {"answer_by": ""}) != []
    assert (
        hearing.misfits(award(), {"heard": "書面で聞いた。"}) == []
    )  # drafted before it was asked for


OWN = {
    "key": "rule",
    "cite": "要綱第20条第3項",
    "text": {"ja": "事実が明らかなため", "en": "The facts are plain"},
}


def test_a_programme_states_its_own_grounds_and_no_other_is_taken() -> None:
    own = award(unheard=[OWN])
    assert hearing.choices(own) == {
        "needless": [("", "―"), ("rule", "事実が明らかなため（要綱第20条第3項）")]
    }
    given: Given = {"how": "needless", "needless": "rule"}
    with clock.at(simulation.at(TODAY, 10)):
        assert hearing.misfits(own, given) == []
        assert hearing.misfits(own, given | {"needless": "act"}) == [
            "弁明の機会を要しない根拠は、この制度が定めるものから選んでください。"
        ]
    [[_label, text]] = hearing.told(own, given, fiscal.era)
    assert text.endswith("事実が明らかなため（要綱第20条第3項）")
    with pytest.raises(ValidationError, match="1つずつ別のもの"):
        award(unheard=[OWN, OWN])


def test_each_ground_is_a_planning_value_until_a_source_bears_it_out() -> None:
    source = {"name": {"ja": "要綱", "en": "Guideline"}, "values": ["unheard"]}
    assert {"unheard.act", "unheard.urgent"} <= planned(award().stated).keys()
    assert not [name for name in planned(award(sources=[source]).stated) if "unheard" in name]
