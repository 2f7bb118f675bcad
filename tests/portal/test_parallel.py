"""並行合議: those who are asked together agree in any order, and nobody comes next before all have."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from portal.accounts.models import User
from portal.approvals import paper
from portal.approvals.forms import DraftForm
from portal.approvals.models import Approval, Step
from portal.approvals.models.circulation import stations
from portal.types import Given
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden
from tests.absences import away, named
from tests.conftest import World
from tests.markup import one_line
from tests.portal.test_approvals import agrees, drafted, told, waiting


@pytest.mark.parametrize(
    ("kinds", "numbers"),
    [
        ("decide", [1]),
        ("agree agree decide", [1, 2, 3]),
        ("agree consult consult consult decide", [1, 2, 2, 2, 3]),
        ("consult consult agree consult decide", [1, 1, 2, 3, 4]),
    ],
)
def test_those_consulted_one_after_the_other_are_one_station(
    kinds: str, numbers: list[int]
) -> None:
    assert stations(kinds.split()) == numbers


@pytest.mark.parametrize(
    ("kinds", "numbers"),
    [
        ("decide", [1]),
        ("agree decide", [1, 2]),
        ("agree agree decide", [1, 1, 2]),
        ("agree agree consult consult decide", [1, 1, 2, 2, 3]),
    ],
)
def test_those_who_agree_are_one_station_where_the_draft_says_so(
    kinds: str, numbers: list[int]
) -> None:
    assert stations(kinds.split(), agree_together=True) == numbers


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_those_of_one_station_agree_in_any_order_also_in_a_second_round(
    world: World, client: Client, order: tuple[int, int]
) -> None:
    people = [world.approver, world.staff["accountant"]]
    client.force_login(world.officer)
    client.post(
        "/approvals/new/",
        {
            "act": "award",
            "case": world.accepted()[0].case.number,
            "title": "起案の件名",
            "keep_years": "5",
            "first": str(people[0].pk),
            "second": str(people[1].pk),
            "agree_together": "on",
            "decider": str(world.director.pk),
        },
    )
    approval = Approval.objects.get()
    assert waiting(approval) == {
        ("approver", "起案を確かめる"),
        ("accountant", "起案を確かめる"),
    }
    approval = perform(approval, "send_back", by=people[order[0]], reason="根拠を足してください")
    approval = perform(approval, "circulate", by=world.officer)
    assert [(step.round, step.n) for step in approval.steps_now] == [(2, 1), (2, 1), (2, 2)]
    approval = perform(approval, "agree", by=people[order[0]])
    with pytest.raises(Forbidden):
        perform(approval, "approve", by=world.director)
    approval = perform(approval, "agree", by=people[order[1]])
    agrees()
    assert waiting(approval) == {("director", "決裁する")}
    kinds = [kind for kind, _said in paper.document(approval)["sections"][1]["rows"]]
    assert kinds[:2] == ["第1回　回議（並行）"] * 2


def test_a_draft_that_is_put_right_may_ask_them_at_once_and_again_in_turn(world: World) -> None:
    approval = drafted(
        world,
        1,
        "award",
        ("agree", world.approver),
        ("agree", world.staff["accountant"]),
        ("decide", world.director),
    )
    said: Given = {
        "title": approval.title,
        "note": "",
        "rows": approval.rows(),
        "steps": [(step.kind, step.person) for step in approval.steps_now],
    }
    for together, numbers in ((True, [1, 1, 2]), (False, [1, 2, 3])):
        approval = perform(approval, "revise", by=world.officer, **said, agree_together=together)
        assert DraftForm.said(approval)["agree_together"] is together
        assert [step.n for step in approval.steps_now] == numbers


def consulted(world: World) -> tuple[Approval, User, User]:
    """In circulation at two who are consulted together."""
    first, second = world.staff["accountant"], world.staff["inspector"]
    approval = drafted(
        world,
        1,
        "award",
        ("agree", world.approver),
        ("consult", first),
        ("consult", second),
        ("decide", world.director),
    )
    approval = perform(approval, "circulate", by=world.officer)
    return perform(approval, "agree", by=world.approver), first, second


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_they_agree_in_any_order_and_all_must(world: World, order: tuple[int, int]) -> None:
    approval, *people = consulted(world)
    agrees()
    assert waiting(approval) == {
        ("accountant", "起案を確かめる"),
        ("inspector", "起案を確かめる"),
    }
    assert told("起案の確認をお願いします") == ["accountant", "approver", "inspector"]
    one, other = (people[n] for n in order)
    approval = perform(approval, "agree", by=one)
    agrees()
    assert len(waiting(approval)) == 1
    for early in (one, world.director):
        with pytest.raises(Forbidden):
            perform(approval, "agree", by=early)
    with pytest.raises(Forbidden):
        perform(approval, "approve", by=world.director)
    assert told("起案の決裁をお願いします") == []
    approval = perform(approval, "agree", by=other)
    agrees()
    assert waiting(approval) == {("director", "決裁する")}
    assert told("起案の決裁をお願いします") == ["director"]


def test_one_of_them_returns_it_and_all_are_asked_anew(world: World) -> None:
    approval, first, second = consulted(world)
    approval = perform(approval, "agree", by=first)
    approval = perform(approval, "send_back", by=second, reason="積算を直す")
    assert waiting(approval) == {("officer", "差し戻された起案を直す")}
    approval = perform(approval, "circulate", by=world.officer)
    assert [(step.n, step.person) for step in approval.steps_now[1:3]] == [(2, first), (2, second)]


def test_withdrawn_it_writes_to_all_who_were_asked(world: World) -> None:
    approval, *_people = consulted(world)
    perform(approval, "withdraw", by=world.officer)
    assert told("起案が取り下げられました") == ["accountant", "inspector"]


def test_a_deputy_stands_in_at_one_of_two(world: World) -> None:
    approval, accountant, inspector = consulted(world)
    named(accountant, world.staff["treasurer"], role="finance_officer")
    away(accountant)
    assert waiting(approval) == {
        ("treasurer", "代わって起案を確かめる（代決）"),
        ("inspector", "起案を確かめる"),
    }
    perform(approval, "agree_as_deputy", by=world.staff["treasurer"])
    steps = Step.objects.filter(approval=approval, n=2).values_list("person", "decision")
    assert dict(steps) == {accountant.pk: "agreed", inspector.pk: ""}


def test_nobody_is_asked_twice_at_one_station(world: World) -> None:
    approval, first, _second = consulted(world)
    step = Step.objects.get(approval=approval, person=first)
    step.pk = None
    with transaction.atomic(), pytest.raises(IntegrityError):
        step.save()


def test_the_list_of_each_holds_it_until_this_one_agreed(world: World) -> None:
    approval, first, second = consulted(world)
    perform(approval, "agree", by=first)
    for person, shown in ((first, False), (second, True), (world.director, False)):
        assert Approval.objects.waiting_for(person).filter(pk=approval.pk).exists() is shown


def test_form_page_and_paper(world: World, client: Client) -> None:
    application = world.accepted()[0]
    number, people = application.case.number, world.staff
    sent = {
        "act": "award",
        "case": number,
        "title": "起案の件名",
        "keep_years": "5",
        "consult": str(people["accountant"].pk),
        "consult_second": str(people["accountant"].pk),
        "decider": str(world.director.pk),
    }
    client.force_login(world.officer)
    page = client.post("/approvals/new/", sent)
    assert page.status_code == 422
    assert "1人が受け持つ段階は1つです" in page.content.decode()
    answer = client.post(
        "/approvals/new/",
        sent | {"consult_third": str(people["inspector"].pk), "consult_second": ""},
    )
    approval = Approval.objects.get()
    assert answer["Location"] == approval.get_absolute_url()
    assert [step.n for step in approval.steps.all()] == [1, 1, 2]
    shown = one_line(client.get(approval.get_absolute_url()))
    assert shown.count('aria-current="step"') == 1
    assert shown.count('class="steps__item"') == 2
    rows = paper.document(approval)["sections"][1]["rows"]
    assert [kind for kind, _said in rows] == [
        "第1回　合議（並行）",
        "第1回　合議（並行）",
        "第1回　決裁",
    ]
