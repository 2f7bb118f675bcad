"""Whose turn the reports after an award make it."""

from django.utils.translation import gettext_noop

from grants.applications.states import ApplicationState
from grants.awards.models import Award, award_of, awards_of
from grants.awards.states import ON_COURSE
from grants.followup import filing as writing
from grants.followup import lateness
from grants.followup.models import Dismissal, Filing, LifeChange
from grants.followup.states import FilingState
from grants.recovery import collecting
from portal.approvals.turns import is_live, live_items
from portal.cases import came_back
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.closures import calendars

WRITE = {
    "progress": gettext_noop("状況を報告する"),
    "use": gettext_noop("利用状況を報告する"),
    "effect": gettext_noop("事業の効果を報告する"),
    "vat": gettext_noop("消費税仕入控除税額を報告する"),
    "disposal": gettext_noop("財産処分の申請を仕上げる"),
}

filings_of = OfCase(
    lambda: Filing.objects.select_related(
        "award__application__call", "award__completion_report", "case__organisation", "asset"
    )
)

set_aside_of = OfCase(lambda: Dismissal.objects.select_related("made_by"))
life_changes_of = OfCase(
    lambda: LifeChange.objects.filter(closed_at=None).select_related("asset__award"),
    "asset__award__case",
)


def of_case(case: Case) -> list[TurnWanted]:
    if case.state != ApplicationState.AWARDED:
        return []
    award = award_of(case)
    if award is None or award.state not in ON_COURSE:
        return []
    filings = filings_of.all(case)
    found = [turn for row in filings for turn in _turn_of(case, row)]
    # one at a time: the others are not due before it
    for row in writing.still_wanted(award, filings)[:1]:
        found.append(TurnWanted("applicant", WRITE[row.kind], due_on=row.due_on, obj=award))
    if wants_fine(case, award) and not is_live(case):
        what = gettext_noop("使用の遅れによる違約金を起案する")
        person = case.assigned_to
        found.append(TurnWanted("office", what, role="programme_officer", person=person, obj=award))
    for change in life_changes_of.all(case):
        what = gettext_noop("耐用年数の変更を確認する")
        found.append(TurnWanted("office", what, role="programme_officer", obj=change.asset.award))
    return found


def wants_fine(case: Case, award: Award) -> bool:
    """Was it used late, and neither is a fine ordered nor did anybody say why none is?"""
    if lateness.late(award, lambda: filings_of.all(case)) is None:
        return False
    ordered = any(row.ground == lateness.KEY for row in collecting.rows_of.all(case))
    return not ordered and all(row.signal != lateness.KEY for row in set_aside_of.all(case))


SOURCE = TurnSource(
    turns=of_case,
    reads=(awards_of, filings_of, live_items, life_changes_of, set_aside_of, collecting.rows_of),
)


def _turn_of(case: Case, row: Filing) -> list[TurnWanted]:
    if row.state in Filing.EDITABLE:
        return [
            TurnWanted("applicant", WRITE[row.kind], due_on=row.correct_by or row.due_on, obj=row)
        ]
    if row.state != FilingState.SUBMITTED or is_live(case):
        return []
    since = row.state_day
    by_act = row.kind == "disposal" or bool(row.refund)
    what = gettext_noop("報告・申請について起案する") if by_act else gettext_noop("報告を確かめる")
    return [
        TurnWanted(
            "office",
            what,
            role="programme_officer",
            person=case.assigned_to,
            due_on=calendars.of_case(case).add(since, 10),
            obj=row,
        )
    ]


CAME_BACK = came_back.notes(
    lambda: Filing.objects.filter(state=FilingState.SUBMITTED).exclude(return_reason=""),
    "submitted_at",
    "return_reason",
)
