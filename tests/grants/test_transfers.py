"""補正 up and down, and 流用: what the law lets go from one line to another, as one entry of two lines."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.budget import adding_up, changes, planning
from grants.budget.models import BudgetChange, BudgetEntry, BudgetLine, book
from grants.programmes.models import Call
from portal.accounts.models import User
from portal.audit import rows
from portal.audit.models import Event
from portal.workflow.errors import Forbidden, NotReady
from reports.statistics.pipeline import frames, reconciling
from tests.conftest import World
from tests.roles import granted
from tools.demonstration.rooms.budget import classification, classify

HAS = 1_000_000
PERMIT = "予算総則第5条"


def two_lines(world: World, **other: str) -> tuple[BudgetLine, BudgetLine]:
    """Two lines of a million yen each, of one 目, the second with `other` codes or titles."""
    call = world.call("dx_promotion", budgets=[("digitalisation", "yen", HAS), ("dx", "yen", HAS)])
    said = classification("dx_promotion")
    lines = list(call.budget_lines.order_by("pk"))
    for line, change in zip(lines, ({}, other), strict=True):
        classify(line, said | change, world.staff)
    return fresh(*lines)


def fresh(*lines: BudgetLine) -> tuple[BudgetLine, BudgetLine]:
    one, other = (BudgetLine.objects.get(pk=line.pk) for line in lines)
    return one, other


def moved(world: World, one: BudgetLine, other: BudgetLine, amount: int, permit: str = "") -> None:
    first, second = world.staff["accountant"], world.staff["treasurer"]
    change = changes.propose(
        one, "transfer", amount, by=first, note="執行残", to=other, permit=permit
    )
    with pytest.raises(Forbidden, match="提案した方は確認できません"):
        changes.confirm(change, by=first)
    changes.confirm(change, by=second)


def test_a_transfer_is_one_entry_that_moves_both_lines(world: World) -> None:
    one, other = two_lines(world)
    moved(world, one, other, 300_000)
    one, other = fresh(one, other)
    assert (one.appropriated, other.appropriated) == (700_000, 1_300_000)
    entry = BudgetEntry.objects.get(kind="transfer")
    assert (entry.line, entry.to, entry.amount) == (one, other, 300_000)
    assert adding_up.first_fault() == ""
    assert rows.fault_of_rows() == ""
    subjects = Event.objects.filter(action="budgetline.transfer").values_list("subject", flat=True)
    assert set(subjects) == {f"budgetline:{line.pk}" for line in (one, other)}
    assert reconciling.reconcile(frames.read()).faults == []


def test_a_supplement_goes_up_and_down_by_two_people(world: World) -> None:
    one, _other = two_lines(world)
    first, second = world.staff["accountant"], world.staff["treasurer"]
    for kind, amount, after in (
        ("supplement", 200_000, 1_200_000),
        ("supplement_cut", 1_200_000, 0),
    ):
        change = changes.propose(one, kind, amount, by=first, note="6月補正")
        assert BudgetLine.objects.get(pk=one.pk).appropriated == one.appropriated
        changes.confirm(change, by=second)
        one = BudgetLine.objects.get(pk=one.pk)
        assert one.appropriated == after
    with pytest.raises(NotReady, match="減らせるのは、支出負担行為をしていない0まで"):
        changes.propose(one, "supplement_cut", 1, by=first, note="6月補正")
    assert adding_up.first_fault() == ""


@pytest.mark.parametrize(
    ("other", "permit", "why"),
    [
        ({}, "", None),
        ({"item_code": "03", "item_title": "別の目"}, "", None),
        ({"section_code": "02", "section_title": "別の項"}, "", "予算で定めたときだけ"),
        ({"section_code": "02", "section_title": "別の項"}, PERMIT, None),
        ({"chapter_code": "08", "chapter_title": "別の款"}, PERMIT, "款の違う予算"),
    ],
)
def test_what_the_law_lets_go_from_one_line_to_another(
    world: World, other: dict[str, str], permit: str, why: str | None
) -> None:
    lines = two_lines(world, **other)
    found = planning.transfer_refusals(*lines, HAS, permit)
    assert found == [] if why is None else why in found[0]


def test_no_more_is_transferred_than_is_left_nor_without_a_classification(world: World) -> None:
    one, other = two_lines(world)
    assert "1,000,000円まで" in planning.transfer_refusals(one, other, HAS + 1, "")[0]
    assert "円の予算へ" in planning.transfer_refusals(one, one, 1, "")[0]
    other.chapter_code = ""
    assert "予算科目を付けて" in planning.transfer_refusals(one, other, 1, "")[0]
    other.fiscal_year += 1
    assert "同じ年度" in planning.transfer_refusals(one, other, 1, "")[0]


def test_a_transfer_is_asked_again_when_it_is_confirmed(world: World) -> None:
    one, other = two_lines(world)
    first, second = world.staff["accountant"], world.staff["treasurer"]
    both = [
        changes.propose(one, "transfer", 600_000, by=first, note="執行残", to=other)
        for _ in range(2)
    ]
    changes.confirm(both[0], by=second)
    with pytest.raises(NotReady, match="400,000円まで"):
        changes.confirm(both[1], by=second)


def test_a_transfer_asks_for_the_scope_of_both_lines(world: World) -> None:
    one, other = two_lines(world)
    granted(world.staff["accountant"].staff_roles.all(), programme_code="iot")
    by = User.objects.get(pk=world.staff["accountant"].pk)
    with pytest.raises(Forbidden, match="職務です"):
        planning.transfer(one, other, 1, by=by, note="x", permit="")


def test_the_database_knows_no_transfer_with_one_leg(world: World) -> None:
    one, other = two_lines(world)
    by = world.staff["accountant"]
    for kind, to in (("transfer", None), ("transfer", one), ("supplement", other)):
        with (
            pytest.raises(IntegrityError, match="budget_transfer_has_two_legs"),
            transaction.atomic(),
        ):
            book(one, kind, 1, by=by, to=to)


def test_the_pages_propose_confirm_and_show_a_transfer(world: World) -> None:
    one, other = two_lines(world, section_code="02", section_title="別の項")
    first, second = Client(), Client()
    first.force_login(world.staff["accountant"])
    second.force_login(world.staff["treasurer"])
    way = reverse("budget_transfer", args=[one.pk])
    typed = {"to": str(other.pk), "amount": "300,000", "note": "執行残", "permit": ""}
    refused = first.post(way, typed)
    assert refused.status_code == 422
    assert "予算で定めたときだけ" in refused.content.decode()
    assert first.post(way, typed | {"permit": PERMIT}).status_code == 302
    change = BudgetChange.objects.get()
    for line in (one, other):
        page = second.get(reverse("budget_line", args=[line.pk])).content.decode()
        assert PERMIT in page
        assert reverse("budget_confirm", args=[change.pk]) in page
    second.post(reverse("budget_confirm", args=[change.pk]))
    shown = [
        second.get(reverse("budget_line", args=[line.pk])).content.decode() for line in (one, other)
    ]
    assert ["流用（出す）" in page for page in shown] == [True, False]
    assert ["流用（受ける）" in page for page in shown] == [False, True]


def test_a_line_of_another_title_is_no_choice(world: World) -> None:
    one, other = two_lines(world, chapter_code="08", chapter_title="別の款")
    client = Client()
    client.force_login(world.staff["accountant"])
    page = client.get(reverse("budget_transfer", args=[one.pk])).content.decode()
    assert f'value="{other.pk}"' not in page
    assert Call.objects.get(pk=one.call_id).budget_lines.count() == 2
