"""The applicant's pages of the completion report, and the officer's cuts."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.applications.correct_forms import AskForm
from grants.applications.extensions import ExtensionRequest
from grants.applications.rules import MAX_ITEMS
from grants.awards.models import Award
from grants.completion import cutting, forms, panels, paste, reporting
from grants.completion.access import draft_at, report_at, stands
from grants.completion.models import OF_REPORT, CompletionReport, Cut
from grants.programmes.models import said
from portal import jptext
from portal.accounts.factors import to_hand_in
from portal.accounts.permissions import Applicant, demand, stands_for_applicant
from portal.cases.models import Case
from portal.documents import direct, intake, kinds, paste_page
from portal.documents.models import Document
from portal.types import Context, SignedIn
from portal.ui.in_words import in_words
from portal.ui.kept import keeps_typed
from portal.ui.limits import EXPORTS, MESSAGES, SAVES, limited
from portal.workflow.access import signed_in, staff
from portal.workflow.door import begin
from portal.workflow.drafts import sent, stand_again
from portal.workflow.sent_forms import NotDone
from portal.workflow.writing import STORAGE_AWAY, Tried, autosaved, press, trying, write


@require_POST
@signed_in
def start(request: SignedIn, number: str) -> HttpResponse:
    """Begin the report, or go on with the one there is."""
    award = get_object_or_404(
        Award, case__number=number, case__in=Case.objects.worked_on_by(request.user)
    )
    if CompletionReport.objects.filter(award=award).exists():
        return redirect("completion", number=number)
    return press(
        request,
        lambda: begin(CompletionReport, by=request.user, award=award),
        back=award.case,
        then=reverse("completion", args=[number]),
    )


@keeps_typed(stands)
@signed_in
@limited(SAVES)
def page(request: SignedIn, number: str) -> HttpResponse:
    """Write the report: one page, saved as typed,
    with what the office will check shown before it is filed.
    """
    report = report_at(request, number)
    if (
        not stands_for_applicant(request.user, report.case)
        or report.state not in CompletionReport.EDITABLE
    ):
        return NotDone(resolve_url(report.case))
    tried = Tried()
    if request.method == "POST":
        typed, seen = sent(request.POST)
        typed = forms.keyed(_rows(typed, request))
        with trying() as tried:
            report = reporting.keep_typed(report, typed, seen=seen)
        if not tried.is_done:
            stand_again(report, typed, tried)
        elif "add" in request.POST:
            return redirect(f"{report.get_absolute_url()}#row-{typed.get('item-TOTAL_FORMS', '1')}")
        elif "paste" in request.POST:
            return redirect("completion_paste", number=number)
        elif "go_on" in request.POST and not _errors(report):
            return redirect("completion_review", number=number)
    show = bool(report.typed)
    form, items = reporting.report_form(report), reporting.item_set(report)
    context = {
        **_frame(report),
        "form": form,
        "items": items,
        "reasons": tried.reasons,
        "differences": in_words(tried.differences, form, items),
        "errors": _errors(report) if show else [],
        "findings": reporting.findings(report) if show else [],
        "version": report.version,
    }
    wrong = tried.is_done and request.method == "POST" and context["errors"]
    status = 422 if wrong else tried.status
    return render(request, "grants/completion/page.html", context, status=status)


@require_POST
@signed_in
@limited(SAVES)
def autosave(request: SignedIn, number: str) -> JsonResponse:
    """Keep what is typed now; 409 when somebody else saved in between, or once the report is handed in."""
    report = report_at(request, number)
    if not stands_for_applicant(request.user, report.case):
        raise Http404
    typed, seen = sent(request.POST)
    return autosaved(lambda: reporting.keep_typed(report, forms.keyed(typed), seen=seen))


@signed_in
def paste_items(request: SignedIn, number: str) -> HttpResponse:
    """Items out of a spreadsheet, looked at before they stand in the report."""
    report = draft_at(request, number)
    return paste_page.page(
        request, paste.table(report), "grants/completion/paste.html", _frame(report)
    )


@signed_in
@limited(EXPORTS)
def workbook(request: SignedIn, number: str) -> FileResponse:
    """The items as a workbook to be filled in."""
    return paste.workbook(draft_at(request, number))


def _rows(typed: dict[str, str], request: SignedIn) -> dict[str, str]:
    total = jptext.whole(typed.get("item-TOTAL_FORMS"), 1)
    return (
        typed | {"item-TOTAL_FORMS": str(total + 1)}
        if "add" in request.POST and total < MAX_ITEMS
        else typed
    )


def _errors(report: CompletionReport) -> list[tuple[str, str]]:
    """(id of the control, sentence): the form's, then each row's."""
    form, items = reporting.report_form(report), reporting.item_set(report)
    found = [
        (form[name].id_for_label, f"{form[name].label}：{m}")
        for name in form.errors
        for m in form.errors[name]
    ]
    if items.is_bound:
        items.is_valid()
        found += [("id_item-0-what", str(m)) for m in items.non_form_errors()]
        for n, row in enumerate(items.forms, 1):
            for name in row.errors if row.has_changed() else []:
                text = _("経費%(n)sの%(field)s：%(message)s")
                found += [
                    (
                        row[name].id_for_label,
                        text % {"n": n, "field": row[name].label, "message": m},
                    )
                    for m in row.errors[name]
                ]
    return found


def _frame(report: CompletionReport) -> Context:
    stated = report.award.stated
    return {
        "report": report,
        "case": report.case,
        "award": report.award,
        "office": said(stated.office),
        "phone": stated.phone,
        **panels.asking(report),
    }


@signed_in
@limited(MESSAGES)
def extension_ask(request: SignedIn, number: str) -> HttpResponse:
    """Ask for a later day, before the present one and after it, while the report is still returned."""
    report = draft_at(request, number)
    if not report.is_returned:
        raise Http404
    return write(
        request,
        AskForm(request.POST or None, present=report.correct_by),
        lambda given: begin(
            ExtensionRequest,
            by=request.user,
            application=report.award.application,
            about=OF_REPORT,
            **given,
        ),
        template="grants/completion/extension_new.html",
        context=lambda: _frame(report),
        done=_("期限の延長を申し出ました。市が返事をするまで、期限は変わりません。"),
        then=reverse("completion", args=[number]),
    )


@signed_in
def documents(request: SignedIn, number: str) -> HttpResponse:
    """The papers of each item: quote, order, delivery, invoice, payment."""
    report = draft_at(request, number)
    errors: dict[str, str] = {}
    items = reporting.items_of(report)
    keys = {reporting.file_key(item): item for item in items}
    if request.method == "POST":
        key = request.POST.get("key", "")
        if key not in keys:
            raise Http404
        if error := intake.attempt(request, report.case, key):
            errors[key] = error
        else:
            return redirect(f"{request.path}#doc-{key}")
    have: dict[str, list[Document]] = {}
    for document in (
        Document.objects.sent()
        .filter(case=report.case, key__startswith=reporting.EVIDENCE)
        .select_related("file", "uploaded_by")
    ):
        have.setdefault(document.key, []).append(document)
    rows = [
        {
            "key": key,
            "name": f"{item.n}　{item.what}",
            "hint": _("見積書・注文書・納品書・請求書・振込の記録など"),
            "required": True,
            "files": have.get(key, []),
            "error": errors.get(key),
        }
        for key, item in keys.items()
    ]
    context = {
        **_frame(report),
        "rows": rows,
        "left_over": [d for key, files in have.items() if key not in keys for d in files],
        "errors": errors,
        "types": kinds.TYPES,
        "accepted": kinds.ACCEPTED,
        "direct": direct.is_offered(),
        "limit": settings.UPLOAD_MAX_BYTES // 1048576,
    }
    return render(
        request,
        "grants/completion/documents.html",
        context,
        status=intake.status_of(errors.values()),
    )


@require_POST
@signed_in
def document_remove(request: SignedIn, number: str, pk: int) -> HttpResponse:
    report = draft_at(request, number)
    document = get_object_or_404(
        Document.objects.sent(), pk=pk, case=report.case, key__startswith=reporting.EVIDENCE
    )
    return press(
        request,
        lambda: reporting.take_out(report, document, by=request.user),
        back=reverse("completion_documents", args=[number]),
    )


@signed_in
@to_hand_in
def review(request: SignedIn, number: str) -> HttpResponse:
    """Check, then submit: exactly what this page showed, or it is shown again as it is now."""
    now = reporting.draft_hash(draft_at(request, number))  # before anything is read for the page
    report, seen = draft_at(request, number), request.POST.get("seen", now)
    reasons = Applicant(submitting=True).reasons(request.user, report)
    tried = Tried(reasons, 422 if request.method == "POST" else 200)
    if request.method == "POST" and not reasons:
        with trying(away=STORAGE_AWAY) as tried:
            key = request.POST.get("form_key", "")[:64]
            reporting.submit(report, by=request.user, key=key, seen=request.POST.get("seen", ""))
        if tried.is_done:
            messages.success(request, _("実績報告を提出しました。"))
            return redirect(report.case)
        if tried.status == 409:
            seen = now
    context = {
        **_frame(report),
        "items": reporting.items_of(report),
        "findings": reporting.findings(report),
        "result": reporting.computed(report),
        "reasons": tried.reasons,
        "seen": seen,
        "waiting": list(reporting.evidence(report).filter(file__checked_at=None)),
        "unfinished": _errors(report)
        if report.typed
        else [("row-1", _("先に経費を入力して保存してください。"))],
        "form_key": request.POST.get("form_key") or uuid.uuid4().hex,
    }
    return render(request, "grants/completion/review.html", context, status=tried.status)


@staff("programme_officer", "inspector")
def cut(request: SignedIn, number: str, key: str) -> HttpResponse:
    """Declare part of an item ineligible."""
    report = report_at(request, number)
    found = next((row for row in reporting.items_of(report) if row.key == key), None)
    if found is None or not report.awaits_inspection:
        raise Http404
    demand(request.user, report, "programme_officer", "inspector")
    return write(
        request,
        forms.CutForm(request.POST or None),
        lambda data: cutting.cut(
            report, by=request.user, item=key, seen=request.POST.get("seen"), **data
        ),
        template="grants/completion/cut.html",
        context={
            "report": report,
            "case": report.case,
            "item": found,
            "seen": cutting.basis(found),
        },
        then=f"{report.case.get_absolute_url()}#completion",
        once=True,
    )


@staff("programme_officer", "inspector")
def recut(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """A cut whose item is no longer what it was: made anew on the item that it belongs to now."""
    report = report_at(request, number)
    if not report.awaits_inspection:
        raise Http404
    row = get_object_or_404(Cut, pk=pk, report=report)
    demand(request.user, report, "programme_officer", "inspector")
    items = reporting.items_of(report)
    return write(
        request,
        forms.RecutForm(request.POST or None, cut=row, items=items),
        lambda data: cutting.recut(row, by=request.user, seen=request.POST.get("seen"), **data),
        template="grants/completion/recut.html",
        context={
            "report": report,
            "case": report.case,
            "why": reporting.why_loose(report, row),
            "seen": cutting.all_of(items),
        },
        then=f"{report.case.get_absolute_url()}#completion",
        once=True,
    )


@staff("programme_officer", "inspector")
def uncut(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Take a cut back, with a reason, before the inspection is over."""
    report = report_at(request, number)
    if not report.awaits_inspection:
        raise Http404
    row = get_object_or_404(Cut, pk=pk, report=report)
    demand(request.user, report, "programme_officer", "inspector")
    return write(
        request,
        forms.UncutForm(request.POST or None),
        lambda data: cutting.uncut(row, by=request.user, **data),
        template="grants/completion/uncut.html",
        context={"report": report, "case": report.case, "cut": row},
        then=f"{report.case.get_absolute_url()}#completion",
    )
