"""Days to withdraw after the decision: one number, counted from the day on which the notice was received."""

from datetime import date, datetime, timedelta

import pytest

from grants.awards import withdrawing
from grants.awards.models import Award
from grants.awards.papers import award_facts
from portal import clock
from portal.accounts.models import User
from portal.correspondence.models import Mail
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.workdays import WORKDAYS

DAYS = 10  # as the programme has it


@pytest.mark.parametrize(
    ("received", "today", "over"),
    [
        (date(2026, 6, 1), date(2026, 6, 1), False),
        (date(2026, 6, 1), date(2026, 6, 11), False),  # the first day is not counted
        (date(2026, 6, 1), date(2026, 6, 12), True),
        (date(2026, 6, 3), date(2026, 6, 15), False),  # 13 June is a Saturday
        (date(2026, 6, 3), date(2026, 6, 16), True),
        (date(2026, 12, 19), date(2027, 1, 4), False),  # the office is closed from 29 December
        (date(2026, 12, 19), date(2027, 1, 5), True),
    ],
)
def test_the_day_of_receipt_is_not_counted_and_no_term_ends_on_a_closed_day(
    received: date, today: date, over: bool
) -> None:
    assert withdrawing.is_over(received, DAYS, today, WORKDAYS) == over


def sent(award: Award, person: User, at: datetime) -> None:
    mail = Mail.objects.filter(case=award.case, to=person).latest("pk")
    Mail.objects.filter(pk=mail.pk).update(state="sent", sent_at=at)


@pytest.mark.parametrize(
    ("mailed_after", "past", "open_"),
    [(0, 0, True), (0, 1, False), (5, 0, True), (5, 1, False), (None, 30, True)],
)
def test_the_days_begin_when_the_mail_about_the_notice_was_sent(
    world: World, mailed_after: int | None, past: int, open_: bool
) -> None:
    award, person = awarded(world)
    now = clock.now()
    if mailed_after is not None:
        sent(award, person, now + timedelta(days=mailed_after))
    begins = clock.today() + timedelta(days=mailed_after or 0)
    last = WORKDAYS.next_open(begins + timedelta(days=DAYS))
    with clock.at(now + (last - clock.today()) + timedelta(days=past)):
        if open_:
            assert perform(award, "withdraw", by=person).state == "withdrawn"
        else:
            with pytest.raises(NotReady, match="10日を過ぎています"):
                perform(award, "withdraw", by=person)


def test_where_nobody_is_mailed_the_day_of_the_notice_stands(world: World) -> None:
    award, person = awarded(world)
    Mail.objects.filter(case=award.case).delete()
    last = WORKDAYS.next_open(clock.today() + timedelta(days=DAYS))
    day_after = clock.now() + (last - clock.today()) + timedelta(days=1)
    with clock.at(day_after), pytest.raises(NotReady):
        perform(award, "withdraw", by=person)


def test_the_notice_says_the_number_that_counts(world: World) -> None:
    award, _person = awarded(world)
    frozen = award.parameters | {
        "periods": award.parameters["periods"] | {"withdrawal_days": 15},
        "withdrawal_text": "この通知を受け取った日から10日以内に",  # as it was once frozen
    }
    Award.objects.filter(pk=award.pk).update(parameters=frozen)
    fresh = Award.objects.get(pk=award.pk)
    assert "この通知を受け取った日から15日以内に" in str(award_facts(fresh)["small"])
