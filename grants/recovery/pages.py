"""What a case shows of money to come back, and whose turn it is."""

from datetime import date

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop

from grants.applications.states import ApplicationState
from grants.awards.models import award_of, awards_of
from grants.awards.states import AwardState
from grants.payments import paying
from grants.payments.pages import claims_of
from grants.recovery import collecting
from grants.recovery.models import Recovery
from portal import fiscal
from portal.accounts.models import User
from portal.approvals.turns import is_live, live_items
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.types import Context, Text
from portal.workflow.door import actions


def turns_of(case: Case) -> list[TurnWanted]:
    award = award_of(case)
    if award is None:
        return []
    found: list[TurnWanted] = []
    for row in collecting.rows_of.all(case):
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
                    due_on=fiscal.add_business_days(row.came_in()[-1].on, 3),
                    obj=row,
                )
            )
    if (
        award.state == AwardState.AMOUNT_FIXED
        and claims_of.all(case)  # without a claim nothing was paid
        and not is_live(case)
        and paying.surplus(award) - collecting.open_principal(award) > 0
    ):
        found.append(
            TurnWanted(
                "office",
                gettext_noop("概算払の返還を起案する"),
                role="programme_officer",
                person=case.assigned_to,
                obj=award,
            )
        )
    return found


SOURCE = TurnSource(turns=turns_of, reads=(awards_of, collecting.rows_of, claims_of, live_items))


def later(case: Case) -> tuple[int, Text] | None:
    rows = [row for row in collecting.rows_of.all(case) if row.state in Recovery.OWED]
    return (9, rows[0].info.say) if rows else None


def panel(case: Case, user: User) -> Context | None:
    if case.state != ApplicationState.AWARDED:
        return None
    rows = collecting.rows_of.all(case)
    if not rows:
        return None
    may = user.has_role("finance_officer")
    return {
        "rows": [
            {
                "recovery": r,
                "lines": collecting.schedule(r),
                "owed": r.owed(),
                "receipts": list(r.receipts.all()),
                "actions": actions(user, r),
                "may_book": may and r.state in Recovery.OWED and r.owed()["left"] > 0,
            }
            for r in rows
        ]
    }


def load(user: User, pk: int) -> Recovery:
    cases = Case.objects.visible_to(user)
    return get_object_or_404(
        Recovery.objects.select_related("award__application__call", "case__organisation"),
        pk=pk,
        case__in=cases,
    )


def keep_until(case: Case) -> date | None:
    return (
        date.max if Recovery.objects.filter(case=case, state__in=Recovery.OWED).exists() else None
    )
