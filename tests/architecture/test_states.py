"""Every state has its place in the sets that rules ask (live, undecided, ended …).

A new state fails here until somebody says where it belongs; a life cycle that is missing fails too.
"""

import re

import pytest

from grants.applications import states as applications
from grants.applications.extensions import ExtensionRequest
from grants.applications.models import Application
from grants.awards import states as awards
from grants.awards.changes import ChangeRequest
from grants.awards.models import Award
from grants.completion import states as completion
from grants.completion.models import CompletionReport
from grants.followup import states as followup
from grants.followup.models import Filing
from grants.payments import states as payments
from grants.payments.models import BankAccount, Claim, Payment, PaymentBatch
from grants.programmes import states as programmes
from grants.programmes.models import Call, CallChange, Programme, Sketch
from grants.recovery import states as recovery
from grants.recovery.models import LaterRequest, Recovery
from grants.reviews import states as reviews
from grants.reviews.access import READS
from grants.reviews.models import Review, ReviewPanel
from grants.seats import states as seats
from grants.seats.models import Enrolment
from portal.approvals import states as approvals
from portal.approvals.models import Approval
from portal.disposals.models import Disposal
from portal.notices import states as notices
from portal.notices.models import Notice
from portal.workflow.graph import LifeCycle, States, life_cycles
from reports.disclosure.models import Disclosure
from reports.statistics.models import Release
from reports.statistics.pipeline import lists
from startups.challenges import states as challenges
from startups.challenges.models import Challenge
from startups.concierge import states as concierge
from startups.concierge.models import Consultation
from startups.matching import states as matching
from startups.matching.models import Match
from startups.pilots import states as pilots
from startups.pilots.bookings import Booking
from startups.pilots.models import Pilot
from startups.rollouts import states as rollouts
from startups.rollouts.models import Rollout
from tests.architecture.test_house import modules

Set = tuple[States | str, ...]
# each state in one part: a set that the rules know, or, as words, what none of them asks together
PARTS: dict[type[LifeCycle], tuple[Set, ...]] = {
    Notice: (notices.VALID, ("voided",)),
    Approval: (approvals.LIVE, ("approved", "refused", "withdrawn")),
    CallChange: (("proposed",), ("approved", "denied", "withdrawn")),
    Programme: (("draft",), ("approved",), ("retired",)),
    Sketch: (Sketch.LIVE, ("proposed", "discarded")),
    Call: (programmes.CALL_UNANNOUNCED, programmes.CALL_PUBLIC, ("archived", "cancelled")),
    Application: (applications.LIVE, applications.ENDED),
    ExtensionRequest: (ExtensionRequest.LIVE, ("granted", "denied", "withdrawn", "overtaken")),
    ReviewPanel: (("convened",), ("closed",)),
    Review: (reviews.OPEN, reviews.DONE),
    ChangeRequest: (awards.LIVE_CHANGES, awards.GRANTED_CHANGES, ("denied",)),
    Award: (awards.LIVE, awards.ENDED),
    CompletionReport: (completion.EDITABLE, completion.HANDED_IN),
    BankAccount: (payments.UNCONFIRMED_ACCOUNTS, ("confirmed", "replaced")),
    Claim: (payments.LIVE_CLAIMS, ("denied",)),
    Payment: (payments.LIVE_PAYMENTS, payments.FAILED_PAYMENTS),
    PaymentBatch: (payments.UNSENT_BATCHES, payments.SENT_BATCHES, ("voided",)),
    LaterRequest: (
        LaterRequest.LIVE,
        ("agreed", "denied", "withdrawn", "overtaken"),
    ),
    Recovery: (recovery.OWED, recovery.LET_GO, ("closed",)),
    Filing: (followup.LIVE, ("accepted", "denied", "withdrawn")),
    Enrolment: (seats.LIVE, ("completed", "dropped")),
    Challenge: (
        challenges.EDITABLE,
        ("coordinating", "published", "decided"),
        ("archived", "cancelled"),
    ),
    Match: (matching.LIVE, matching.DECIDED, ("withdrawn",)),
    Booking: (pilots.LIVE_BOOKINGS, ("returned", "refused", "cancelled")),
    Pilot: (pilots.LIVE_PILOTS, ("evaluated", "stopped")),
    Rollout: (rollouts.LIVE, rollouts.OVER),
    Consultation: (concierge.OPEN, ("closed",)),
    Release: (("draft",), ("approved", "superseded")),
    Disposal: (Disposal.FINAL, ("due", "extended"), ("to_archives", "said_handed")),
    Disclosure: (Disclosure.LIVE, ("decided", "handed_out", "withdrawn")),
}
WITHIN: list[tuple[Set, Set]] = [
    (applications.EDITABLE, applications.LIVE),
    (applications.TO_DECIDE, applications.OPEN),
    (applications.ELIGIBLE, applications.UNDECIDED),
    (applications.WITHDRAWABLE, applications.UNDECIDED),
    (applications.CONCLUDABLE, applications.OPEN),
    (awards.PAYABLE, awards.OPEN),
    (awards.FIXED, awards.LIVE),
    (awards.ON_COURSE, awards.LIVE),
    (awards.EDITABLE_CHANGES, awards.LIVE_CHANGES),
    (payments.MADE, payments.LIVE_PAYMENTS),
    (payments.TRANSFERS, payments.LIVE_PAYMENTS),
    (followup.EDITABLE, followup.LIVE),
    (approvals.WITH_DRAFTER, approvals.LIVE),
]


def test_every_life_cycle_is_laid_out() -> None:
    assert set(PARTS) == set(life_cycles())


@pytest.mark.parametrize("model", PARTS, ids=lambda model: model.__name__)
def test_each_state_belongs_to_one_part(model: type[LifeCycle]) -> None:
    placed = [state for part in PARTS[model] for state in part]
    assert sorted(placed) == sorted(model.STATES)


@pytest.mark.parametrize(("smaller", "larger"), WITHIN)
def test_a_narrower_set_lies_within_the_wider(smaller: Set, larger: Set) -> None:
    assert set(smaller) < set(larger)


def test_what_is_live_is_a_draft_or_undecided_or_awarded() -> None:
    assert {"draft", *applications.UNDECIDED, "awarded"} == set(applications.LIVE)


def test_a_review_that_is_gone_is_not_read() -> None:
    assert {state for state, parts in READS.items() if not parts} == set(reviews.GONE)


def test_the_table_of_what_a_reviewer_reads_knows_every_state() -> None:
    assert set(READS) == set(reviews.ReviewState)


def test_every_award_that_stands_has_its_word_in_the_public_list() -> None:
    assert {*lists.STATUS, "withdrawn"} == set(Award.STATES)


def test_what_is_live_is_asked_of_the_queryset() -> None:
    """`live()` knows the set; through another model, and in a constraint, it is named."""
    by_hand = re.compile(r"(?<![_\w])(?<!Q\()state__in=[\w.]*LIVE")
    found = [path for path in modules() if by_hand.search(path.read_text(encoding="utf-8"))]
    assert [path.name for path in found] == ["graph.py"]
