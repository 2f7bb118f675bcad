"""Pages of the reports after the award and of the asset register."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.awards.models import Award
from grants.followup import answers, figures, lives, panels
from grants.followup import filing as writing
from grants.followup.access import draft_at, filing_at
from grants.followup.forms import ASKED, AssetForm, CheckForm, DismissForm, LifeForm
from grants.followup.models import Asset, Filing, LifeChange
from grants.followup.states import FilingState
from grants.programmes.models import said
from portal.accounts.factors import asked_to_hand_in
from portal.accounts.models import User
from portal.accounts.permissions import Applicant, demand, stands_for_applicant
from portal.cases import visibility
from portal.cases.models import Case
from portal.documents import direct, intake, kinds
from portal.documents.models import Document
from portal.types import Context, SignedIn
from portal.ui.in_words import in_words
from portal.ui.limits import CHANGES, SAVES, limited
from portal.workflow.access import signed_in, staff
from portal.workflow.door import actions
from portal.workflow.drafts import keep, sent, stand_again
from portal.workflow.writing import STORAGE_AWAY, Tried, press, trying, write


@require_POST
@signed_in
def start(request: SignedIn, number: str, kind: str, period: int) -> HttpResponse:
    """Begin a report, or go on with the one there is."""
    award = get_object_or_404(
        Award.objects.select_related("case"),
        case__number=number,
        case__in=Case.objects.worked_on_by(request.user),
    )
    return press(
        request,
        lambda: writing.start(award, kind, period, by=request.user),
        back=award.case,
        then=lambda made: made,
    )


@signed_in
@limited(SAVES)
def filing(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Write it while it is the applicant's; read it afterwards."""
    row = filing_at(request, number, pk)
    if not stands_for_applicant(request.user, row.case) or row.state not in Filing.EDITABLE:
        return render(request, "grants/followup/read.html", reading(request, row))
    tried = Tried()
    if request.method == "POST":
        typed, seen = sent(request.POST)
        with trying() as tried:
            row = keep(row, typed, seen=seen)
        if not tried.is_done:
            stand_again(row, typed, tried)
        else:
            row = filing_at(request, number, pk)
            if "go_on" in request.POST and writing.form_of(row).is_valid():
                return redirect("filing_documents", number=number, pk=pk)
    form = writing.form_of(row)
    errors = [
        (form[name].id_for_label, f"{form[name].label}：{m}")
        for name in form.errors
        for m in form.errors[name]
    ]
    context = {
        "filing": row,
        "case": row.case,
        "form": form,
        "reasons": tried.reasons,
        "differences": in_words(tried.differences, form),
        "errors": errors,
    }
    status = 422 if tried.is_done and request.method == "POST" and errors else tried.status
    return render(request, "grants/followup/write.html", context, status=status)


def reading(request: SignedIn, row: Filing, form: CheckForm | None = None) -> Context:
    context: Context = {
        "filing": row,
        "case": row.case,
        "answers": answers.submitted(row),
        "documents": (writing.received if request.user.is_office else writing.documents)(row),
        "lines": row.lines,
        "actions": actions(request.user, row),
        "sum_title": _("納付額の計算") if row.is_disposal else _("返還額の計算"),
        "nothing_back": row.kind == "vat" and row.content and not row.refund,
    }
    if row.kind == "effect" and row.content:
        reported, read = figures.productivity(row.content), figures.productivity(row.checked)
        growth = figures.growth(
            writing.base_productivity(row.award), reported if read is None else read
        )
        labels = {name: field.label for name, field in writing.form_of(row).fields.items()}
        differences = figures.disagreements(row.content, row.checked) if row.checked else []
        context |= {
            "productivity": reported,
            "read": read,
            "growth": None if growth is None else f"{float(growth * 100):+.1f}％",
            "differences": [(labels[name], before, after) for name, before, after in differences],
        }
        may_check = visibility.sees_as(request.user, row.case, "programme_officer")
        if may_check and row.state == FilingState.SUBMITTED:
            context["form"] = form or CheckForm(initial=row.checked)
    return context


@signed_in
def documents(request: SignedIn, number: str, pk: int) -> HttpResponseBase:
    """Attach what is asked, look once more, and submit."""
    if request.method == "POST" and not request.POST.get("key"):
        return asked_to_hand_in(request, lambda: _documents(request, number, pk))
    return _documents(request, number, pk)


def _documents(request: SignedIn, number: str, pk: int) -> HttpResponse:
    now = writing.draft_hash(draft_at(request, number, pk))  # before anything is read for the page
    row, seen = draft_at(request, number, pk), request.POST.get("seen", now)
    errors: dict[str, str] = {}
    tried = Tried()
    if request.method == "POST" and request.POST.get("key"):
        if request.POST["key"] != row.file_key:
            raise Http404
        if error := intake.attempt(request, row.case, row.file_key):
            errors[row.file_key] = error
        else:
            return redirect(f"{request.path}#doc-{row.file_key}")
    elif request.method == "POST":
        tried = Tried(Applicant(submitting=True).reasons(request.user, row), 422)
        if not tried.reasons:
            with trying(away=STORAGE_AWAY) as tried:
                key = request.POST.get("form_key", "")[:64]
                writing.submit(row, by=request.user, key=key, seen=request.POST.get("seen", ""))
        if tried.is_done:
            messages.success(request, _("提出しました。"))
            return redirect(row.case)
        if tried.status == 409:
            seen = now
    asked = ASKED[row.kind]
    rows = [
        {
            "key": row.file_key,
            "name": _("添える書類"),
            "hint": asked.papers,
            "required": asked.needs_papers,
            "files": writing.sent_documents(row),
            "error": errors.get(row.file_key),
        }
    ]
    context = {
        "filing": row,
        "case": row.case,
        "rows": rows,
        "errors": errors,
        "reasons": tried.reasons,
        "types": kinds.TYPES,
        "accepted": kinds.ACCEPTED,
        "direct": direct.is_offered(),
        "limit": settings.UPLOAD_MAX_BYTES // 1048576,
        "unfinished": [] if tried.reasons else writing.missing(row),
        "form_key": request.POST.get("form_key") or uuid.uuid4().hex,
        "seen": seen,
        "answers": answers.typed(row),
    }
    return render(
        request,
        "grants/followup/documents.html",
        context,
        status=intake.status_of(errors.values()) if tried.is_done else tried.status,
    )


@require_POST
@signed_in
def document_remove(request: SignedIn, number: str, pk: int) -> HttpResponse:
    document = get_object_or_404(
        Document.objects.sent(), pk=pk, case__number=number, key__startswith="filing_"
    )
    row = draft_at(request, number, int(document.key.removeprefix("filing_")))
    return press(
        request,
        lambda: writing.take_out(row, document, by=request.user),
        back=reverse("filing_documents", args=[number, row.pk]),
    )


@require_POST
@staff("programme_officer")
def check(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Keep the figures read in the filed accounts."""
    row = filing_at(request, number, pk)
    form = CheckForm(request.POST)
    if form.is_valid():
        return press(
            request, lambda: writing.check(row, form.cleaned_data, by=request.user), back=row
        )
    return render(request, "grants/followup/read.html", reading(request, row, form), status=422)


@signed_in
def assets(request: SignedIn, number: str) -> HttpResponse:
    """取得財産等管理台帳 of a case."""
    award = get_object_or_404(
        Award.objects.select_related("case__organisation", "application__call"),
        case__number=number,
        case__in=Case.objects.worked_on_by(request.user),
    )
    rows = list(award.assets.prefetch_related("filings"))
    return render(
        request,
        "grants/followup/assets.html",
        {
            "award": award,
            "case": award.case,
            "assets": rows,
            "may_write": may_describe(request.user, award.case),
            "limit": award.stated.asset_limit,
            "office": said(award.stated.office),
        },
    )


def may_describe(user: User, case: Case) -> bool:
    """The firm's side, whose cases alone it sees, and the officer."""
    return visibility.reads(user, case, ("programme_officer",))


def asset_of(request: SignedIn, number: str, pk: int) -> Asset:
    cases = Case.objects.worked_on_by(request.user)
    rows = Asset.objects.select_related("award__case__organisation", "award__application__call")
    return get_object_or_404(rows, pk=pk, award__case__number=number, award__case__in=cases)


@signed_in
def asset(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Say where an asset stands and what it is; the office proposes another statutory life here."""
    row = asset_of(request, number, pk)
    if not may_describe(request.user, row.award.case):
        raise Http404
    said = {name: getattr(row, name) for name in writing.DESCRIBED}
    form = AssetForm(request.POST or None, initial=said | {"seen": writing.shown_of(row)})
    tried = Tried()
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        with trying() as tried:
            writing.describe(row, given, by=request.user, seen=given.pop("seen"))
        if tried.is_done:
            messages.success(request, _("台帳を書き換えました。"))
            return redirect("assets", number=number)
    context = {"asset": row, "case": row.award.case, "form": form, "reasons": tried.reasons}
    if request.user.is_office:
        context |= {
            "waiting": row.life_changes.filter(closed_at=None).select_related("proposed_by").first()
        }
    return render(
        request, "grants/followup/asset.html", context, status=422 if form.errors else tried.status
    )


@staff(*lives.KEEPERS)
def life(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Propose another statutory life of an asset."""
    row = asset_of(request, number, pk)
    demand(request.user, row.award, *lives.KEEPERS)
    return write(
        request,
        LifeForm(request.POST or None),
        lambda data: lives.propose(row, data["life_years"], data["ground"], by=request.user),
        template="grants/followup/life.html",
        context=lambda: {"asset": row, "case": row.award.case},
        done=_("耐用年数の変更を提案しました。別の職員が確認すると、台帳が変わります。"),
        then=lambda _made: reverse("asset", args=[number, pk]),
    )


@require_POST
@staff(*lives.KEEPERS)
def life_confirm(request: SignedIn, pk: int) -> HttpResponse:
    change = _life_change(request, pk)
    return press(
        request,
        lambda: lives.confirm(change, by=request.user),
        back=reverse("assets", args=[change.asset.award.case.number]),
        done=_("確認しました。台帳の耐用年数を改めました。"),
    )


@require_POST
@staff(*lives.KEEPERS)
def life_take_back(request: SignedIn, pk: int) -> HttpResponse:
    change = _life_change(request, pk)
    return press(
        request,
        lambda: lives.take_back(change, by=request.user),
        back=reverse("asset", args=[change.asset.award.case.number, change.asset_id]),
        done=_("提案を取り下げました。"),
    )


def _life_change(request: SignedIn, pk: int) -> LifeChange:
    cases = Case.objects.worked_on_by(request.user)
    rows = LifeChange.objects.select_related("asset__award__case")
    return get_object_or_404(rows, pk=pk, asset__award__case__in=cases)


@require_POST
@signed_in
@limited(CHANGES)
def dispose(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Begin the request to give an asset up."""
    row = asset_of(request, number, pk)
    return press(
        request,
        lambda: writing.ask_disposal(row, by=request.user),
        back=reverse("assets", args=[number]),
        then=lambda made: made,
    )


@staff(*writing.SETTING_ASIDE)
def dismiss(request: SignedIn, number: str) -> HttpResponse:
    """Set a signal aside with a reason."""
    case = get_object_or_404(
        Case.objects.worked_on_by(request.user).select_related("organisation"), number=number
    )
    key = request.GET.get("signal", "")
    row = next(
        (row for row, done in panels.signals_of(case) or () if row.key == key and done is None),
        None,
    )
    if row is None:
        raise Http404
    form = DismissForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        writing.dismiss(case, key, reason=form.cleaned_data["reason"], by=request.user)
        return redirect(f"{case.get_absolute_url()}#signals")
    return render(
        request,
        "grants/followup/dismiss.html",
        {"case": case, "signal": row, "form": form},
        status=422 if form.errors else 200,
    )
