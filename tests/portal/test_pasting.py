"""What a spreadsheet gives as text, read by headings or by order, and never guessed."""

import unicodedata

import pytest

from portal import pasting, sheets
from portal.pasting import Column, Line
from portal.sheets import Unreadable

COLUMNS = (
    Column("what", "内容", ("品名",)),
    Column("day", "発注予定日"),
    Column("amount", "金額（税抜・円）", ("金額", "Amount")),
)


def read(text: str, first: str = "") -> pasting.Pasted:
    return pasting.read(pasting.grid(text), COLUMNS, first=first)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("机\t2027/2/1\t1,000", [(1, {"what": "机", "day": "2027/2/1", "amount": "1,000"})]),
        # by their names, in any order, width and bracket
        ("ＡＭＯＵＮＴ\t品名\n5\t机", [(2, {"amount": "5", "what": "机"})]),
        ("金額 (税抜･円)\t内 容\n5\t机", [(2, {"amount": "5", "what": "机"})]),
        # a title above, an empty row, a row that is short
        (
            "見積書\n\n内容\t金額\n机\t5\n椅子",
            [(4, {"what": "机", "amount": "5"}), (5, {"what": "椅子"})],
        ),
        # a cell of two lines, and quotation marks that are a cell's own
        ('"机\n（木）"\t\t5', [(1, {"what": "机 （木）", "day": "", "amount": "5"})]),
        ('"24"型画面\t\t5', [(1, {"what": '"24"型画面', "day": "", "amount": "5"})]),
        ("机\r\n椅子\r\n", [(1, {"what": "机"}), (2, {"what": "椅子"})]),
    ],
)
def test_rows_are_read_by_their_headings_or_in_order(
    text: str, lines: list[tuple[int, dict[str, str]]]
) -> None:
    assert read(text).lines == [Line(n, cells) for n, cells in lines]


def test_it_begins_where_it_was_pasted() -> None:
    assert read("2027/2/1\t5", first="day").lines == [Line(1, {"day": "2027/2/1", "amount": "5"})]


def test_what_is_left_out_is_told() -> None:
    found = read("第1号見積\n品名\t型番\t金額\n机\tA-1\t5\n小計\t\t5\n消費税\t\t0\n合計\t\t5")
    assert found.unused == ["型番"]
    assert found.skipped == {1: "第1号見積", 4: "小計　5", 5: "消費税　0", 6: "合計　5"}
    assert [line.n for line in found.lines] == [3]


def test_columns_beyond_those_that_are_read_are_told() -> None:
    heads = ["内容", "金額", *(f"列{n}" for n in range(3, pasting.MOST_COLUMNS + 1))]
    for more in (["型番"], ["", "型番"], ["発注予定日"]):
        found = read("\t".join(heads + more) + "\n机\t5")
        assert found.unused == [*heads[2:], "40列目より右の列"]
        assert found.lines == [Line(2, {"what": "机", "amount": "5"})]
    found = read("\t".join(heads) + "\t" * 9 + "\n机\t5" + "\t" * 60)
    assert found.unused == heads[2:]  # nothing stands in the others
    empty = "\t" * pasting.MOST_COLUMNS
    assert read(f"内容\t金額\n机\t5{empty}多い").unused == ["40列目より右の列"]
    with pytest.raises(Unreadable, match="「多い」から先"):
        read(f"机\t2027/2/1\t5{empty}多い")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "取り込める行がありません"),
        ("内容\t金額\n\t\n", "取り込める行がありません"),
        ("品名\t内容\t金額\n机\t椅子\t5", "2つ以上あります（品名、内容）"),
        ("机\t2027/2/1\t5\t多い", "1行目の列が多すぎます（「多い」から先）"),
        ("机\n" * 301, "300行まで"),
    ],
)
def test_what_could_mean_two_things_is_refused(text: str, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert why in str(refused.value)


@pytest.mark.parametrize("text", ["a," * 60_000, '"a"b,' + "a," * 60_000, "a\t" * 60_000])
def test_a_text_is_cut_before_anything_is_looked_at(text: str) -> None:
    [row] = pasting.grid_of_csv(text)
    assert len(row) == pasting.MOST_COLUMNS + 1
    assert len(pasting.grid_of_csv("a\n" * 60_000)) == pasting.MOST_ROWS + 1
    assert len(pasting.grid_of_csv('"a"b\n' * 60_000)) == pasting.MOST_ROWS + 1


def test_what_columns_are_called_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, compared = pasting.key, list[str]()

    def key(heading: str) -> str:
        compared.append(heading)
        return plain(heading)

    monkeypatch.setattr(pasting, "key", key)
    cells = [[unicodedata.name(chr(65 + n)) for n in range(20)] for _row in range(5)]
    with pytest.raises(Unreadable):
        pasting.read(cells, COLUMNS)
    names = sum(1 + len(column.also) for column in COLUMNS)
    assert len(compared) <= names + (5 + 2) * 20  # the heading is looked for, then read


def test_cells_come_back_as_they_were() -> None:
    cells = [['"x" y', "a,b", ""], ["1", "", "z"]]
    assert pasting.grid(sheets.typed_table(cells)) == cells


def test_a_day_is_taken_apart_where_it_is_clear() -> None:
    assert pasting.day_parts("on", "R9.2.1") == {"on_y": "2027", "on_m": "2", "on_d": "1"}
    assert pasting.day_parts("on", "2/1") == {"on_y": "2/1", "on_m": "", "on_d": ""}
