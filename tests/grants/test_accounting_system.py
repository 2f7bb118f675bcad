"""The hand-over to the accounting system: its columns as the municipality says, and its answers whole or not at all."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from grants.awards.models import Award
from grants.budget import accounting
from grants.budget.layouts import IN, OUT, SHIPPED, AccountingAnswer, Layout, layout_of
from grants.budget.models import BudgetEntry, decommit
from portal import clock
from portal.accounts.models import StaffRole
from portal.audit.models import Event
from portal.cases import interests
from portal.cases.models import Reading
from portal.registry.models import Municipality
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants.test_transfers import moved, two_lines
from tests.roles import granted

SAPPORO = "011002"
HEAD = "異動番号,状態,伝票番号,処理日,備考\n"


def signed_in(world: World, who: str = "accountant") -> Client:
    client = Client()
    client.force_login(world.staff[who])
    return client


def of_case(award: Award) -> list[BudgetEntry]:
    rows = BudgetEntry.objects.filter(case=award.case, line__unit="yen").order_by("pk")
    return list(rows.select_related("line"))


def of_two(world: World) -> tuple[Award, BudgetEntry, BudgetEntry]:
    """An award, its commitment and a thousand yen of it given back."""
    award, _person = payments.fixed(world)
    application, by = award.application, world.staff["accountant"]
    decommit(application.call, award.frame, 1000, by=by, case=award.case, slot=False)
    one, other = of_case(award)
    return award, one, other


def handed_out(world: World, year: int, who: str = "accountant", **more: str) -> list[list[str]]:
    asked = {"town": SAPPORO, "year": str(year), **more}
    answer = signed_in(world, who).get(reverse("budget_accounting_csv"), asked)
    encoding = layout_of(SAPPORO, OUT).encoding
    return list(csv.reader(io.StringIO(answer.content.decode(encoding))))


def sent(world: World, data: bytes, who: str = "accountant") -> tuple[int, str]:
    file = SimpleUploadedFile("answers.csv", data, content_type="text/csv")
    answer = signed_in(world, who).post(
        reverse("budget_accounting"), {"in-town": SAPPORO, "in-file": file}
    )
    return answer.status_code, answer.content.decode()


def test_what_is_handed_out_has_the_columns_headings_order_and_encoding_of_the_layout(
    world: World,
) -> None:
    award, one, other = of_two(world)
    typed = {
        "encoding": "cp932",
        "field_0": "signed",
        "heading_0": "金額",
        "field_2": "entry",
        "heading_2": "キー",
        "field_3": "firm",
        "heading_3": "債権者",
    }
    client = signed_in(world)
    assert client.post(reverse("budget_layout", args=[SAPPORO, OUT]), typed).status_code == 302
    rows = handed_out(world, award.application.call.fiscal_year)
    assert rows[0] == ["金額", "キー", "債権者"]
    firm = award.case.organisation.name
    assert [row for row in rows if row[2] == firm] == [
        [str(one.amount), str(one.pk), firm],
        ["-1000", str(other.pk), firm],
    ]
    said = Event.objects.filter(chain=f"accounting:{SAPPORO}").values_list("action", flat=True)
    assert list(said) == ["accounting.layout_out", "accounting.hand_over"]
    read = Reading.objects.get(what="accounting.file")
    assert (read.case, read.person) == (award.case, world.staff["accountant"])


def test_a_transfer_is_handed_out_as_two_rows_that_sum_to_zero(world: World) -> None:
    one, other = two_lines(world)
    moved(world, one, other, 300_000)
    entry = BudgetEntry.objects.get(kind="transfer")
    layout = Layout((("entry", "番号"), ("kind", "種類"), ("signed", "額"), ("item_code", "目")))
    rows = list(accounting.table([entry], layout))[1:]
    assert rows == [
        [entry.pk, "流用（出す）", -300_000, one.item_code],
        [entry.pk, "流用（受ける）", 300_000, other.item_code],
    ]


def test_the_file_is_in_japanese_without_formulas_and_writes_geta_for_what_the_encoding_lacks(
    world: World,
) -> None:
    award, _person = payments.fixed(world)
    [entry, *_rest] = of_case(award)
    entry.note = '=HYPERLINK("x")'
    client = signed_in(world)
    client.cookies["django_language"] = "en"
    layout = (("kind", "種類"), ("note", "摘要"))
    assert accounting.file([entry], Layout(layout, "utf-8")).decode().splitlines()[1] == (
        '支出負担行為,"\'=HYPERLINK(""x"")"'
    )
    assert accounting.file([entry], Layout(layout)).startswith(b"\xef\xbb\xbf")
    entry.note = "𠮷田商店の髙橋"
    assert accounting.file([entry], Layout(layout, "cp932")).decode("cp932").splitlines()[1] == (
        "支出負担行為,〓田商店の髙橋"
    )


def test_days_and_what_was_answered_narrow_what_is_handed_out(world: World) -> None:
    award, _person = payments.fixed(world)
    year, [one, *_rest] = award.application.call.fiscal_year, of_case(award)
    assert sent(world, f"{HEAD}{one.pk},受付,,,\n".encode())[0] == 302
    keys = {row[0] for row in handed_out(world, year)[1:]}
    assert str(one.pk) in keys
    assert {row[0] for row in handed_out(world, year, unanswered="on")[1:]} == keys - {str(one.pk)}
    today, tomorrow = (clock.today() + timedelta(days=n) for n in (0, 1))
    assert handed_out(world, year, since_y=str(tomorrow))[1:] == []
    assert {row[0] for row in handed_out(world, year, since_y=str(today))[1:]} == keys
    assert handed_out(world, year + 1)[1:] == []
    asked = {"town": SAPPORO, "year": str(year), "until_y": str(today)}
    page = signed_in(world).get(reverse("budget_accounting"), asked)
    assert f"{len(keys)}件の異動があります" in page.content.decode()


def test_what_one_has_an_interest_in_is_handed_out_and_read_in_by_somebody_else(
    world: World,
) -> None:
    award, _person = payments.fixed(world)
    interests.declare(award.case, by=world.staff["accountant"], detail="親族の会社")
    firm = award.case.organisation.name
    found = [
        firm
        in {
            cell
            for row in handed_out(world, award.application.call.fiscal_year, who)
            for cell in row
        }
        for who in ("accountant", "treasurer")
    ]
    assert found == [False, True]
    said = f"{HEAD}{of_case(award)[0].pk},受付,,,\n".encode()
    status, page = sent(world, said)
    assert (status, "利益相反のある案件の異動" in page) == (422, True)
    assert sent(world, said, "treasurer")[0] == 302


def test_whose_lines_are_of_another_municipality_sees_and_answers_none_of_this(
    world: World,
) -> None:
    award, _person = payments.fixed(world)
    roles = StaffRole.objects.filter(person=world.staff["accountant"])
    other = Municipality.objects.exclude(pk=SAPPORO)[0]
    granted(roles, municipality=other)
    client = signed_in(world)
    assert client.get(reverse("budget_layout", args=[SAPPORO, OUT])).status_code == 404
    assert sent(world, f"{HEAD}{of_case(award)[0].pk},受付,,,\n".encode())[0] == 422
    asked = {"town": SAPPORO, "year": str(award.application.call.fiscal_year)}
    assert client.get(reverse("budget_accounting_csv"), asked).status_code == 302
    assert not AccountingAnswer.objects.exists()


def test_no_layout_has_another_way_than_in_and_out(world: World) -> None:
    client = signed_in(world)
    assert client.get(reverse("budget_layout", args=[SAPPORO, "up"])).status_code == 404
    assert b"encoding" not in client.get(reverse("budget_layout", args=[SAPPORO, IN])).content


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"field_0": "entry", "heading_0": ""}, "入力してください"),
        ({"field_0": "firm", "heading_0": "x"}, "「異動の番号」の列は要ります"),
        (
            {"field_0": "entry", "heading_0": "x", "field_1": "firm", "heading_1": "x"},
            "同じ名前の列が2つ",
        ),
        (
            {"field_0": "entry", "heading_0": "x", "field_1": "entry", "heading_1": "y"},
            "同じ内容の列が2つ",
        ),
    ],
)
def test_a_layout_that_could_not_be_read_is_refused(
    world: World, typed: dict[str, str], why: str
) -> None:
    way = reverse("budget_layout", args=[SAPPORO, OUT])
    answer = signed_in(world).post(way, {"encoding": "utf-8"} | typed)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert layout_of(SAPPORO, OUT).columns == SHIPPED[OUT]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_answers_are_read_by_the_mapped_columns_and_stand_beside_their_entries(
    world: World, encoding: str
) -> None:
    award, _person = payments.fixed(world)
    columns = (("status", "結果"), ("entry", "キー"), ("voucher", "伝票"), ("day", "日付"))
    by = world.staff["accountant"]
    accounting.keep_layout(Municipality.objects.get(pk=SAPPORO), IN, Layout(columns), by=by)
    [one, *_rest] = of_case(award)
    text = f"余分,キー,結果,伝票,日付\r\nx,{one.pk},支払済,A-1,令和8年11月26日\r\n\r\n"
    assert sent(world, text.encode(encoding))[0] == 302
    found = AccountingAnswer.objects.get()
    assert (found.entry, found.status, found.voucher, str(found.day)) == (
        one,
        "支払済",
        "A-1",
        "2026-11-26",
    )
    page = signed_in(world).get(reverse("budget_line", args=[one.line_id])).content.decode()
    assert "支払済" in page
    assert "A-1" in page


def test_the_same_file_again_adds_nothing_and_the_newest_state_counts(world: World) -> None:
    award, _person = payments.fixed(world)
    [one, *_rest] = of_case(award)
    for state, rows in (("受付", 1), ("受付", 1), ("支払済", 2), ("受付", 3)):
        assert sent(world, f"{HEAD}{one.pk},{state},,,\n".encode())[0] == 302
        assert one.answers.count() == rows
        assert one.answers.all()[0].status == state
    said = Event.objects.filter(action="accounting.answers").order_by("seq")
    assert [event.payload.data()["same"] for event in said] == [0, 1, 0, 0]


def test_one_wrong_row_leaves_nothing_written_and_every_wrong_row_is_named(world: World) -> None:
    _award, one, two = of_two(world)
    text = HEAD + (
        f"{one.pk},受付,,,\n"
        "abc,受付,,,\n"
        f"{two.pk},,,,\n"
        "\n"
        f"{two.pk},受付,,13月,\n"
        "999999999,受付,,,\n"
        f"{one.pk},受付,,,\n"
        f"{two.pk},{'長' * 41},,,\n"
        f"{two.pk},,,,\n"
    )
    status, page = sent(world, text.encode())
    assert status == 422
    assert "読めない行が7行あります" in page
    places = [int(n) for n in re.findall(r"<li>([0-9]+)行目：", page)]
    assert places == [3, 4, 6, 7, 8, 9, 10]
    for why in (
        "数字ではありません",
        "状態が空",
        "日付として",
        "異動はありません",
        "前の行にも",
        "長すぎ",
    ):
        assert why in page
    assert not AccountingAnswer.objects.exists()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("番号,状態\n1,受付\n".encode(), "列がありません：異動番号"),
        (b"", "空のファイル|入力されたファイルは空です"),
        (HEAD.encode(), "1件も入っていません"),
        (HEAD.encode() + b"1,\0,,,\n", "CSVとして読めません"),
        (HEAD.encode() + b'1,"ok\n1,ok,,,\n', "CSVとして読めません"),
        (HEAD.encode() + b'1,ok,,,"a\n2,ok,,,"\n', "2行目の引用符が閉じていないか"),
        (
            HEAD.strip().encode() + ",状態\n1,ok,,,,no\n".encode(),
            "同じ名前の列が2つ以上あります：状態",
        ),
        (HEAD.encode() + b"\n" * 200_001, "1つのファイルは200,000行まで"),
        (HEAD.encode("utf-16"), "1件も入っていません"),
        (HEAD.encode("utf-16")[:-1], "文字コードが分かりません"),
        (b"\x81\xff\xff", "文字コードが分かりません"),
        (HEAD.encode() + b"1,x,,,\n" * 20_001, "20,000行まで"),
    ],
    ids=[
        "headings",
        "empty",
        "no row",
        "nul",
        "quote never closed",
        "two rows in one cell",
        "a heading twice",
        "blank lines",
        "utf-16",
        "utf-16 cut",
        "bytes",
        "rows",
    ],
)
def test_an_odd_file_is_refused_with_its_reason(world: World, data: bytes, why: str) -> None:
    status, page = sent(world, data)
    assert status == 422
    assert any(one in page for one in why.split("|")), page


def test_the_page_of_a_line_asks_for_answers_once(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    award, _person = payments.fixed(world)
    rows, client = of_case(award), signed_in(world)
    page = reverse("budget_line", args=[rows[0].line_id])
    counts = []
    for state in ("受付", "支払済", "取消"):
        for entry in rows:
            entry.answers.create(status=state, read_by=world.staff["accountant"])
        with django_assert_max_num_queries(60) as asked:
            client.get(page)
        counts.append(len(asked))
    assert len({*counts[1:]}) == 1
