"""あなたの事業所に合う支援: what fits a firm and why; and the searches that a person keeps."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.fitting import firms, keeping, marking
from grants.fitting.fit import Fit, Offer, Verdict, instead, weighed
from grants.fitting.forms import AimsForm, RemindForm
from grants.fitting.models import Aims, Mark, SavedSearch
from grants.fitting.offers import calls, offered
from grants.fitting.words import joined
from grants.programmes import catalogue
from grants.programmes.finding.vocabulary import topics
from grants.programmes.models import Call
from portal.accounts.models import Organisation, User
from portal.together import Ask
from portal.types import Context, SignedIn
from portal.ui.limits import KEPT_SEARCHES, limited
from portal.ui.paging import page_of
from portal.workflow.access import only_reads, signed_in
from portal.workflow.writing import press, write

# the parts of the page, in its order: those of `Verdict`, and what somebody hid
PARTS = ("begun", "fits", "nearly", "others", "hidden")
ON_A_PAGE = 20


def beside(user: User, ask: Ask) -> Callable[[], tuple[str, Context] | None]:
    """Beside a person's own cases: each of their firms, with how many calls fit it."""
    own = ask(firms.of(user))
    return lambda: _shown(user, own)


def _shown(user: User, own: list[Organisation]) -> tuple[str, Context] | None:
    if not own:
        return None
    known, offers, hidden = firms.known(own), offered(), _hidden(user)
    rows = [
        (
            firm,
            sum(
                row.verdict == Verdict.FITS and row.offer.pk not in hidden
                for row in weighed(offers, known[firm.pk])
            ),
        )
        for firm in own
    ]
    return "grants/fitting/home.html", {"firms": rows}


def _hidden(user: User) -> set[int]:
    return set(Mark.objects.filter(person=user, is_hidden=True).values_list("call", flat=True))


class Row(NamedTuple):
    """`head`: what the call's row says; `instead`: calls of the same purpose that fit."""

    fit: Fit
    call: Call
    head: Context
    mark: Mark | None
    instead: list[Call]


@signed_in
def fitting(request: SignedIn, pk: int) -> HttpResponse:
    """What fits comes first, and what somebody hid last; a page shows some of each part."""
    firm = firms.firm_for(request.user, pk)
    known = firms.known([firm])[pk]
    marks = {mark.call_id: mark for mark in Mark.objects.filter(person=request.user)}
    parts: dict[str, list[Fit]] = {name: [] for name in PARTS}
    found = weighed(offered(), known)
    for row in found:
        mark = marks.get(row.offer.pk)
        parts["hidden" if mark and mark.is_hidden else PARTS[row.verdict]].append(row)
    page = page_of(request, [row for name in PARTS for row in parts[name]], ON_A_PAGE)
    fitting = [row.offer for row in found if row.verdict == Verdict.FITS]
    rows = {row.fit.offer.pk: row for row in _rows(list(page), fitting, marks)}
    context = {
        "firm": firm,
        "aims": joined(topic for key, topic in topics().items() if key in known.aims),
        "may_write": not only_reads(request.user),
        "page": page,
        "n": {name: len(part) for name, part in parts.items()},
        **{
            name: [rows[row.offer.pk] for row in part if row.offer.pk in rows]
            for name, part in parts.items()
        },
    }
    return render(request, "grants/fitting/list.html", context)


def _rows(shown: Sequence[Fit], fitting: Sequence[Offer], marks: Mapping[int, Mark]) -> list[Row]:
    others = {row.offer.pk: instead(row, fitting) for row in shown}
    found = calls([*others, *(pk for keys in others.values() for pk in keys)])
    return [
        Row(
            row,
            call := found[row.offer.pk],
            catalogue.headline(call),
            marks.get(call.pk),
            [found[pk] for pk in others[call.pk]],
        )
        for row in shown
    ]


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
