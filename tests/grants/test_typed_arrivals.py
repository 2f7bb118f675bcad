"""The moment at which a paper came is typed by one person, and looked over by another."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from grants.applications import formal, submit
from grants.applications.at_counter import TYPED_WITHIN
from grants.applications.models import Application, SubmissionAttempt
from grants.awards.acts import award_preview
from portal import clock
from portal.accounts.models import DutyException
from portal.audit.models import Event
from portal.cases.models import Case
from portal.closures import calendars
from portal.registry.models import Municipality
from portal.types import Given
from portal.workdays import DAY
from portal.workflow import duties
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.graph import LifeCycle
from portal.workflow.models import Duty
from tests.conftest import World
from tests.grants.test_counter import begun, paper
from tests.ledger import all_clear
from tests.markup import one_line
from tools.demonstration import simulation

PAIR = duties.key("state_arrival", "accept_application")
WHY = "到着の日時の入力をしたあなたは、同じ案件の要件の確認と受理はできません"
SMALL = "012033"


def handed_in(world: World) -> Application:
    application = begun(world, simulation.organisation(world.sim)[0])
    simulation.fill(world.sim, application, world.officer, complete=True)
    return submit.submit(application, by=world.officer)


def page(world: World, name: str, address: str) -> str:
    client = Client()
    client.force_login(world.staff[name])
    return one_line(client.get(address, follow=True))


def test_whoever_typed_the_arrival_neither_clears_its_checks_nor_accepts(world: World) -> None:
    application, typist = handed_in(world), world.officer
    other = world.staff["second_officer"]
    row = application.checks.all()[0]
    with pytest.raises(Forbidden, match=WHY):
        formal.check(row, by=typist, result="clear", evidence="見た")
    with pytest.raises(Forbidden, match=WHY):
        formal.note(application, {row.kind: ("clear", "見た")}, by=typist)
    assert set(application.checks.values_list("result", flat=True)) == {""}
    all_clear(application, by=other)
    with pytest.raises(Forbidden, match=WHY):
        perform(application, "accept", by=typist)
    assert perform(application, "accept", by=other).state == "accepted"


def test_another_who_hands_it_in_takes_the_arrival_from_nobody(world: World) -> None:
    application = begun(world, simulation.organisation(world.sim)[0])
    other = world.staff["second_officer"]
    simulation.fill(world.sim, application, other, complete=True)
    application = submit.submit(application, by=other)
    all_clear(application, by=other)
    with pytest.raises(Forbidden, match=WHY):
        perform(application, "accept", by=world.officer)


def test_the_pages_say_so_and_offer_nothing(world: World) -> None:
    application = handed_in(world)
    own = page(world, "officer", application.case.get_absolute_url())
    others = page(world, "second_officer", application.case.get_absolute_url())
    note = reverse("checks_note", args=[application.case.number])
    assert (WHY in own, note in own) == (True, False)
    assert (WHY in others, note in others) == (False, True)
    todo = "書類を確認する"
    number = application.case.number
    assert number not in page(world, "officer", "/inbox/")
    inbox = page(world, "second_officer", "/inbox/")
    assert (number in inbox, todo in inbox) == (True, True)


def test_nor_with_many_at_once(world: World, client: Client) -> None:
    application = handed_in(world)
    for act in ("check", "accept"):
        client.force_login(world.officer)
        sent = {"do": act, "pick": [application.case.number], "next": "/cases/"}
        if act == "accept":
            all_clear(application, by=world.staff["second_officer"])
        answer = client.post("/cases/bulk/", sent, follow=True)
        assert WHY in one_line(answer)


def test_a_place_with_one_officer_may_except_it(world: World) -> None:
    application, typist = handed_in(world), world.officer
    Case.objects.filter(pk=application.case_id).update(municipality_codes=[SMALL])
    exception = DutyException.objects.create(
        municipality=Municipality.objects.get(pk=SMALL),
        pairs=[PAIR],
        ground="職員が1人のため",
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=30),
        proposed_by=world.staff["administrator"],
        proposed_at=clock.now(),
    )
    application = Application.objects.get(pk=application.pk)
    with pytest.raises(Forbidden, match=WHY):  # proposed alone
        all_clear(application, by=typist)
    exception.confirmed_at = clock.now()
    exception.close(world.staff["second_administrator"], "confirmed_at")
    all_clear(application, by=typist)
    assert perform(application, "accept", by=typist).state == "accepted"
    assert Event.objects.filter(action="duty.excepted", actor=typist).count() == 1


def test_whoever_honours_the_moment_of_a_first_filing_does_not_accept_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, person = world.draft()

    def broken(*_given: object, **_named: object) -> None:
        raise OSError("storage")

    with monkeypatch.context() as patch:
        patch.setattr(submit, "frozen_content", broken)
        with pytest.raises(OSError, match="storage"):
            submit.submit(application, by=person)
    attempt = SubmissionAttempt.objects.get(application=application)
    done = submit.honour(attempt, by=world.officer, reason="保管庫の障害")
    all_clear(done, by=world.staff["second_officer"])
    with pytest.raises(Forbidden, match=WHY):
        perform(done, "accept", by=world.officer)
    assert perform(done, "accept", by=world.staff["second_officer"]).state == "accepted"


def days_ago(world: World, n: int) -> datetime:
    """So many office days ago, counted back from today."""
    workdays, day = calendars.of_case(world.calls["telework"]), clock.today()
    while workdays.between(day, clock.today()) < n:
        day -= DAY
    return clock.now() - (clock.today() - day)


def open_since(world: World, moment: datetime) -> None:
    world.calls["telework"].periods.update(opens_at=moment - timedelta(days=1))


def test_what_is_typed_days_after_it_came_asks_why(world: World, client: Client) -> None:
    in_time, late = days_ago(world, TYPED_WITHIN), days_ago(world, TYPED_WITHIN + 1)
    open_since(world, late)
    client.force_login(world.officer)
    firm = simulation.organisation(world.sim)[0]
    number = {"corporate_number": str(firm.corporate_number)}
    refused = client.post("/staff/paper/", paper(world, late) | number)
    assert (refused.status_code, "遅れた理由を書いてください" in one_line(refused)) == (422, True)
    given: Given = {
        "call": world.calls["telework"],
        "organisation": firm,
        "on_paper": True,
        "paper_consent": "窓口",
    }
    with pytest.raises(NotReady, match="遅れた理由"):  # nor by another way than the form
        begin(Application, by=world.officer, paper_received_at=late, **given)
    why = {"late_reason": "支所からの回送に日がかかった"}
    taken = client.post("/staff/paper/", paper(world, late) | number | why)
    assert taken.status_code == 302
    other = {"corporate_number": str(simulation.organisation(world.sim)[0].corporate_number)}
    assert client.post("/staff/paper/", paper(world, in_time) | other).status_code == 302


def test_the_reason_stands_wherever_the_arrival_does(world: World, client: Client) -> None:
    why, late = "支所からの回送に日がかかった", days_ago(world, TYPED_WITHIN + 1)
    open_since(world, late)
    application = begin(
        Application,
        by=world.officer,
        call=world.calls["telework"],
        organisation=simulation.organisation(world.sim)[0],
        on_paper=True,
        paper_consent="窓口",
        paper_received_at=late,
        paper_late_reason=why,
    )
    simulation.fill(world.sim, application, world.officer, complete=True)
    application = submit.submit(application, by=world.officer)
    assert why in str(Event.objects.get(action="application.begin").payload.data())
    other = world.staff["second_officer"]
    all_clear(application, by=other)
    assert why in page(world, "second_officer", application.case.get_absolute_url())
    accept = f"/do/application/{application.pk}/accept/"
    assert why in page(world, "second_officer", accept)
    client.force_login(other)
    sent = {"do": "accept", "pick": [application.case.number], "next": "/cases/"}
    many = one_line(client.post("/cases/bulk/", sent, follow=True))
    assert "1件で受理してください" in many  # it is read, and not passed over among others
    application = perform(application, "accept", by=other)
    assert why in page(world, "second_officer", reverse("ranking", args=[application.call_id]))
    assert (
        why in {what: after for what, _before, after in award_preview(application, {})}["紙の申請"]
    )


def test_who_typed_before_the_upgrade_is_kept_apart_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Application, "born", LifeCycle.born)
    application = handed_in(world)
    assert not Duty.objects.filter(duty="state_arrival").exists()
    step = import_module("grants.applications.migrations.0011_who_typed_an_arrival")
    with connection.cursor() as cursor:
        cursor.execute(step.TYPED_BY)
    row = Duty.objects.get(duty="state_arrival")
    assert (row.subject, row.person) == (f"case:{application.case_id}", world.officer)
