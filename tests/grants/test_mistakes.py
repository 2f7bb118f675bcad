"""Everything that is wrong with a programme file is told at once, each where it stands, and in our words."""

import copy
import tomllib
from collections.abc import Iterator
from datetime import date

import pytest

from grants.programmes import loading, mistakes
from grants.programmes.parameters import RETIRED, look
from portal.types import Given, Row

TEXT = (loading.DATA / "dx_promotion.toml").read_text(encoding="utf-8")


def data() -> Given:
    return tomllib.loads(TEXT)


def found(stated: Given) -> list[tuple[str, str]]:
    return [(".".join(map(str, each.path)), each.reason) for each in look(stated)[1]]


def test_a_good_file_has_nothing_wrong() -> None:
    assert look(data())[1] == []


def test_all_mistakes_are_told_and_not_the_first_alone() -> None:
    stated = data()
    stated["frames"][1]["rate"] = "5/3"
    del stated["frames"][0]["name"]["en"]
    stated["interest"]["surcharge_rate"] = "1/10"
    stated["questions"][0]["limit"] = 0
    stated["colour"] = "red"
    stated["source"] = "x"
    assert found(stated) == [
        ("source", RETIRED["source"]),
        ("interest.surcharge_rate", mistakes.WORDS["percent"]),
        ("frames.0.name.en", mistakes.WORDS["missing"]),
        ("frames.1.rate", "割合は、0より大きく1以下にしてください。"),
        ("questions.0.limit", "1以上の数を書いてください。"),
        ("colour", mistakes.WORDS["extra_forbidden"]),
    ]


def test_what_does_not_go_together_is_told_where_it_belongs() -> None:
    stated = data()
    stated["frames"][0]["floor"] = 9_000_000
    stated["groups"][0]["categories"] = ["equipment", "yacht"]
    stated["example"]["items"][1]["category"] = "boat"
    stated["example"]["frame"] = "none"
    stated["blind"] = {"questions": ["who"], "documents": ["partner"]}
    stated["conditions"] = [{"text": "{no}", "source": "x", "announces": ["silence"]}]
    del stated["pass_mark"]
    del stated["criteria"]
    assert [where for where, _reason in found(stated)] == [
        "frames.0.floor",
        "groups.0.categories",
        "example.items.1.category",
        "example.frame",
        "criteria",
        "pass_mark",
        "blind.questions",
        "blind.documents",
        "conditions.0.text",
        "conditions.0.announces",
    ]


def test_names_of_values_and_papers_that_there_are_not_stand_at_their_row() -> None:
    stated = data()
    stated["sources"][0]["values"].append("frames.gold")
    stated["texts"] = [{"paper": "no_such", "note": "x"}]
    assert [where for where, _reason in found(stated)] == ["sources.0.values", "texts"]


WRONG: tuple[object, ...] = (
    7,
    "x",
    "",
    True,
    1.5,
    [],
    ["x"],
    [7],
    {},
    {"x": 1},
    [{}],
    date(2026, 4, 1),
    10**30,
)


def places(stated: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a file where a value stands, whole tables too; of a list its first row."""
    if path:
        yield path
    if isinstance(stated, dict):
        for name, value in stated.items():
            yield from places(value, (*path, name))
    elif isinstance(stated, list) and stated:
        yield from places(stated[0], (*path, 0))


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_no_word_of_the_library_is_ever_shown(wrong: object) -> None:
    """Whatever stands where something else belongs, also in nested parts."""
    full = data() | {
        "in_force_on": date(2026, 4, 1),
        "articles": [{"title": "a", "text": "b"}],
        "blind": {"questions": ["plan"], "documents": []},
        "amending": {"keeps": "end"},
        "conditions": [{"announces": [], "text": "a", "source": "b"}],
        "unheard": [{"key": "a", "text": {"ja": "a", "en": "a"}, "cite": "b"}],
        "texts": [{"paper": "award", "note": "x"}],
        "tax_return": True,
    }
    for path in places(full):
        stated = copy.deepcopy(full)
        whole: Row = stated
        for step in path[:-1]:
            whole = whole[step]
        whole[path[-1]] = wrong
        for problem in look(stated)[1]:
            assert problem.kind in {*mistakes.WORDS, "value_error", "retired"}, (path, problem)
            assert not {"Input", "should", "valid"} & set(problem.reason.split()), problem
            assert "[" not in mistakes.said_in_field(problem).replace("[[texts]]", "")


def test_each_kind_of_mistake_has_words_for_a_field() -> None:
    """Words for the file speak of quotation marks and brackets; those for a field do not."""
    shared = {"greater_than_equal", "less_than_equal", "string_too_long", "int_parsing_size"}
    assert set(mistakes.WORDS) - set(mistakes.IN_FIELDS) == shared
