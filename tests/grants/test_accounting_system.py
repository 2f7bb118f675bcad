"""The hand-over to the accounting system: its columns as the municipality says, and its answers whole or not at all."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from grants.budget import accounting
from grants.budget.layouts import IN, OUT, AccountingAnswer, Layout, layout_of
from grants.budget.models import BudgetEntry
from portal.audit.models import Event
from portal.cases import interests
from portal.registry.models import Municipality
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.grants import test_payments as payments


def town() -> Municipality:
    return Municipality.objects.get(pk="011002")


def entries() -> list[BudgetEntry]:
    rows = BudgetEntry.objects.filter(case__isnull=False, line__unit="yen").order_by("pk")
    return list(rows.select_related("line__call__programme", "case__organisation"))


def signed_in(world: World, who: str = "accountant") -> Client:
    client = Client()
    client.force_login(world.staff[who])
    return client


def test_what_is_handed_out_has_the_columns_headings_order_and_encoding_of_the_layout(
    world: World,
) -> None:
    payments.fixed(world)
    client = signed_in(world)
    typed = {
        "encoding": "cp932",
        "field_0": "signed",
        "heading_0": "金額",
        "field_2": "entry",
        "heading_2": "キー",
        "field_3": "firm",
        "heading_3": "債権者",
    }
    way = reverse("budget_layout", args=["011002", OUT])
    assert client.post(way, typed).status_code == 302
    year = entries()[0].line.fiscal_year
    answer = client.get(reverse("budget_accounting_csv"), {"town": "011002", "year": year})
    rows = list(csv.reader(io.StringIO(answer.content.decode("cp932"))))
    assert rows[0] == ["金額", "キー", "債権者"]
    for entry in entries():
        amount = -entry.amount if entry.kind == "decommitment" else entry.amount
        firm = entry.case.organisation.name if entry.case else ""
        assert [str(amount), str(entry.pk), firm] in rows
    said = Event.objects.filter(chain="accounting:011002").values_list("action", flat=True)
    assert list(said) == ["accounting.layout_out", "accounting.hand_over"]


def test_what_one_has_an_interest_in_is_handed_out_by_somebody_else(world: World) -> None:
    award, _person = payments.fixed(world)
    interests.declare(award.case, by=world.staff["accountant"], detail="親族の会社")
    asked = {"town": "011002", "year": award.application.call.fiscal_year}
    own, other = (
        signed_in(world, who)
        .get(reverse("budget_accounting_csv"), asked)
        .content.decode("utf-8-sig")
        for who in ("accountant", "treasurer")
    )
    assert [award.case.organisation.name in text for text in (own, other)] == [False, True]


def test_a_sign_that_the_encoding_lacks_is_named(world: World) -> None:
    payments.fixed(world)
    rows = entries()
    rows[0].note = "𠮷田"
    with pytest.raises(NotReady, match="2行目の「𠮷」"):
        accounting.file(rows, Layout("cp932", (("note", "摘要"),)))


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
    answer = signed_in(world).post(
        reverse("budget_layout", args=["011002", OUT]), {"encoding": "utf-8"} | typed
    )
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert layout_of("011002", OUT).heading("entry") == "異動番号"


def sent(world: World, text: str, encoding: str = "utf-8") -> tuple[int, str]:
    file = SimpleUploadedFile("answers.csv", text.encode(encoding), content_type="text/csv")
    answer = signed_in(world).post(
        reverse("budget_accounting"), {"in-town": "011002", "in-file": file}
    )
    return answer.status_code, answer.content.decode()


def test_answers_are_read_by_the_mapped_columns_and_stand_beside_their_entries(
    world: World,
) -> None:
    payments.fixed(world)
    columns = (("status", "結果"), ("entry", "キー"), ("voucher", "伝票"), ("day", "日付"))
    by = world.staff["accountant"]
    accounting.keep_layout(town(), IN, Layout("cp932", columns), by=by)
    one = entries()[0]
    text = f"余分,キー,結果,伝票,日付\nx,{one.pk},支払済,A-1,令和8年11月26日\n"
    assert sent(world, text, "cp932")[0] == 302
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


def test_one_wrong_row_leaves_nothing_written_and_every_wrong_row_is_named(world: World) -> None:
    payments.fixed(world)
    one, two = entries()[:2]
    text = (
        "異動番号,状態,伝票番号,処理日,備考\n"
        f"{one.pk},受付,,,\n"
        "abc,受付,,,\n"
        f"{two.pk},,,,\n"
        f"{two.pk},受付,,13月,\n"
        "999999999,受付,,,\n"
        f"{one.pk},受付,,,\n"
    )
    status, page = sent(world, text)
    assert status == 422
    answers, faults = accounting.read(text, layout_of("011002", IN))
    known = {one.pk, two.pk}
    assert [place for place, _why in accounting.faults_among(answers, faults, known)] == [
        3,
        4,
        5,
        6,
        7,
    ]
    for why in ("数字ではありません", "状態が空", "日付として", "異動はありません", "前の行にも"):
        assert why in page
    assert not AccountingAnswer.objects.exists()


def test_a_file_without_its_columns_is_refused(world: World) -> None:
    status, page = sent(world, "番号,状態\n1,受付\n")
    assert (status, "列がありません：異動番号" in page) == (422, True)
