"""Closures of the office: entered by one, confirmed by another; deadlines move later and people are told."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from grants.applications import formal
from grants.applications.models import Application
from portal import clock
from portal.accounts.models import User
from portal.audit.models import Event
from portal.cases import postponing, turns
from portal.closures import calendars, entering
from portal.closures.entering import Wanted
from portal.closures.models import Closure
from portal.correspondence.models import Mail
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady
from tests.conftest import World

DAY = timedelta(days=1)
OTARU = "012033"


def wanted(first: date, last: date | None = None, municipality: str = SAPPORO) -> Wanted:
    return Wanted(
        municipality=Municipality.objects.get(pk=municipality),
        starts_on=first,
        ends_on=last or first,
        reason="庁舎の停電",
        reason_en="Power cut in the building",
    )


def proposed(world: World, day: date) -> Closure:
    return entering.propose(wanted(day), by=world.officer)


def closed(world: World, first: date, last: date | None = None, at: str = SAPPORO) -> Closure:
    closure = entering.propose(wanted(first, last, at), by=world.officer)
    entering.confirm(closure, by=world.approver)
    return closure


def returned(world: World) -> tuple[Application, User]:
    application, person = world.submitted()
    formal.raise_defect(
        application,
        by=world.officer,
        part="plan",
        part_label="計画",
        cite="要綱 第6条",
        text="直してください",
    )
    return perform(application, "return_for_correction", by=world.officer), person


def test_the_days_are_closed_once_confirmed_and_at_that_office_alone(world: World) -> None:
    office = calendars.office(SAPPORO)
    first = office.next_open(clock.today() + 10 * DAY)
    last = office.add(first, 1)
    closure = entering.propose(wanted(first, last), by=world.officer)
    assert calendars.office(SAPPORO).is_open(first)
    entering.confirm(closure, by=world.approver)
    around = [office.last_open(first - DAY), first, last, office.next_open(last + DAY)]
    assert [calendars.office(SAPPORO).is_open(day) for day in around] == [True, False, False, True]
    assert [calendars.office(OTARU).is_open(day) for day in around] == [True] * 4
    assert [calendars.banks().is_open(day) for day in (first, last)] == [True] * 2


@pytest.mark.parametrize(
    ("codes", "keeper"), [([OTARU], OTARU), ([SAPPORO], SAPPORO), ([OTARU, "012173"], SAPPORO)]
)
def test_what_belongs_to_several_municipalities_is_kept_by_sapporo(
    codes: list[str], keeper: str
) -> None:
    assert calendars.keeper(codes) == keeper


def test_a_kept_deadline_moves_off_the_closed_days_and_its_firm_is_told(world: World) -> None:
    application, person = returned(world)
    day = application.correct_by
    assert day is not None
    Mail.objects.all().delete()
    closed(world, day)
    application = Application.objects.get(pk=application.pk)
    expected = calendars.office(SAPPORO).next_open(day)
    assert (application.correct_by, day < expected) == (expected, True)
    assert application.case.turns.get(side="applicant").due_on == expected
    mail = Mail.objects.get(to=person)
    assert "期限が延びました" in mail.subject
    assert "手続きは要りません" in mail.body
    assert "庁舎の停電" not in mail.body  # somebody typed it: it stands on the page
    event = Event.objects.get(action="closure.postpone")
    assert (event.before, event.after) == (str(day), str(expected))


def test_a_deadline_beside_the_closed_days_stays(world: World) -> None:
    application, _person = returned(world)
    day = application.correct_by
    assert day is not None
    Mail.objects.all().delete()
    office = calendars.office(SAPPORO)
    closed(world, office.add(day, 1))
    application = Application.objects.get(pk=application.pk)
    assert application.correct_by == day
    assert not Mail.objects.filter(case=application.case).exists()


def test_working_days_of_the_office_skip_the_closed_ones_and_keep_their_age(world: World) -> None:
    application, _person = world.submitted()
    turn = application.case.turns.get(side="office")
    assert turn.due_on is not None
    closed(world, calendars.office(SAPPORO).add(clock.today(), 1))
    fresh = application.case.turns.get(side="office")
    office = calendars.office(SAPPORO)
    assert fresh.due_on == office.next_open(turn.due_on + DAY)
    assert fresh.since == turn.since
    assert Mail.objects.filter(to=world.officer, subject__contains="期限が延びた案件").count() == 1


def test_whom_it_concerns_is_said_before_and_nothing_has_moved(world: World) -> None:
    application, _person = returned(world)
    day = application.correct_by
    assert day is not None
    closure = entering.unsaved(wanted(day), by=world.officer)
    moved = entering.foreseen(closure, by=world.officer)
    assert [(row.case.pk, row.side, row.before) for row in moved] == [
        (application.case.pk, "applicant", day)
    ]
    application = Application.objects.get(pk=application.pk)
    assert application.correct_by == day
    assert not Closure.objects.exists()
    assert calendars.office(SAPPORO).is_open(day)
    assert not Event.objects.filter(action__startswith="closure.").exists()


def test_a_second_run_moves_and_tells_nothing(world: World) -> None:
    application, _person = returned(world)
    assert application.correct_by is not None
    closed(world, application.correct_by)
    mails = Mail.objects.count()
    assert postponing.catch_up() == 0
    assert Mail.objects.count() == mails


def test_what_another_process_reckoned_meanwhile_is_moved_in_the_morning(world: World) -> None:
    application, person = returned(world)
    day = application.correct_by
    assert day is not None
    closed(world, day)
    Application.objects.filter(pk=application.pk).update(correct_by=day)
    turns.rewrite([application.case])
    Mail.objects.all().delete()
    assert postponing.catch_up() == 1
    application = Application.objects.get(pk=application.pk)
    assert application.correct_by == calendars.office(SAPPORO).next_open(day)
    assert Mail.objects.filter(to=person).count() == 1


def test_nobody_confirms_their_own_and_no_day_that_is_over(world: World) -> None:
    day = clock.today() + 3 * DAY
    closure = entering.propose(wanted(day), by=world.officer)
    with pytest.raises(Forbidden, match="提案した方"):
        entering.confirm(closure, by=world.officer)
    with pytest.raises(NotReady, match="重なる"):
        entering.propose(wanted(day), by=world.approver)
    with pytest.raises(NotReady, match="過ぎた日"):
        entering.propose(wanted(clock.today() - DAY), by=world.officer)
    with clock.at(clock.now() + 4 * DAY), pytest.raises(NotReady, match="過ぎて"):
        entering.confirm(closure, by=world.approver)
    entering.take_back(closure, by=world.approver)
    with pytest.raises(NotReady, match="すでに"):
        entering.confirm(closure, by=world.approver)


def test_the_chain_of_the_office_says_who_proposed_and_who_confirmed(world: World) -> None:
    closed(world, clock.today() + 30 * DAY)
    events = Event.objects.filter(chain=f"office:{SAPPORO}").order_by("pk")
    assert [(event.action, event.actor_id) for event in events] == [
        ("closure.propose", world.officer.pk),
        ("closure.confirm", world.approver.pk),
    ]


def test_the_page_shows_whom_it_concerns_before_it_proposes(world: World, client: Client) -> None:
    application, _person = returned(world)
    day = application.correct_by
    assert day is not None
    client.force_login(world.officer)
    sent = {"municipality": SAPPORO, "reason": "庁舎の停電"}
    sent |= {f"starts_on_{part}": str(getattr(day, name)) for part, name in PARTS}
    first = client.post(reverse("closure_new"), sent)
    assert application.case.number in first.content.decode()
    assert not Closure.objects.exists()
    client.post(reverse("closure_new"), sent | {"seen": first.context["seen"]})
    closure = Closure.objects.get()
    client.force_login(world.approver)
    page = client.get(closure.get_absolute_url()).content.decode()
    assert "1件の期限が延びます" in page
    client.post(reverse("closure_confirm", args=[closure.pk]))
    closure.refresh_from_db()
    assert closure.confirmed_at is not None


PARTS = (("y", "year"), ("m", "month"), ("d", "day"))


def test_the_public_reads_it_where_deadlines_are_told(world: World, client: Client) -> None:
    closed(world, clock.today() + 5 * DAY)
    page = client.get(reverse("call", args=[world.calls["telework"].code])).content.decode()
    assert "庁舎の停電" in page
    english = client.get(f"/en/programmes/{world.calls['telework'].code}/").content.decode()
    assert "Power cut in the building" in english


def test_the_list_asks_the_same_with_one_row_and_with_three(
    world: World, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(world.officer)
    client.get(reverse("closure_list"))
    for n in (30, 40, 50):
        entering.propose(wanted(clock.today() + n * DAY), by=world.officer)
        with django_assert_num_queries(6):
            client.get(reverse("closure_list"))
