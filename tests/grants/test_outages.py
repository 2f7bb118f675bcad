"""The rule for outages near a closing moment: one proposes, another confirms, for all, in public."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from grants.applications import submit
from grants.applications.models import Application
from grants.programmes import making_up, outages
from grants.programmes.making_up import RULE
from grants.programmes.models import Call, LaterEnd, Outage
from grants.programmes.outages import WITHIN, Wanted
from portal import clock
from portal.accounts.models import StaffRole
from portal.audit.models import Event
from portal.cases.models import Turn
from portal.cases.turns import differing
from portal.closures import calendars
from portal.correspondence import reminders
from portal.correspondence.models import Mail
from portal.registry.models import Municipality
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady
from tests.conftest import World
from tests.markup import one_line
from tests.roles import granted
from tests.workdays import WORKDAYS
from tools.demonstration import simulation

HOUR = timedelta(hours=1)
FRIDAY = datetime(2026, 11, 13, 8, tzinfo=UTC)  # 17:00 in Sapporo


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (-1.0, 0.5, True),  # it closed while nobody came in
        (-5.0, -2.0, True),  # two hours before
        (-5.0, -2.1, False),
        (0.0, 1.0, True),
        (0.1, 1.0, False),  # it was closed already
    ],
)
def test_an_intake_is_touched_where_people_were_kept_out_shortly_before(
    since: float, until: float, expected: bool
) -> None:
    first, last = making_up.closings(FRIDAY + since * HOUR, FRIDAY + until * HOUR)
    assert (first <= FRIDAY <= last) is expected


@pytest.mark.parametrize(
    ("hours", "told_after", "expected"),
    [
        (1, 0, datetime(2026, 11, 16, 8, tzinfo=UTC)),  # the next working day, 17:00
        (1, 24, datetime(2026, 11, 16, 8, tzinfo=UTC)),  # told on Saturday
        (1, 72, datetime(2026, 11, 17, 8, tzinfo=UTC)),  # told on Monday
        (100, 0, datetime(2026, 11, 18, 8, tzinfo=UTC)),  # over on Tuesday at noon
        (0.5, -24, datetime(2026, 11, 16, 8, tzinfo=UTC)),
    ],
)
def test_people_are_given_the_time_again_and_a_working_day_after_they_hear(
    hours: float, told_after: float, expected: datetime
) -> None:
    since, until = FRIDAY - HOUR, FRIDAY + (hours - 1) * HOUR
    found = making_up.later_end(FRIDAY, since, until, FRIDAY + told_after * HOUR, WORKDAYS)
    assert found == expected


def test_as_long_again_as_people_were_kept_out() -> None:
    since = FRIDAY - timedelta(days=6)
    found = making_up.later_end(FRIDAY, since, FRIDAY - HOUR, FRIDAY, WORKDAYS)
    assert found == FRIDAY + timedelta(days=6) - HOUR


def closing(world: World) -> datetime:
    closes_at = Call.objects.get(pk=world.calls["telework"].pk).last_closes_at
    assert closes_at is not None
    return closes_at


def wanted(world: World, since: float = -1, until: float = 0.5) -> Wanted:
    at = closing(world)
    return Wanted(
        since=at + since * HOUR,
        until=at + until * HOUR,
        reason="データベースの障害で、申請のページを開けないときがありました。",
        reason_en="The database was down.",
        known_by="警報 16:02、503が1,204件",
    )


def told(world: World) -> Outage:
    """Of this morning, proposed by the officer."""
    now = clock.now()
    hours = Wanted(since=now - 3 * HOUR, until=now - HOUR, reason="停電", known_by="警報")
    return outages.propose(hours, by=world.officer)


@contextmanager
def afterwards(world: World, hours: float = 1) -> Iterator[None]:
    with clock.at(closing(world) + hours * HOUR):
        yield


def test_the_intake_opens_again_for_all_and_everybody_with_a_draft_is_told(
    world: World, client: Client
) -> None:
    draft, person = world.draft()
    world.submitted()
    call = Call.objects.get(pk=draft.call_id)
    was = closing(world)
    with afterwards(world):
        outage = outages.propose(wanted(world), by=world.officer)
        assert closing(world) == was
        with pytest.raises(submit.Late):
            submit.submit(Application.objects.get(pk=draft.pk), by=person)
        Mail.objects.all().delete()
        (end,) = outages.confirm(outage, by=world.approver)
        until = closing(world)
        assert (end.was, end.closes_at) == (was, until)
        day = calendars.of_case(call).add(clock.today(), RULE.workdays)
        assert until == simulation.at(day, RULE.hour.hour)
        mail = Mail.objects.get()
        assert "障害のため公募の締切を延ばしました" in mail.subject
        assert call.intake_until(until) in mail.body
        assert Turn.objects.get(case=draft.case).due_on == day
        assert differing() == []
        for language, words in (("", outage.reason), ("/en", outage.reason_en)):
            assert words in one_line(client.get(language + call.public_url))
        assert Event.objects.get(action="call.make_up").chain == f"call:{call.pk}"
        done = Event.objects.filter(chain=f"outage:{outage.pk}").order_by("seq")
        assert [row.action for row in done] == ["outage.propose", "outage.confirm"]
        sent = submit.submit(Application.objects.get(pk=draft.pk), by=person)
        assert sent.state == "submitted"


def test_the_rule_stands_on_the_page_of_a_call_before_anything_happens(
    world: World, client: Client
) -> None:
    call = world.calls["telework"]
    for language, path in (("ja", ""), ("en", "/en")):
        with override(language):
            rule = making_up.said()
        page = one_line(client.get(path + call.public_url))
        assert all(sentence in page for sentence in rule)
        with world.after_intake(call):
            assert rule[0] not in one_line(client.get(path + call.public_url))


def test_who_proposed_it_does_not_decide_it(world: World) -> None:
    with afterwards(world):
        outage = outages.propose(wanted(world), by=world.approver)
        with pytest.raises(Forbidden):
            outages.confirm(outage, by=world.approver)
        with pytest.raises(Forbidden):
            outages.confirm(outage, by=world.officer)
        assert not LaterEnd.objects.exists()
        assert outages.waiting()[world.approver] == 0
        assert outages.waiting()[world.director] == 1
        outages.confirm(outage, by=world.staff["administrator"])
        with pytest.raises(NotReady):
            outages.confirm(outage, by=world.director)


def test_who_decides_on_one_town_decides_on_no_other(world: World) -> None:
    rows = StaffRole.objects.filter(person=world.approver, role="approver")
    granted(rows, municipality=Municipality.objects.get(pk="012033"))
    with afterwards(world):
        outage = outages.propose(wanted(world), by=world.officer)
        approver = type(world.approver).objects.get(pk=world.approver.pk)
        with pytest.raises(Forbidden):
            outages.confirm(outage, by=approver)
        assert outages.waiting()[approver] == 0
        assert Outage.objects.get().confirmed_at is None


@pytest.mark.parametrize(
    ("given", "hours", "words"),
    [
        ({"since": 1.0}, 2, "始まりより後"),
        ({}, -0.5, "終わってから提案"),
        ({}, WITHIN / HOUR + 2, "のうちに提案"),
    ],
)
def test_hours_that_are_wrong_are_refused(
    world: World, given: dict[str, float], hours: float, words: str
) -> None:
    typed = wanted(world, **given)
    with afterwards(world, hours), pytest.raises(NotReady, match=words):
        outages.propose(typed, by=world.officer)


def test_one_hour_is_made_up_for_once(world: World) -> None:
    with afterwards(world):
        first = outages.propose(wanted(world), by=world.officer)
        with pytest.raises(NotReady, match="重なる"):
            outages.propose(wanted(world, -2, -0.5), by=world.officer)
        outages.take_back(first, by=world.officer)
        outages.propose(wanted(world, -2, -0.5), by=world.officer)


def test_what_cannot_close_later_is_named_and_left(world: World) -> None:
    call = world.calls["telework"]
    Call.objects.filter(pk=call.pk).update(decision_on=clock.day_of(closing(world)))
    with afterwards(world):
        outage = outages.propose(wanted(world), by=world.officer)
        (row,) = outages.touched(outage)
        assert "交付決定の予定日" in row.reasons[0]
        with pytest.raises(NotReady, match="延ばせる締切がありません"):
            outages.confirm(outage, by=world.approver)
        assert Outage.objects.get().closed_at is None


@pytest.mark.parametrize(
    ("step", "words"), [("suspend", "受付を止めています"), ("select", "選考が始まっている")]
)
def test_an_intake_that_pauses_or_is_selected_is_left(world: World, step: str, words: str) -> None:
    call = Call.objects.get(pk=world.calls["telework"].pk)
    typed = wanted(world)
    if step == "suspend":
        perform(call, "suspend", by=world.director, public_reason="x")
    with afterwards(world):
        if step == "select":
            perform(call, "select", by=world.officer)
        outage = outages.propose(typed, by=world.officer)
        (row,) = outages.touched(outage)
        assert words in row.reasons[0]


def test_an_intake_that_closes_soon_after_is_moved_before_it_closes(world: World) -> None:
    was = closing(world)
    typed = wanted(world, -3, -1.5)
    with afterwards(world, -1):
        outage = outages.propose(typed, by=world.officer)
        outages.confirm(outage, by=world.approver)
        assert closing(world) > was


def _parts(name: str, day: date) -> dict[str, str]:
    return {f"{name}_y": str(day.year), f"{name}_m": str(day.month), f"{name}_d": str(day.day)}


def test_it_is_proposed_and_decided_on_pages(world: World, client: Client) -> None:
    call = Call.objects.get(pk=world.calls["telework"].pk)
    at = closing(world).astimezone(clock.JST)
    typed = {
        **_parts("since_on", at),
        "since": f"{at.hour - 1:02}:00",
        "until": f"{at.hour:02}:30",
        "known_by": "警報",
        "reason": "データベースの障害のため。",
    }
    with afterwards(world):
        client.force_login(world.officer)
        assert client.post(reverse("outage_new"), typed | {"reason": ""}).status_code == 422
        made = client.post(reverse("outage_new"), typed)
        outage = Outage.objects.get()
        assert made["Location"] == outage.get_absolute_url()
        page = one_line(client.get(outage.get_absolute_url()))
        press = reverse("outage_confirm", args=[outage.pk])
        assert (str(call) in page, press in page) == (True, False)
        client.force_login(world.approver)
        reminders.tell_of_waiting()
        assert Mail.objects.filter(to=world.approver, subject__contains="障害による").exists()
        assert press in one_line(client.get(outage.get_absolute_url()))
        assert client.post(press)["Location"] == outage.get_absolute_url()
        (end,) = LaterEnd.objects.all()
        page = one_line(client.get(outage.get_absolute_url()))
        assert (call.intake_until(end.closes_at) in page, press in page) == (True, False)
        assert outage.reason in one_line(client.get(call.get_absolute_url()))
        assert str(outage) in one_line(client.get(reverse("outage_list")))


def test_a_proposal_is_taken_back_on_its_page(world: World, client: Client) -> None:
    with afterwards(world):
        outage = outages.propose(wanted(world), by=world.officer)
        client.force_login(world.officer)
        client.post(reverse("outage_take_back", args=[outage.pk]))
    fresh = Outage.objects.get()
    assert (fresh.confirmed_at, fresh.closed_at is None) == (None, False)


def test_a_colleague_does_not_take_back_what_another_proposed(world: World, client: Client) -> None:
    with afterwards(world):
        outage = outages.propose(wanted(world), by=world.officer)
        colleague = world.staff["second_officer"]
        client.force_login(colleague)
        press = reverse("outage_take_back", args=[outage.pk])
        assert press not in one_line(client.get(outage.get_absolute_url()))
        with pytest.raises(Forbidden, match="提案した方か、決められる方"):
            outages.take_back(outage, by=colleague)
        outages.take_back(outage, by=world.director)
    assert Outage.objects.get().closed_by == world.director
