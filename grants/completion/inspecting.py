"""The inspection (検査): what the inspector saw, kept as it is typed, with photographs and papers."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.awards.states import AwardState
from grants.completion import reporting
from grants.completion.access import report_at, stands
from grants.completion.forms import InspectionForm
from grants.completion.models import CompletionReport, InspectionSheet
from grants.completion.rules import Item
from portal.accounts.permissions import demand
from portal.documents import intake, kinds, store
from portal.documents.models import Document
from portal.documents.reading import shown
from portal.jptext import whole
from portal.types import Context, SignedIn
from portal.ui.in_words import in_words
from portal.ui.kept import keeps_typed
from portal.ui.limits import SAVES, limited
from portal.workflow import duties
from portal.workflow.access import staff
from portal.workflow.door import perform
from portal.workflow.drafts import demand_seen, fingerprint, keep_sheet, sent
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.requirements import unmet
from portal.workflow.writing import Tried, autosaved, trying

KEY = "inspection"  # under which photographs and papers lie
ROLES = ("programme_officer", "inspector")
SPEC = CompletionReport.specs()["inspect"]


@keeps_typed(stands)
@staff(*ROLES)
def page(request: SignedIn, number: str) -> HttpResponse:
    """The inspector's form, and photographs and papers from the place itself if need be.

    "go_on" ends the inspection; any other button of the form keeps it as it is.
    """
    report = _inspected_at(request, number)
    sheet, tried = _sheet(report, request), Tried()
    errors: dict[str, str] = {}
    form = InspectionForm.unfinished(sheet.typed)
    if "key" in request.POST:
        if error := intake.attempt(request, report.case, KEY, internal=True):
            errors[KEY] = error
            tried.status = intake.status_of([error])
        else:
            return redirect(f"{request.path}#doc-{KEY}")
    elif request.method == "POST":
        typed, seen = sent(request.POST)
        form = InspectionForm(typed)
        ends = "go_on" in request.POST
        if ends and form.is_valid():
            with trying() as tried:
                demand_seen(sheet, typed, seen=seen)
                _end(report, form, request, typed)
            if tried.is_done:
                messages.success(request, str(SPEC.done))
                return redirect(report.case)
        else:
            with trying() as tried:
                sheet = _keep(report, request, typed, seen=seen)
            if tried.is_done and not ends:
                messages.success(
                    request, _("検査の記録を保存しました。検査はまだ終わっていません。")
                )
                return redirect("inspection", number=number)
            if tried.is_done:
                tried.status = 422
            else:
                form = InspectionForm.unfinished(typed)
    if tried.differences:
        sheet = _sheet(report, request)
        form = InspectionForm.unfinished(sheet.typed)
    context = _shown(request, report, errors) | {"sheet": sheet, "form": form}
    context["reasons"] = tried.reasons
    context["differences"] = in_words(tried.differences, form)
    return render(request, "grants/completion/inspection.html", context, status=tried.status)


@require_POST
@staff(*ROLES)
@limited(SAVES)
def autosave(request: SignedIn, number: str) -> JsonResponse:
    """Keep what is typed now; 409 where it was saved elsewhere since, or is inspected no more."""
    report = report_at(request, number)
    typed, seen = sent(request.POST)
    return autosaved(lambda: _keep(report, request, typed, seen=seen))


@require_POST
@staff(*ROLES)
def remove(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Take back what was sent by mistake, by whoever sent it, while the report is looked at."""
    report = report_at(request, number)
    document = get_object_or_404(
        Document.objects.sent(), pk=pk, case=report.case, key=KEY, uploaded_by=request.user
    )
    demand(request.user, report, *ROLES)
    if report.award.state == AwardState.ACTIVE:
        store.remove(document, by=request.user)
    return redirect("inspection", number=number)


def _inspected_at(request: SignedIn, number: str) -> CompletionReport:
    """The report that the office has, of a project whose sum is not fixed; else 404."""
    report = report_at(request, number)
    if report.state not in CompletionReport.HANDED_IN or report.award.state != AwardState.ACTIVE:
        raise Http404
    demand(request.user, report, *ROLES)
    return report


def _sheet(report: CompletionReport, request: SignedIn) -> InspectionSheet:
    """The person's own: nobody writes over what another has seen. Stored with its first words."""
    found = InspectionSheet.objects.filter(report=report, inspector=request.user).first()
    return found or InspectionSheet(report=report, inspector=request.user)


def _keep(
    report: CompletionReport, request: SignedIn, typed: dict[str, str], *, seen: int
) -> InspectionSheet:
    """Raises a refusal unless the person may end the inspection of the report now."""
    if reasons := SPEC.permission.reasons(request.user, report):
        raise Forbidden(*reasons)
    if report.state not in SPEC.sources:
        raise NotReady(_("「%(state)s」の状態ではできません。") % {"state": report.info.label})
    if reasons := _blocked(report, request):
        raise NotReady(*reasons)
    sheet, _new = InspectionSheet.objects.get_or_create(report=report, inspector=request.user)
    return keep_sheet(sheet, typed, seen=seen)


def _evidence_first(documents: list[Document], items: list[Item]) -> list[Document]:
    """The papers of the items in their order, each with the number of its item before its name."""
    place = {reporting.file_key(item): item.n for item in items}
    for document in documents:
        if n := place.get(document.key):
            document.name = _("経費%(n)s　%(name)s") % {"n": n, "name": document.name}
    first = [document for document in documents if document.key in place]
    rest = [document for document in documents if document.key not in place]
    return sorted(first, key=lambda document: place[document.key]) + rest


def _blocked(report: CompletionReport, request: SignedIn) -> list[str]:
    """What keeps the inspector from it: another duty of theirs in the case, or what is missing."""
    conflicts = duties.conflicts(request.user, report.duty_subjects(), SPEC.duty)
    return conflicts or unmet(report, SPEC)


def _end(
    report: CompletionReport, form: InspectionForm, request: SignedIn, typed: dict[str, str]
) -> None:
    """Of the report as the page showed it, not as it was handed in anew meanwhile."""
    seen = whole(request.POST.get("seen", ""), -1)
    perform(
        report,
        SPEC.name,
        by=request.user,
        seen=seen,
        key=fingerprint(typed=typed, seen=seen),  # the same form sent twice is one
        **form.cleaned_data,
    )


def _shown(request: SignedIn, report: CompletionReport, errors: dict[str, str]) -> Context:
    """The report with its evidence, whether the person inspects now and what blocks that, and the
    photographs and papers there are.
    """
    may = report.state in SPEC.sources and not SPEC.permission.reasons(request.user, report)
    blocked = _blocked(report, request) if may else []
    items = reporting.items_of(report, sent=True)
    files = (
        Document.objects.sent()
        .filter(case=report.case, key=KEY)
        .select_related("file", "uploaded_by")
    )
    row = {
        "key": KEY,
        "name": _("検査の写真・資料"),
        "hint": _("現物、型番、設置の様子、帳簿など。写真は数枚をまとめて送れます。"),
        "required": False,
        "files": list(files),
        "error": errors.get(KEY),
    }
    return {
        "report": report,
        "case": report.case,
        "items": items,
        "findings": reporting.findings(report, sent=True),
        "documents": _evidence_first(shown(report.case, request.user), items),
        "errors": errors,
        "inspects": may and not blocked,
        "blocked": blocked,
        "rows": [row],
        "types": kinds.TYPES,
        "accepted": kinds.ACCEPTED,
        "direct": False,
        "limit": settings.UPLOAD_MAX_BYTES // 1048576,
    }
