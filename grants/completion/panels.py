"""What the case page shows of the completion report, and how far along its road the case is."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.applications.extensions import ExtensionRequest, extensions_of, latest
from grants.applications.states import ApplicationState
from grants.applications.turns import application_of
from grants.awards.models import award_of, awards_of
from grants.awards.states import ON_COURSE, AwardState
from grants.completion import acts, cuts, reporting
from grants.completion.models import OF_REPORT, CompletionReport
from grants.completion.states import CompletionState
from grants.completion.turns import due_on, reports_of
from portal.accounts.models import User
from portal.accounts.permissions import stands_for_applicant
from portal.approvals.turns import is_circulated, live_items
from portal.cases import visibility
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.documents.models import Document
from portal.types import Context, Text
from portal.workflow.door import Action, actions

files_of = OfCase(
    lambda: Document.objects.live().filter(key="inspection").select_related("uploaded_by")
)
READS = (awards_of, reports_of, files_of, extensions_of, live_items)


def reached(case: Case) -> tuple[int, Text] | None:
    """The step of the road, and the sentence to the applicant."""
    award = award_of(case)
    if award is None or award.state not in ON_COURSE:
        return (4, award.info.applicant) if award else None
    if award.state != AwardState.ACTIVE:
        return 7, _("補助金の額が決まりました。")
    report = reports_of.first(case)
    if report is None or report.state == CompletionState.DRAFT:
        return 4, _("交付が決まりました。事業を行い、終わったら実績を報告してください。")
    return (6 if report.state == CompletionState.INSPECTED else 5), report.info.say


def of_case(case: Case, user: User) -> Context | None:
    """The report, its findings and cuts; for the applicant the way to it."""
    if case.state != ApplicationState.AWARDED:
        return None
    award = award_of(case)
    if award is None:
        return None
    writes = stands_for_applicant(user, case)
    report = reports_of.first(case)
    if report is None or (report.state == CompletionState.DRAFT and not writes):
        return {
            "award": award,
            "report": None,
            "due": due_on(award, report),
            "may_begin": award.state == AwardState.ACTIVE and writes,
        }
    report.award, report.case = award, case
    if application := application_of.first(case):
        award.application = application  # with the versions that the page has read
    editable = report.state in CompletionReport.EDITABLE and writes
    return {
        "award": award,
        "report": report,
        "due": due_on(award, report),
        "editable": editable,
        **(asked := asking(report)),
        "actions": _actions(user, report, asked) if award.state == AwardState.ACTIVE else [],
        **({} if editable else _as_received(report)),
        "inspection_files": files_of.all(case) if user.is_office else [],
        "cuts": reporting.held(report, sent=True),
        "is_open": award.state == AwardState.ACTIVE,
        "trace": [(acts.said(row), row[3], row[4]) for row in award.fixed_trace],
        **_inspecting(report, user),
        "taken_back": list(report.taken_back.all()) if user.is_office else [],
        **_cutting(report, user),
    }


def _actions(user: User, report: CompletionReport, asked: Context) -> list[Action]:
    """A request that is open is granted instead of moving the day without it."""
    request = asked["extension"]
    is_open = isinstance(request, ExtensionRequest) and request.is_live
    found = actions(user, report)
    return [row for row in found if not is_open or row.spec.name != "extend_correction"]


def asking(report: CompletionReport) -> Context:
    """What is asked for about the day of its correction."""
    return {
        "extension": latest(report.case, OF_REPORT) if report.is_returned else None,
        "present": report.correct_by,
        "ask_at": reverse("completion_extension", args=[report.case.number]),
    }


def _cutting(report: CompletionReport, user: User) -> Context:
    """Whether the person may add what was seen on the spot, and change what is cut."""
    may = (
        visibility.sees_as(user, report.case, "programme_officer", "inspector")
        and report.state in CompletionReport.HANDED_IN
        and report.award.state == AwardState.ACTIVE
        and not is_circulated(report.case)
    )
    return {"may_attach": may, "may_cut": may and report.awaits_inspection}


def _inspecting(report: CompletionReport, user: User) -> Context:
    """Whether the person is the one to inspect, and has begun to write."""
    inspect = report.specs()["inspect"]
    if report.state not in inspect.sources or inspect.permission.reasons(user, report):
        return {}
    begun = report.sheets.filter(inspector=user).exclude(typed={})
    return {"inspects": True, "is_begun": begun.exists()}


def _as_received(report: CompletionReport) -> Context:
    """What the office got last: it goes on reading that while a returned report is corrected."""
    return {
        "items": reporting.items_of(report, sent=True),
        "findings": reporting.findings(report, sent=True),
        "result": None if cuts.unsettled(report) else reporting.computed(report, sent=True),
    }
