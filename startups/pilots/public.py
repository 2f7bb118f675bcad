"""What anyone may see of pilots: under way, measured, evaluated, stopped;
the bad results like the good ones.
"""

from decimal import Decimal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from portal import clock
from portal.sheets import csv_response
from portal.types import Context, Text, Visitor
from portal.ui.limits import READS, SEARCHES, limited
from portal.ui.paging import page_of
from portal.workflow.access import anyone
from startups.challenges.models import Challenge
from startups.pilots.forms import FindForm
from startups.pilots.models import Pilot
from startups.pilots.ports import pilot_parts
from startups.pilots.states import UNDER_WAY, PilotState

SHORT = Q(state=PilotState.STOPPED) | Q(verdict__in=["not", "again"])


@anyone
@limited(SEARCHES)
def pilot_list(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET or None)
    data = form.cleaned_data if form.is_valid() else {}
    found = Pilot.objects.public().order_by("-agreed_on", "-pk")
    if data.get("q"):
        found = found.search(data["q"])
    if data.get("municipality"):
        found = found.filter(case__municipality_codes__contains=[data["municipality"].pk])
    stages = {
        "running": Q(state__in=UNDER_WAY),
        "adopt": Q(verdict="adopt"),
        "short": SHORT,
    }
    if data.get("stage"):
        found = found.filter(stages[data["stage"]])
    page = page_of(request, found, 20)
    return render(request, "startups/pilots/list.html", {"form": form, "page": page})


def home_card(_user: Visitor) -> tuple[str, Context] | None:
    """The newest pilots on the first page of the portal."""
    rows = list(Pilot.objects.for_rows().order_by("-agreed_on", "-pk")[:3])
    return ("startups/pilots/home.html", {"rows": rows}) if rows else None


def public(number: str) -> Pilot:
    return get_object_or_404(Pilot.objects.public(), case__number=number)


@anyone
def pilot(request: HttpRequest, number: str) -> HttpResponse:
    row = public(number)
    weeks = ((row.ends_on - row.starts_on).days + 6) // 7
    parts = [part for room in pilot_parts.values() if (part := room(row, request.user)) is not None]
    context = {
        "pilot": row,
        "indicators": list(row.indicators.all()),
        "partners": list(row.partners.all()),
        "parts": parts,
        "evaluations": list(row.evaluations.all()) if row.state == PilotState.EVALUATED else [],
        "weeks": weeks,
        "week": min(max((clock.today() - row.starts_on).days // 7 + 1, 1), weeks),
    }
    return render(request, "startups/pilots/page.html", context)


@anyone
@limited(READS)
def readings(request: HttpRequest, number: str) -> HttpResponse:
    """Every reading as CSV (UTF-8 with a mark, so that spreadsheets read it)."""
    row = public(number)
    head = ["指標", "単位", "測った日", "値", "現状値", "目標値", "測り方"]
    rows = [
        [
            indicator.name,
            indicator.unit,
            reading.on.isoformat(),
            *(_plain(v) for v in (reading.value, indicator.baseline, indicator.target)),
            indicator.method,
        ]
        for indicator in row.indicators.all()
        for reading in indicator.readings.all()
    ]
    return csv_response(f"{number}-readings.csv", [head, *rows])


def _plain(value: Decimal | None) -> Decimal | None:
    """Without zeros at the end, and never with an exponent."""
    return None if value is None else Decimal(f"{value.normalize():f}")


def counts(challenge: Challenge) -> list[tuple[Text, int]]:
    return [(_("実証"), Pilot.objects.public().filter(challenge=challenge).count())]
