"""Whose turn it is while money has to come back."""

from django.utils.translation import gettext_noop

from grants.awards.models import award_of, awards_of
from grants.payments.turns import claims_of
from grants.recovery import collecting, demanding
from grants.recovery.models import Recovery
from portal import clock
from portal.approvals.turns import is_live, live_items
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.closures import calendars

DEMAND = gettext_noop("返還を督促する")
LAPSES = gettext_noop("返還の時効が近いので、督促や履行延期を確かめる")
SEE_SURPLUS = gettext_noop("納めすぎた額を、記録した方とは別の職員が確かめる")
GIVE_BACK = gettext_noop("納めすぎた額を返す")


def of_case(case: Case) -> list[TurnWanted]:
    award = award_of(case)
    if award is None:
        return []
    found: list[TurnWanted] = []
    today = clock.today()
    for row in collecting.rows_of.all(case):
        for what, is_wanted, until in (
            (DEMAND, demanding.wants_demand(row, today), None),
            (LAPSES, demanding.lapses_soon(row, today), row.lapses_on),
            (SEE_SURPLUS, any(r.waits_to_be_seen for r in row.standing), None),
            (GIVE_BACK, any(r.over_seen_at and r.refunded_on is None for r in row.standing), None),
        ):
            if is_wanted:
                found.append(
                    TurnWanted("office", what, role="finance_officer", due_on=until, obj=row)
                )
        if any(receipt.is_doubted for receipt in row.receipts.all()):
            found.append(
                TurnWanted(
                    "office",
                    gettext_noop("納付の記録の取消しを確かめる"),
                    role="finance_officer",
                    obj=row,
                )
            )
        if row.state not in Recovery.OWED:
            continue
        if row.owed()["left"]:
            found.append(
                TurnWanted(
                    "applicant", gettext_noop("補助金を返還する"), due_on=row.next_due, obj=row
                )
            )
        else:
            found.append(
                TurnWanted(
                    "office",
                    gettext_noop("納付を確認して終える"),
                    role="finance_officer",
                    due_on=calendars.of_case(case).add(row.came_in()[-1].on, 3),
                    obj=row,
                )
            )
    payments = [
        payment
        for claim in claims_of.all(case)
        if claim.award_id == award.pk
        for payment in claim.payments.all()
    ]
    orders = collecting.rows_of.all(case)
    if collecting.above(award.payable, payments, orders) > 0 and not is_live(case):
        found.append(
            TurnWanted(
                "office",
                gettext_noop("返還の命令を起案する"),
                role="programme_officer",
                person=case.assigned_to,
                obj=award,
            )
        )
    return found


SOURCE = TurnSource(turns=of_case, reads=(awards_of, collecting.rows_of, claims_of, live_items))
