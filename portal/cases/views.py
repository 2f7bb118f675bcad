"""Pages of the case room: inbox, lists, the case itself, and the one page for every transition."""

import uuid
from itertools import chain

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import clock
from portal.accounts.factors import asked_to_hand_in, takes_who_hands_in
from portal.accounts.models import User
from portal.audit.models import Event
from portal.cases import (
    assignment,
    case_zip,
    folding,
    interests,
    kept_apart,
    listing,
    proof,
    trail,
    visibility,
)
from portal.cases import turns as clocks
from portal.cases.access import LOOKERS, case_at
from portal.cases.forms import (
    InterestForm,
    TransitionForm,
)
from portal.cases.lookups import asked_page, fill_together
from portal.cases.models import Case, Reading
from portal.cases.ports import (
    Panel,
    beside_own,
    case_kinds,
    case_panels,
    loaders,
    said_last,
)
from portal.cases.timeline import public_timeline, timeline
from portal.together import together
from portal.types import Context, Given, SignedIn, Text
from portal.ui.controls import faults
from portal.ui.limits import PRESSES, ZIPS, limited
from portal.ui.paging import page_of
from portal.workflow import counter
from portal.workflow.access import prove_again, signed_in, staff
from portal.workflow.against import Against, Fact
from portal.workflow.door import actions, perform
from portal.workflow.graph import LifeCycle, Spec
from portal.workflow.outgoing import NOTHING
from portal.workflow.ports import checked_against, transition_forms
from portal.workflow.rehearsal import Foreseen, foreseen, rehearse
from portal.workflow.requirements import touches
from portal.workflow.writing import trying, turn_back


@signed_in
def my_cases(request: SignedIn) -> HttpResponse:
    """The applicant's desk: every case of every organisation they act for, whose turn it is first."""
    if request.user.is_office:
        return redirect("inbox")
    cases = (
        Case.objects.visible_to(request.user)
        .select_related("organisation")
        .prefetch_related("turns")
    )
    page = page_of(request, cases.order_by("closed_at", "-opened_at"), 30)
    desk = [
        (case, next((t for t in case.turns.all() if t.side == "applicant"), None)) for case in page
    ]
    desk.sort(
        key=lambda pair: (
            pair[1] is None,
            str(pair[1].due_on) if pair[1] and pair[1].due_on else "9",
        )
    )
    organisations = list(
        request.user.memberships.filter(left_at=None).select_related("organisation")
    )
    with together() as ask:
        beside = [part(request.user, ask) for part in beside_own.values()]
        spoken = said_last.value([case for case, _turn in desk], ask)
    today, said = clock.today(), spoken()
    return render(
        request,
        "portal/cases/mine.html",
        {
            "desk": [
                (
                    case,
                    turn,
                    turn is not None and turn.due_on is not None and turn.due_on < today,
                    _own_word(case),
                    said.get(case.pk),
                )
                for case, turn in desk
            ],
            "page": page,
            "memberships": organisations,
            "beside": [found for part in beside if (found := part())],
        },
    )


def _own_word(case: Case) -> Text:
    """Of its state, to the applicant."""
    word = case_kinds[case.kind].own_word
    return word(case) if word is not None else case.state_label


@signed_in
def case_page(request: SignedIn, number: str) -> HttpResponse:
    case = case_at(request, number)
    case.memo = {}
    asked_page.keep(case, request.GET.get("talk", ""))
    if request.user.is_office:
        Reading.note(request.user, "case.open", case)
        case.interests_of = (request.user.pk, ())  # whoever has one does not see the case
    kind = case_kinds[case.kind]
    if not request.user.is_office and case.is_being_written and kind.draft_url:
        return redirect(kind.draft_url(case))
    build = kind.staff_page if request.user.is_office else kind.applicant_page
    panels = _panels(request.user, case)
    reads = [kind.reads, *(panel.reads for panel in panels)]
    fill_together([case], [clocks.turns_of, clocks.holdings_of, *chain.from_iterable(reads)])
    whole = visibility.reads(request.user, case, visibility.WORKERS)
    turns = clocks.turns_of.all(case)
    for turn in turns:
        turn.case, turn.part = case, folding.part_of(turn)
        turn.way = folding.way_of(turn)
    closed = visibility.closed_to(request.user, case)
    turns = [turn for turn in turns if turn.subject.partition(":")[0] not in closed]
    turns.sort(key=lambda turn: (turn.stands_on, turn.since))  # what is due first stands first
    if not request.user.is_office:
        turns = [turn for turn in turns if not turn.is_apart]
    if not whole:  # a reviewer
        turns = [turn for turn in turns if turn.person_id == request.user.pk]
    context: Context = {"case": case, **build(case, request.user)}
    context["panels"] = [
        (panel, found)
        for panel in panels
        if (found := panel.context(case, request.user)) is not None
    ]
    events = (
        timeline(case, _told(request.user, case, whole=whole), closed)
        if request.user.is_office
        else public_timeline(case, request.user)
    )
    context["events"] = events
    context["may_take"] = case.assigned_to_id != request.user.pk and not assignment.own_refusals(
        request.user, case
    )
    context["whole"] = request.user.is_office and whole
    context["decides"] = request.user.is_office and visibility.reads(
        request.user, case, visibility.DECIDERS
    )
    context["handed_over"] = _handed_over(events) if context["whole"] else None
    context["trail"] = trail.follow(request, case) if request.user.is_office else None
    context.setdefault("held", clocks.days_held(case))
    if request.user.is_office:
        with together() as ask:
            fill_sums = listing.fill_sums(ask, turns, request.user)
        fill_sums()
    context["turns"] = turns
    context["unfolded"] = folding.unfolded(request.user, case, turns)
    context["own_parts"] = folding.own_parts(
        request.user, case, kept_apart.open_to(request.user, case, turns)
    )
    context["next_due"] = min((turn.due_on for turn in turns if turn.due_on), default=None)
    template = kind.staff_template if request.user.is_office else kind.applicant_template
    return render(request, template, context)


def _handed_over(events: list[Event]) -> Event | None:
    """When the case came to whoever has it, where something was written for them."""
    given = next((event for event in events if event.action == "case.assign"), None)
    return given if given is not None and given.payload.data().get("note") else None


def _panels(user: User, case: Case) -> list[Panel]:
    """The parts of the page that have something to say of such a case, for whom the person may be."""
    side = "office" if user.is_office else "applicant"
    return [
        panel
        for panel in case_panels.values()
        if panel.side in ("both", side)
        and (not panel.kinds or case.kind in panel.kinds)
        and (not panel.readers or visibility.reads(user, case, panel.readers))
    ]


def _told(user: User, case: Case, *, whole: bool) -> tuple[str, ...]:
    """Which acts the record of a case page names to the office, by how they begin; empty: all.

    A reviewer reads what happened to what is reviewed, and nothing of what follows.
    """
    return () if whole else (f"{case.subject._meta.model_name}.",)


@signed_in
@limited(PRESSES, of_firms=True)
def do(request: SignedIn, model: str, pk: int, name: str) -> HttpResponseBase:
    """The one page of every transition open to a person: GET shows what will happen, POST does it."""
    if model not in loaders:
        raise Http404
    obj = loaders[model](request.user, pk)
    if request.user.is_office:
        cases = Q(pk__in=[case.pk for case in obj.touched_cases()])
        Reading.note_once(request.user, "page.open", cases, f"{model}:{name}")
    spec = type(obj).specs().get(name)
    if spec is None or spec.internal:
        raise Http404
    if request.method == "POST" and takes_who_hands_in(spec.permission):
        return asked_to_hand_in(request, lambda: _do(request, obj, spec))
    return _do(request, obj, spec)


def _do(request: SignedIn, obj: LifeCycle, spec: Spec) -> HttpResponse:
    post = request.POST if request.method == "POST" else None
    base = TransitionForm(
        post,
        reason=spec.reason,
        at_counter=counter.letter(request.user, obj, spec) is not None,
        initial={"seen": obj.version, "key": uuid.uuid4().hex},
    )
    extra = (
        transition_forms[spec.form](post, **_form_options(request, spec.form, obj))
        if spec.form
        else None
    )
    reasons: list[str] = []
    status = 200
    sent: LifeCycle | Foreseen | None = None
    if post is not None and base.is_valid() & (extra is None or extra.is_valid()):
        given = base.cleaned_data | (extra.cleaned_data if extra else {})
        with trying() as tried:
            sent = _write(request, obj, spec, given)
        reasons, status = tried.reasons, tried.status
        if isinstance(sent, LifeCycle):
            messages.success(request, str(spec.done))
            return redirect(sent.address_for(request.user))
        if status == 409:
            base.renew(obj.version)
    elif post is not None:
        status = 422
    errors = faults(base, extra)
    action = next((a for a in actions(request.user, obj) if a.spec.name == spec.name), None)
    not_theirs = spec.permission.reasons(request.user, obj)
    if action is None and not reasons:
        reasons = not_theirs or [
            _("「%(state)s」の状態ではできません。") % {"state": obj.info.label}
        ]
        status = 403
    context = {
        "obj": None
        if not_theirs
        else obj,  # whoever may not do it is told why, and nothing of the row
        "spec": spec,
        "against": Against() if not_theirs else _against(request.user, obj),
        "outgoing": obj.OUTGOING.get(spec.name, NOTHING),
        "form": base,
        "extra": extra,
        "reasons": reasons,
        "action": action,
        "back": obj.address_for(request.user),
        "errors": errors,
        "sent": sent,
    }
    return render(request, "portal/cases/do.html", context, status=status)


def _against(user: User, obj: LifeCycle) -> Against:
    """What the act is checked against: with what the row says of itself, what the office looks up."""
    own = [Fact(label, value) for label, value in obj.act_facts]
    model = str(obj._meta.model_name)
    if not user.is_office or model not in checked_against:
        return Against(facts=own)
    found = checked_against[model](user, [obj])[obj.pk]
    return Against(facts=[*found.facts, *own], cautions=found.cautions)


def _write(request: SignedIn, obj: LifeCycle, spec: Spec, given: Given) -> LifeCycle | Foreseen:
    """Run the transition; where the office only looks, what it would send, were it pressed now."""
    user = request.user
    if "look" in request.POST and user.is_office:
        return rehearse(
            lambda: perform(obj, spec.name, by=user, **given),
            foreseen,
            by=user,
            locks=[*obj.touched_cases(), *touches(obj, spec.name, given)],
        )
    if spec.sensitive:
        prove_again(request)
    return perform(obj, spec.name, by=user, **given)


def _form_options(request: SignedIn, name: str, obj: LifeCycle) -> Given:
    """What the form of a transition wants beside what was typed: its row, files."""
    form = transition_forms[name]
    row = {"obj": obj} if getattr(form, "wants_object", False) else {}
    files = {"files": request.FILES or None} if getattr(form, "takes_files", False) else {}
    return row | files


@require_POST
@staff(*assignment.HOLDERS)
def take(request: SignedIn, number: str) -> HttpResponse:
    case = case_at(request, number)
    reasons = assignment.take(case, by=request.user, seen=request.POST.get("seen", ""))
    return turn_back(request, reasons, case) if reasons else redirect(case)


@staff(*(role for role in LOOKERS if role != "auditor"))
def interest(request: SignedIn, number: str) -> HttpResponse:
    """Declare a conflict of interest: from then on this person does no duty in the case."""
    case = case_at(request, number)
    form = InterestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        interests.step_back(case, by=request.user, detail=form.cleaned_data["detail"])
        messages.success(request, _("利益相反を申告しました。この案件はほかの職員が受け持ちます。"))
        return redirect("inbox")
    status = 422 if form.errors else 200
    return render(
        request, "portal/cases/interest.html", {"case": case, "form": form}, status=status
    )


@staff(*visibility.WORKERS)
def duties(request: SignedIn, number: str) -> HttpResponse:
    """Who did which duty in the case, and that nobody did both of a pair."""
    case = case_at(request, number)
    rows, interested = proof.of_case(case)
    broken = sum(row.verdict == proof.TOGETHER for row in rows) + sum(
        bool(row.duties) for row in interested
    )
    context = {
        "case": case,
        "rows": rows,
        "interested": interested,
        "broken": broken,
        "excepted": any(row.verdict == proof.EXCEPTED for row in rows),
    }
    return render(request, "portal/cases/duties.html", context)


@signed_in
@limited(ZIPS)
def download(request: SignedIn, number: str) -> StreamingHttpResponse:
    """The whole case as a ZIP, with what this person may read. Logged."""
    case = case_at(request, number)
    if request.user.is_office:
        Reading.note(request.user, "case.zip", case)
    parts = case_zip.stream(case, request.user)
    response = StreamingHttpResponse(parts, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{case.number}.zip"'
    return response
