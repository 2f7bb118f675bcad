"""Nobody of the office ends alone what is somebody else's: a case, money, a place, a right.

Each transition open to the office that is dangerous, leads to where nothing leads on, or is one of `ALSO`, is taken from
the other side by two people (an act of draft and decision, which no button does; a duty that somebody else's must come
before), or is the applicant's own, or stands below with the reason why one person is enough.
"""

import pytest

from portal.accounts.permissions import Applicant, Either
from portal.workflow import duties
from portal.workflow.graph import LifeCycle, Spec, life_cycles
from portal.workflow.outgoing import NOTHING
from portal.workflow.ports import joined_requirements

# neither dangerous nor an end, and yet what somebody waits for or counts on
ALSO = {
    "Call.suspend",
    "Call.resume",
    "Award.suspend",
    "Award.resume",
    "Payment.hold",
    "Pilot.extend",
    "Challenge.decide",
    "Disclosure.extend",
}
# whose cases never come on paper: nobody of the office does it for the applicant
ONLINE = {"Booking"}
# one person is enough, since …
ENOUGH = {
    # … nothing is decided by it
    "Call.archive": "it is shelved: results are published, and its cases go on",
    "Challenge.archive": "it is shelved: the challenge is decided, and its proposals go on",
    "PaymentBatch.reconcile": "it takes in what the bank answered; what is put right in it is asked and confirmed by two",
    "Disclosure.hand_out": "it carries out what one drafted and another decided",
    "Sketch.propose": "it becomes a draft, which somebody approves who did not write in it",
    # … nothing is taken: what was asked for does not come, and can be asked for again
    "Approval.refuse": "it ends a paper of the office; the case stands where it stood, and is drafted anew",
    "Approval.withdraw": "the drafter takes back a paper of the office before anything came of it",
    "CallChange.deny": "it ends a proposal of the office; the call stays as it was announced",
    "CallChange.withdraw": "it ends a proposal of the office; the call stays as it was announced",
    "ExtensionRequest.deny": "the day stays that two letters named; the firm hears why, and asks again",
    "BankAccount.refuse": "no money goes to it or away from it; the firm declares again",
    "Claim.deny": "the award and its sum stand; the firm claims again",
    "Booking.refuse": "the room is the department's own; the firm hears why, and asks for another day",
    "Consultation.close": "a question was answered; its asker asks again on the same page",
    "Call.cancel": "nobody outside has read it: once it is announced, two call it off in public",
    "Programme.retire": "no call of it runs, waits or has results to come: only new calls end with it",
    "Challenge.cancel": "nobody outside has read it: once it is published, two call it off",
    "Challenge.decide": "no intake is open, paused or to come; each match is decided by two",
    # … it only gives
    "ExtensionRequest.grant": "it gives a later day, within bounds; who typed the paper is in the record",
    "Filing.accept": "it takes in what the firm reported, and asks nothing back",
    "Booking.take_back": "what was lent came back: it frees the thing, and ends no right",
    # … the money does not move
    "Payment.cancel": "an order that is in no file: the claim stays confirmed, and is ordered again",
    "Payment.hold": "an order that is in no file waits, with a reason; any other in finance releases it",
    "PaymentBatch.void": "no file of it has left the house: its payments wait for the next batch",
    # … somebody else goes on with it
    "Review.replace": "nothing that was scored is lost: another reviewer takes the case over",
    "ReviewPanel.close": "scores that are missing are named with a reason in the minutes, before a draft and its decision",
    # … what it takes from those who write is given back to them by a rule
    "Call.suspend": "days that it takes from those who write are given back when it ends",
    "Call.resume": "days that the pause took are given back by it, and an end of the intake by two",
}
# one person is not enough, and nothing is done about it yet: docs/plan.md says so of each
OPEN = {
    "Disclosure.extend": "to any day and again, by one officer",
    "Disclosure.withdraw": "a withdrawal that the requester need not have made, by one officer",
    "Enrolment.complete": "a certificate of the city, by the officer who took attendance",
    "LaterRequest.deny": "refused by one officer, where agreeing takes two",
    "Rollout.drop": "in public, by one owner, before there is a contract",
    "Rollout.end": "in public, by one owner, while a contract runs",
    "Sketch.discard": "what a colleague wrote, without a word to them",
}


def ends(model: type[LifeCycle], spec: Spec) -> bool:
    """Does nothing lead on from where it leads?"""
    others = model.specs().values()
    return not any(spec.target in other.sources and other.target != spec.target for other in others)


def asked() -> dict[str, tuple[type[LifeCycle], Spec]]:
    return {
        f"{model.__name__}.{spec.name}": (model, spec)
        for model in life_cycles()
        for spec in model.specs().values()
        if spec.name != "begin"
        and (spec.tone == "danger" or ends(model, spec) or f"{model.__name__}.{spec.name}" in ALSO)
    }


def is_of_two(model: type[LifeCycle], spec: Spec) -> bool:
    """Is somebody else's duty sure to come before it: by something that it asks for, or since every way into where it
    begins is that duty?
    """
    rivals = duties.against(spec.duty) if spec.duty else set()
    into = [
        other.duty
        for other in model.specs().values()
        if other.target in spec.sources and other.name != spec.name
    ]
    needs = bool(spec.requirements or joined_requirements.of(model, spec.name))
    return bool(rivals) and (needs or set(into) <= rivals)


def is_own(model: type[LifeCycle], spec: Spec) -> bool:
    """Is it the applicant's, and where the office does it from a paper, does a letter say so?"""
    permission = spec.permission
    options = permission.options if isinstance(permission, Either) else (permission,)
    if not all(isinstance(option, Applicant) for option in options):
        return False
    is_told = model.OUTGOING.get(spec.name, NOTHING).counter is not None
    return is_told or model.__name__ in ONLINE


def is_answered(model: type[LifeCycle], spec: Spec) -> bool:
    return spec.internal or is_of_two(model, spec) or is_own(model, spec)


def test_nobody_ends_alone_what_is_not_theirs() -> None:
    alone = {name for name, (model, spec) in asked().items() if not is_answered(model, spec)}
    assert alone - set(ENOUGH) - set(OPEN) == set()
    assert set(ENOUGH) | set(OPEN) <= alone  # and no row stands for what two do meanwhile


def test_what_is_asked_beside_the_ends_is_there() -> None:
    assert set(ALSO) | set(OPEN) <= set(asked())


@pytest.mark.parametrize("table", [ENOUGH, OPEN], ids=["enough", "open"])
def test_each_reason_says_what_becomes_of_it(table: dict[str, str]) -> None:
    assert [name for name, why in table.items() if len(why.split()) < 7] == []
    assert not set(ENOUGH) & set(OPEN)
