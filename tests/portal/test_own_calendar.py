"""One's own deadlines as a calendar: at a secret address, with what a calendar programme needs, of nobody else."""

import re
from datetime import timedelta

from django.test import Client

from portal import clock
from portal.accounts import security
from portal.accounts.models import Membership, User
from portal.cases.models import Turn
from portal.correspondence import own_calendar
from portal.correspondence.models import CalendarKey
from tests.conftest import World
from tests.journeys.test_queries import count


def subscribed(person: User) -> str:
    """The path of a new address."""
    own_calendar.renew(person)
    return re.sub(r"^https?://[^/]+", "", own_calendar.address_of(person))


def lines(path: str) -> list[str]:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75
    return answer.content.decode().replace("\r\n ", "").split("\r\n")


def test_deadlines_stand_in_it_without_anybodys_name(world: World) -> None:
    application, person = world.draft()
    turn = Turn.objects.get(case=application.case)
    assert turn.due_on is not None
    made = lines(subscribed(person))
    assert f"DTSTART;VALUE=DATE:{turn.due_on:%Y%m%d}" in made
    for needed in ("BEGIN:VTIMEZONE", "TZID:Asia/Tokyo", "TZOFFSETTO:+0900", "BEGIN:VALARM"):
        assert needed in made
    # at nine in the morning, seven days and one day before
    assert [row for row in made if row.startswith("TRIGGER")] == [
        "TRIGGER:-PT159H",
        "TRIGGER:-PT15H",
    ]
    (summary,) = [row for row in made if row.startswith("SUMMARY")]
    assert application.case.number in summary
    text = "\n".join(made)
    for name in (person.name, person.email, application.case.organisation.name):
        assert name not in text


def test_an_event_keeps_its_name_while_its_day_moves(world: World) -> None:
    application, person = world.draft()
    path = subscribed(person)
    before = [row for row in lines(path) if row.startswith(("UID", "DTSTART;"))]
    turns = Turn.objects.filter(case=application.case)
    turns.update(due_on=clock.today() + timedelta(days=50))
    after = [row for row in lines(path) if row.startswith(("UID", "DTSTART;"))]
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_only_ones_own_and_only_as_long_as_one_may_see_it(world: World) -> None:
    _application, person = world.draft()
    world.draft()
    path = subscribed(person)
    assert lines(path).count("BEGIN:VEVENT") == 1
    assert "BEGIN:VEVENT" not in lines(subscribed(world.outsider))
    Membership.objects.filter(user=person).update(left_at=clock.now())
    assert "BEGIN:VEVENT" not in lines(path)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert Client().get(path).status_code == 404


def test_the_office_sees_what_lies_with_it_by_name_and_no_firms_deadline(world: World) -> None:
    world.draft()
    world.submitted()
    Turn.objects.filter(side="office").update(due_on=clock.today(), person=None)
    assert "BEGIN:VEVENT" not in lines(subscribed(world.officer))
    Turn.objects.filter(side="office").update(person=world.officer)
    assert lines(subscribed(world.officer)).count("BEGIN:VEVENT") == 1


def test_a_new_address_ends_the_old_one(world: World, client: Client) -> None:
    client.force_login(world.outsider)
    assert "/calendar/" not in client.get("/my/calendar/").content.decode().replace(
        "/my/calendar/", ""
    )
    first = subscribed(world.outsider)
    assert first in client.get("/my/calendar/").content.decode()
    assert client.post("/my/calendar/renew/").status_code == 302
    assert Client().get(first).status_code == 404
    second = re.sub(r"^https?://[^/]+", "", own_calendar.address_of(world.outsider))
    assert Client().get(second).status_code == 200
    client.post("/my/calendar/stop/")
    assert Client().get(second).status_code == 404
    assert not CalendarKey.objects.exists()


def test_the_address_is_kept_sealed(world: World) -> None:
    path = subscribed(world.outsider)
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    row = CalendarKey.objects.get()
    assert secret.encode() not in bytes(row.secret_sealed)
    assert secret != row.secret_hash


def test_it_speaks_the_language_of_its_person(world: World) -> None:
    _application, person = world.draft()
    User.objects.filter(pk=person.pk).update(language="en")
    made = lines(subscribed(person))
    assert "X-WR-CALNAME:Deadlines of the business support portal" in made
    assert any(row.startswith("URL") and "/en/cases/" in row for row in made)


def test_it_asks_the_same_for_one_deadline_and_for_many(world: World) -> None:
    application, person = world.draft()
    path = subscribed(person)
    one = count(Client(), path)
    for _n in range(3):
        other, _person = world.draft()
        other.case.organisation = application.case.organisation
        other.case.save()
    Turn.objects.update(organisation=application.case.organisation)
    assert lines(path).count("BEGIN:VEVENT") == 4
    assert count(Client(), path) == one <= 8


def test_a_new_password_ends_it(world: World, client: Client) -> None:
    """Whoever knew the old one may have read the address."""
    world.outsider.set_password("snow-lilac-lamp-7")
    world.outsider.save()
    client.force_login(world.outsider)
    path, other = subscribed(world.outsider), subscribed(world.officer)
    words = {"password1": "ramen-tram-elm-9", "password2": "ramen-tram-elm-9"}
    for old, status in (("wrong", 200), ("snow-lilac-lamp-7", 404)):
        client.post("/accounts/password/change/", {"oldpassword": old, **words})
        assert Client().get(path).status_code == status
    assert Client().get(other).status_code == 200


def test_it_ends_with_the_sessions_that_the_office_ends(world: World) -> None:
    path = subscribed(world.outsider)
    security.end_sessions(
        world.outsider.email, by=world.staff["administrator"], reason="端末の紛失"
    )
    assert Client().get(path).status_code == 404
