"""Every state has its place in the sets that decide what is live: a new one fails here until somebody says where it belongs."""

import pytest

from grants.awards.changes import ChangeRequest
from grants.awards.models import Award
from grants.completion.models import CompletionReport
from grants.followup.models import Filing
from grants.payments.accounts import BankAccount
from grants.payments.models import Claim, Payment
from grants.payments.states import UNANSWERED
from grants.recovery.models import Recovery
from grants.seats.models import Enrolment
from portal.workflow.graph import LifeCycle

PARTS: dict[type[LifeCycle], tuple[tuple[str, ...], ...]] = {
    Award: (Award.LIVE, Award.ENDED),
    ChangeRequest: (ChangeRequest.LIVE, ("approved", "denied", "notified")),
    CompletionReport: (CompletionReport.EDITABLE, CompletionReport.HANDED_IN),
    Claim: (Claim.LIVE, ("denied",)),
    Payment: (Payment.LIVE, Payment.FAILED),
    BankAccount: (BankAccount.UNCONFIRMED, ("confirmed", "replaced")),
    Recovery: (Recovery.OWED, Recovery.LET_GO, ("closed",)),
    Filing: (Filing.LIVE, ("accepted", "denied", "withdrawn")),
    Enrolment: (Enrolment.LIVE, ("completed", "dropped")),
}
WITHIN: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    (Award.RUNNING, Award.OPEN),
    (Award.OPEN, Award.LIVE),
    (Award.PAYABLE, Award.OPEN),
    (Award.FIXED, Award.LIVE),
    (UNANSWERED, Payment.LIVE),
    (Filing.EDITABLE, Filing.LIVE),
]


@pytest.mark.parametrize("model", PARTS, ids=lambda model: model.__name__)
def test_each_state_belongs_to_one_set(model: type[LifeCycle]) -> None:
    placed = [state for part in PARTS[model] for state in part]
    assert sorted(placed) == sorted(model.STATES)


@pytest.mark.parametrize(("smaller", "larger"), WITHIN)
def test_a_narrower_set_lies_within_the_wider(
    smaller: tuple[str, ...], larger: tuple[str, ...]
) -> None:
    assert set(smaller) < set(larger)
