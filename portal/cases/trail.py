"""The list an officer came from: which case of it this is, and the ones before and after.

Found out when a case is opened from a list, by the address that the browser names, and kept in the
session: an act that takes the case out of the list leaves its place and its neighbours as they were.
"""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import QueryDict
from django.urls import reverse

from portal.cases import finding
from portal.cases.models import Case
from portal.types import SignedIn
from portal.ui.paging import PER_PAGE

MOST = 1_000  # rows of a list that are kept
_KEPT = "trail"


@dataclass(frozen=True, kw_only=True)
class Trail:
    """`place` of `count` (0: more than are kept); addresses, "" where there is none."""

    place: int
    count: int
    previous: str
    next: str
    back: str


def follow(request: SignedIn, case: Case) -> Trail | None:
    """Where the case stands in the list it was opened from; None where it was opened otherwise."""
    if address := _came_from(request):
        rows = finding.numbers(request.user, address, MOST)
        request.session[_KEPT] = {"list": address, "rows": rows}
    kept = request.session.get(_KEPT)
    if kept is None or case.number not in kept["rows"]:
        return None
    cases = list(dict.fromkeys(kept["rows"]))
    at = cases.index(case.number)
    return Trail(
        place=at + 1,
        count=len(cases) if len(kept["rows"]) < MOST else 0,
        previous=_page(cases[at - 1]) if at else "",
        next=_page(cases[at + 1]) if at + 1 < len(cases) else "",
        back=_back(kept["list"], kept["rows"].index(case.number), case.number),
    )


def _came_from(request: SignedIn) -> str:
    """The list of ours that led here, as path and query; "" for any other way."""
    said = urlsplit(request.headers.get("Referer", ""))
    if said.netloc != request.get_host() or not finding.list_of(said.path):
        return ""
    return f"{said.path}?{said.query}"


def _page(number: str) -> str:
    return reverse("case", args=[number])


def _back(address: str, row: int, number: str) -> str:
    """The list where the row of the case is on the screen."""
    query = QueryDict(urlsplit(address).query, mutable=True)
    query["page"] = str(row // PER_PAGE + 1)
    pairs = [(name, value) for name, values in query.lists() for value in values]
    return f"{urlsplit(address).path}?{urlencode(pairs)}#{number}"
