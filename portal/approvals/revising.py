"""Putting right a draft that its drafter has."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.approvals.access import may_revise
from portal.approvals.forms import DraftForm, DropForm
from portal.approvals.models import Approval, contents
from portal.approvals.ports import Act, acts
from portal.approvals.row_forms import FormRow, RowForms, all_fit, faulty, typed
from portal.approvals.stations import DRAFTERS, may_take
from portal.cases.forms import SeenForm
from portal.cases.models import Case
from portal.types import Given, Row, SignedIn
from portal.ui.controls import faults
from portal.workflow.access import staff
from portal.workflow.door import perform
from portal.workflow.writing import Tried, trying


@staff(*DRAFTERS)
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Put right a draft that is with its drafter, and send it round again where that is wished."""
    approval = get_object_or_404(Approval.objects.visible_to(request.user), pk=pk)
    post = request.POST if request.method == "POST" else None
    is_drafters = (
        approval.drafted_by_id == request.user.pk
    )  # whoever was overtaken keeps their words
    if not may_revise(request.user, approval) and not (post is not None and is_drafters):
        messages.error(request, _("この起案は、起案した方の手元にあるときだけ直せます。"))
        return redirect(approval)
    act = acts[approval.act]
    rows = _rows(act, approval, post)
    forms = rows[0].forms
    seen = SeenForm(post, initial={"seen": approval.version, "key": uuid.uuid4().hex})
    is_sent = post is not None and not forms.is_opening
    form = DraftForm(
        post if is_sent else None,
        drafter=approval.drafted_by,
        cases=[row.case for row in rows],
        initial=DraftForm.said(approval) if post is None else typed(DraftForm, post),
        ruled=approval.ruled,
        approval=approval,
    )
    tried = Tried(status=422 if is_sent else 200)
    if is_sent and seen.is_valid() & form.is_valid() & all_fit(act, rows):
        with trying() as tried, transaction.atomic():
            approval = perform(
                approval, "revise", by=request.user, **seen.cleaned_data, **_said(act, form, rows)
            )
            if "circulate" in request.POST and approval.is_with_drafter:
                perform(approval, "circulate", by=request.user)
        if tried.is_done:
            messages.success(request, _done(request.POST))
            return redirect(approval)
        if tried.status == 409:
            seen.renew(approval.version)
    context = {
        "approval": approval,
        "seen": seen,
        "form": form,
        "rows": rows,
        "forms": forms,
        "gone": _no_longer_able(approval),
        "draws": act.draws(_said_of(rows)),
        "reasons": tried.reasons,
        "errors": [*faults(seen), *faulty(form, forms, rows)],
    }
    return render(request, "portal/approvals/edit.html", context, status=tried.status)


def _done(post: QueryDict) -> str:
    return (
        _("起案を直し、回議に回しました。")
        if "circulate" in post
        else _("起案を直しました。回議には、まだ回していません。")
    )


def _rows(act: Act[Row], approval: Approval, post: QueryDict | None) -> list[FormRow]:
    fallen, said = approval.fallen(), approval.rows()
    known = {subject.case.number: given for subject, given in said}
    subjects = {subject.case.number: subject for subject, _given in said}
    forms = RowForms(act, subjects, post, known)
    return [
        FormRow(
            subject.case,
            subject,
            forms,
            fallen.get(subject.case_id, []),
            drop=_drop(subject.case, post, is_sent=not forms.is_opening),
        )
        for subject, _given in said
    ]


def _drop(case: Case, post: QueryDict | None, *, is_sent: bool) -> DropForm:
    prefix = f"drop-{case.number}"
    if post is None or is_sent:
        return DropForm(post, prefix=prefix)
    return DropForm(initial=typed(DropForm, post, prefix), prefix=prefix)


def _said_of(rows: list[FormRow]) -> list[tuple[Row, Given]]:
    """What the rows that stay say now: as stored, or as typed, as far as that is right."""
    return [(row.subject, row.given) for row in rows if not row.is_taken_out]


def _said(act: Act[Row], form: DraftForm, rows: list[FormRow]) -> Given:
    """What `Approval.revise` is given. A title that the portal proposed follows the rows that stay."""
    kept = [row for row in rows if not row.is_taken_out]
    words = form.words()
    stay, before = [row.case for row in kept], [row.case for row in rows]
    return {
        **words,
        "title": contents.title_after(act, words["title"], before, stay),
        "steps": form.steps(),
        "rows": [(row.subject, row.given) for row in kept],
        "dropped": {row.case.pk: row.why_taken_out for row in rows if row.is_taken_out},
    }


def _no_longer_able(approval: Approval) -> list[str]:
    """The people of the route who can no longer take their station: the form leaves them out."""
    cases = approval.touched_cases()
    return [
        step.person.name
        for step in approval.steps_now
        if not may_take(step.person, step.kind, cases, approval)
    ]
