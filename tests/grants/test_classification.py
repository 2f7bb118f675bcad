"""予算科目: what of the budget stands under what, typed once, found by it, and on paper."""

import csv
import io

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.budget import classifying
from grants.budget.drawing import drawn
from grants.budget.models import BudgetLine
from grants.programmes.models import Call
from portal.audit.models import Event
from portal.workflow.errors import Forbidden, NotReady
from tests.conftest import World
from tools.demonstration.rooms.budget import classification

SAID = classification("telework")


def line(world: World, programme: str = "telework") -> BudgetLine:
    call = Call.objects.filter(programme__code=programme).first() or world.call(programme)
    return BudgetLine.objects.filter(call=call, unit="yen")[0]


def test_a_line_says_its_classification_on_page_table_paper_and_record(world: World) -> None:
    row, client = line(world), Client()
    client.force_login(world.staff["accountant"])
    answer = client.post(reverse("budget_classify", args=[row.pk]), SAID)
    assert answer.status_code == 302
    row = BudgetLine.objects.get(pk=row.pk)
    assert row.codes_said == "款07 項01 目02 事業0220 節18"
    page = client.get(reverse("budget_line", args=[row.pk])).content.decode()
    assert "07 商工費" in page
    assert "18 負担金、補助及び交付金" in page
    sheet = client.get(reverse("budget_csv")).content.decode("utf-8-sig")
    [found] = [
        cells
        for cells in csv.DictReader(io.StringIO(sheet))
        if cells["公募回"] == row.call.code and cells["節の番号"]
    ]
    assert (found["款の番号"], found["目の名前"], found["予算現額"]) == (
        "07",
        "商工業振興費",
        str(row.appropriated),
    )
    [draw] = [d for d in drawn([(row.call, row.frame, 1, 1)]) if str(d.unit) == "円"]
    assert draw.line.endswith("（款07 項01 目02 事業0220 節18）")
    event = Event.objects.filter(subject=f"budgetline:{row.pk}").latest("pk")
    assert (event.action, event.actor) == ("budgetline.classify", world.staff["accountant"])


def test_a_classification_is_whole_or_none(world: World) -> None:
    row, client = line(world), Client()
    client.force_login(world.staff["accountant"])
    way = reverse("budget_classify", args=[row.pk])
    assert client.post(way, SAID | {"item_code": ""}).status_code == 422
    assert client.post(way, SAID | {"activity_code": ""}).status_code == 422
    without = SAID | {"activity_code": "", "activity_title": ""}
    assert client.post(way, without).status_code == 302
    with pytest.raises(IntegrityError, match="budget_classified_wholly"), transaction.atomic():
        BudgetLine.objects.filter(pk=row.pk).update(item_title="")
    with pytest.raises(IntegrityError, match="budget_classified_wholly"), transaction.atomic():
        BudgetLine.objects.filter(pk=row.pk).update(activity_code="9")


def test_one_code_has_one_name_in_one_budget(world: World) -> None:
    first, other = line(world), line(world, "dx_promotion")
    finance = world.staff["accountant"]
    classifying.classify(first, SAID, by=finance, whole_call=False)
    wrong = classification("dx_promotion") | {"section_title": "別の費"}
    with pytest.raises(NotReady, match="項01は、この年度のほかの予算では「商工費」です"):
        classifying.classify(other, wrong, by=finance, whole_call=False)
    elsewhere = wrong | {"chapter_code": "08"}
    classifying.classify(other, elsewhere, by=finance, whole_call=False)
    assert BudgetLine.objects.get(pk=other.pk).section_title == "別の費"


def test_a_known_classification_is_chosen_and_given_to_all_frames_of_a_call(world: World) -> None:
    first, other = line(world), line(world, "dx_promotion")
    classifying.classify(first, SAID, by=world.staff["accountant"], whole_call=False)
    client = Client()
    client.force_login(world.staff["accountant"])
    sent = {"known": str(first.pk), "whole_call": "on"}
    assert client.post(reverse("budget_classify", args=[other.pk]), sent).status_code == 302
    found = BudgetLine.objects.filter(call=other.call, unit="yen")
    assert {row.path for row in found} == {BudgetLine.objects.get(pk=first.pk).path}
    assert len(found) > 1


def test_lines_are_found_by_any_level(world: World) -> None:
    finance = world.staff["accountant"]
    for programme in ("telework", "dx_promotion", "iot"):
        row = line(world, programme)
        classifying.classify(row, classification(programme), by=finance, whole_call=False)
    lines = list(BudgetLine.objects.select_related("call"))
    counts = {
        label.strip("　"): len(classifying.under(lines, value))
        for value, label in classifying.choices(lines)
    }
    left = sum(row.unit == "yen" for row in lines) - 3
    assert counts == {
        "07 商工費": 3,
        "01 商工費": 3,
        "02 商工業振興費": 2,
        "0210 中小企業デジタル化推進事業": 1,
        "0220 テレワーク導入支援事業": 1,
        "03 産業創出費": 1,
        "0310 IoT活用促進事業": 1,
        "節18 負担金、補助及び交付金": 3,
        "予算科目のないもの": left,
    }
    client = Client()
    client.force_login(finance)
    page = client.get(reverse("budget_list"), {"under": "07-01-03"}).content.decode()
    shown = [reverse("budget_line", args=[row.pk]) in page for row in lines]
    assert shown == [row == line(world, "iot") for row in lines]


def test_only_finance_classifies(world: World) -> None:
    with pytest.raises(Forbidden):
        classifying.classify(line(world), SAID, by=world.officer, whole_call=False)
