"""A firm that cannot make the day of its correction asks for a later one."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.test import Client

from grants.applications import dossier, submit
from grants.applications.extensions import ExtensionRequest
from grants.applications.models import Application
from portal import clock
from portal.accounts.models import Delegation, StaffRole, User
from portal.audit.models import Event
from portal.cases.turns import differing
from portal.closures import calendars
from portal.correspondence.models import Mail
from portal.registry.models import Municipality
from portal.types import Given
from portal.ui.templatetags import ui
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady, WrongState
from tests.conftest import World
from tests.grants import test_corrections
from tests.grants.test_corrections import typed
from tests.journeys.test_queries import count
from tests.markup import one_line
from tests.roles import granted
from tools.demonstration import simulation

TURN = "期限の延長の申し出に答える"


def returned(world: World) -> tuple[Application, User]:
    return test_corrections.returned(world, "plan.title")


def day_of(application: Application, days: int = 0) -> date:
    assert application.correct_by is not None
    return application.correct_by + timedelta(days=days)


def asked(application: Application, person: User, days: int = 10) -> ExtensionRequest:
    """Asked until so many days after the present day."""
    return begin(
        ExtensionRequest,
        by=person,
        application=application,
        asked_until=day_of(application, days),
        reason="納税証明書の発行を待っているため。",
    )


def sent(day: date, reason: str = "納税証明書の発行を待っているため。") -> Given:
    return {**simulation.parts("asked_until", day), "reason": reason}


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def test_a_firm_asks_an_officer_grants_and_the_firm_reads_the_new_day(
    world: World, client: Client
) -> None:
    application, person = returned(world)
    address = f"/apply/{application.case.number}/"
    client.force_login(person)
    assert f"{address}extension/" in client.get(address).content.decode()
    assert (
        f"{address}extension/" in client.get(f"/cases/{application.case.number}/").content.decode()
    )
    assert (
        "申し出ただけでは、期限は変わりません"
        in client.get(f"{address}extension/").content.decode()
    )
    day = day_of(application, 10)
    assert client.post(f"{address}extension/", sent(day)).status_code == 302
    request = ExtensionRequest.objects.get()
    assert (request.state, request.asked_until, request.asked_by) == ("asked", day, person)
    assert fresh(application).correct_by == application.correct_by
    page = one_line(client.get(address))
    assert f"{ui.day(day)}までの期限の延長を申し出ています" in page
    assert "市は、期限切れとして手続きを終えることがあります" in page
    assert f"{address}extension/" not in page

    client.force_login(world.officer)
    page = one_line(client.get(f"/cases/{application.case.number}/"))
    acts = f"/do/extensionrequest/{request.pk}/"
    for words in (TURN, "納税証明書の発行を待っているため。", f"{acts}grant/", f"{acts}deny/"):
        assert words in page
    assert "extend_correction" not in page
    looked = client.get(f"{acts}grant/").content.decode()
    assert f'value="{day.day}"' in looked  # the day that was asked for stands there
    before = Mail.objects.filter(to=person, case=application.case).count()
    given = {"seen": request.version, "key": "k", "reason": "事情がわかったため"}
    # a day on which the office is closed becomes the next open one
    other = day + timedelta(days=(5 - day.weekday()) % 7)
    opens = calendars.of_case(application.case).next_open(other)
    assert (other.weekday(), opens > other + timedelta(days=1)) == (5, True)
    assert (
        client.post(
            f"{acts}grant/", given | simulation.parts("correct_by", day_of(application))
        ).status_code
        == 422
    )
    assert (
        client.post(f"{acts}grant/", given | simulation.parts("correct_by", other)).status_code
        == 302
    )
    assert ExtensionRequest.objects.get().state == "granted"
    assert fresh(application).correct_by == opens
    mails = Mail.objects.filter(to=person, case=application.case)
    assert mails.count() == before + 1
    assert [mail.subject for mail in mails if "補正の期限を延ばしました" in mail.subject]
    assert differing() == []


def test_asking_makes_an_officers_turn_beside_the_case_with_its_day(world: World) -> None:
    application, person = returned(world)
    request = asked(application, person)
    office = application.case.turns.get(side="office")
    assert (office.what, office.role, office.is_apart) == (TURN, "programme_officer", True)
    assert office.due_on == calendars.of_case(application.case).add(request.state_day, 2)
    firm = application.case.turns.get(side="applicant")
    assert firm.due_on == application.correct_by  # asking moves no day
    assert differing() == []
    perform(request, "deny", by=world.officer, reason="x")
    assert not application.case.turns.filter(side="office").exists()
    assert differing() == []


def test_a_request_is_denied_with_a_reason_and_the_day_holds(
    world: World, client: Client, post: Callable[[], list[EmailMessage]]
) -> None:
    application, person = returned(world)
    request = asked(application, person)
    page = f"/do/extensionrequest/{request.pk}/deny/"
    client.force_login(world.officer)
    given = {"seen": request.version, "key": "k", "reason": ""}
    assert client.post(page, given).status_code == 422
    before = len(post())
    assert client.post(page, given | {"reason": "選考の日が決まっているため"}).status_code == 302
    assert ExtensionRequest.objects.get().state == "denied"
    assert fresh(application).correct_by == application.correct_by
    [mail] = [mail for mail in post()[before:] if person.email in mail.to]
    assert f"期限は{ui.day(application.correct_by)}のまま変わりません" in mail.body
    assert application.stated.phone in mail.body
    assert "選考の日が決まっているため" not in mail.body  # what was typed is read on the page
    client.force_login(person)
    told = client.get(f"/apply/{application.case.number}/").content.decode()
    assert "選考の日が決まっているため" in told
    assert f"/apply/{application.case.number}/extension/" in told  # may ask once more
    assert asked(application, person, 5).state == "asked"


def test_a_firm_takes_an_unanswered_request_back_and_nobody_is_mailed(
    world: World, client: Client, post: Callable[[], list[EmailMessage]]
) -> None:
    application, person = returned(world)
    request = asked(application, person)
    before, address = len(post()), f"/apply/{application.case.number}/"
    act = f"/do/extensionrequest/{request.pk}/withdraw/"
    client.force_login(person)
    assert f'href="{act}"' in one_line(client.get(address))
    assert client.get(act).status_code == 200
    assert client.post(act, {"seen": request.version, "key": "k"}).status_code == 302
    assert ExtensionRequest.objects.get().state == "withdrawn"
    assert fresh(application).correct_by == application.correct_by
    assert not application.case.turns.filter(side="office").exists()
    assert (len(post()), differing()) == (before, [])
    page = one_line(client.get(address))
    assert (act in page, f"{address}extension/" in page) == (False, True)  # may ask anew
    assert asked(application, person, 5).state == "asked"


def test_only_its_firm_takes_a_request_back_and_only_while_it_is_unanswered(world: World) -> None:
    application, person = returned(world)
    request = asked(application, person)
    for other in (world.outsider, world.officer):
        with pytest.raises(Forbidden):
            perform(request, "withdraw", by=other)
    perform(request, "deny", by=world.officer, reason="x")
    with pytest.raises(WrongState):
        perform(request, "withdraw", by=person)


@pytest.mark.parametrize("way", ["extended", "handed in", "withdrawn", "lapsed"])
def test_what_goes_another_way_overtakes_the_request(world: World, way: str) -> None:
    application, person = returned(world)
    request = asked(application, person)
    match way:
        case "extended":
            day = day_of(application, 3)
            perform(application, "extend_correction", by=world.officer, reason="x", correct_by=day)
        case "handed in":
            typed(application, person, "plan", title="在宅勤務の導入")
            submit.submit(application, by=person)
        case "withdrawn":
            perform(application, "withdraw", by=person)
        case _:
            with clock.at(clock.now() + timedelta(days=90)):
                world.decided("lapse", [application], {"reason": "期限までに届きませんでした。"})
    assert ExtensionRequest.objects.get().state == "overtaken"
    assert differing() == []
    with pytest.raises(WrongState):
        perform(request, "grant", by=world.officer, reason="x", correct_by=day_of(application, 9))
    found = Event.objects.filter(chain=f"case:{application.case_id}", subject=request.subject_key)
    assert [event.action for event in found.order_by("pk")] == [
        "extensionrequest.begin",
        "extensionrequest.overtake",
    ]


def test_a_later_day_is_asked_for_after_the_day_too_while_it_is_returned(
    world: World, client: Client
) -> None:
    application, person = returned(world)
    client.force_login(person)
    page = f"/apply/{application.case.number}/extension/"
    with clock.at(simulation.at(day_of(application, 2))):
        today = clock.today()
        for wrong in (today, application.correct_by, today + timedelta(days=121)):
            assert wrong is not None
            assert client.post(page, sent(wrong)).status_code == 422
        assert client.post(page, sent(today + timedelta(days=5), "")).status_code == 422
        assert page in client.get(f"/apply/{application.case.number}/").content.decode()
        assert page in client.get(f"/cases/{application.case.number}/").content.decode()
        assert client.post(page, sent(today + timedelta(days=5))).status_code == 302
        typed(application, person, "plan", title="在宅勤務の導入")
        with pytest.raises(submit.Late):  # asking opens nothing
            submit.submit(application, by=person)
        perform(
            ExtensionRequest.objects.get(),
            "grant",
            by=world.officer,
            reason="x",
            correct_by=today + timedelta(days=5),
        )
        assert submit.submit(fresh(application), by=person).state == "submitted"


def test_nothing_is_asked_for_where_nothing_is_to_be_corrected(
    world: World, client: Client
) -> None:
    draft, drafter = world.draft()
    client.force_login(drafter)
    assert client.get(f"/apply/{draft.case.number}/extension/").status_code == 404
    handed_in, person = world.submitted()
    with pytest.raises(NotReady, match="補正をお願いしている間だけ"):
        begin(
            ExtensionRequest,
            by=person,
            application=handed_in,
            asked_until=clock.today() + timedelta(days=5),
            reason="x",
        )
    application, person = returned(world)
    with pytest.raises(NotReady, match="いまの期限より後"):
        asked(application, person, 0)


def test_one_request_is_open_at_a_time(world: World, client: Client) -> None:
    application, person = returned(world)
    request = asked(application, person)
    with pytest.raises(NotReady, match="すでに申し出ています"):
        asked(application, person, 12)
    client.force_login(person)
    page = f"/apply/{application.case.number}/extension/"
    assert client.post(page, sent(day_of(application, 12))).status_code == 422
    assert (
        "延長を申し出る"
        not in one_line(client.get(page)).partition("<main")[2].partition("<form")[2]
    )
    request.pk, request.__dict__["version"] = None, 0
    with (
        pytest.raises(IntegrityError, match="applications_extension_open_once"),
        transaction.atomic(),
    ):
        request.save(force_insert=True)


def test_who_may_write_asks_and_nobody_else(world: World, client: Client) -> None:
    application, person = returned(world)
    page = f"/apply/{application.case.number}/extension/"
    for stranger in (world.outsider, world.officer):
        client.force_login(stranger)
        assert client.get(page).status_code == 404
        assert client.post(page, sent(day_of(application, 5))).status_code == 404
        with pytest.raises(Forbidden):
            asked(application, stranger)
    adviser = world.outsider
    Delegation.objects.create(
        adviser=adviser,
        organisation=application.case.organisation,
        starts_on=clock.today(),
        ends_on=clock.today(),
        granted_by=person,
    )
    client.force_login(adviser)
    assert client.post(page, sent(day_of(application, 5))).status_code == 302
    request = ExtensionRequest.objects.get()
    assert request.asked_by == adviser
    for nobody in (person, adviser, world.staff["director"], world.staff["auditor"]):
        with pytest.raises(Forbidden):
            perform(request, "deny", by=nobody, reason="x")


def test_an_officer_of_another_town_does_not_answer(world: World, client: Client) -> None:
    application, person = returned(world)
    request = asked(application, person)
    other = Municipality.objects.exclude(code__in=application.case.municipality_codes)[0]
    elsewhere = StaffRole.objects.filter(person=world.officer)
    granted(elsewhere, municipality=other)
    officer = User.objects.get(pk=world.officer.pk)
    client.force_login(officer)
    assert client.get(f"/do/extensionrequest/{request.pk}/grant/").status_code == 404
    with pytest.raises(Forbidden):
        perform(request, "deny", by=officer, reason="x")


def test_it_stands_in_the_whole_of_the_case(world: World) -> None:
    application, person = returned(world)
    perform(asked(application, person), "deny", by=world.officer, reason="日が決まっているため")
    found = dossier.versions(application.case, world.officer)
    [section] = [one for one in found if one.get("heading") == "補正の期限の延長の申し出"]
    assert "納税証明書の発行を待っているため。" in str(section)
    assert "日が決まっているため" in str(section)


def test_pages_ask_no_more_with_a_request_than_they_may(world: World, client: Client) -> None:
    application, person = returned(world)
    asked(application, person)
    client.force_login(person)
    assert count(client, f"/apply/{application.case.number}/extension/") <= 20
    client.force_login(world.officer)
    assert count(client, f"/cases/{application.case.number}/") <= 20
    assert count(client, "/inbox/") <= 12
