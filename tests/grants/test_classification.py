"""予算科目: what of the budget stands under what, typed once, found by it, and on paper."""

import csv
import io
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.budget import classifying
from grants.budget.drawing import drawn
from grants.budget.models import BudgetLine, ClassificationProposal
from grants.programmes.models import Call
from portal import clock
from portal.audit.models import Event
from portal.workflow.errors import Forbidden, NotReady
from tests.conftest import World
from tools.demonstration import simulation
from tools.demonstration.rooms.budget import classification, classify

SAID = classification("telework")


def line(world: World, programme: str = "telework") -> BudgetLine:
    call = Call.objects.filter(programme__code=programme).first() or world.call(programme)
    return BudgetLine.objects.filter(call=call, unit="yen")[0]


def confirmed(row: BudgetLine, world: World) -> None:
    """What waits for a line, confirmed by the other person of finance on the line's page."""
    [proposal] = classifying.open_of(row)
    client = Client()
    client.force_login(world.staff["treasurer"])
    way = reverse("classification_confirm", args=[proposal.pk])
    assert way in client.get(reverse("budget_line", args=[row.pk])).content.decode()
    assert client.post(way).status_code == 302


def test_a_line_says_its_classification_on_page_table_paper_and_record(world: World) -> None:
    row, client = line(world), Client()
    client.force_login(world.staff["accountant"])
    answer = client.post(reverse("budget_classify", args=[row.pk]), SAID)
    assert answer.status_code == 302
    assert not BudgetLine.objects.get(pk=row.pk).is_classified
    confirmed(row, world)
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
    assert (found["款の番号"], found["目の名前"], found["予算額"]) == (
        "07",
        "商工業振興費",
        str(row.appropriated),
    )
    [draw] = [d for d in drawn([(row.call, row.frame, 1, 1)]) if str(d.unit) == "円"]
    assert draw.line.endswith("（款07 項01 目02 事業0220 節18）")
    event = Event.objects.filter(subject=f"budgetline:{row.pk}").latest("pk")
    assert (event.action, event.actor) == ("budgetline.classify", world.staff["treasurer"])


def test_a_classification_is_whole_or_none(world: World) -> None:
    row, client = line(world), Client()
    client.force_login(world.staff["accountant"])
    way = reverse("budget_classify", args=[row.pk])
    assert client.post(way, SAID | {"item_code": ""}).status_code == 422
    assert client.post(way, SAID | {"activity_code": ""}).status_code == 422
    without = SAID | {"activity_code": "", "activity_title": ""}
    assert client.post(way, without).status_code == 302
    confirmed(row, world)
    with pytest.raises(IntegrityError, match="budget_classified_wholly"), transaction.atomic():
        BudgetLine.objects.filter(pk=row.pk).update(item_title="")
    with pytest.raises(IntegrityError, match="budget_classified_wholly"), transaction.atomic():
        BudgetLine.objects.filter(pk=row.pk).update(activity_code="9")


def test_one_code_has_one_name_in_one_budget(world: World) -> None:
    first, other = line(world), line(world, "dx_promotion")
    classify(first, SAID, world.staff)
    wrong = classification("dx_promotion") | {"section_title": "別の費"}
    with pytest.raises(NotReady, match="項01は、この年度のほかの予算では「商工費」です"):
        classify(other, wrong, world.staff)
    elsewhere = wrong | {"chapter_code": "08"}
    classify(other, elsewhere, world.staff)
    assert BudgetLine.objects.get(pk=other.pk).section_title == "別の費"


def test_a_known_classification_is_chosen_and_given_to_all_frames_of_a_call(world: World) -> None:
    first, other = line(world), line(world, "dx_promotion")
    classify(first, SAID, world.staff)
    client = Client()
    client.force_login(world.staff["accountant"])
    sent = {"known": str(first.pk), "whole_call": "on"}
    assert client.post(reverse("budget_classify", args=[other.pk]), sent).status_code == 302
    confirmed(other, world)
    found = BudgetLine.objects.filter(call=other.call, unit="yen")
    assert {row.path for row in found} == {BudgetLine.objects.get(pk=first.pk).path}
    assert len(found) > 1


def test_lines_are_found_by_any_level(world: World) -> None:
    finance = world.staff["accountant"]
    for programme in ("telework", "dx_promotion", "iot"):
        row = line(world, programme)
        classify(row, classification(programme), world.staff)
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
        classifying.propose(line(world), SAID, by=world.officer, whole_call=False)


def test_who_proposed_a_classification_does_not_confirm_it(world: World) -> None:
    row, first = line(world), world.staff["accountant"]
    proposal = classifying.propose(row, SAID, by=first, whole_call=False)
    with pytest.raises(Forbidden, match="提案した方は確認できません"):
        classifying.confirm(proposal, by=first)
    now = clock.now()
    alone = {"closed_by": first, "closed_at": now, "confirmed_at": now}
    four_eyes = pytest.raises(IntegrityError, match="budget_classification_four_eyes")
    with four_eyes, transaction.atomic():
        ClassificationProposal.objects.filter(pk=proposal.pk).update(**alone)
    with pytest.raises(Forbidden):
        classifying.confirm(proposal, by=world.officer)
    assert not BudgetLine.objects.get(pk=row.pk).is_classified
    assert classifying.waiting() == {world.staff["treasurer"]: 1}


def test_one_proposal_waits_for_a_line_and_is_closed_once(world: World) -> None:
    row, first = line(world, "dx_promotion"), world.staff["accountant"]
    other = row.call.budget_lines.filter(unit="yen").exclude(pk=row.pk)[0]
    proposal = classifying.propose(other, SAID, by=first, whole_call=True)
    with pytest.raises(NotReady, match="別の提案が、確認を待っています"):
        classifying.propose(row, SAID, by=first, whole_call=False)
    classifying.take_back(proposal, by=first)
    with pytest.raises(NotReady, match="すでに確認されたか、取り下げられています"):
        classifying.confirm(proposal, by=world.staff["treasurer"])
    classifying.propose(row, SAID, by=first, whole_call=False)
    actions = Event.objects.filter(action__startswith="classificationproposal.").order_by("pk")
    assert [event.action.split(".")[1] for event in actions] == ["propose", "take_back", "propose"]


def test_a_call_of_the_next_year_is_proposed_the_classification_of_the_last(world: World) -> None:
    row = line(world, "dx_promotion")
    classify(row, SAID, world.staff)
    row.refresh_from_db()
    with clock.at(simulation.at(date(row.fiscal_year + 1, 6, 1), 10)):
        later = world.call("dx_promotion")
    found = {one.frame: one for one in later.budget_lines.filter(unit="yen")}
    assert len(found) > 1
    assert not any(one.is_classified for one in found.values())
    waits = {frame: [str(p) for p in classifying.open_of(one)] for frame, one in found.items()}
    assert waits == {frame: [row.codes_said] if frame == row.frame else [] for frame in found}
    confirmed(found[row.frame], world)
    assert BudgetLine.objects.get(pk=found[row.frame].pk).path == row.path
