"""Whose turn it is while money has to come back."""

from django.utils.translation import gettext_noop

from grants.awards.models import award_of, awards_of
from grants.payments.turns import claims_of
from grants.recovery import collecting
from grants.recovery.models import Recovery
from portal.approvals.turns import is_live, live_items
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.closures import calendars


def of_case(case: Case) -> list[TurnWanted]:
    award = award_of(case)
    if award is None:
        return []
    found: list[TurnWanted] = []
    for row in collecting.rows_of.all(case):
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
                    "applicant", gettext_noop("補助金を返還する"), due_on=row.due_on, obj=row
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
