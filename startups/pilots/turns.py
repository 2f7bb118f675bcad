"""Whose turn a pilot makes it."""

from datetime import date
from typing import assert_never

from django.db.models import Prefetch
from django.utils.translation import gettext_noop

from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.closures import calendars
from startups.pilots import entries, schedule
from startups.pilots.models import Booking, Pilot
from startups.pilots.states import BookingState, PilotState

KIND = "pilot"
# what is decided for every municipality of a pilot
SIGN = gettext_noop("協定を結ぶ")
GO_ON = gettext_noop("実証を続けるか決める")
EXTEND = gettext_noop("期間の延長を決める")
CONCLUDE = gettext_noop("実証の評価を決定する")
JOINT = (SIGN, GO_ON, EXTEND, CONCLUDE)

READ = (
    Prefetch(
        "partners", entries.Partner.objects.select_related("municipality", "application__case")
    ),
    "indicators__readings",
    "incidents",
    Prefetch("statuses", entries.Status.objects.select_related("by")),
    "evaluations",
)

pilot_of = OfCase(
    lambda: Pilot.objects.select_related(
        "challenge", "application__call", "application__case"
    ).prefetch_related(*READ)
)

bookings_of = OfCase(lambda: Booking.objects.select_related("municipality", "case__organisation"))


def of_case(case: Case) -> list[TurnWanted]:
    pilot = pilot_of.first(case) if case.kind == KIND else None
    if pilot is None:
        return []
    lent = (
        [turn for booking in bookings_of.all(case) for turn in _lending(booking)]
        if not pilot.is_over
        else []
    )
    return _own_turns(pilot) + lent


def _own_turns(pilot: Pilot) -> list[TurnWanted]:
    state = PilotState.of(pilot.state)
    return [*_of_state(pilot, state), *_proposed_end(pilot)]


def _proposed_end(pilot: Pilot) -> list[TurnWanted]:
    asked = pilot.is_live and pilot.why_stop
    return [TurnWanted("office", GO_ON, role="approver", obj=pilot)] if asked else []


def _of_state(pilot: Pilot, state: PilotState) -> list[TurnWanted]:
    match state:
        case PilotState.PREPARING:
            return _preparing(pilot)
        case PilotState.AGREED:
            return _agreed(pilot)
        case PilotState.RUNNING:
            return _running(pilot)
        case PilotState.REPORTED:
            return _reported(pilot)
        case PilotState.EVALUATED | PilotState.STOPPED:
            return []
        case _:
            assert_never(state)


def _owner(what: str, obj: Pilot | Booking, due_on: date | None = None) -> TurnWanted:
    return TurnWanted("office", what, role="challenge_owner", due_on=due_on, obj=obj)


def _preparing(pilot: Pilot) -> list[TurnWanted]:
    if not pilot.terms or any(
        row.baseline is None or row.target is None for row in pilot.indicators.all()
    ):
        return [_owner(gettext_noop("協定の案と指標を書く"), pilot, pilot.starts_on)]
    if not pilot.consented_at:
        return [
            TurnWanted(
                "applicant",
                gettext_noop("協定の案を確かめて同意する"),
                due_on=pilot.starts_on,
                obj=pilot,
            )
        ]
    return [TurnWanted("office", SIGN, role="approver", due_on=pilot.starts_on, obj=pilot)]


def _agreed(pilot: Pilot) -> list[TurnWanted]:
    return [_owner(gettext_noop("実証を始める"), pilot, pilot.starts_on), *_support(pilot)]


def _running(pilot: Pilot) -> list[TurnWanted]:
    """The status of the earliest month that lacks one, for each side; the gate; the report;
    what went wrong.
    """
    found = [
        TurnWanted(
            "applicant",
            gettext_noop("実証の結果を報告する"),
            due_on=pilot.report_due,
            obj=pilot,
        ),
        *_support(pilot),
        *_extension(pilot),
    ]
    for side, _label in entries.SIDES:
        have = {row.month for row in pilot.statuses.all() if row.side == side}
        month = schedule.first_missing(pilot.starts_on, pilot.ends_on, have)
        if month is not None:
            role = "challenge_owner" if side == "office" else ""
            found.append(
                TurnWanted(
                    side,
                    gettext_noop("毎月の状況を書く"),
                    role=role,
                    due_on=schedule.status_due(month, calendars.of_case(pilot.case)),
                    obj=pilot,
                )
            )
    if not pilot.gate and pilot.midterm_on:
        found.append(_owner(gettext_noop("中間の判定を書く"), pilot, pilot.midterm_on))
    if any(row.settled_on is None for row in pilot.incidents.all()):
        found.append(_owner(gettext_noop("出来事への対応を書く"), pilot))
    return found


def _extension(pilot: Pilot) -> list[TurnWanted]:
    if pilot.extends_to is None:
        return []
    if pilot.extension_agreed_at:
        return [TurnWanted("office", EXTEND, role="approver", due_on=pilot.ends_on, obj=pilot)]
    what = gettext_noop("期間の延長の提案に答える")
    return [TurnWanted("applicant", what, due_on=pilot.ends_on, obj=pilot)]


def _reported(pilot: Pilot) -> list[TurnWanted]:
    have = {row.side for row in pilot.evaluations.all()}
    wanted = {
        "department": _owner(gettext_noop("担当課の評価を書く"), pilot),
        "firm": TurnWanted("applicant", gettext_noop("提案者の評価を書く"), obj=pilot),
        "board": TurnWanted(
            "office", gettext_noop("ボードの評価を書く"), role="reviewer", obj=pilot
        ),
    }
    missing = [turn for side, turn in wanted.items() if side not in have]
    return missing or [TurnWanted("office", CONCLUDE, role="approver", obj=pilot)]


def _support(pilot: Pilot) -> list[TurnWanted]:
    rows = [row for row in pilot.partners.all() if row.support and not row.is_asked_for]
    return (
        [
            TurnWanted(
                "applicant", gettext_noop("実証の支援金を申請する"), due_on=pilot.ends_on, obj=pilot
            )
        ]
        if rows
        else []
    )


def _lending(booking: Booking) -> list[TurnWanted]:
    if booking.state == BookingState.ASKED:
        return [_owner(gettext_noop("貸し出しの依頼に答える"), booking, booking.answer_by)]
    if booking.state == BookingState.PROMISED:
        return [_owner(gettext_noop("約束したものを引き渡す"), booking, booking.starts_on)]
    return []


SOURCE = TurnSource(turns=of_case, reads=(pilot_of, bookings_of))
