"""What the portal says of itself: privacy, terms, accessibility, and whom to ask."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from grants.programmes.models import Programme, said
from grants.programmes.states import ProgrammeState
from portal.cases import retention
from portal.workflow.access import anyone

PAGES = {
    "privacy": "grants/programmes/about/privacy.html",
    "terms": "grants/programmes/about/terms.html",
    "accessibility": "grants/programmes/about/accessibility.html",
}


@anyone
def about(request: HttpRequest, page: str) -> HttpResponse:
    if page not in PAGES:
        raise Http404
    return render(request, PAGES[page], {"years": retention.YEARS})


@anyone
def contact(request: HttpRequest) -> HttpResponse:
    """Who of the office answers for each programme, and where its counter is."""
    return render(request, "grants/programmes/about/contact.html", {"offices": _by_programme()})


def _by_programme() -> list[tuple[str, str, str]]:
    rows = Programme.objects.filter(state=ProgrammeState.APPROVED)
    return [(row.name, said(row.stated.office), row.stated.phone) for row in rows]


def offices() -> list[tuple[str, str]]:
    """(office, phone), each once."""
    return list(dict.fromkeys((office, phone) for _name, office, phone in _by_programme()))
