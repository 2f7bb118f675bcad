"""The cost table out of a spreadsheet: looked at first, then taken over; nothing else is touched."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from grants.applications import drafts
from grants.applications.models import Application
from portal.accounts.models import User
from portal.events import Event
from portal.ui.alone import alone
from tests.conftest import World
from tests.markup import one_line
from tests.portal import hostile

HEAD = "品名\t費目\t発注予定日\t型番\t金額（税抜）"


def begun(world: World, client: Client) -> tuple[Application, User, str]:
    application, person = world.draft()
    client.force_login(person)
    return application, person, reverse("costs_paste", args=[application.case.number])


def day(application: Application) -> date:
    return application.call.decision_on + timedelta(days=30)


def rows(application: Application, *more: str) -> str:
    name = application.stated.categories[0].name.ja
    written = f"{day(application):%Y/%-m/%-d}"
    lines = [f"机\t{name}\t{written}\tA-1\t120,000", f"椅子\t{name}\t{written}\tB\t８万円"]
    return "\n".join([HEAD, *lines, *more])


def taken(
    client: Client, at: str, text: str, application: Application, **more: str
) -> HttpResponseBase:
    section = drafts.stored(application, "costs")
    version = str(section.version if section else 0)
    return client.post(at, {"pasted": text, "take": "1", "version": version, **more})


def items(application: Application) -> list[tuple[str, str, int]]:
    found = drafts.cost_items(application)
    return [(item["what"], item["category"], item["amount"]) for item in found]


def test_it_is_shown_first_and_taken_over_at_the_second_press(world: World, client: Client) -> None:
    application, _person, at = begun(world, client)
    before = drafts.stored(application, "costs")
    assert before is not None
    key, had = application.stated.categories[0].key, items(application)
    text = rows(application, "合計\t\t\t\t200,000")
    page = one_line(client.post(at, {"pasted": text}))
    assert "2行を読み取りました。まだ取り込んでいません。" in page
    assert "使わない列：型番" in page
    assert "4行目「合計 200,000」" in page
    assert items(application) == had
    added = taken(client, at, text, application, mode="add")
    assert added.status_code == 302
    new = [("机", key, 120_000), ("椅子", key, 80_000)]
    assert items(application) == [*had, *new]
    taken(client, at, text, application, mode="replace")
    assert items(application) == new
    now = drafts.stored(application, "costs")
    assert now is not None
    assert {n: t for n, t in now.data.items() if not n.startswith("item-")} == {
        n: t for n, t in before.data.items() if not n.startswith("item-")
    }


def test_what_is_wrong_is_said_by_row_and_column_and_kept(world: World, client: Client) -> None:
    application, _person, at = begun(world, client)
    text = "\n".join([HEAD, "机\t食費\t2/1\t\t1万5", "椅子\t\t\t\t-5"])
    page = one_line(client.post(at, {"pasted": text}))
    for words in (
        "2行目の経費区分：",
        "2行目の発注予定日：どの年かがはっきりしません。",
        "3行目の発注予定日：年・月・日を入力してください。",
        "3行目の金額（税抜・円）：0以上の数を入力してください。",
    ):
        assert words in page
    taken(client, at, text, application, mode="replace")
    section = drafts.stored(application, "costs")
    assert section is not None
    assert section.data["item-0-category"] == "食費"
    assert section.data["item-0-order_on_y"] == "2/1"
    costs = one_line(
        client.get(reverse("application_section", args=[application.case.number, "costs"]))
    )
    assert "食費" in costs


def test_a_way_of_taking_over_is_chosen_and_twenty_rows_are_the_most(
    world: World, client: Client
) -> None:
    application, _person, at = begun(world, client)
    had, text = items(application), rows(application)
    assert taken(client, at, text, application).status_code == 422
    many = "\n".join([text, *text.split("\n")[1:] * 10])
    refused = taken(client, at, many, application, mode="replace")
    assert refused.status_code == 422
    assert "経費は20行までです。このまま取り込むと22行になります。" in one_line(refused)
    assert items(application) == had


def test_nobody_is_written_over(world: World, client: Client) -> None:
    application, person, at = begun(world, client)
    section = drafts.stored(application, "costs")
    assert section is not None
    seen = str(section.version)
    typed = section.data | {"item-0-what": "先に書いた人の行"}
    drafts.save(application, "costs", typed, by=person, page=drafts.Page(section.version))
    sent = {"pasted": rows(application), "take": "1", "mode": "replace"}
    overtaken = client.post(at, sent | {"version": seen})
    assert overtaken.status_code == 409
    assert items(application)[0][0] == "先に書いた人の行"
    assert client.post(at, sent | {"version": str(section.version + 1)}).status_code == 302


def sent(name: str, data: bytes) -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, data)}


def book(*lines: Sequence[object]) -> bytes:
    out, made = io.BytesIO(), openpyxl.Workbook()
    assert made.active is not None
    for line in lines:
        made.active.append(line)
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "cp932", "utf-16", "utf-8"])
def test_a_file_is_read_as_what_is_pasted(world: World, client: Client, kind: str) -> None:
    application, _person, at = begun(world, client)
    text = rows(application)
    if kind == "xlsx":
        name = application.stated.categories[0].name.ja
        line = ["机", name, day(application), "A", 120_000.0]
        data = book(["お見積り"], HEAD.split("\t"), line)
    else:
        separator = "," if kind != "utf-16" else "\t"
        plain = text.replace("120,000", "120000").replace("\t", separator)
        data = plain.encode(kind)
    page = one_line(client.post(at, sent(f"表.{kind[:3]}", data)))
    assert "行を読み取りました。まだ取り込んでいません。" in page
    assert "直していただきたいところ" not in page


def test_the_workbook_to_fill_in_comes_back_as_it_went_out(world: World, client: Client) -> None:
    application, _person, at = begun(world, client)
    answer = client.get(reverse("costs_workbook", args=[application.case.number]))
    assert isinstance(answer, StreamingHttpResponse)
    data = answer.getvalue()
    sheet = openpyxl.load_workbook(io.BytesIO(data))
    heads = [cell.value for cell in sheet.worksheets[0][1]]
    assert heads == ["内容", "経費区分", "発注予定日", "金額（税抜・円）"]
    had, page = items(application), client.post(at, sent("表.xlsx", data))
    taken(client, at, page.context["text"], application, mode="replace")
    assert items(application) == had


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (hostile.pdf(), "Excel（xlsx）かCSVのファイルを選んでください。"),
        (hostile.office({"word/document.xml": "<w/>"}), "Excel（xlsx）かCSV"),
        (b"PK\x03\x04 broken", "ファイルが壊れているようです。"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 20, "古い形式"),
        (b"", "ファイル"),
    ],
)
def test_files_that_are_no_table_are_refused_in_words(
    world: World, client: Client, data: bytes, why: str
) -> None:
    _application, _person, at = begun(world, client)
    refused = client.post(at, sent("表.xlsx", data))
    assert refused.status_code == 422
    assert why in one_line(refused)


def test_a_hostile_workbook_ends_in_its_child(world: World, client: Client) -> None:
    _application, _person, at = begun(world, client)
    told = '<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
    refused = client.post(at, sent("表.xlsx", hostile.office({}, told)))
    assert refused.status_code == 422


def workbook(strings: int) -> bytes:
    """A sheet of one cell in a file that holds far more texts than that."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active["A1"] = "a"
    book.save(out)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as written:
        written.writestr("xl/sharedStrings.xml", f"<sst>{'<si><t>a</t></si>' * strings}</sst>")
    return out.getvalue()


def brought(client: Client, at: str, data: bytes, name: str = "b.xlsx") -> HttpResponseBase:
    return client.post(at, {"pasted": "", "file": SimpleUploadedFile(name, data)})


def test_a_workbook_that_takes_long_to_read_is_refused(world: World, client: Client) -> None:
    _application, _person, at = begun(world, client)
    answer = brought(client, at, workbook(200_000))
    assert answer.status_code == 422
    assert "取り込む表だけを新しいファイルに保存する" in one_line(answer)


def test_one_file_is_read_at_once_and_others_are_asked_to_come_again(
    world: World, client: Client
) -> None:
    _application, _person, at = begun(world, client)
    with alone():
        answer = brought(client, at, workbook(5))
    assert answer.status_code == 503
    assert getattr(answer, "event", None) is Event.WORK_TAKEN
    assert answer["Retry-After"] == "5"
    assert "数秒たってから、もう一度お試しください" in one_line(answer)
    assert brought(client, at, workbook(5)).status_code == 200


def test_a_file_of_more_signs_than_can_be_taken_over_is_refused(
    world: World, client: Client
) -> None:
    _application, _person, at = begun(world, client)
    answer = brought(client, at, ("机" * 2_000 + "\n").encode() * 100, "b.csv")
    assert answer.status_code == 422
    assert "全部で100,000字までにしてください" in one_line(answer)
