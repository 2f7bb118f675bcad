"""A programme file is changed at one place, and every other sign of it stays."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.programmes import loading
from grants.programmes.editing import document
from grants.programmes.editing.document import Unwritable

FILES = sorted(loading.DATA.glob("*.toml"))
TEXT = """\
# 冒頭の説明
code = "x"  # 名前
lines = [
  "a",  # [[rows]]
  "b",
]

# 一覧の説明
[[rows]]
key = "one"
[rows.name]
ja = "一"
en = "one"

# 二つ目の説明
[[rows]]
key = "two"
text = \"\"\"
[[rows]]
key = "no"\"\"\"
[[rows.parts]]
n = 1
[[rows.parts]]
n = 2

# ---- ここから別の話 ----
[last]
day = 2026-04-01
"""


def lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """(gone, new) of two texts."""
    was, now = before.splitlines(), after.splitlines()
    return [x for x in was if x and x not in now], [x for x in now if x and x not in was]


def test_a_value_is_put_where_it_stood() -> None:
    after = document.with_value(TEXT, ("code",), "y")
    assert after == TEXT.replace('code = "x"', 'code = "y"')
    after = document.with_value(TEXT, ("rows", 1, "key"), "三")
    assert after == TEXT.replace('key = "two"', 'key = "三"')
    assert document.with_value(TEXT, ("lines", 1), "c") == TEXT.replace(
        '[\n  "a",  # [[rows]]\n  "b",\n]', '["a", "c"]'
    )


def test_a_new_value_stands_behind_those_of_its_table() -> None:
    after = document.with_value(TEXT, ("rows", 0, "n"), 1_000)
    assert after == TEXT.replace('key = "one"\n', 'key = "one"\nn = 1000\n')
    after = document.with_value(TEXT, ("rows", 1, "name", "ja"), "二")
    assert after == TEXT.replace("n = 2\n", 'n = 2\n[rows.name]\nja = "二"\n')
    after = document.with_value(TEXT, ("other", "n"), True)
    assert after == TEXT + "\n[other]\nn = true\n"
    assert document.with_value("", ("code",), "x") == 'code = "x"\n'
    assert document.with_value("[a]\nn = 1\n", ("code",), "x") == 'code = "x"\n\n[a]\nn = 1\n'


def test_a_value_is_taken_away_alone_and_a_table_whole() -> None:
    assert document.with_value(TEXT, ("last", "day"), None) == TEXT.replace(
        "day = 2026-04-01\n", ""
    )
    assert document.with_value(TEXT, ("rows", 0, "name"), None) == TEXT.replace(
        '[rows.name]\nja = "一"\nen = "one"\n', ""
    )
    assert document.with_value(TEXT, ("no", "such"), None) == TEXT


def test_a_row_is_added_moved_and_taken_away_with_the_remark_above_it() -> None:
    added = document.with_row(TEXT, ("rows",), {"key": "three", "name": {"ja": "三"}})
    assert lines(TEXT, added) == ([], ['key = "three"', 'ja = "三"'])
    assert [row["key"] for row in tomllib.loads(added)["rows"]] == ["one", "two", "three"]
    swapped = document.moved(TEXT, ("rows",), 0, 1)
    assert swapped.index("一覧の説明") < swapped.index("二つ目") < swapped.index('"one"')
    assert swapped.index('"one"') < swapped.index("ここから別の話")
    back = document.moved(swapped, ("rows",), 1, -1)
    assert (lines(TEXT, back), tomllib.loads(back)) == (([], []), tomllib.loads(TEXT))
    gone, _new = lines(TEXT, document.without_row(TEXT, ("rows",), 0))
    assert gone == ['key = "one"', "[rows.name]", 'ja = "一"', 'en = "one"']
    without = document.without_row(document.without_row(TEXT, ("rows",), 1), ("rows",), 0)
    assert "rows" not in tomllib.loads(without)
    assert "ここから別の話" in without
    assert "二つ目の説明" not in without


def test_what_stands_where_a_table_belongs_gives_way_to_one() -> None:
    assert document.with_value('name = "x"\n', ("name", "ja"), "名") == 'name = { ja = "名" }\n'
    with pytest.raises(Unwritable):
        document.with_value(TEXT, ("rows", 7, "key"), "x")


def test_what_cannot_be_moved_stays() -> None:
    assert document.moved(TEXT, ("rows",), 0, -1) == TEXT
    assert document.moved(TEXT, ("rows",), 1, 1) == TEXT


def test_rows_on_one_line_and_rows_in_rows_are_written_too() -> None:
    one = 'choices = [{ ja = "甲", en = "A" }]\n'
    two = document.with_row(one, ("choices",), {"ja": "乙", "en": "B"})
    assert two == 'choices = [{ ja = "甲", en = "A" }, { ja = "乙", en = "B" }]\n'
    assert document.moved(two, ("choices",), 1, -1).startswith('choices = [{ ja = "乙"')
    assert document.without_row(two, ("choices",), 1) == one
    assert document.without_row(one, ("choices",), 0) == ""
    after = document.with_row(TEXT, ("rows", 1, "parts"), {"n": 3})
    assert after == TEXT.replace("n = 2\n", "n = 2\n[[rows.parts]]\nn = 3\n")
    assert tomllib.loads(document.with_row(TEXT, ("rows", 0, "parts"), {"n": 0}))["rows"][0][
        "parts"
    ] == [{"n": 0}]


@pytest.mark.parametrize(
    "remark",
    [
        "# " + "x" * 20_000 + "\n",
        "# x\n" * 5_000,
        "#" + " " * 20_000 + "\n",
        "a" * 20_000 + " = 1\n",
    ],
    ids=["one long line", "many lines", "spaces", "a long name"],
)
def test_a_file_is_read_once_however_long_a_line_is(remark: str) -> None:
    """A pattern that tries each way to share the spaces of a line out takes hours for one of these."""
    after = document.with_value(remark + TEXT, ("code",), "y")
    assert after == remark + TEXT.replace('"x"', '"y"')


def test_ends_of_lines_become_one_kind() -> None:
    after = document.with_value(TEXT.replace("\n", "\r\n"), ("code",), "y")
    assert after == TEXT.replace('"x"', '"y"')


@pytest.mark.parametrize("text", ["a = ", "[a]\n[a]\n", "a = 1\na = 2\n"])
def test_what_is_no_file_is_refused(text: str) -> None:
    with pytest.raises(Unwritable):
        document.with_value(text, ("b",), 1)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=60))
def test_every_text_is_read_back_as_it_was_given(typed: str) -> None:
    after = document.with_value(TEXT, ("rows", 1, "text"), typed)
    assert tomllib.loads(after)["rows"][1]["text"] == typed
    assert document.with_value(after, ("rows", 1, "text"), "x") == document.with_value(
        TEXT, ("rows", 1, "text"), "x"
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_list_of_every_file_is_turned_round_and_back(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name, rows in tomllib.loads(text).items():
        if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
            continue
        for n in range(len(rows) - 1):
            turned = document.moved(text, (name,), n, 1)
            assert tomllib.loads(turned)[name][n] == rows[n + 1]
            assert document.moved(turned, (name,), n + 1, -1) == text
        for n in range(len(rows)):
            assert len(tomllib.loads(document.without_row(text, (name,), n)).get(name, [])) == (
                len(rows) - 1
            )
