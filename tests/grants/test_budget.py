"""Who changes a budget line, a call, a challenge or a course: rows without a case ask scope and interests as cases do."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from grants.applications.models import Application
from grants.budget import changes, classifying, owing
from grants.budget.calls import make_lines
from grants.budget.carrying import carry_over
from grants.budget.models import BudgetChange, BudgetLine
from grants.budget.planning import appropriate
from grants.programmes.models import Call
from grants.seats import courses as seats
from portal import clock, fiscal
from portal.accounts.models import Delegation, Membership, User
from portal.audit.models import Event
from portal.cases import interests
from portal.correspondence import reminders
from portal.correspondence.models import Mail
from portal.types import Given
from portal.workflow.door import actions, perform
from portal.workflow.errors import Forbidden, NotReady
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants import test_seats as courses
from tests.roles import granted
from tools.demonstration import simulation
from tools.demonstration.rooms.budget import classification

call = courses.call  # a course of three seats, open now


def line_of(application: Application) -> BudgetLine:
    return BudgetLine.objects.get(call=application.call, frame=application.frame, unit="yen")


def interested(person: User, application: Application, how: str) -> None:
    """An interest of `person` in a case: declared, or known because the firm was theirs or advised by them."""
    firm = application.case.organisation
    if how == "declared":
        interests.declare(application.case, by=person, detail="親族の会社")
    elif how == "member":
        Membership.objects.create(
            user=person, organisation=firm, role="member", left_at=clock.now()
        )
    else:
        until = clock.today() - timedelta(days=1)
        Delegation.objects.create(
            adviser=person,
            organisation=firm,
            starts_on=until,
            ends_on=until,
            granted_by=User.objects.system(),
        )


@begins(World.accepted)
@pytest.mark.parametrize("how", ["declared", "member", "adviser"])
def test_nobody_raises_the_budget_that_a_firm_of_theirs_waits_for(
    world: World, client: Client, how: str
) -> None:
    application, _person = world.begun(World.accepted)
    line, finance = line_of(application), world.staff["accountant"]
    interested(finance, application, how)
    with pytest.raises(Forbidden, match="利益相反"):
        appropriate(line, 1_000, by=finance, note="補正予算")
    client.force_login(finance)
    page = reverse("budget_line", args=[line.pk])
    shown = client.get(page)
    assert shown.status_code == 200
    assert "利益相反のあるもの" in shown.content.decode()
    assert "予算を増減する" not in shown.content.decode()
    typed = {"kind": "supplement", "amount": "1,000", "note": "補正予算"}
    assert client.post(page, typed).status_code == 403
    assert BudgetLine.objects.get(pk=line.pk).appropriated == line.appropriated
    appropriate(
        BudgetLine.objects.get(pk=line.pk), 1_000, by=world.staff["treasurer"], note="補正予算"
    )
    assert BudgetLine.objects.get(pk=line.pk).appropriated == line.appropriated + 1_000


def test_nobody_carries_over_the_money_of_a_firm_of_theirs(world: World) -> None:
    award, _person = payments.fixed(world)
    line, finance = line_of(award.application), world.staff["accountant"]
    interests.declare(award.case, by=finance, detail="親族の会社")
    with pytest.raises(Forbidden, match="利益相反"):
        carry_over(line, 1_000, by=finance, note="繰越明許費", case=award.case)
    carry_over(line, 1_000, by=world.staff["treasurer"], note="繰越明許費", case=award.case)
    assert BudgetLine.objects.get(pk=line.pk).carried == 1_000


def test_an_interest_in_another_frame_or_in_a_case_that_has_ended_forbids_nothing(
    world: World,
) -> None:
    application, person = world.submitted()
    line, finance = line_of(application), world.staff["accountant"]
    other = BudgetLine.objects.filter(call=application.call, unit="yen").exclude(pk=line.pk)[0]
    interests.declare(application.case, by=finance, detail="親族の会社")
    appropriate(other, 1_000, by=finance, note="補正予算")
    perform(application, "withdraw", by=person)
    appropriate(BudgetLine.objects.get(pk=line.pk), 1_000, by=finance, note="補正予算")


@begins(World.accepted)
@pytest.mark.parametrize(
    "scope",
    [{"programme_code": "iot"}, {"municipality_id": "012319"}, {"role": "programme_officer"}],
)
def test_a_line_is_changed_within_the_scope_of_a_finance_officer(
    world: World, scope: dict[str, str]
) -> None:
    application, _person = world.begun(World.accepted)
    line = line_of(application)
    granted(world.staff["accountant"].staff_roles.all(), **scope)
    finance = User.objects.get(pk=world.staff["accountant"].pk)
    with pytest.raises(Forbidden, match="職務です"):
        appropriate(line, 1, by=finance, note="x")
    with pytest.raises(Forbidden, match="職務です"):
        carry_over(line, 1, by=finance, note="x", case=application.case)
    with pytest.raises(Forbidden):
        make_lines(
            application.call,
            [("standard", "seats", 1)],
            by=finance if "role" not in scope else world.approver,
        )


@begins(World.accepted)
def test_a_change_of_the_budget_is_in_the_record(world: World) -> None:
    application, _person = world.begun(World.accepted)
    line = line_of(application)
    appropriate(line, 1_000, by=world.staff["accountant"], note="補正予算")
    event = Event.objects.filter(chain=f"call:{line.call_id}").latest("pk")
    assert (event.action, event.subject, event.actor) == (
        "budgetline.appropriation",
        f"budgetline:{line.pk}",
        world.staff["accountant"],
    )


# -- two people, and a sum that is asked again ----------------------------------------------------
def test_a_change_is_in_the_book_once_another_person_confirmed_it(world: World) -> None:
    application, _person = world.accepted()
    line = line_of(application)
    first, second = world.staff["accountant"], world.staff["treasurer"]
    change = changes.propose(line, "appropriation", 1_000, by=first, note="補正予算")
    assert BudgetLine.objects.get(pk=line.pk).appropriated == line.appropriated
    with pytest.raises(Forbidden, match="提案した方は確認できません"):
        changes.confirm(change, by=first)
    entry = changes.confirm(change, by=second)
    assert BudgetLine.objects.get(pk=line.pk).appropriated == line.appropriated + 1_000
    assert (entry.booked_by, entry.change.proposed_by) == (second, first)
    for again in (changes.confirm, changes.take_back):
        with pytest.raises(NotReady, match="すでに"):
            again(change, by=second)
    found = Event.objects.filter(subject=f"budgetline:{line.pk}").order_by("pk")
    assert [(event.action, event.actor) for event in found] == [
        ("budgetchange.propose", first),
        ("budgetline.appropriation", second),
    ]


def test_who_may_confirm_a_change_hears_of_it_the_next_morning_and_once(world: World) -> None:
    application, _person = world.accepted()
    line, first = line_of(application), world.staff["accountant"]
    change = changes.propose(line, "appropriation", 1_000, by=first, note="補正予算")
    assert [reminders.tell_of_waiting() for _ in range(2)] == [1, 0]
    [mail] = Mail.objects.filter(body__contains="/staff/budget/")
    assert mail.to == world.staff["treasurer"]
    assert "1件" in mail.body
    changes.take_back(change, by=first)
    with clock.at(clock.now() + timedelta(days=2)):
        assert reminders.tell_of_waiting() == 0


def test_what_waits_for_another_stands_beside_their_inbox(world: World, client: Client) -> None:
    award, _person = payments.fixed(world)
    line, first, second = (
        line_of(award.application),
        world.staff["accountant"],
        world.staff["treasurer"],
    )

    def told(person: User) -> list[str]:
        client.force_login(person)
        return [str(row.text) for row in client.get("/inbox/").context["beside"]]

    assert told(second) == []
    carry = changes.propose(line, "carry_over", 1_000, by=first, note="繰越明許費", case=award.case)
    assert told(second) == ["予算の提案が1件、別の職員の確認を待っています。"]
    classifying.propose(line, classification("telework"), by=first, whole_call=False)
    debt = owing.propose(
        award.application.call.programme,
        fiscal_year=line.fiscal_year,
        spent_in=line.fiscal_year + 1,
        limit_amount=1_000,
        ground="議決",
        by=first,
    )
    both = [
        "予算の提案が2件、別の職員の確認を待っています。",
        "債務負担行為の提案が1件、別の職員の確認を待っています。",
    ]
    assert told(second) == both
    assert told(first) == told(world.officer) == []
    changes.confirm(carry, by=second)
    owing.take_back(debt, by=first)
    assert told(second) == ["予算の提案が1件、別の職員の確認を待っています。"]
    granted(second.staff_roles.all(), programme_code="iot")
    assert told(User.objects.get(pk=second.pk)) == []


def test_what_is_taken_back_changes_nothing(world: World) -> None:
    application, _person = world.accepted()
    line, first = line_of(application), world.staff["accountant"]
    change = changes.propose(line, "appropriation", 1_000, by=first, note="補正予算")
    changes.take_back(change, by=first)
    with pytest.raises(NotReady, match="すでに"):
        changes.confirm(change, by=world.staff["treasurer"])
    assert BudgetLine.objects.get(pk=line.pk).appropriated == line.appropriated


def test_the_database_knows_no_change_confirmed_by_who_proposed_it(world: World) -> None:
    application, _person = world.accepted()
    line, first = line_of(application), world.staff["accountant"]
    change = changes.propose(line, "appropriation", 1_000, by=first, note="補正予算")
    entry = appropriate(line, 1_000, by=first, note="x")
    with pytest.raises(IntegrityError, match="budget_change_four_eyes"), transaction.atomic():
        BudgetChange.objects.filter(pk=change.pk).update(
            entry=entry, closed_by=first, closed_at=clock.now()
        )


def test_a_carry_over_is_asked_again_when_it_is_confirmed(world: World) -> None:
    """What was free when it was proposed may be paid since."""
    award, _person = payments.fixed(world)
    line, first = line_of(award.application), world.staff["accountant"]
    with pytest.raises(NotReady, match="円までです"):
        changes.propose(
            line, "carry_over", line.may_carry + 1, by=first, note="繰越明許費", case=award.case
        )
    both = [
        changes.propose(
            line, "carry_over", line.may_carry, by=first, note="繰越明許費", case=award.case
        )
        for _ in range(2)
    ]
    changes.confirm(both[0], by=world.staff["treasurer"])
    with pytest.raises(NotReady, match="円までです"):
        changes.confirm(both[1], by=world.staff["treasurer"])


def test_a_carry_over_is_proposed_until_the_last_day_of_the_year(world: World) -> None:
    award, _person = payments.fixed(world)
    line, first = line_of(award.application), world.staff["accountant"]
    last = fiscal.fiscal_year_end(line.fiscal_year)

    def propose() -> BudgetChange:
        return changes.propose(
            line, "carry_over", 1_000, by=first, note="繰越明許費", case=award.case
        )

    with (
        clock.at(simulation.at(last + timedelta(days=1), 0)),
        pytest.raises(NotReady, match="までに提案する必要があります"),
    ):
        propose()
    with clock.at(simulation.at(last, 23)):
        assert propose().closed_at is None


def test_a_budget_gets_no_more_once_its_year_is_over(world: World, client: Client) -> None:
    application, _person = world.accepted()
    line, first = line_of(application), world.staff["accountant"]
    last = fiscal.fiscal_year_end(line.fiscal_year)
    client.force_login(first)
    typed = {"kind": "supplement", "amount": "1,000", "note": "補正予算", "form_key": "one"}
    with clock.at(simulation.at(last + timedelta(days=1), 9)):
        page = client.get(f"/staff/budget/{line.pk}/").content.decode()
        assert "予算を増減する" not in page
        refused = client.post(f"/staff/budget/{line.pk}/", typed)
        assert refused.status_code == 422
        assert f"{last.year}年3月31日" in refused.content.decode()
    assert not BudgetChange.objects.exists()
    with clock.at(simulation.at(last, 23)):
        assert "予算を増減する" in client.get(f"/staff/budget/{line.pk}/").content.decode()
        assert client.post(f"/staff/budget/{line.pk}/", typed).status_code == 302


def test_an_interest_or_another_scope_forbids_proposing_and_confirming(world: World) -> None:
    application, _person = world.accepted()
    line = line_of(application)
    first, second = world.staff["accountant"], world.staff["treasurer"]
    change = changes.propose(line, "appropriation", 1_000, by=first, note="補正予算")
    interests.declare(application.case, by=second, detail="親族の会社")
    with pytest.raises(Forbidden, match="利益相反"):
        changes.confirm(change, by=second)
    with pytest.raises(Forbidden, match="利益相反"):
        changes.propose(line, "appropriation", 1_000, by=second, note="補正予算")


@pytest.mark.parametrize(
    ("unit", "has", "amount", "asked"),
    [
        ("yen", 50_000_000, 5_000_000_000, False),
        ("yen", 50_000_000, 5_000_000_001, True),  # more than a hundred times
        ("yen", 900_000_000, 10_000_000_001, True),  # above the ceiling
        ("yen", 0, 10_000_000_000, False),
        ("slots", 20, 2_001, True),
    ],
)
def test_which_sum_is_asked_again(unit: str, has: int, amount: int, asked: bool) -> None:
    assert changes.is_absurd(BudgetLine(unit=unit, appropriated=has), amount) is asked


def test_the_page_asks_an_absurd_sum_again_and_another_confirms(world: World) -> None:
    application, _person = world.accepted()
    line = line_of(application)
    page = reverse("budget_line", args=[line.pk])
    first, second = Client(), Client()
    first.force_login(world.staff["accountant"])
    second.force_login(world.staff["treasurer"])
    typed = {"kind": "supplement", "amount": "999,999,999,999,999", "note": "補正予算"}
    answer = first.post(page, typed)
    assert answer.status_code == 422
    assert 'name="again"' in answer.content.decode()
    assert first.post(page, typed | {"again": "1"}).status_code == 422
    assert not BudgetChange.objects.exists()
    assert first.post(page, typed | {"amount": "1,000"}).status_code == 302
    change = BudgetChange.objects.get()
    way = reverse("budget_confirm", args=[change.pk])
    assert [way in client.get(page).content.decode() for client in (first, second)] == [False, True]
    first.post(way)
    assert BudgetLine.objects.get(pk=line.pk).appropriated == line.appropriated
    second.post(way)
    assert BudgetLine.objects.get(pk=line.pk).appropriated == line.appropriated + 1_000
    other = Client()
    other.force_login(world.officer)
    assert other.post(way).status_code == 403


# -- the same of other rows without a case ----------------------------------------------------------------------------
@begins(World.accepted)
def test_nobody_acts_on_a_call_in_which_a_firm_of_theirs_applies(
    world: World, client: Client
) -> None:
    application, _person = world.begun(World.accepted)
    later = simulation.at(clock.today() + timedelta(days=60), 17)
    interested(world.approver, application, "member")
    acts: list[tuple[str, Given]] = [
        ("extend", {"closes_at": later}),
        ("suspend", {}),
    ]
    for name, given in acts:
        with pytest.raises(Forbidden, match="利益相反"):
            perform(
                Call.objects.get(pk=application.call_id),
                name,
                by=world.approver,
                reason="x",
                **given,
            )
    assert actions(world.approver, Call.objects.get(pk=application.call_id)) == []
    paused = perform(application.call, "suspend", by=world.director, public_reason="x")
    assert paused.state == "suspended"


def test_while_intake_is_open_a_draft_of_ones_own_firm_counts_too(world: World) -> None:
    application, _person = world.draft(complete=False)
    own = world.approver
    interested(own, application, "member")
    call = Call.objects.get(pk=application.call_id)
    later = simulation.at(clock.today() + timedelta(days=60), 17)
    with pytest.raises(Forbidden, match="利益相反"):
        perform(call, "extend", by=own, reason="x", closes_at=later)
    with world.after_intake(call):
        assert (
            perform(call, "publish_results", by=own).state == "decided"
        )  # what was never handed in is not decided


@begins(World.accepted)
def test_a_page_of_a_call_asks_for_interests_once(
    world: World, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    application, _person = world.begun(World.accepted)
    found = (
        Call.objects.select_related("programme")
        .prefetch_related("periods")
        .get(pk=application.call_id)
    )
    world.approver.roles()
    with django_assert_max_num_queries(6):
        actions(world.approver, found)


def test_nobody_takes_attendance_of_their_own_firm(world: World, call: Call) -> None:
    application = courses.enrolled(world, call)
    interested(world.officer, application, "adviser")
    said: Given = {"starts_at": simulation.at(clock.today(), 10), "title": "回", "place": "本庁舎"}
    with pytest.raises(Forbidden, match="利益相反"):
        seats.add_session(Call.objects.get(pk=call.pk), by=world.officer, **said)


def test_one_form_of_a_change_sent_four_times_proposes_it_once(
    world: World, client: Client
) -> None:
    line = line_of(world.accepted()[0])
    client.force_login(world.staff["accountant"])
    page = reverse("budget_line", args=[line.pk])
    typed = {"kind": "supplement", "amount": "1,000", "note": "補正予算"}
    sent = typed | {"csrfmiddlewaretoken": "one page"}
    assert [client.post(page, sent).status_code for _press in range(4)] == [302] * 4
    again = client.post(page, sent | {"amount": "2,000"})
    assert (again.status_code, "もう済んでいます" in again.content.decode()) == (409, True)
    assert [change.amount for change in line.changes.all()] == [1_000]


def test_the_settlement_of_accounts_is_found_from_the_budget_by_whoever_may_open_it(
    world: World, client: Client
) -> None:
    client.force_login(world.staff["accountant"])
    assert 'href="/payments/execution/"' in client.get("/staff/budget/").content.decode()
