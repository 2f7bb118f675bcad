"""What the case page shows of money to come back, and how far along its road the case is."""

from django.utils.translation import gettext as _

from grants.applications.states import ApplicationState
from grants.awards.models import Award, award_of
from grants.payments import settling
from grants.payments.turns import claims_of
from grants.recovery import collecting, deferring, demanding, meeting, taking_back
from grants.recovery.models import Recovery
from grants.recovery.states import RecoveryState
from portal import clock
from portal.accounts.models import User
from portal.approvals.stations import DRAFTERS
from portal.cases import visibility
from portal.cases.models import Case
from portal.notices.models import notices_of
from portal.types import Context, Text
from portal.workflow.door import actions

# what is paid twice comes after all was paid
BOOKED_IN = (*Recovery.OWED, RecoveryState.CLOSED)


def reached(case: Case) -> tuple[int, Text] | None:
    rows = [row for row in collecting.rows_of.all(case) if row.state in Recovery.OWED]
    if not rows:
        return None
    owed = next((row for row in rows if row.owed()["left"]), None)
    if owed is None:
        return 9, _("納めていただいた額を、市が確かめています。")
    if deferring.asked(owed):
        return 9, _("履行延期の申し出に、市が返事をします。返事があるまで、納期限は変わりません。")
    return 9, owed.info.say


def _may_come_early(case: Case) -> Award | None:
    """The award of which money went out and nothing is ordered back."""
    award = award_of(case)
    claims = [claim for claim in claims_of.all(case) if award and claim.award_id == award.pk]
    is_paid = any(settling.made(claim.payments.all()) for claim in claims)
    is_asked = any(row.state in Recovery.OWED for row in collecting.rows_of.all(case))
    return award if is_paid and not is_asked else None


def _slip(case: Case, recovery: Recovery) -> Context | None:
    """The paper by which it is paid, and how."""
    for paper in notices_of.all(case):
        said = {str(line[0]): str(line[1]) for line in paper.lines}
        of_this = paper.kind == "payment_slip" and recovery.number in said.values()
        if of_this and not paper.is_voided:
            return {"paper": paper, "how": said.get("納める方法", "")}
    return None


def of_case(case: Case, user: User) -> Context | None:
    if case.state != ApplicationState.AWARDED:
        return None
    rows = collecting.rows_of.all(case)
    reads = visibility.sees_as(user, case, *meeting.READERS)
    opposed = meeting.of_case(case, user) if reads else []
    early = collecting.early_of.all(case)
    may = visibility.sees_as(user, case, "finance_officer")
    early_of = _may_come_early(case) if may else None
    if not rows and not opposed and not early and early_of is None:
        return None
    return {
        "early": early,
        "early_of": early_of,
        "may_book_early": may,
        "meeting": opposed,
        "may_draft": visibility.sees_as(user, case, *DRAFTERS),
        "rows": [
            {
                "recovery": r,
                "lines": collecting.schedule(r),
                "owed": r.owed(),
                "receipts": list(r.receipts.all()),
                "parts": r.instalments if r.agreed.all() else (),
                "demands": list(r.demands.all()),
                "actions": actions(user, r),
                "may_take_back": may and r.state in taking_back.STANDS_IN,
                "may_book": may and r.state in BOOKED_IN,
                "may_demand": may and demanding.is_late(r, clock.today()),
                "may_give_back": may,
                "may_ask": deferring.asked(r) is None and deferring.may_ask(user, r),
                "asked": asked if r.state in Recovery.OWED else None,
                "slip": _slip(case, r) if r.state in Recovery.OWED else None,
                "answers": actions(user, asked) if asked else (),
            }
            for r in rows
            for asked in [next(iter(r.later_requests.all()), None)]  # the last one
        ],
    }
