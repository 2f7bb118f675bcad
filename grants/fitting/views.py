"""あなたの事業所に合う支援: what fits a firm and why; and the searches that a person keeps."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.fitting import firms, keeping, marking
from grants.fitting.fit import Fit, Verdict, weighed
from grants.fitting.forms import AimsForm, RemindForm
from grants.fitting.models import Aims, Mark, SavedSearch
from grants.fitting.offers import offered
from grants.fitting.words import joined
from grants.programmes import catalogue
from grants.programmes.finding.vocabulary import topics
from grants.programmes.models import Call
from portal.accounts.models import Organisation, User
from portal.together import Ask
from portal.types import Context, SignedIn
from portal.ui.limits import KEPT_SEARCHES, limited
from portal.workflow.access import only_reads, signed_in
from portal.workflow.writing import press, write


def beside(user: User, ask: Ask) -> Callable[[], tuple[str, Context] | None]:
    """Beside a person's own cases: each of their firms, with how many calls fit it."""
    own = ask(firms.of(user))
    return lambda: _shown(user, own)


def _shown(user: User, own: list[Organisation]) -> tuple[str, Context] | None:
    if not own:
        return None
    known, calls, hidden = firms.known(own), offered(), _hidden(user)
    rows = [
        (
            firm,
            sum(
                row.verdict == Verdict.FITS and row.call.pk not in hidden
                for row in weighed(calls, known[firm.pk])
            ),
        )
        for firm in own
    ]
    return "grants/fitting/home.html", {"firms": rows}


def _hidden(user: User) -> set[int]:
    return set(Mark.objects.filter(person=user, is_hidden=True).values_list("call", flat=True))


@signed_in
def fitting(request: SignedIn, pk: int) -> HttpResponse:
    firm = firms.firm_for(request.user, pk)
    known = firms.known([firm])[pk]
    marks = {mark.call_id: mark for mark in Mark.objects.filter(person=request.user)}
    found = weighed(offered(), known)
    hidden = [row for row in found if row.call.pk in marks and marks[row.call.pk].is_hidden]
    context = {
        "firm": firm,
        "aims": joined(topic for key, topic in topics().items() if key in known.aims),
        "hidden": _rows(hidden, marks),
        "may_write": not only_reads(request.user),
        **{
            name: _rows(
                [row for row in found if row.verdict == verdict and row not in hidden], marks
            )
            for name, verdict in (
                ("begun", Verdict.BEGUN),
                ("fits", Verdict.FITS),
                ("nearly", Verdict.NEARLY),
                ("others", Verdict.NOT),
            )
        },
    }
    return render(request, "grants/fitting/list.html", context)


def _rows(found: list[Fit], marks: dict[int, Mark]) -> list[tuple[Fit, Context, Mark | None]]:
    return [(row, catalogue.headline(row.call), marks.get(row.call.pk)) for row in found]


@signed_in
def fitting_aims(request: SignedIn, pk: int) -> HttpResponse:
    """What the firm is after: everybody of it sees and changes it."""
    firm = firms.firm_for(request.user, pk)
    kept = Aims.objects.filter(organisation=firm).first()
    return write(
        request,
        AimsForm(
            request.POST if request.method == "POST" else None, aims=kept.topics if kept else []
        ),
        lambda data: marking.aim(firm, data["topics"]),
        template="grants/fitting/aims.html",
        context={"firm": firm},
        done=_("したいことを変えました。"),
        then=_page(firm),
    )


def _page(firm: Organisation) -> str:
    return reverse("fitting", args=[firm.pk])


def _call(request: SignedIn, pk: int, code: str) -> tuple[Organisation, Call]:
    calls = Call.objects.public().select_related("programme").prefetch_related("periods")
    return firms.firm_for(request.user, pk), get_object_or_404(calls, code=code)


@require_POST
@signed_in
def fitting_hide(request: SignedIn, pk: int, code: str) -> HttpResponse:
    firm, call = _call(request, pk, code)
    return press(
        request,
        lambda: marking.hide(call, by=request.user),
        back=_page(firm),
        done=_("「%(name)s」を、合う支援から外しました。お知らせもしません。") % {"name": call},
    )


@require_POST
@signed_in
def fitting_take_back(request: SignedIn, pk: int, code: str) -> HttpResponse:
    firm, call = _call(request, pk, code)
    return press(
        request,
        lambda: marking.take_back(call, by=request.user),
        back=_page(firm),
        done=_("「%(name)s」について選んだことを、取り消しました。") % {"name": call},
    )


@signed_in
def fitting_remind(request: SignedIn, pk: int, code: str) -> HttpResponse:
    firm, call = _call(request, pk, code)
    return write(
        request,
        RemindForm(request.POST or None),
        lambda data: marking.remind(call, data["day"], by=request.user),
        template="grants/fitting/remind.html",
        context={"firm": firm, "call": call},
        done=_("その日にメールでお知らせします。"),
        then=_page(firm),
    )


# -- kept searches ---------------------------------------------------------------------------------
@signed_in
def search_list(request: SignedIn) -> HttpResponse:
    kept = SavedSearch.objects.filter(person=request.user)
    rows = [(row, keeping.words(row.asked), keeping.address(row.asked)) for row in kept]
    return render(request, "grants/fitting/searches.html", {"rows": rows, "most": keeping.MOST})


@require_POST
@signed_in
@limited(KEPT_SEARCHES)
def search_keep(request: SignedIn) -> HttpResponse:
    asked = keeping.asked(request.POST.dict())
    return press(
        request,
        lambda: keeping.keep(request.user, asked),
        back=f"{reverse('call_list')}?{keeping.address(asked)}",
        then="search_list",
        done=_("検索を保存しました。当てはまる公募の受付が始まると、お知らせします。"),
    )


@require_POST
@signed_in
def search_remove(request: SignedIn, pk: int) -> HttpResponse:
    row = get_object_or_404(SavedSearch, pk=pk, person=request.user)
    return press(request, row.delete, back="search_list", done=_("保存した検索を消しました。"))
