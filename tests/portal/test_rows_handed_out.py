"""The rows of a draft as CSV and as a workbook: what its page shows to the same reader."""

import csv
import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from portal import clock
from portal.approvals import handed_out
from portal.approvals.models import Approval
from portal.approvals.models.rules import RuleTable
from portal.cases.models import Reading
from portal.registry.codes import SAPPORO
from portal.workflow.door import perform
from tests.conftest import World
from tests.journeys.test_queries import count
from tests.journeys.test_rights import entered
from tests.portal.test_rows_of_drafts import MATRIX, drafted


def csv_of(client: Client, approval: Approval) -> list[dict[str, str]]:
    text = client.get(f"{approval.get_absolute_url()}rows.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(("reader", "reads"), MATRIX.items())
def test_each_reader_takes_out_the_rows_that_they_read(
    world: World, reader: str, reads: tuple[bool, bool]
) -> None:
    approval, person, *items = drafted(world, reader)
    found = csv_of(entered(person), approval)
    for item, is_open in zip(items, reads, strict=True):
        lines = [line for line in found if line["案件"] == str(item.case)]
        firm = item.case.organisation.name if is_open else ""
        assert {line["事業者"] for line in lines} == {firm}
        assert any(line["項目"] for line in lines) is is_open
        if not is_open:  # the number and the state, and nothing else
            [line] = lines
            said = {name for name, value in line.items() if value}
            assert said == {"案件", "状態"}
    kept = Reading.objects.filter(person=person, what="approval.export")
    assert {reading.case_id for reading in kept} == {item.case_id for item in items}


@pytest.mark.parametrize(("reader", "reads"), MATRIX.items())
def test_the_largest_sum_is_told_to_whom_every_row_is_open(
    world: World, reader: str, reads: tuple[bool, bool]
) -> None:
    approval, person, *_items = drafted(world, reader)
    RuleTable.objects.create(
        municipality_id=SAPPORO,
        rows=[("", None, "section_chief")],
        is_confirmed=True,
        proposed_by=world.staff["administrator"],
        closed_by=world.staff["second_administrator"],
        closed_at=clock.now(),
    )
    page = entered(person).get(approval.get_absolute_url()).content.decode()
    assert ("1件でいちばん大きい額" in page) is all(reads)


def test_the_table_says_what_the_page_says_and_adds_up(world: World) -> None:
    approval = world.approval("award", [world.accepted()[0] for _ in range(2)])
    items = list(approval.items.all())
    lines = csv_of(entered(world.director), approval)
    assert [line["案件"] for line in lines if line["この起案の金額（円）"]] == [
        str(item.case) for item in items
    ]
    assert sum(int(line["この起案の金額（円）"] or 0) for line in lines) == sum(
        item.yen or 0 for item in items
    )
    assert sum(int(line["申請額（円）"] or 0) for line in lines) == sum(
        item.case.applied_amount or 0 for item in items
    )
    said = {line["項目"]: (line["いま"], line["決裁のあと"]) for line in lines}
    page = entered(world.director).get(approval.get_absolute_url()).content.decode()
    assert all(word in page for what, change in said.items() for word in (what, *change))
    perform(approval, "approve", by=world.director)
    after = csv_of(entered(world.director), Approval.objects.get(pk=approval.pk))
    assert {line["項目"]: (line["決裁の前"], line["決裁のあと"]) for line in after} == said


def test_no_name_in_it_is_a_formula_and_the_workbook_says_the_same(world: World) -> None:
    approval = world.approval("award", [world.accepted()[0]])
    firm = approval.items.get().case.organisation
    firm.name = "＝HYPERLINK(1)"
    firm.save()
    client = entered(world.director)
    assert csv_of(client, approval)[0]["事業者"] == "'＝HYPERLINK(1)"
    sent = client.get(f"{approval.get_absolute_url()}rows.xlsx").getvalue()
    rows = load_workbook(io.BytesIO(sent), read_only=True).worksheets[0].values
    table = handed_out.table(world.director, Approval.objects.get(pk=approval.pk))
    written = [["" if value is None else str(value) for value in row] for row in rows]
    assert [row[:1] + row[2:] for row in written] == [
        [str("" if value is None else value) for value in row[:1] + row[2:]] for row in table
    ]
    assert written[1][1] == "'＝HYPERLINK(1)"


def test_the_table_asks_as_many_queries_for_three_rows_as_for_one(world: World) -> None:
    found = []
    for n in (1, 3):
        approval = world.approval("award", [world.accepted()[0] for _ in range(n)])
        path = f"{approval.get_absolute_url()}rows.csv"
        found.append(count(entered(world.director), path))
    assert found[0] == found[1] <= 40


def test_each_row_names_its_line_of_the_budget_before_and_after_the_decision(world: World) -> None:
    approval = world.approval("award", [world.accepted()[0]])
    [line, *_slots] = {draw.line for draw in approval.draws(())}
    for name in ("いま", "approve"):
        if name == "approve":
            approval = perform(approval, name, by=world.director)
        assert {row["予算"] for row in csv_of(entered(world.director), approval)} == {line}
    rejected = world.approval("reject", [world.accepted()[0]], {"reason": "x"})
    assert {row["予算"] for row in csv_of(entered(world.director), rejected)} == {""}


def test_what_was_decided_is_told_in_the_readers_language(world: World) -> None:
    approval = world.decided("award", [world.accepted()[0]])
    item = approval.items.get()
    client = entered(world.director)
    japanese = client.get(approval.get_absolute_url()).content.decode()
    english = client.get(f"/en{approval.get_absolute_url()}").content.decode()
    assert item.changes != item.changes_en
    for changes, page, other in (
        (item.changes, japanese, english),
        (item.changes_en, english, japanese),
    ):
        for what, _before, after in changes:
            assert f"{what}</th>" in page
            assert f"<strong>{after}</strong>" in page
            assert f"<strong>{after}</strong>" not in other
    assert (approval.budget[0]["unit"], approval.budget_en[0]["unit"]) == ("円", " yen")
