"""The items of a completion report out of a spreadsheet: a row that takes the place of one keeps its papers."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from grants.completion import reporting
from grants.completion.models import CompletionReport
from portal import clock
from portal.documents import paste_page
from portal.workflow.door import begin
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded, written
from tests.markup import one_line

HEAD = "品名\t費目\t業者\t見積日\t発注日\t納品日\t請求日\t支払日\t振込先\t自社口座\t支払額\t税抜額\t備考"


def line(report: CompletionReport, what: str, *, paid: str = "") -> str:
    day = f"{clock.today():%Y/%-m/%-d}"
    category = report.award.stated.categories[0].name.ja
    days = [day, day, day, day, paid or day]
    cells = [what, category, "事務機社", *days, "事務機社", "はい", "11万円", "100,000", "x"]
    return "\t".join(cells)


def fresh(report: CompletionReport) -> CompletionReport:
    return CompletionReport.objects.get(pk=report.pk)


def posted(client: Client, report: CompletionReport, text: str, **more: str) -> HttpResponseBase:
    at = reverse("completion_paste", args=[report.case.number])
    return client.post(at, {"pasted": text, "version": str(fresh(report).version), **more})


def rows(report: CompletionReport) -> list[tuple[str, str, int]]:
    return [(item.key, item.what, item.amount) for item in reporting.items_of(fresh(report))]


@begins(awarded)
def test_it_is_shown_first_and_the_planned_rows_stay_above(world: World, client: Client) -> None:
    award, person = world.begun(awarded)
    report = begin(CompletionReport, by=person, award=award)
    client.force_login(person)
    text = "\n".join([HEAD, line(report, "机"), line(report, "椅子")])
    page = one_line(posted(client, report, text))
    assert "2行を読み取りました。まだ取り込んでいません。" in page
    assert "使わない列：備考" in page
    assert "発注先" in page
    assert "2社目の見積り" not in page  # a column in which nothing stands
    assert "直していただきたいところ" not in page
    assert fresh(report).typed == {}
    assert posted(client, report, text, take="1", mode="add").status_code == 302
    items = reporting.item_set(fresh(report))
    assert [row["what"].value() for row in items] == [award.planned[0][0], "机", "椅子"]
    assert len({row["key"].value() for row in items}) == 3
    assert [(what, amount) for _key, what, amount in rows(report)] == [
        ("机", 100_000),
        ("椅子", 100_000),
    ]


@begins(awarded)
def test_a_row_that_takes_the_place_of_one_keeps_its_papers(world: World, client: Client) -> None:
    award, person = world.begun(awarded)
    report = written(award, person)
    client.force_login(person)
    ((key, what, _amount),) = rows(report)
    text = "\n".join([HEAD, line(report, "机"), line(report, what)])
    before = {name: said for name, said in report.typed.items() if not name.startswith("item-")}
    assert posted(client, report, text, take="1", mode="replace").status_code == 302
    first, second = reporting.items_of(fresh(report))
    assert (second.key, second.what, second.files) == (key, what, 1)
    assert (first.what, first.files) == ("机", 0)
    assert first.key != key
    now = fresh(report).typed
    assert {name: said for name, said in now.items() if not name.startswith("item-")} == before


@begins(awarded)
def test_what_is_wrong_is_said_by_row_and_column(world: World, client: Client) -> None:
    award, person = world.begun(awarded)
    report = begin(CompletionReport, by=person, award=award)
    client.force_login(person)
    text = "\n".join([HEAD, line(report, "机", paid="2/1"), "椅子\t食費"])
    page = one_line(posted(client, report, text))
    assert "2行目の支払いの日：どの年かがはっきりしません。" in page
    assert "3行目の経費区分：次のどれかにしてください：" in page
    assert report.award.stated.categories[0].name.ja in page
    many = "\n".join([HEAD, *[line(report, "机")] * 31])
    refused = posted(client, report, many, take="1", mode="replace")
    assert refused.status_code == 422
    assert "経費は30行までです。このまま取り込むと31行になります。" in one_line(refused)
    assert fresh(report).typed == {}


@begins(awarded)
def test_nobody_is_written_over_and_nothing_comes_once_it_is_handed_in(
    world: World, client: Client
) -> None:
    award, person = world.begun(awarded)
    report = written(award, person)
    client.force_login(person)
    text = "\n".join([HEAD, line(report, "机")])
    had, seen = rows(report), fresh(report).version - 1
    stale = posted(client, report, text, take="1", mode="replace", version=str(seen))
    assert (stale.status_code, rows(report)) == (409, had)
    reporting.submit(fresh(report), by=person)
    assert posted(client, report, text, take="1", mode="replace").status_code == 404


@begins(awarded)
def test_the_workbook_comes_back_as_it_went_out(world: World, client: Client) -> None:
    award, person = world.begun(awarded)
    report = written(award, person)
    client.force_login(person)
    answer = client.get(reverse("completion_workbook", args=[report.case.number]))
    assert isinstance(answer, StreamingHttpResponse)
    data, had = answer.getvalue(), reporting.item_set(fresh(report)).items()
    assert openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].max_row == 2
    at = reverse("completion_paste", args=[report.case.number])
    page = client.post(at, {"file": SimpleUploadedFile("表.xlsx", data)})
    text = page.context["text"]
    assert posted(client, report, text, take="1", mode="replace").status_code == 302
    assert reporting.item_set(fresh(report)).items() == had


@begins(awarded)
def test_rows_of_one_content_keep_their_papers_in_their_order(world: World, client: Client) -> None:
    award, person = world.begun(awarded)
    report = written(award, person)
    client.force_login(person)
    twice = "\n".join([HEAD, line(report, "机"), line(report, "机")])
    assert posted(client, report, twice, take="1", mode="replace").status_code == 302
    had = rows(report)
    assert posted(client, report, twice, take="1", mode="replace").status_code == 302
    assert rows(report) == had


@begins(awarded)
def test_more_rows_than_can_stand_there_are_refused_before_one_is_looked_at(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    award, person = world.begun(awarded)
    report = begin(CompletionReport, by=person, award=award)
    client.force_login(person)
    looked: list[object] = []
    monkeypatch.setattr(paste_page, "_wrong", looked.append)
    refused = posted(client, report, "\n".join([HEAD, *[line(report, "机")] * 31]))
    assert (refused.status_code, looked) == (422, [])
    page = one_line(refused)
    assert "経費は30行までです。このまま取り込むと31行になります。" in page


@begins(awarded)
def test_of_many_faults_the_first_are_said_and_how_many_more(world: World, client: Client) -> None:
    award, person = world.begun(awarded)
    report = begin(CompletionReport, by=person, award=award)
    client.force_login(person)
    text = "\n".join([HEAD, *["\t".join(["机", *["あ" * 8] * 12])] * 30])
    faults = posted(client, report, text).context["faults"]  # type: ignore[attr-defined]
    assert len(faults) == paste_page.MOST_SAID + 1
    assert re.fullmatch(r"ほかに\d+件あります。表のそれぞれの行をご覧ください。", faults[-1][1])
