"""Drafting an act on one or many cases, and putting right a draft that its drafter has."""

import uuid
from dataclasses import dataclass
from typing import TypeAlias

from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.approvals import rules
from portal.approvals.access import may_revise
from portal.approvals.forms import DraftForm, DropForm
from portal.approvals.models import Approval
from portal.approvals.models.rules import tables_of
from portal.approvals.ports import Act, Change, acts
from portal.approvals.stations import DRAFTERS, may_take
from portal.bulk.planning import able, came_from
from portal.cases.forms import SeenForm
from portal.cases.listing import chosen
from portal.cases.models import Case
from portal.types import Given, Row, SignedIn
from portal.ui.forms import faults
from portal.workflow.access import back_to, staff
from portal.workflow.door import begin, perform
from portal.workflow.graph import LifeCycle
from portal.workflow.writing import Tried, trying

# a case with the form of its row, why the act cannot be about it, and what it would change
DraftRow: TypeAlias = tuple[Case, BaseForm, list[str], list[Change]]


@staff(*DRAFTERS)
def draft(request: SignedIn) -> HttpResponse:
    """Draft an act on the chosen cases; on success it is put into circulation at once."""
    source = request.POST if request.method == "POST" else request.GET
    name = source.get("act", "")
    if name not in acts:
        raise Http404
    act = acts[name]
    plan, back = source.get("bulk", ""), back_to(request, "")
    numbers = source.getlist("case") or able(request.user, plan)
    back = back or came_from(request.user, plan)
    cases = chosen(request.user, numbers)
    if not cases:
        raise Http404
    cases = _ordered(act, cases)
    post = request.POST if request.method == "POST" else None
    subjects = act.subjects(cases)
    there = act.read([subject for subject in subjects if subject is not None])
    bases = dict.fromkeys(act.basis(subject) for subject in there)
    proposed = {"title": _title(act, cases), "basis": "、".join(filter(None, bases))}
    blocked = [_refusals(act, subject, there) for subject in subjects]
    rows = [
        (
            case,
            act.form(post, prefix=case.number),
            reasons,
            [] if reasons else _foreseen(act, subject),
        )
        for case, subject, reasons in zip(cases, subjects, blocked, strict=True)
    ]
    said = _said_so_far(subjects, rows)
    form = DraftForm(
        post,
        drafter=request.user,
        cases=cases,
        initial=proposed,
        ruled=rules.ruled(tables_of(cases), name, act, said),
    )
    tried = Tried(status=200 if post is None else 422)
    if post is not None and form.is_valid() & all(
        [_fits(act, subject, row[1]) for subject, row in zip(subjects, rows, strict=True)]
    ):
        with trying() as tried:
            approval = _begin(name, form, subjects, rows, request.user)
        if tried.is_done:
            messages.success(request, _("起案し、回議に回しました。"))
            return redirect(back or approval)
    context = {
        "act": act,
        "act_name": name,
        "back": back,
        "form": form,
        "rows": rows,
        "draws": act.draws(said),
        "reasons": tried.reasons,
    }
    return render(request, "portal/approvals/draft.html", context, status=tried.status)


def _foreseen(act: Act[Row], subject: LifeCycle | None) -> list[Change]:
    """What the act would change, where that does not hang on what its form must still be told."""
    if subject is None or any(field.required for field in act.form().fields.values()):
        return []
    return act.preview(subject, {})


def _said_so_far(
    subjects: list[LifeCycle | None], rows: list[DraftRow]
) -> list[tuple[LifeCycle, Given]]:
    """The rows with what their forms brought, as far as they are right."""
    return [
        (subject, row[1].cleaned_data if row[1].is_bound and row[1].is_valid() else {})
        for subject, row in zip(subjects, rows, strict=True)
        if subject is not None and not row[2]
    ]


def _ordered(act: Act[Row], cases: list[Case]) -> list[Case]:
    """The cases as the act orders them; those it cannot be about come last."""
    subjects = [subject for subject in act.subjects(cases) if subject is not None]
    place = {subject.case_id: n for n, subject in enumerate(act.order(subjects))}
    return sorted(cases, key=lambda case: place.get(case.pk, len(place)))


def _refusals(act: Act[Row], subject: LifeCycle | None, there: list[LifeCycle]) -> list[str]:
    return (
        act.refusals(subject, there)
        if subject is not None
        else [_("この案件では、まだ起案できません。")]
    )


def _fits(act: Act[Row], subject: LifeCycle | None, row_form: BaseForm) -> bool:
    """Is the form of the row right, by itself and against its subject?

    What is not is said at the row.
    """
    if row_form.is_valid() and subject is not None:
        for reason in act.check(subject, row_form.cleaned_data):
            row_form.add_error(None, reason)
    return bool(row_form.is_valid())


def _title(act: Act[Row], cases: list[Case]) -> str:
    """All programmes and all cases are named, or how many there are beside the first."""
    first = cases[0]
    programmes = len({case.programme_code for case in cases})
    others = _("ほか%(n)s制度") % {"n": programmes - 1} if programmes > 1 else ""
    rest = _("ほか%(n)s件") % {"n": len(cases) - 1} if len(cases) > 1 else ""
    return f"{first.shown_programme}{others}　{act.label}（{first}{rest}）"[:200]


@transaction.atomic  # where it cannot be circulated, it was not drafted either
def _begin(
    name: str,
    form: DraftForm,
    subjects: list[LifeCycle | None],
    rows: list[DraftRow],
    by: User,
) -> Approval:
    approval = begin(
        Approval,
        by=by,
        act=name,
        **form.words(),
        steps=form.steps(),
        rows=[(subject, row[1].cleaned_data) for subject, row in zip(subjects, rows, strict=True)],
    )
    return perform(approval, "circulate", by=by)


@dataclass
class EditRow:
    """A row of a draft with its two forms: what is decided, and whether it is taken out."""

    case: Case
    subject: LifeCycle
    form: BaseForm
    drop: DropForm
    blocked: list[str]

    @property
    def is_taken_out(self) -> bool:
        return bool(self.drop.is_bound and self.drop["drop"].value())

    @property
    def parts(self) -> list[BaseForm]:
        """What must be right: of a row that is taken out, only why."""
        return [self.drop] if self.is_taken_out else [self.drop, self.form]

    def fits(self, act: Act[Row]) -> bool:
        return self.drop.is_valid() and (self.is_taken_out or _fits(act, self.subject, self.form))


@staff(*DRAFTERS)
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Put right a draft that is with its drafter, and send it round again where that is wished."""
    approval = get_object_or_404(Approval.objects.visible_to(request.user), pk=pk)
    post = request.POST if request.method == "POST" else None
    if post is None and not may_revise(request.user, approval):
        messages.error(request, _("この起案は、起案した方の手元にあるときだけ直せます。"))
        return redirect(approval)
    act = acts[approval.act]
    seen = SeenForm(post, initial={"seen": approval.version, "key": uuid.uuid4().hex})
    form = DraftForm(
        post,
        drafter=approval.drafted_by,
        cases=approval.touched_cases(),
        initial=DraftForm.said(approval),
        ruled=approval.ruled,
    )
    rows = _rows_to_edit(act, approval, post)
    tried = Tried(status=200 if post is None else 422)
    if post is not None and seen.is_valid() & form.is_valid() & all(
        [row.fits(act) for row in rows]
    ):
        with trying() as tried, transaction.atomic():
            approval = perform(
                approval, "revise", by=request.user, **seen.cleaned_data, **_said(act, form, rows)
            )
            if "circulate" in post and approval.is_with_drafter:
                perform(approval, "circulate", by=request.user)
        if tried.is_done:
            messages.success(request, _done(post))
            return redirect(approval)
        if tried.status == 409:
            seen.renew(approval.version)
    context = {
        "approval": approval,
        "seen": seen,
        "form": form,
        "rows": rows,
        "gone": _no_longer_able(approval),
        "draws": act.draws(_said_of(rows)),
        "reasons": tried.reasons,
        "errors": faults(form, *[part for row in rows for part in row.parts]),
    }
    return render(request, "portal/approvals/edit.html", context, status=tried.status)


def _done(post: QueryDict) -> str:
    return (
        _("起案を直し、回議に回しました。")
        if "circulate" in post
        else _("起案を直しました。回議には、まだ回していません。")
    )


def _rows_to_edit(act: Act[Row], approval: Approval, post: QueryDict | None) -> list[EditRow]:
    fallen = approval.fallen()
    return [
        EditRow(
            subject.case,
            subject,
            act.form(post, prefix=subject.case.number, initial=given),
            DropForm(post, prefix=f"drop-{subject.case.number}"),
            fallen.get(subject.case_id, []),
        )
        for subject, given in approval.rows()
    ]


def _said_of(rows: list[EditRow]) -> list[tuple[Row, Given]]:
    """What the rows that stay say now: as stored, or as typed where that is right."""
    return [
        (row.subject, row.form.cleaned_data if row.form.is_bound else dict(row.form.initial))
        for row in rows
        if not row.is_taken_out and (not row.form.is_bound or row.form.is_valid())
    ]


def _said(act: Act[Row], form: DraftForm, rows: list[EditRow]) -> Given:
    """What `Approval.revise` is given. A title that the portal proposed follows the rows that stay."""
    kept = [row for row in rows if not row.is_taken_out]
    words = form.words()
    if kept and words["title"] == _title(act, [row.case for row in rows]):
        words = {**words, "title": _title(act, [row.case for row in kept])}
    return {
        **words,
        "steps": form.steps(),
        "rows": [(row.subject, row.form.cleaned_data) for row in kept],
        "dropped": {row.case.pk: row.drop.cleaned_data["why"] for row in rows if row.is_taken_out},
    }


def _no_longer_able(approval: Approval) -> list[str]:
    """The people of the route who can no longer take their station: the form leaves them out."""
    cases = approval.touched_cases()
    return [
        step.person.name
        for step in approval.steps_now
        if not may_take(step.person, step.kind, cases)
    ]
