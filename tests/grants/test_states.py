"""Every state of a life cycle lies in one of the sets that the rules ask: none is forgotten."""

from grants.applications import states as applications
from grants.reviews import states as reviews


def test_every_state_of_an_application_is_live_or_ended() -> None:
    assert set(applications.LIVE).isdisjoint(applications.ENDED)
    assert {*applications.LIVE, *applications.ENDED} == set(applications.APPLICATION_STATES)


def test_what_is_live_is_a_draft_or_undecided_or_awarded() -> None:
    assert {"draft", *applications.UNDECIDED, "awarded"} == set(applications.LIVE)


def test_every_state_of_a_review_is_open_or_done() -> None:
    assert set(reviews.OPEN).isdisjoint(reviews.DONE)
    assert {*reviews.OPEN, *reviews.DONE} == set(reviews.REVIEW_STATES)


def test_a_review_that_is_gone_is_done_and_is_not_read() -> None:
    assert set(reviews.GONE) < set(reviews.DONE)
    assert set(reviews.GONE).isdisjoint(reviews.READING)
