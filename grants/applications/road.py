"""How far along its road a case is, step by step with dates."""

from datetime import date, datetime
from typing import TypedDict

from django.utils.translation import gettext as _

from grants.applications import late_papers
from grants.applications.models import Application
from grants.applications.ports import later_life
from grants.applications.states import EDITABLE, UNDECIDED, ApplicationState
from grants.applications.turns import due_on
from portal import clock
from portal.cases.models import Case
from portal.types import Text


class Step(TypedDict):
    """A step of the road: done, current (`now`) or to come."""

    name: Text
    when: str
    done: bool
    now: bool


def steps(application: Application, beyond: int = 0) -> list[Step]:
    """The whole road with dates; done, current or to come. A day that has passed is said to have passed."""
    call, stated = application.call, application.stated
    reached = max(ApplicationState.of(application.state).place, beyond)
    when = {0: _day(application.arrived_at)}
    if stated.pays:
        when[3] = _decided(application)
        award = getattr(application, "award_row", None)
        when[4] = _until(award.project_ends_on if award else call.project_ends_on)
        when[5] = _("終えて（遅くとも期間の終わりから）%(n)s日以内") % {
            "n": stated.periods.report_days
        }
    names = [(name, when.get(n, "")) for n, name in enumerate(application.words.road)]
    due = due_on(application, late_papers.open_ones(application))
    if due and reached in (1, 2, 3):
        names[reached] = (names[reached][0], _until(due))
    return [
        {"name": name, "when": when, "done": n < reached, "now": n == reached}
        for n, (name, when) in enumerate(names)
    ]


def _decided(application: Application) -> str:
    """When it was awarded, or when that is to be decided."""
    if application.state == ApplicationState.AWARDED:
        return _day(application.state_since)
    if application.state not in UNDECIDED and application.state not in EDITABLE:
        return ""
    planned = application.call.decision_on
    words = _("%(day)sの予定") if planned >= clock.today() else _("%(day)sの予定でした")
    return words % {"day": _day(planned)}


def _until(day: date) -> str:
    words = _("%(day)sまで") if day >= clock.today() else _("%(day)sまででした")
    return words % {"day": _day(day)}


def _day(moment: date | None) -> str:
    if moment is None:
        return ""
    day = clock.day_of(moment) if isinstance(moment, datetime) else moment
    return _("%(m)s月%(d)s日") % {"m": day.month, "d": day.day}


def reached_later(case: Case) -> tuple[int, Text] | None:
    """How far the rooms after the award see the case on its road, and what they tell the applicant."""
    if case.state != ApplicationState.AWARDED:
        return None
    found = [said for room in later_life.values() if (said := room(case)) is not None]
    # of equals, the later room's
    return max(reversed(found), key=lambda row: row[0]) if found else None
