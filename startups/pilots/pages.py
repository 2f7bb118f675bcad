"""What both sides see of a pilot, whose turn it makes, and how it begins."""

from datetime import date
from typing import assert_never

from django.db.models import Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.applications.turns import application_of
from portal import clock
from portal.accounts.models import StaffRole, User
from portal.cases import visibility
from portal.cases.found import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.types import Context, Text
from portal.workflow.access import may_enter
from portal.workflow.door import actions, begin
from startups.challenges.models import Challenge
from startups.matching.models import Match
from startups.matching.pages import matches_of
from startups.matching.states import MatchState
from startups.pilots import entries, ledger, schedule, support, terms
from startups.pilots.bookings import find_clashes
from startups.pilots.models import BEGINNERS, Booking, Pilot
from startups.pilots.states import BookingState, PilotState

KIND = "pilot"
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

# of the office, whom a pilot's page leads to the proposal behind it; reviewers see the pilot alone
OPENERS = ("programme_officer", "approver", "challenge_owner", "concierge", "auditor")


def start(matches: list[Match], *, by: User) -> Pilot:
    """A pilot from agreed matches of one proposal to one challenge."""
    return begin(Pilot, by=by, matches=matches)


# -- who sees --------------------------------------------------------------------------------------
def carried(role: StaffRole) -> Q:
    """Pilots, with the applications for their support money."""
    money = entries.Partner.objects.exclude(application=None)
    if role.municipality_id:
        money = money.filter(municipality=role.municipality_id)
    return Q(kind=KIND) | Q(pk__in=money.values("application__case"))


def before_the_board(role: StaffRole) -> Q:
    """What the advisory board evaluates, and what a member of it has evaluated."""
    theirs = entries.Evaluation.objects.filter(side="board", by=role.person_id).values("pilot")
    rows = Pilot.objects.filter(Q(state=PilotState.REPORTED) | Q(pk__in=theirs))
    return Q(kind=KIND) & Q(pk__in=rows.values("case"))


# -- turns -----------------------------------------------------------------------------------------
def turns_of(case: Case) -> list[TurnWanted]:
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
    return [
        TurnWanted(
            "office", gettext_noop("協定を結ぶ"), role="approver", due_on=pilot.starts_on, obj=pilot
        )
    ]


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
            due_on=schedule.report_due(pilot.ends_on),
            obj=pilot,
        ),
        *_support(pilot),
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
                    due_on=schedule.status_due(month),
                    obj=pilot,
                )
            )
    if not pilot.gate and pilot.midterm_on:
        found.append(_owner(gettext_noop("中間の判定を書く"), pilot, pilot.midterm_on))
    if pilot.gate == "stop":
        found.append(
            TurnWanted("office", gettext_noop("実証を続けるか決める"), role="approver", obj=pilot)
        )
    if any(row.settled_on is None for row in pilot.incidents.all()):
        found.append(_owner(gettext_noop("出来事への対応を書く"), pilot))
    return found


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
    return missing or [
        TurnWanted("office", gettext_noop("実証の評価を決定する"), role="approver", obj=pilot)
    ]


def _support(pilot: Pilot) -> list[TurnWanted]:
    rows = [row for row in pilot.partners.all() if row.support and row.application_id is None]
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


SOURCE = TurnSource(turns=turns_of, reads=(pilot_of, bookings_of))


# -- pages -----------------------------------------------------------------------------------------
def page(case: Case, user: User) -> Context:
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
    may_write = not pilot.is_over and not ledger.may_write(pilot, user)
    inside = visibility.reads(
        user, case, visibility.WORKERS
    )  # the board reads what it evaluates, not what went wrong with whom
    return {
        "subject": pilot,
        "pilot": pilot,
        "say": pilot.info.say,
        "actions": actions(user, pilot),
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
        (_("結果の報告"), schedule.report_due(pilot.ends_on)),
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


def panel(case: Case, user: User) -> Context | None:
    """On the proposal's case: its pilots, and the agreed matches from which one can begin.

    On that of support: its pilot.
    """
    application = application_of.first(case)
    if application is not None and application.call.stated.kind == support.KIND:
        return _paid_for(case, user)
    if application is None or application.call.stated.kind != "proposal":
        return None
    agreed = [match for match in matches_of.all(case) if match.state == MatchState.AGREED]
    if not agreed:
        return None
    taken = {
        partner.match_id: partner.pilot
        for partner in entries.Partner.objects.filter(match__in=agreed).select_related(
            "pilot__case"
        )
    }
    free: dict[Challenge, list[Match]] = {}
    for match in agreed:
        if match.pk not in taken:
            free.setdefault(match.challenge, []).append(match)
    may = user.is_office and user.has_role(*BEGINNERS)
    return {
        "case": case,
        "pilots": list(dict.fromkeys(taken.values())),
        "free": list(free.items()) if may else [],
    }


def _paid_for(case: Case, user: User) -> Context | None:
    """The pilot that a case of support money pays for, where the reader may see it."""
    seen = Case.objects.visible_to(user)
    pilots = list(
        Pilot.objects.filter(partners__application__case=case, case__in=seen).select_related("case")
    )
    return {"case": case, "pilots": pilots, "free": []} if pilots else None


def load(user: User, pk: int) -> Pilot:
    rows = Pilot.objects.select_related("case__organisation", "challenge", "application__call")
    return get_object_or_404(rows, pk=pk, case__in=Case.objects.visible_to(user))


def load_booking(user: User, pk: int) -> Booking:
    """A booking of a pilot the person may see; staff of another municipality get 404."""
    row = get_object_or_404(
        Booking.objects.select_related("case__organisation", "municipality"),
        pk=pk,
        case__in=Case.objects.visible_to(user),
    )
    if user.is_office and not any(role.covers(*row.own_scope) for role in user.roles()):
        raise Http404
    return row


def counts(challenge: Challenge) -> list[tuple[Text, int]]:
    return [(_("実証"), Pilot.objects.public().filter(challenge=challenge).count())]
