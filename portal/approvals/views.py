"""Approvals: the list, the page of one, and drafting an act on one or many cases."""

from typing import TypeAlias

from django.contrib import messages
from django.db.models import Count
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.approvals.forms import DraftForm
from portal.approvals.models import Approval
from portal.approvals.ports import Act, acts
from portal.approvals.states import ApprovalState
from portal.approvals.stations import READERS, STATIONS
from portal.cases.listing import chosen
from portal.cases.models import Case
from portal.types import Row, SignedIn, Text
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.door import actions, begin, perform
from portal.workflow.graph import LifeCycle
from portal.workflow.writing import Tried, trying

# a case with the form of its row, and why the act cannot be about it
DraftRow: TypeAlias = tuple[Case, BaseForm, list[str]]


@staff(*READERS)
def approval_list(request: SignedIn) -> HttpResponse:
    rows = (
        Approval.objects.visible_to(request.user)
        .select_related("drafted_by")
        .annotate(n=Count("items", distinct=True))
        .order_by("-drafted_at", "-pk")
    )
    state = request.GET.get("state", "mine" if request.user.has_role(*STATIONS) else "all")
    if state in ApprovalState.values:
        rows = rows.filter(state=state)
    elif state == "mine":
        rows = rows.filter(pk__in=Approval.objects.waiting_for(request.user).values("pk"))
    states: list[tuple[str, Text]] = [("mine", _("あなたの番")), ("all", _("すべて"))]
    states += ApprovalState.choices
    return render(
        request,
        "portal/approvals/list.html",
        {"page": page_of(request, rows), "states": states, "state": state},
    )


@staff(*READERS)
def approval_page(request: SignedIn, pk: int) -> HttpResponse:
    approval = get_object_or_404(Approval.objects.visible_to(request.user), pk=pk)
    items = list(approval.items.select_related("case__organisation"))
    rows = [(item, item.preview if approval.is_live else []) for item in items]
    context = {
        "approval": approval,
        "rows": rows,
        "steps": list(approval.steps.select_related("person", "decided_by")),
        "actions": actions(request.user, approval),
        "act": acts[approval.act],
    }
    return render(request, "portal/approvals/page.html", context)


@staff("programme_officer", "approver")
def draft(request: SignedIn) -> HttpResponse:
    """Draft an act on the chosen cases; on success it is put into circulation at once."""
    source = request.POST if request.method == "POST" else request.GET
    name = source.get("act", "")
    if name not in acts:
        raise Http404
    act = acts[name]
    cases = chosen(request.user, source.getlist("case"))
    if not cases:
        raise Http404
    cases = _ordered(act, cases)
    post = request.POST if request.method == "POST" else None
    form = DraftForm(post, drafter=request.user, cases=cases, initial={"title": _title(act, cases)})
    subjects = [_subject(act, case) for case in cases]
    there = [subject for subject in subjects if subject is not None]
    rows = [
        (case, act.form(post, prefix=case.number), _refusals(act, subject, there))
        for case, subject in zip(cases, subjects, strict=True)
    ]
    tried = Tried(status=200 if post is None else 422)
    if post is not None and form.is_valid() & all(
        [_fits(act, *row) for row in zip(subjects, rows, strict=True)]
    ):
        with trying() as tried:
            approval = _begin(name, form, rows, request.user)
        if tried.is_done:
            messages.success(request, _("起案し、回議に回しました。"))
            return redirect(approval)
    context = {"act": act, "act_name": name, "form": form, "rows": rows, "reasons": tried.reasons}
    return render(request, "portal/approvals/draft.html", context, status=tried.status)


def _ordered(act: Act[Row], cases: list[Case]) -> list[Case]:
    """The cases as the act orders them; those it cannot be about come last."""
    subjects = [subject for case in cases if (subject := _subject(act, case)) is not None]
    place = {subject.case_id: n for n, subject in enumerate(act.order(subjects))}
    return sorted(cases, key=lambda case: place.get(case.pk, len(place)))


def _subject(act: Act[Row], case: Case) -> LifeCycle | None:
    """The row of the case that the act is about; None for a case of another kind."""
    subject = act.find(case)
    return subject if subject is not None and subject._meta.label == act.subject_model else None


def _refusals(act: Act[Row], subject: LifeCycle | None, there: list[LifeCycle]) -> list[str]:
    return (
        act.refusals(subject, there)
        if subject is not None
        else [_("この案件では、まだ起案できません。")]
    )


def _fits(act: Act[Row], subject: LifeCycle | None, row: DraftRow) -> bool:
    """Is the form of the row right, by itself and against its subject?

    What is not is said at the row.
    """
    row_form = row[1]
    if row_form.is_valid() and subject is not None:
        for reason in act.check(subject, row_form.cleaned_data):
            row_form.add_error(None, reason)
    return bool(row_form.is_valid())


def _title(act: Act[Row], cases: list[Case]) -> str:
    first = cases[0]
    rest = _("ほか%(n)s件") % {"n": len(cases) - 1} if len(cases) > 1 else ""
    return f"{first.shown_programme}　{act.label}（{first}{rest}）"[:200]


def _begin(name: str, form: DraftForm, rows: list[DraftRow], by: User) -> Approval:
    data = form.cleaned_data
    approval = begin(
        Approval,
        by=by,
        act=name,
        title=data["title"],
        note=data["note"],
        steps=form.steps(),
        rows=[(acts[name].find(case), row_form.cleaned_data) for case, row_form, _r in rows],
    )
    return perform(approval, "circulate", by=by)
