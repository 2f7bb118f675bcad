"""Whose turn the completion report makes it."""

from datetime import date, timedelta

from django.db.models import Prefetch
from django.utils.translation import gettext_noop

from grants.awards.models import Award, award_of, awards_of
from grants.awards.states import AwardState
from grants.completion import reporting
from grants.completion.models import CompletionReport, Cut, TakenBack
from grants.completion.states import CompletionState
from portal.approvals.turns import is_live, live_items
from portal.cases import came_back
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.closures import calendars


def due_on(award: Award, report: CompletionReport | None) -> date:
    """The last day for the report: report_days after the project ended, as the report that is written
    says it, and after the end of its period at the latest; moved off closed days.
    """
    ended = reporting.ended_on(report)
    if ended is None or not award.awarded_on <= ended < award.project_ends_on:
        ended = award.project_ends_on
    day = ended + timedelta(days=award.stated.periods.report_days)
    return calendars.of_case(award.application.call).next_open(day)


reports_of = OfCase(
    lambda: CompletionReport.objects.select_related(
        "award__application__call", "case__organisation", "inspected_by"
    ).prefetch_related(
        "purchases",
        Prefetch("cuts", Cut.objects.select_related("made_by")),
        Prefetch("taken_back", TakenBack.objects.select_related("made_by", "taken_by")),
    )
)


def of_case(case: Case) -> list[TurnWanted]:
    award = award_of(case)
    if award is None or award.state != AwardState.ACTIVE:
        return []
    report = reports_of.first(case)
    if report is None or report.state == CompletionState.DRAFT:
        return [
            TurnWanted(
                "applicant",
                gettext_noop("事業を行い、実績報告を出す"),
                due_on=due_on(award, report),
                obj=award,
            )
        ]
    info = report.info
    if info.side == "applicant":
        return [TurnWanted("applicant", str(info.todo), due_on=report.correct_by, obj=report)]
    if not info.todo or is_live(case):
        return []
    since = report.state_day
    person = case.assigned_to if info.role == "programme_officer" else None
    return [
        TurnWanted(
            "office",
            str(info.todo),
            role=info.role,
            person=person,
            due_on=calendars.of_case(case).add(since, info.days or 5),
            obj=report,
        )
    ]


SOURCE = TurnSource(turns=of_case, reads=(awards_of, reports_of, live_items))
CAME_BACK = came_back.notes(
    lambda: CompletionReport.objects.filter(state=CompletionState.SUBMITTED).exclude(
        return_reason=""
    ),
    "submitted_at",
    "return_reason",
)
