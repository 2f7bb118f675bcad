"""What is written into a pilot's ledger, one page each;
transitions have the page of all transitions.
"""

from collections.abc import Callable

from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.cases.models import Case
from portal.days import month_said
from portal.registry.models import Municipality
from portal.types import Given, SignedIn
from portal.ui.limits import DRAFTS, MESSAGES, limited
from portal.workflow import shown, writing
from portal.workflow.access import signed_in, staff
from portal.workflow.door import begin
from portal.workflow.writing import press
from startups.matching.models import Match
from startups.matching.states import MatchState
from startups.pilots import forms, ledger, schedule, support
from startups.pilots.access import pilot_at
from startups.pilots.models import BEGINNERS, Booking, Incident, Pilot
from startups.pilots.starting import start_pilot


def write(
    request: SignedIn,
    pilot: Pilot,
    title: str,
    form: BaseForm,
    save: Callable[[Given], object],
    *,
    done: str,
    anchor: str = "ledger",
    hint: str = "",
) -> HttpResponse:
    """A page of the ledger: one form, then back to the pilot."""
    context = {"pilot": pilot, "case": pilot.case, "title": title, "hint": hint}
    then = f"{pilot.get_absolute_url()}#{anchor}"
    return writing.write(
        request,
        form,
        save,
        template="startups/pilots/write.html",
        context=context,
        done=done,
        then=then,
    )


@require_POST
@staff(*BEGINNERS)
def start(request: SignedIn, number: str, challenge: str) -> HttpResponse:
    """A pilot from the agreed matches of a proposal to one challenge."""
    case = get_object_or_404(Case.objects.visible_to(request.user), number=number)
    matches = list(
        Match.objects.filter(
            case=case, challenge__number=challenge, state=MatchState.AGREED, partner=None
        ).select_related("case")
    )
    if not matches:
        raise Http404
    return press(
        request,
        lambda: start_pilot(matches, by=request.user),
        back=case,
        done=_("実証の準備を始めました。協定の案を書いてください。"),
        then=lambda pilot: pilot,
    )


@staff("challenge_owner")
def indicator(request: SignedIn, number: str, n: int) -> HttpResponse:
    """Write one indicator; n is one beyond the last for a new one."""
    pilot = pilot_at(request, number)
    rows = {row.n: row for row in pilot.indicators.all()}
    if n > len(rows) + 1 or n > 6 or n < 1:
        raise Http404
    row = rows.get(n)
    initial = (
        {name: getattr(row, name) for name in ("name", "unit", "baseline", "target", "method")}
        if row
        else {}
    )
    form = forms.IndicatorForm(request.POST or None, initial=initial)
    return write(
        request,
        pilot,
        _("指標を決める"),
        form,
        lambda data: ledger.set_indicator(pilot, n, by=request.user, **data),
        done=_("指標を決めました。"),
    )


@signed_in
@limited(MESSAGES)
def measure(request: SignedIn, number: str) -> HttpResponse:
    pilot = pilot_at(request, number)
    form = forms.MeasureForm(request.POST or None, pilot=pilot)
    return write(
        request,
        pilot,
        _("計測値を書く"),
        form,
        lambda data: ledger.measure(pilot, by=request.user, **data),
        done=_("計測値を書きました。"),
        hint=_(
            "計測値は、実証のページですぐに公表されます。同じ日に書き直すと、前の値も記録に残ります。"
        ),
    )


@signed_in
@limited(MESSAGES)
def incident(request: SignedIn, number: str) -> HttpResponse:
    pilot = pilot_at(request, number)
    form = forms.IncidentForm(request.POST or None)
    return write(
        request,
        pilot,
        _("出来事を書く"),
        form,
        lambda data: ledger.report_incident(pilot, by=request.user, **data),
        done=_("出来事を書き、相手に知らせました。"),
        anchor="incidents",
        hint=_(
            "事故、事故になりかけたこと、苦情、データの取り違えなど。相手にすぐメールで知らせます。"
        ),
    )


@signed_in
@limited(MESSAGES)
def settle(request: SignedIn, number: str, pk: int) -> HttpResponse:
    pilot = pilot_at(request, number)
    row = get_object_or_404(Incident.objects.select_related("pilot__case"), pk=pk, pilot=pilot)
    said = {"settled": row.settled, "seen": shown.mark(row.settled)}
    form = forms.SettleForm(request.POST or None, initial=said)
    return write(
        request,
        pilot,
        _("出来事への対応を書く"),
        form,
        lambda data: ledger.settle_incident(row, by=request.user, **data),
        done=_("対応を書きました。"),
        anchor="incidents",
        hint=row.text,
    )


@signed_in
@limited(MESSAGES)
def status(request: SignedIn, number: str, year: int, month: int) -> HttpResponse:
    pilot = pilot_at(request, number)
    first = next(
        (
            m
            for m in schedule.months(pilot.starts_on, pilot.ends_on)
            if (m.year, m.month) == (year, month)
        ),
        None,
    )
    if first is None:
        raise Http404
    mine = pilot.statuses.filter(month=first, side=ledger.side_of(request.user)).first()
    form = forms.StatusForm(
        request.POST or None, initial={"went": mine.went, "stuck": mine.stuck} if mine else {}
    )
    title = _("%(month)sの状況を書く") % {"month": month_said(first)}
    return write(
        request,
        pilot,
        title,
        form,
        lambda data: ledger.say_status(pilot, first, by=request.user, **data),
        done=_("毎月の状況を書きました。"),
        anchor="months",
    )


@signed_in
@limited(MESSAGES)
def book(request: SignedIn, number: str) -> HttpResponse:
    pilot = pilot_at(request, number)
    if request.user.is_office:
        raise Http404
    form = forms.BookingForm(request.POST or None, codes=pilot.case.municipality_codes)
    return write(
        request,
        pilot,
        _("場所・データ・機器を頼む"),
        form,
        lambda data: begin(Booking, by=request.user, case=pilot.case, **data),
        done=_("市町村に頼みました。"),
        anchor="bookings",
        hint=_("市町村は5営業日以内に返事をします。"),
    )


@require_POST
@signed_in
@limited(DRAFTS)
def support_money(request: SignedIn, number: str, code: str) -> HttpResponse:
    """Begin the application for one municipality's support money."""
    pilot = pilot_at(request, number)
    partner = get_object_or_404(
        pilot.partners.select_related("pilot__case__organisation"),
        municipality=get_object_or_404(Municipality, pk=code),
    )
    if request.user.is_office:
        raise Http404
    return press(
        request,
        lambda: support.apply(partner, by=request.user),
        back=pilot,
        then=lambda made: reverse("application_tasks", args=[made.case.number]),
    )
