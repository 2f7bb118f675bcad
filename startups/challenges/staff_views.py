"""The office's pages of challenges: the desk, writing, coordination, answers."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.programmes.models import Call
from grants.programmes.states import CALL_IN_MAKING
from portal.accounts.permissions import office
from portal.registry.models import Municipality
from portal.types import Context, Given, SignedIn
from portal.ui.in_words import in_words
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.door import actions, begin
from portal.workflow.drafts import sent, stand_again
from portal.workflow.writing import Tried, trying, write
from startups.challenges import writing
from startups.challenges.access import challenge_at
from startups.challenges.forms import AnswerForm, CommentForm, StartForm
from startups.challenges.models import Challenge
from startups.challenges.states import ChallengeState
from startups.challenges.views import facts, named
from startups.challenges.writing import WRITERS


@staff(*Challenge.READERS)
def desk(request: SignedIn) -> HttpResponse:
    """Every challenge in the person's scope,
    those that wait for something first seen by their numbers.
    """
    waiting = Count("questions", filter=Q(questions__answered_at=None))
    found = Challenge.objects.visible_to(request.user).annotate(waiting=waiting).order_by("-pk")
    state = request.GET.get("state", "")
    if state in ChallengeState.values:
        found = found.filter(state=state)
    page = page_of(request, found, 40)
    states = ChallengeState.choices
    context = {
        "page": page,
        "rows": named(list(page)),
        "state": state,
        "states": states,
        "may_write": request.user.has_role(*WRITERS),
    }
    return render(request, "startups/challenges/desk.html", context)


@staff(*WRITERS)
def new(request: SignedIn) -> HttpResponse:
    roles = [role for role in request.user.roles() if role.role in WRITERS]
    municipalities = Municipality.objects.all()
    if all(role.municipality_id for role in roles):
        municipalities = municipalities.filter(code__in=[role.municipality_id for role in roles])
    calls = Call.objects.filter(
        programme__parameters__kind="proposal",
        state__in=CALL_IN_MAKING,
    )
    form = StartForm(
        request.POST or None, calls=calls.select_related("programme"), municipalities=municipalities
    )

    def save(data: Given) -> Challenge:
        codes = [data["municipality"].pk, *[other.pk for other in data["others"]]]
        return begin(Challenge, by=request.user, call=data["call"], municipality_codes=codes)

    return write(
        request,
        form,
        save,
        template="startups/challenges/new.html",
        context={"any_call": calls.exists()},
        then=lambda made: reverse("challenge_edit", args=[made.number]),
    )


@staff(*WRITERS)
def edit(request: SignedIn, number: str) -> HttpResponse:
    """Write it: what is typed is kept whether or not it is right;
    handing in shows what is still to be corrected.
    """
    row = challenge_at(request, number)
    if row.state not in Challenge.EDITABLE or office(*WRITERS).reasons(request.user, row):
        raise Http404
    tried = Tried()
    if request.method == "POST":
        typed, seen = sent(request.POST)
        with trying() as tried:
            row = writing.keep_typed(row, typed, seen=seen, by=request.user)
        if not tried.is_done:
            stand_again(row, typed, tried)
        else:
            row = challenge_at(request, number)
            if "go_on" in request.POST and not writing.faults(row):
                with trying() as tried:
                    writing.hand_in(row, by=request.user)
                if tried.is_done:
                    messages.success(
                        request, _("調整に回しました。デジタルコンシェルジュが確かめます。")
                    )
                    return redirect("challenge_staff", number=number)
            elif "go_on" not in request.POST:
                messages.success(request, _("保存しました。"))
                return redirect("challenge_edit", number=number)
    form, work, indicators = writing.forms_of(row)
    errors = writing.faults(row) if request.method == "POST" else []
    context = {
        "challenge": row,
        "form": form,
        "work": work,
        "indicators": indicators,
        "errors": errors,
        "reasons": tried.reasons,
        "differences": in_words(tried.differences, form, work, indicators),
        "municipalities": row.municipalities,
    }
    status = 422 if tried.is_done and errors else tried.status
    return render(request, "startups/challenges/edit.html", context, status=status)


@staff(*Challenge.READERS)
def challenge(request: SignedIn, number: str) -> HttpResponse:
    row = challenge_at(request, number)
    return render(request, "startups/challenges/staff.html", _staff_page(request, row))


def _comment_form(request: SignedIn, row: Challenge) -> CommentForm:
    kinds = [
        kind
        for kind, roles in (
            ("comment", ("challenge_owner", "concierge", "programme_officer")),
            ("advice", ("reviewer",)),
        )
        if not office(*roles).reasons(request.user, row)
    ]
    return CommentForm(request.POST or None, kinds=kinds, board=writing.board(row, request.user))


def _staff_page(request: SignedIn, row: Challenge, form: CommentForm | None = None) -> Context:
    user = request.user
    comment_form = form or _comment_form(request, row)
    return {
        **facts(row),
        "actions": actions(user, row),
        "comments": list(row.comments.select_related("author", "asks")),
        "form": comment_form if comment_form.may_write else None,
        "questions": list(row.questions.select_related("answered_by")),
        "may_answer": row.state == ChallengeState.PUBLISHED
        and not writing.ANSWERERS.reasons(user, row),
        "may_edit": row.state in Challenge.EDITABLE and not office(*WRITERS).reasons(user, row),
        "kinds": dict(CommentForm.KINDS),
        "followers": row.followers.count(),
    }


@require_POST
@staff(*Challenge.READERS)
def comment(request: SignedIn, number: str) -> HttpResponse:
    row = challenge_at(request, number)
    form = _comment_form(request, row)
    if not form.is_valid():
        return render(
            request, "startups/challenges/staff.html", _staff_page(request, row, form), status=422
        )
    writing.comment(row, by=request.user, **form.cleaned_data)
    return redirect(f"{row.get_absolute_url()}#comments")


@staff(*WRITERS)
def answer(request: SignedIn, number: str, pk: int) -> HttpResponse:
    row = challenge_at(request, number)
    question = get_object_or_404(row.questions.all(), pk=pk)
    form = AnswerForm(request.POST or None, question=question)
    tried = Tried(status=422 if form.errors else 200)
    if form.is_bound and form.is_valid():
        with trying() as tried:
            writing.answer(question, by=request.user, **form.cleaned_data)
        if tried.is_done:
            messages.success(request, _("答えを公表しました。"))
            return redirect(f"{row.get_absolute_url()}#questions")
    differences = in_words(tried.differences, form)
    if differences:
        question.refresh_from_db()
        form = AnswerForm(question=question)
    context = {
        "challenge": row,
        "question": question,
        "form": form,
        "reasons": tried.reasons,
        "differences": differences,
    }
    return render(request, "startups/challenges/answer.html", context, status=tried.status)
