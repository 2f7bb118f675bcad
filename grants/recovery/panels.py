"""What the case page shows of money to come back, and how far along its road the case is."""

from grants.applications.states import ApplicationState
from grants.recovery import collecting, demanding, meeting, taking_back
from grants.recovery.models import Recovery
from grants.recovery.states import RecoveryState
from portal import clock
from portal.accounts.models import User
from portal.approvals.stations import DRAFTERS
from portal.cases import visibility
from portal.cases.models import Case
from portal.types import Context, Text
from portal.workflow.door import actions

# what is paid twice comes after all was paid
BOOKED_IN = (*Recovery.OWED, RecoveryState.CLOSED)


def reached(case: Case) -> tuple[int, Text] | None:
    rows = [row for row in collecting.rows_of.all(case) if row.state in Recovery.OWED]
    return (9, rows[0].info.say) if rows else None


def of_case(case: Case, user: User) -> Context | None:
    if case.state != ApplicationState.AWARDED:
        return None
    rows = collecting.rows_of.all(case)
    reads = visibility.sees_as(user, case, *meeting.READERS)
    opposed = meeting.of_case(case, user) if reads else []
    if not rows and not opposed:
        return None
    may = visibility.sees_as(user, case, "finance_officer")
    return {
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
            }
            for r in rows
        ],
    }
