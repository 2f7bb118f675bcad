"""Drafting an act on one or many cases."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.approvals import rules
from portal.approvals.forms import DraftForm
from portal.approvals.models import Approval, attachments, contents
from portal.approvals.models.rules import tables_of
from portal.approvals.ports import Act, acts
from portal.approvals.row_forms import FormRow, RowForms, all_fit, faulty, typed
from portal.approvals.stations import DRAFTERS
from portal.bulk.planning import able, came_from
from portal.cases.listing import chosen
from portal.cases.models import Case
from portal.documents import kinds
from portal.types import Given, Row, SignedIn
from portal.workflow.access import back_to, staff
from portal.workflow.door import begin, perform
from portal.workflow.graph import LifeCycle
from portal.workflow.writing import Tried, trying


@staff(*DRAFTERS)
def draft(request: SignedIn) -> HttpResponse:
    """Draft an act on the chosen cases; it goes round at once, unless its drafter keeps it to read
    its letters first.
    """
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
    rows = _rows(act, cases, post)
    forms = rows[0].forms
    said = _said_so_far(rows)
    form = DraftForm(
        None if forms.is_opening else post,
        drafter=request.user,
        cases=cases,
        initial=_proposed(act, rows) if post is None else typed(DraftForm, post),
        ruled=rules.ruled(tables_of(cases), name, act, said),
    )
    is_sent = post is not None and not forms.is_opening
    tried = Tried(status=422 if is_sent else 200)
    if is_sent and form.is_valid() & all_fit(act, rows):
        with trying() as tried:
            approval = _begin(name, form, rows, request.user, is_kept="keep" in source)
        if tried.is_done:
            messages.success(request, _done(approval))
            return redirect(approval if approval.is_with_drafter else back or approval)
    context = {
        "act": act,
        "act_name": name,
        "back": back,
        "form": form,
        "rows": rows,
        "forms": forms,
        "draws": act.draws(said),
        "limits": attachments.limits_said(),
        "types": kinds.TYPES,
        "reasons": tried.reasons,
        "errors": faulty(form, forms, rows),
    }
    return render(request, "portal/approvals/draft.html", context, status=tried.status)


def _rows(act: Act[Row], cases: list[Case], post: QueryDict | None) -> list[FormRow]:
    subjects = act.subjects(cases)
    there = act.read([subject for subject in subjects if subject is not None])
    by_number = {case.number: row for case, row in zip(cases, subjects, strict=True)}
    proposed = {
        number: act.proposes(row)
        for number, row in by_number.items()
        if row is not None and act.asks_each
    }
    forms = RowForms(act, by_number, post, proposed)
    waiting = contents.in_hand(cases)
    return [
        FormRow(
            case,
            subject,
            forms,
            [contents.whereabouts(waiting[case.pk])]
            if case.pk in waiting
            else _refusals(act, subject, there),
        )
        for case, subject in zip(cases, subjects, strict=True)
    ]


def _proposed(act: Act[Row], rows: list[FormRow]) -> Given:
    bases = dict.fromkeys(act.basis(row.subject) for row in rows if row.subject is not None)
    title = contents.title_of(act, [row.case for row in rows])
    return {"title": title, "basis": "、".join(filter(None, bases))}


def _said_so_far(rows: list[FormRow]) -> list[tuple[LifeCycle, Given]]:
    """The rows with what their forms brought, as far as they are right."""
    return [(row.subject, row.given) for row in rows if not row.blocked]


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


def _done(approval: Approval) -> str:
    """What was done, with the way to the draft: the page that follows may be the list one came from."""
    if approval.is_with_drafter:
        return _(
            "起案を作りました。まだ回していません。通知書の案を読み、よければ回議に回してください。"
        )
    said = _("起案し、回議に回しました。")
    return format_html('{} <a href="{}">{}</a>', said, approval.get_absolute_url(), _("起案を開く"))


@transaction.atomic  # where it cannot be circulated, it was not drafted either
def _begin(name: str, form: DraftForm, rows: list[FormRow], by: User, *, is_kept: bool) -> Approval:
    approval = begin(
        Approval,
        by=by,
        act=name,
        **form.words(),
        steps=form.steps(),
        rows=[(row.subject, row.given) for row in rows],
    )
    return approval if is_kept else perform(approval, "circulate", by=by)
