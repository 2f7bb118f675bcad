"""Whose turn it is while money has to come back."""

from django.utils.translation import gettext_noop

from grants.awards.models import Award, award_of, awards_of
from grants.payments.turns import claims_of
from grants.recovery import collecting, deferring, demanding
from grants.recovery.models import Recovery
from portal import clock
from portal.approvals.turns import is_live, live_items
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.closures import calendars

DEMAND = gettext_noop("返還を督促する")
LAPSES = gettext_noop("返還の時効が近いので、督促や履行延期を確かめる")
SEE_SURPLUS = gettext_noop("納めすぎた額を、記録した方とは別の職員が確かめる")
SEE_EARLY = gettext_noop("返還命令の前に入った金額の扱いを確かめる")
SEE_TAKING_BACK = gettext_noop("納付の記録の取消しを確かめる")
GIVE_BACK = gettext_noop("納めすぎた額を返す")


def of_case(case: Case) -> list[TurnWanted]:
    award = award_of(case)
    if award is None:
        return []
    found: list[TurnWanted] = []
    today = clock.today()
    found += _of_early(case, award)
    for row in collecting.rows_of.all(case):
        sure = [receipt for receipt in row.standing if not receipt.is_doubted]
        for what, is_wanted, until in (
            (DEMAND, demanding.wants_demand(row, today), None),
            (LAPSES, demanding.lapses_soon(row, today), row.lapses_on),
            (SEE_SURPLUS, any(r.waits_to_be_seen for r in sure), None),
            (GIVE_BACK, any(r.waits_to_be_given_back for r in sure), None),
        ):
            if is_wanted:
                found.append(
                    TurnWanted("office", what, role="finance_officer", due_on=until, obj=row)
                )
        if len(sure) < len(row.standing):
            found.append(
                TurnWanted(
                    "office",
                    SEE_TAKING_BACK,
                    role="finance_officer",
                    obj=row,
                )
            )
        found += _of_request(case, row)
        if row.state not in Recovery.OWED:
            continue
        if row.owed()["left"]:
            found.append(
                TurnWanted(
                    "applicant",
                    gettext_noop("補助金を返還する"),
                    due_on=row.next_due,
                    obj=row,
                    until=demanding.changes_at(row),
                )
            )
        elif len(sure) == len(row.standing):
            found.append(
                TurnWanted(
                    "office",
                    gettext_noop("納付を確認して終える"),
                    role="finance_officer",
                    due_on=calendars.of_case(case).add(
                        max(clock.day_of(receipt.counts_since) for receipt in sure), 3
                    ),
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


def _of_request(case: Case, row: Recovery) -> list[TurnWanted]:
    """Beside the return, which is owed as before; what goes round is being answered."""
    asked = deferring.asked(row)
    if asked is None or is_live(case) or not row.owed()["left"]:
        return []
    info = asked.info
    return [
        TurnWanted(
            info.side,
            str(info.todo),
            role=info.role,
            person=case.assigned_to,
            due_on=calendars.of_case(case).add(asked.state_day, info.days or 0),
            obj=asked,
            is_apart=True,
        )
    ]


def _of_early(case: Case, award: Award) -> list[TurnWanted]:
    early = collecting.early_of.all(case)
    wanted = {
        SEE_EARLY: any(row.waits_to_be_seen and not row.is_doubted for row in early),
        GIVE_BACK: any(row.waits_to_be_given_back and not row.is_doubted for row in early),
        SEE_TAKING_BACK: any(row.is_doubted for row in early),
    }
    return [
        TurnWanted("office", what, role="finance_officer", obj=award)
        for what, is_wanted in wanted.items()
        if is_wanted
    ]


SOURCE = TurnSource(
    turns=of_case, reads=(awards_of, collecting.rows_of, collecting.early_of, claims_of, live_items)
)
