"""A pause of the intake: why, for everybody to read; who is told; what becomes of the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from grants.applications import submit
from grants.applications.models import Application
from grants.applications.submit import Late
from grants.programmes.models import Call
from grants.programmes.pausing import days_lost
from portal import clock
from portal.cases.models import Turn
from portal.cases.turns import differing
from portal.correspondence import reminders
from portal.correspondence.models import Mail
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.markup import one_line
from tools.demonstration import simulation

T = datetime(2026, 11, 1, tzinfo=UTC)


def hours(n: float) -> datetime:
    return T + timedelta(hours=n)


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (0, 1, 1),  # an hour counts as a day
        (0, 0.9, 0),  # less does not
        (0, 24, 1),
        (0, 25, 2),
        (-48, 24, 1),  # it opened in the meantime
        (-48, -24, 0),  # before it opened
        (239, 300, 3),  # it would have closed in the meantime
        (241, 300, 0),  # after it closed
    ],
)
def test_a_day_of_a_pause_that_was_begun_counts_whole(since: int, until: int, days: int) -> None:
    assert days_lost(hours(0), hours(240), hours(since), hours(until)) == days


def subjects() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("subject", flat=True))


def test_everybody_reads_why_and_who_has_a_draft_is_told(world: World, client: Client) -> None:
    draft, _person = world.draft()
    world.submitted()
    call = Call.objects.get(pk=draft.call_id)
    Mail.objects.all().delete()
    call = perform(call, "suspend", by=world.director, public_reason="予算の見直しのため。")
    assert subjects() == [
        f"【{draft.case.programme_name}】公募の受付を一時停止しました（{draft.case}）"
    ]
    text = one_line(client.get(call.public_url))
    assert ("受付を一時停止しています" in text, "予算の見直しのため。" in text) == (True, True)
    client.force_login(_person)
    text = one_line(client.get(f"/apply/{draft.case.number}/"))
    assert ("受付を一時停止しています" in text, "受付は終わりました" in text) == (True, False)


def test_nothing_is_submitted_while_the_intake_pauses(world: World) -> None:
    draft, person = world.draft()
    call = Call.objects.get(pk=draft.call_id)
    call = perform(call, "suspend", by=world.director, public_reason="x")
    with pytest.raises(Late, match="受付を止めています"):
        submit.submit(Application.objects.get(pk=draft.pk), by=person)
    perform(call, "resume", by=world.director)
    assert submit.submit(Application.objects.get(pk=draft.pk), by=person).state == "submitted"


def test_nothing_is_submitted_to_a_call_that_was_called_off(world: World) -> None:
    draft, person = world.draft()
    Mail.objects.all().delete()
    world.called_off(draft.call)
    assert subjects() == [f"【{draft.case.programme_name}】公募を中止しました（{draft.case}）"]
    with pytest.raises(Late, match="受付を止めています"):
        submit.submit(Application.objects.get(pk=draft.pk), by=person)


def test_the_days_of_a_pause_are_given_back(world: World, client: Client) -> None:
    draft, _person = world.draft()
    call = Call.objects.get(pk=draft.call_id)
    closes_at = call.last_closes_at
    assert closes_at is not None
    call = perform(call, "suspend", by=world.director, public_reason="障害のため。")
    Mail.objects.all().delete()
    with clock.at(clock.now() + timedelta(days=2, hours=3)):
        call = perform(call, "resume", by=world.director)
        new = closes_at + timedelta(days=3)
        assert Call.objects.get(pk=call.pk).last_closes_at == new
        assert Turn.objects.get(case=draft.case).due_on == clock.day_of(new)
        assert differing() == []
        mail = Mail.objects.get()
        assert call.intake_until(new) in mail.body
        text = one_line(client.get(call.public_url))
    assert ("その日数だけ締切を延ばしました" in text, "障害のため。" in text) == (True, True)


def test_pausing_again_and_again_moves_no_end(world: World) -> None:
    call = Call.objects.get(pk=world.draft()[0].call_id)
    closes_at = call.last_closes_at
    for _again in range(3):
        call = perform(call, "suspend", by=world.director, public_reason="x")
        call = perform(call, "resume", by=world.director)
    assert Call.objects.get(pk=call.pk).last_closes_at == closes_at


def test_what_a_pause_gives_back_ends_before_the_decision(world: World) -> None:
    call = perform(
        Call.objects.get(pk=world.draft()[0].call_id),
        "suspend",
        by=world.director,
        public_reason="x",
    )
    assert call.last_closes_at is not None
    room = 10
    day = clock.day_of(call.last_closes_at) + timedelta(days=room)
    Call.objects.filter(pk=call.pk).update(decision_on=day)
    with clock.at(clock.now() + timedelta(days=room - 1)), pytest.raises(NotReady, match="予定日"):
        perform(call, "resume", by=world.director)
    with clock.at(clock.now() + timedelta(days=room - 2)):
        perform(call, "resume", by=world.director)


def test_an_intake_that_is_over_is_not_paused(world: World) -> None:
    call = Call.objects.get(pk=world.draft()[0].call_id)
    with world.after_intake(call), pytest.raises(NotReady, match="止める受付がありません"):
        perform(call, "suspend", by=world.director, public_reason="x")


def test_who_has_a_draft_hears_of_a_later_closing_day(world: World) -> None:
    draft, _person = world.draft()
    call = Call.objects.get(pk=draft.call_id)
    closes_at = call.last_closes_at
    assert closes_at is not None
    Mail.objects.all().delete()
    later = closes_at + timedelta(days=7)
    perform(call, "extend", by=world.director, reason="x", closes_at=later)
    assert call.intake_until(later) in Mail.objects.get().body


def reminded_on(day: date) -> int:
    with clock.at(simulation.at(day, 8)):
        return reminders.remind()


def test_nobody_is_reminded_of_a_closing_day_while_the_intake_pauses(world: World) -> None:
    draft, _person = world.draft()
    call = Call.objects.get(pk=draft.call_id)
    closes_at = call.last_closes_at
    assert closes_at is not None
    last = clock.day_of(closes_at)
    call = perform(call, "suspend", by=world.director, public_reason="x")
    assert (Turn.objects.get(case=draft.case).due_on, differing()) == (None, [])
    assert [reminded_on(last - timedelta(days=n)) for n in (14, 7, 3, 1)] == [0, 0, 0, 0]
    with clock.at(clock.now() + timedelta(days=1, hours=20)):
        perform(call, "resume", by=world.director)
        assert differing() == []
    new = last + timedelta(days=2)
    assert Turn.objects.get(case=draft.case).due_on == new
    assert [reminded_on(new - timedelta(days=n)) for n in (14, 7, 3, 2, 1)] == [1, 1, 1, 0, 1]


def test_nobody_is_reminded_of_the_closing_day_of_a_call_that_was_called_off(world: World) -> None:
    draft, _person = world.draft()
    call = Call.objects.get(pk=draft.call_id)
    assert call.last_closes_at is not None
    last = clock.day_of(call.last_closes_at)
    assert reminded_on(last - timedelta(days=14)) == 1
    world.called_off(call)
    assert [reminded_on(last - timedelta(days=n)) for n in (7, 3, 1)] == [0, 0, 0]
    assert differing() == []


def test_a_day_that_was_moved_is_reminded_of_anew(world: World) -> None:
    draft, _person = world.draft()
    call = Call.objects.get(pk=draft.call_id)
    assert call.last_closes_at is not None
    last = clock.day_of(call.last_closes_at)
    assert reminded_on(last - timedelta(days=7)) == 1
    later = call.last_closes_at + timedelta(days=7)
    perform(call, "extend", by=world.director, reason="x", closes_at=later)
    assert [reminded_on(last), reminded_on(last)] == [1, 0]
