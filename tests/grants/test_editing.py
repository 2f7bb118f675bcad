"""The editor of programmes: every value has one place, a page that is saved unchanged changes no sign of the
file, and a file is made from nothing by filling in the pages.
"""

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.http import QueryDict

from grants.programmes import loading
from grants.programmes.editing import document, kinds
from grants.programmes.editing.choosing_from import LISTED
from grants.programmes.editing.document import value_at
from grants.programmes.editing.forms import PartForm, new_row
from grants.programmes.editing.kinds import Kind
from grants.programmes.editing.layout import ELSEWHERE, PAGE, PAGES, ROWS, fields_of, page_of, paths
from grants.programmes.parameters import look, read

FILES = sorted(loading.DATA.glob("*.toml"))


def test_every_value_of_a_programme_stands_in_one_place() -> None:
    counted = Counter(paths())
    known = {path for path in kinds.leaves() if path.partition(".")[0] not in ELSEWHERE}
    assert {path: n for path, n in counted.items() if n > 1} == {}
    assert set(counted) == known
    assert [name for name in ELSEWHERE if page_of((name,))] == []


def test_every_listed_value_has_words() -> None:
    for path in paths():
        typed = kinds.of(path)
        if typed.kind in (Kind.CHOICE, Kind.SEVERAL) and typed.literal:
            words = set(LISTED.get(path, {}))
            assert words == set(typed.literal) or all(isinstance(v, int) for v in typed.literal)


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_pages_saved_unchanged_change_no_sign(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    stated = document.loads(text)
    for page in PAGES:
        form = PartForm(fields=fields_of(page), stated=stated)
        assert form.is_valid(), (page.key, form.errors)
        assert form.written(text) == text, page.key
        for rows in page.rows:
            for n, _row in enumerate(stated.get(rows.path, [])):
                form = PartForm(fields=rows.fields, stated=stated, base=(rows.path, n))
                assert form.is_valid(), (rows.path, n, form.errors)
                assert form.written(text) == text, (rows.path, n)


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_made_from_nothing_by_filling_in_the_pages(path: Path) -> None:
    """Twice, as lines and choices come that hang on what other pages name."""
    whole = document.loads(path.read_text(encoding="utf-8"))
    text = ""
    for _time in range(2):
        for page in PAGES:
            for rows in page.rows:
                for n, _row in enumerate(whole.get(rows.path, [])):
                    sent = PartForm(fields=rows.fields, stated=whole, base=(rows.path, n)).as_shown
                    text = filled(text, rows.fields, sent, (rows.path, n))
            sent = PartForm(fields=fields_of(page), stated=whole).as_shown
            text = filled(text, fields_of(page), sent, ())
    assert look(tomllib.loads(text))[1] == []
    assert read(text) == read(path.read_text(encoding="utf-8"))


def filled(text: str, fields: tuple[object, ...], sent: QueryDict, base: document.Path) -> str:
    """As often as lines come that were not offered yet."""
    for _time in range(6):
        stated = document.loads(text)
        form = PartForm(sent, fields=fields, stated=stated, base=base)  # type: ignore[arg-type]
        for control in form.controls.values():  # what other pages name may come later
            if hasattr(control.field, "choices"):
                offered = list(control.field.choices)
                control.field.choices = offered + [(v, v) for v in sent_values(sent)]
        assert form.is_valid(), form.errors
        is_new = base and value_at(stated, base) is None
        after = new_row(text, base[:-1], form) if is_new else form.written(text)
        if after == text:
            break
        text = after
    return text


def sent_values(sent: QueryDict) -> set[str]:
    return {value for name in sent for value in sent.getlist(name)}


# -- what is typed ---------------------------------------------------------------------------------
TELEWORK = (loading.DATA / "telework.toml").read_text(encoding="utf-8")


def form_of(text: str, name: str, **typed: str) -> PartForm:
    """The form of a page, or of the first row of a list, with this typed into it."""
    fields, base = fields_of(PAGE[name]), document.Path()
    if name in ROWS:
        fields, base = ROWS[name][1].fields, (name, 0)
    stated = document.loads(text)
    sent = PartForm(fields=fields, stated=stated, base=base).as_shown.copy()
    for control, value in typed.items():
        sent[control] = value
    form = PartForm(sent, fields=fields, stated=stated, base=base)
    assert form.is_valid(), form.errors
    return form


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "typed", "path", "value"),
    [
        ("frames", {"cap": "５０万円"}, ("frames", 0, "cap"), 500_000),
        ("frames", {"cap": "五十万"}, ("frames", 0, "cap"), "五十万"),  # told, and not lost
        ("frames", {"rate": "４分の３"}, ("frames", 0, "rate"), "3/4"),
        ("frames", {"purpose-ja": "道具"}, ("frames", 0, "purpose"), {"ja": "道具"}),
        ("frames", {"yearly-0-cap": "1"}, ("frames", 0, "yearly"), [{"cap": 1}]),
        (
            "periods",
            {"periods-use_check_months": "6, 12"},
            ("periods", "use_check_months"),
            [6, 12],
        ),
        ("periods", {"periods-use_check_months": ""}, ("periods", "use_check_months"), []),
        ("decision", {"in_force_on": "令和8年4月1日"}, ("in_force_on",), date(2026, 4, 1)),
        ("decision", {"in_force_on": "春"}, ("in_force_on",), "春"),
        ("names", {"topics-0": "labour"}, ("topics",), ["labour", "workstyle", "equipment"]),
        ("names", {"topics-1": ""}, ("topics",), ["telework", "equipment"]),
        ("selection", {"blind": "on"}, ("blind",), {}),
        ("easy", {"easy-what": "", "easy-who": "", "easy-prepare": ""}, ("easy",), None),
        ("interest", {"interest-arrears_rate": "１４．６％"}, ("interest", "arrears_rate"), "14.6"),
    ],
)
def test_what_is_typed_is_written_as_the_file_says_it(
    name: str, typed: dict[str, str], path: document.Path, value: object
) -> None:
    written = form_of(TELEWORK, name, **typed).written(TELEWORK)
    assert value_at(document.loads(written), path) == value


@pytest.mark.django_db
def test_one_value_changes_one_line() -> None:
    written = form_of(TELEWORK, "frames", cap="450000").written(TELEWORK)
    assert written == TELEWORK.replace("cap = 400000", "cap = 450000", 1)


@pytest.mark.django_db
def test_what_is_wrong_stands_at_its_control() -> None:
    text = TELEWORK.replace("cap = 400000", 'cap = "多め"', 1).replace(
        'en = "Standard frame"\n', "", 1
    )
    form = form_of(text, "frames")
    assert form["cap"].value() == "多め"
    form.tell(p for p in look(document.loads(text))[1] if p.path[:2] == ("frames", 0))
    assert form.errors == {
        "cap": ["整数で入力してください（例：1,200,000）。"],
        "name-en": ["入力するか、選んでください。"],
    }


@pytest.mark.django_db
def test_a_row_without_a_sign_is_given_one() -> None:
    stated = document.loads(TELEWORK)
    fields = ROWS["questions"][1].fields
    sent = QueryDict("label-ja=何人ですか&label-en=How many?&kind=number&required=on&limit=1000")
    place = ("questions", len(stated["questions"]))
    form = PartForm(sent, fields=fields, stated=stated, base=place)
    assert form.is_valid()
    made = document.loads(new_row(TELEWORK, place[:-1], form))["questions"][-1]
    assert made == {
        "key": f"questions_{place[1] + 1}",
        "label": {"ja": "何人ですか", "en": "How many?"},
        "kind": "number",
    }


def test_every_value_is_found_on_a_page() -> None:
    found = {path: page_of(tuple(path.split("."))) for path in kinds.leaves()}
    assert [
        p for p, page in found.items() if page is None and p.split(".")[0] not in ELSEWHERE
    ] == []
    assert getattr(page_of(("frames", 1, "cap")), "key", "") == "frames"
    assert getattr(page_of(("blind", "documents")), "key", "") == "selection"
