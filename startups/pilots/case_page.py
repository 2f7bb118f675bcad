"""What both sides see of a pilot on its case page."""

from datetime import date

from django.http import Http404
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import User
from portal.cases import visibility
from portal.cases.models import Case
from portal.types import Context
from portal.workflow.access import may_enter
from portal.workflow.door import actions
from startups.pilots import extending, ledger, schedule, support, terms
from startups.pilots.bookings import find_clashes
from startups.pilots.models import Pilot
from startups.pilots.states import PilotState
from startups.pilots.turns import bookings_of, pilot_of

# of the office, whom a pilot's page leads to the proposal behind it; reviewers see the pilot alone
OPENERS = ("programme_officer", "approver", "challenge_owner", "concierge", "auditor")


def both(case: Case, user: User) -> Context:
    """The pilot's case page, for both sides: the road, the agreement, the ledger.

    Secret terms are read by whom they are meant for.
    """
    pilot = pilot_of.first(case)
    if pilot is None:
        raise Http404
    pilot.case = case
    if user.is_office:
        visibility.keep(
            user, [case, pilot.application.case]
        )  # its secrets are those of the proposal
    bookings = bookings_of.all(case)
    for row in bookings:
        row.case = case
    find_clashes(bookings)
    may_write = not pilot.is_over and not ledger.refusals(pilot, user)
    inside = visibility.reads(
        user, case, visibility.WORKERS
    )  # the board reads what it evaluates, not what went wrong with whom
    return {
        "subject": pilot,
        "pilot": pilot,
        "say": pilot.info.say,
        "actions": extending.answerable(pilot, actions(user, pilot)),
        "notices": list(case.notices.all()) if inside else [],
        "inside": inside,
        "terms": terms.readable(pilot, user),
        "report": [
            (label, pilot.report[name])
            for name, (label, *_rest) in terms.REPORT.items()
            if pilot.report.get(name)
        ],
        "indicators": list(pilot.indicators.all()),
        "may_write": may_write,
        "may_settle": may_write or (user.is_office and not ledger.refusals(pilot, user)),
        "months": _months(pilot) if may_write else [],
        "bookings": [(row, actions(user, row)) for row in bookings],
        "may_set": pilot.state == PilotState.PREPARING
        and may_write
        and may_enter(user, "pilot_indicator"),
        "road": road(pilot),
        "of": pilot.application.case if user.has_role(*OPENERS) else None,
        "partners": list(pilot.partners.all()),
        "twins": support.twins(pilot)
        if user.is_office and pilot.state == PilotState.PREPARING
        else [],
    }


def _months(pilot: Pilot) -> list[date]:
    """The months that have begun, for the monthly status; newest first."""
    return [
        month for month in schedule.months(pilot.starts_on, pilot.ends_on) if month <= clock.today()
    ][::-1]


def road(pilot: Pilot) -> list[Context]:
    reached = PilotState.of(pilot.state).place
    if pilot.state == PilotState.RUNNING and pilot.gate:
        reached = 3
    steps = (
        (_("協定の準備"), None),
        (_("協定"), pilot.agreed_on),
        (_("実証"), pilot.starts_on),
        (_("中間の判定"), pilot.gate_on or pilot.midterm_on),
        (_("結果の報告"), pilot.report_due),
        (_("評価・公表"), pilot.ended_on),
    )
    return [
        {
            "name": name,
            "when": _("%(m)s月%(d)s日") % {"m": when.month, "d": when.day} if when else "",
            "done": n < reached,
            "now": n == reached,
        }
        for n, (name, when) in enumerate(steps)
    ]
