"""What the portal says of itself: privacy, terms, accessibility, and whom to ask."""

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from grants.programmes.models import Call, Programme, said
from grants.programmes.states import ProgrammeState
from portal.audit.models import Seal
from portal.cases import retention
from portal.ui.answered_again import answered_again
from portal.ui.paging import page_of
from portal.workflow.access import anyone

PAGES = {
    "privacy": "grants/programmes/about/privacy.html",
    "terms": "grants/programmes/about/terms.html",
    "accessibility": "grants/programmes/about/accessibility.html",
}


@anyone
@answered_again
def about(request: HttpRequest, page: str) -> HttpResponse:
    if page not in PAGES:
        raise Http404
    return render(request, PAGES[page], {"years": retention.YEARS})


@anyone
@answered_again
def contact(request: HttpRequest) -> HttpResponse:
    """Who of the office answers for each programme, and where its counter is."""
    return render(request, "grants/programmes/about/contact.html", {"offices": _by_programme()})


@anyone
@answered_again
def seals(request: HttpRequest) -> HttpResponse:
    """The daily seals over the audit chains, published so that nobody can rewrite yesterday unseen."""
    how = _(
        "監査の担当は、すべての記録から封印を計算し直して比べます。1つの記録の値は、前の記録の値と、"
        "その記録の文（案件の番号、順番、日時、した人の番号、したこと、前後の状態、理由などの指紋）を"
        "改行でつないだもののSHA-256です。"
    )
    page = page_of(request, Seal.objects.all(), 50)
    return render(request, "grants/programmes/seals.html", {"page": page, "how_it_is_checked": how})


def _by_programme(code: str = "") -> list[tuple[str, str, str]]:
    rows = Programme.objects.filter(state=ProgrammeState.APPROVED)
    if code:
        rows = rows.filter(Q(code=code) | Q(code__in=_programme_of(code)))
    return [(row.name, said(row.stated.office), row.stated.phone) for row in rows]


def _programme_of(call: str) -> QuerySet[Call, str]:
    return Call.objects.public().filter(code=call).values_list("programme__code", flat=True)


def offices(code: str) -> list[tuple[str, str]]:
    """(office, phone), each once: of the programme or call with this code, else of all."""
    found = _by_programme(code) or _by_programme()
    return list(dict.fromkeys((office, phone) for _name, office, phone in found))
