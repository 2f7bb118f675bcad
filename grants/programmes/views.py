"""The public's pages of programmes and calls, and the staff's."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, translate_url
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from grants.programmes import cash, catalogue, changed, choosing, eligibility, guideline, wordings
from grants.programmes.cash_forms import CashForm
from grants.programmes.check_forms import EligibilityForm
from grants.programmes.editing import document, in_full
from grants.programmes.finding import results as finding
from grants.programmes.finding.vocabulary import topics
from grants.programmes.forms import FindForm, ProgrammeForm
from grants.programmes.models import EDITORS, Call, Programme, Sketch, said
from grants.programmes.models.querysets import CallQuerySet
from grants.programmes.models.rights import BY_EDITORS
from grants.programmes.ports import (
    call_panels,
    drawn_order,
    entrances,
    home_cards,
    keep_search,
    last_year,
    partner_search,
    published_results,
    whom_to_ask,
)
from grants.programmes.shut import on_closed_days
from grants.programmes.states import CALL_DECIDED, CallState, ProgrammeState
from grants.programmes.values import open_blocks, planned
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import covers_whole, demand
from portal.cases.turns import waiting_for
from portal.types import Context, SignedIn
from portal.ui.answered_again import answered_again
from portal.ui.limits import CHECKS, SEARCHES, limited
from portal.ui.paging import page_of
from portal.workflow.access import anyone, staff
from portal.workflow.door import actions, begin, perform
from portal.workflow.ports import notice_kinds
from portal.workflow.writing import write

READERS = (
    "programme_officer",
    "approver",
    "auditor",
    "finance_officer",
    "accounting_officer",
    "reviewer",
    "inspector",
    "concierge",
)

WAITING_SHOWN = 3  # of what waits for whoever opens the first page
OPEN_SHOWN = 12  # calls on the first page; where there are more, it says so


@anyone
@answered_again
def home(request: HttpRequest) -> HttpResponse:
    calls = list(catalogue.find({"open": True})[:OPEN_SHOWN])
    counts = catalogue.counts()
    cards = [found for card in home_cards.values() if (found := card(request.user)) is not None]
    user = request.user
    context = {
        "waiting": (
            waiting_for(user, WAITING_SHOWN) if user.is_authenticated and not user.is_office else []
        ),
        "calls": [(call, catalogue.headline(call)) for call in calls],
        "n_open": counts["n_open"],
        "total": counts["total"],
        "cards": cards,
    }
    return render(request, "grants/programmes/home.html", context)


@anyone
@limited(SEARCHES)
@answered_again
def call_list(request: HttpRequest) -> HttpResponse:
    """With words: what fits, best first, with reasons; else what is nearest, and whom to ask."""
    form = FindForm(request.GET or None)
    data = form.cleaned_data if form.is_valid() else {}
    found = finding.find(data)
    page = page_of(request, found.calls, 20)
    calls = list(page)
    rows = [(call, catalogue.headline(call), found.because(call)) for call in calls]
    context = {
        "form": form,
        "page": page,
        "rows": [row for row in rows if row[0].is_offered],
        "over": [row for row in rows if not row[0].is_offered],
        "is_near": found.is_near,
        "only": found.only,
        "unmet": found.unmet(calls) if page.number == 1 else [],
        "ask": whom_to_ask.value,
        "keep": keep_search.value,
        "topics": topics(),
    }
    return render(request, "grants/programmes/list.html", context)


def public_call(code: str) -> Call:
    return _by_code(Call.objects.public(), code)


def _by_code(calls: CallQuerySet, code: str) -> Call:
    rows = calls.select_related("programme").prefetch_related("periods")
    return get_object_or_404(rows, code=code)


@anyone
@answered_again
def call_page(request: HttpRequest, code: str) -> HttpResponse:
    call = _by_code(Call.objects.with_page(), code)
    if call.is_called_off:
        return _called_off(request, call)
    stated = call.stated
    context = {
        "call": call,
        "head": catalogue.headline(call),
        "example": catalogue.worked_example(stated),
        "frames": choosing.frames(call),
        "who": choosing.who(stated),
        "mixing": [(choosing.mixing_words(group, stated), group.cite) for group in stated.groups],
        "is_whole": "whole" in request.GET,
        "briefings": catalogue.briefings(call),
        **catalogue.costs(stated),
        "rest": choosing.who(stated, by_what_it_is=False),
        "planned": choosing.open_values(call, stated),
        "open_blocks": open_blocks(stated),
        "sources": [said(source.name) for source in stated.sources],
        "documents": [
            (said(d.name), [*([said(d.hint)] if d.hint else ()), *d.ways], d.required)
            for d in stated.documents
        ],
        "criteria": [(said(c.name), said(c.text), c.weight) for c in stated.criteria],
        "blind": catalogue.blind(stated),
        "faq": [(said(f.q), said(f.a)) for f in stated.faq],
        "results": results(call),
        "last_year": last_year.value(call),
        "drawn": drawn_order.value(call),
        "changes": [(row, changed.differences(row)) for row in changed.of_call(call)],
        "after": catalogue.after_award(call),
        **way_in(call),
    }
    return render(request, "grants/programmes/page.html", context)


def _called_off(request: HttpRequest, call: Call) -> HttpResponse:
    """Whoever follows an address that was announced reads what became of it."""
    changes = changed.of_call(call)
    context = {
        "call": call,
        "head": catalogue.headline(call),
        "ending": next(row for row in changes if row.calls_off),
        "changes": [(row, changed.differences(row)) for row in changes if not row.calls_off],
    }
    return render(request, "grants/programmes/called_off.html", context)


@anyone
@answered_again
def guideline_page(request: HttpRequest, code: str, revision: int) -> HttpResponse:
    """The text that applications under this revision pledge to."""
    call = _by_code(Call.objects.with_page(), code)
    programme = guideline.revision_of(call, revision)
    if programme is None:
        raise Http404
    stated = programme.stated
    context = {
        "call": call,
        "programme": programme,
        "stated": stated,
        "articles": guideline.articles(stated),
        "planned": choosing.open_values(call, stated),
    }
    return render(request, "grants/programmes/guideline.html", context)


@anyone
@answered_again
def easy(request: HttpRequest, code: str) -> HttpResponse:
    """The programme in やさしい日本語, where its office wrote it: always with readings."""
    call = public_call(code)
    if call.stated.easy is None:
        raise Http404
    if get_language() != "ja":
        return redirect(translate_url(request.path, "ja"))
    context = {
        "call": call,
        "head": catalogue.headline(call),
        "frames": [(said(frame.name), frame) for frame in call.stated.frames],
        **way_in(call),
    }
    answer = render(request, "grants/programmes/easy.html", context)
    answer.has_furigana = True  # type: ignore[attr-defined]  # the middleware asks for it
    return answer


def way_in(call: Call) -> Context:
    """The button by which one applies to calls of this kind."""
    entrance = entrances[call.stated.kind]
    return {"entrance": entrance, "enter_at": entrance.url(call)}


def results(call: Call) -> Context | None:
    """Published results, from the room that knows the awards."""
    if call.state not in CALL_DECIDED:
        return None
    return published_results.value(call)


@anyone
@limited(CHECKS)
def check(request: HttpRequest, code: str) -> HttpResponse:
    """The eligibility check: explains each finding with its rule; never blocks, stores nothing."""
    call = public_call(code)
    form = EligibilityForm(request.GET or None, call=call)
    context: Context = {
        "call": call,
        "head": catalogue.headline(call),
        "form": form,
        **way_in(call),
    }
    if form.is_valid():
        facts, found = form.facts()
        rows = eligibility.findings(call.stated, facts)
        context |= {"findings": rows, "summary": eligibility.summary(rows), "found": found}
        if any(row.rule == "partner" and row.tone != "good" for row in rows):
            context["partner_at"] = partner_search.value(call, request.get_full_path())
    return render(
        request, "grants/programmes/check.html", context, status=422 if form.errors else 200
    )


@anyone
@limited(CHECKS)
def money(request: HttpRequest, code: str) -> HttpResponse:
    """When money goes and comes, month by month, for costs of one's own: until some are typed, for those
    of the programme's example. Stores nothing.
    """
    call = public_call(code)
    if not call.stated.pays:
        raise Http404
    form = CashForm(request.GET or None, call=call)
    context: Context = {
        "call": call,
        "head": catalogue.headline(call),
        "form": form,
        "open_blocks": open_blocks(call.stated),
        "groups": catalogue.shares(call.stated),
        "today": clock.today(),
        **way_in(call),
    }
    if form.is_valid() or not form.is_bound:
        names = {category.key: said(category.name) for category in call.stated.categories}
        plan = form.plan
        context |= {
            "frame": said(call.stated.frame(plan.frame).name),
            "costs": [(names[cost.category], cost) for cost in plan.costs],
            "forecast": cash.forecast(call, plan) if plan.costs else None,
            "instead": choosing.unpaid_words(call.stated, plan.frame, plan.totals),
        }
    return render(
        request, "grants/programmes/money.html", context, status=422 if form.errors else 200
    )


@anyone
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    response = HttpResponse(
        catalogue.calendar(public_call(code)), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{code}.ics"'
    return response


# -- staff -----------------------------------------------------------------------------------------
@staff(*READERS)
@limited(SEARCHES)
def programme_list(request: SignedIn) -> HttpResponse:
    """Calls, the latest first, found by words; and the programmes they come from."""
    words = request.GET.get("q", "")
    calls = Call.objects.exclude(state=CallState.ARCHIVED).for_lists().search(words)
    page = page_of(request, calls.order_by("-fiscal_year", "programme__order", "-round_no", "pk"))
    programmes = Programme.objects.exclude(state=ProgrammeState.RETIRED)
    rows = [(programme, len(planned(programme.stated))) for programme in programmes]
    sketches = [row for row in Sketch.objects.live() if covers_whole(request.user, row, *EDITORS)]
    context = {"programmes": rows, "sketches": sketches, "page": page, "q": words}
    return render(request, "grants/programmes/staff_list.html", context)


@staff(*READERS)
def programme_page(request: SignedIn, pk: int) -> HttpResponse:
    programme = get_object_or_404(Programme, pk=pk)
    may_try = not BY_EDITORS.reasons(request.user, programme)
    stated, earlier = document.loads(programme.text), programme.in_force
    context = {
        "programme": programme,
        "earlier": earlier if earlier != programme else None,
        "differences": in_full.differences(document.loads(earlier.text), stated),
        "told": in_full.parts(stated),
        "stated": programme.stated,
        "planned": planned(programme.stated),
        "papers": [
            (name, notice_kinds[name].label, wordings.of_paper(programme.stated, name))
            for name in notice_kinds
        ],
        "sources": [said(source.name) for source in programme.stated.sources],
        "actions": actions(request.user, programme),
        "may_write": not programme.is_retired and may_try,
        "may_try": may_try,
    }
    return render(request, "grants/programmes/staff_programme.html", context)


def write_anew(programme: Programme, *, text: str, seen: int, by: User) -> Programme:
    """The draft in other words, or the next revision of what was approved. Raises Refused: Stale where
    it is no longer what its writer saw.
    """
    if programme.is_draft:
        return perform(programme, "revise", by=by, seen=seen, text=text)
    return begin(Programme, by=by, text=text, base=programme, seen=seen)


@staff("programme_officer")
def programme_edit(request: SignedIn, pk: int) -> HttpResponse:
    """Edit a draft, or begin the next revision of an approved programme."""
    programme = get_object_or_404(Programme, pk=pk)
    demand(request.user, programme, "programme_officer")
    initial = {"text": programme.text, "seen": programme.version}
    form = ProgrammeForm(request.POST or None, initial=initial)
    return write(
        request,
        form,
        lambda data: write_anew(programme, by=request.user, **data),
        template="grants/programmes/staff_edit.html",
        context={
            "programme": programme,
            "fields": wordings.FIELDS,
            "papers": [(name, notice_kinds[name].label) for name in notice_kinds],
        },
        done=_("保存しました。承認は別の職員が行います。"),
        then=lambda made: reverse("programme_page", args=[made.pk]),
    )


@staff(*READERS)
def call_staff(request: SignedIn, pk: int) -> HttpResponse:
    call = get_object_or_404(
        Call.objects.select_related("programme").prefetch_related("periods"), pk=pk
    )
    rooms = [room(call, request.user) for room in call_panels.values()]
    made = changed.of_call(call)
    waiting = call.changes.live().select_related("call__programme", "programme", "proposed_by")
    context = {
        "call": call,
        "stated": call.stated,
        "selection": catalogue.selection_words(call.stated.selection),
        "blind": catalogue.blind(call.stated),
        "actions": actions(request.user, call),
        "rooms": [r for r in rooms if r],
        "proposed": [
            (row, changed.differences(row), actions(request.user, row)) for row in waiting
        ],
        "changes": [(row, changed.differences(row)) for row in made],
        "has_page": call.is_public or any(row.calls_off for row in made),
        "closed": on_closed_days(call) if call.is_unannounced else [],
    }
    return render(request, "grants/programmes/staff_call.html", context)
