"""What both sides see of a roll-out, whose turn it makes, and how it begins."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from portal import clock
from portal.accounts.models import StaffRole, User
from portal.accounts.permissions import demand
from portal.audit.record import record_about
from portal.cases.found import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.registry.models import Municipality
from portal.types import Context, Visitor
from portal.workflow.door import actions, begin, door, touch
from portal.workflow.errors import NotReady
from startups.challenges.routes import small_amount_limit
from startups.pilots.models import Pilot
from startups.pilots.states import PilotState
from startups.rollouts import calendar
from startups.rollouts.models import OWNER, Confirmation, Rollout
from startups.rollouts.states import BEFORE_CONTRACT, RolloutState

KIND = "rollout"
READ = (
    Prefetch("confirmations", Confirmation.objects.select_related("by")),
    "answers",
    "pilot__partners",
)
STEPS = {
    "use": (_lazy("使い始める"), _lazy("担当課")),
    "contract": (_lazy("契約を結ぶ"), _lazy("契約の担当")),
    "review": (_lazy("提案・入札を審査する"), _lazy("審査会")),
    "quotes": (_lazy("見積りを比べる"), _lazy("担当課")),
    "notice": (_lazy("業者を公募する"), _lazy("だれでも応募できます")),
    "council": (_lazy("議会の議決"), _lazy("定例会")),
    "request": (_lazy("予算を要求する"), _lazy("担当課")),
    "decide": (_lazy("導入するか決める"), _lazy("評価の結果を見て")),
    "report": (_lazy("結果を報告する"), _lazy("提案者と市町村")),
    "gate": (_lazy("中間の判定"), _lazy("続けるかを決める")),
    "pilot": (_lazy("実証"), ""),
}

rollout_of = OfCase(
    lambda: Rollout.objects.select_related(
        "municipality", "pilot__case", "pilot__challenge"
    ).prefetch_related(*READ)
)


def start(pilot: Pilot, municipality: Municipality, *, department: str, by: User) -> Rollout:
    return begin(Rollout, by=by, pilot=pilot, municipality=municipality, department=department)


def confirm(rollout: Rollout, key: str, *, note: str, by: User) -> None:
    """Confirm one test of the route, until the contract.

    Raises Forbidden, or NotReady for a test that the route does not have.
    """
    demand(by, rollout, "challenge_owner")
    with door(by, [rollout.case, rollout]):
        fresh = Rollout.objects.get(pk=rollout.pk)
        if fresh.state not in BEFORE_CONTRACT:
            raise NotReady(_("契約のあとは、要件の記録を変えられません。"))
        if key not in dict(fresh.tests):
            raise NotReady(_("この方法の要件ではありません。"))
        said = {"note": note, "by": by, "on": clock.today()}
        Confirmation.objects.update_or_create(rollout=fresh, key=key, defaults=said)
        record_about(
            rollout,
            "rollout.confirm",
            by=by,
            capacity=by.capacity_for(rollout),
            label=gettext_noop("契約の方法の要件を確かめました"),
            text=f"{dict(fresh.tests)[key]}　{note}",
        )
        touch(rollout.case)


def turns_of(case: Case) -> list[TurnWanted]:
    rollout = rollout_of.first(case) if case.kind == KIND else None
    if rollout is None:
        return []
    road = rollout.road
    own: dict[str, tuple[str, date | None]] = {
        RolloutState.CONSIDERED: (gettext_noop("予算を要求する"), road.day("request"))
        if road
        else (gettext_noop("導入の方法と時期を決める"), None),
        RolloutState.BUDGETED: (
            gettext_noop("仕様を決める"),
            _procurement(road) if road else None,
        ),
        RolloutState.CONTRACTED: (gettext_noop("使い始める"), rollout.used_on),
        RolloutState.IN_USE: (gettext_noop("いまも使っているか答える"), rollout.asked_on),
    }
    if rollout.state in own:
        what, due_on = own[rollout.state]
        return [TurnWanted("office", what, role="challenge_owner", due_on=due_on, obj=rollout)]
    if rollout.state != RolloutState.SPECIFIED:
        return []
    due_on = road.day("contract") if road else None
    if len(rollout.confirmed) < len(rollout.tests):
        return [
            TurnWanted(
                "office",
                gettext_noop("契約の方法の要件を確かめる"),
                role="challenge_owner",
                due_on=due_on,
                obj=rollout,
            )
        ]
    return [
        TurnWanted(
            "office", gettext_noop("契約を決定する"), role="approver", due_on=due_on, obj=rollout
        )
    ]


def _procurement(road: calendar.Road) -> date:
    """The day on which the procurement begins."""
    return min(
        day for key in ("quotes", "notice", "contract") if (day := road.day(key)) is not None
    )


SOURCE = TurnSource(turns=turns_of, reads=(rollout_of,))


def page(case: Case, user: User) -> Context:
    rollout = rollout_of.first(case)
    if rollout is None:
        raise Http404
    rollout.case = case
    return {
        "subject": rollout,
        "rollout": rollout,
        "pilot": rollout.pilot,
        "say": rollout.info.say,
        "actions": actions(user, rollout),
        "notices": list(case.notices.all()),
        "confirmed": rollout.confirmed,
        "may_confirm": user.is_office
        and rollout.state in BEFORE_CONTRACT
        and not OWNER.reasons(user, rollout),
        "limit": small_amount_limit(rollout.municipality_id)
        if rollout.route == "small_amount"
        else None,
        **drawn(rollout.road),
        "answers": list(rollout.answers.all()),
    }


def adopted(_role: StaffRole) -> Q:
    """Roll-outs: the department's, and for their budget and contract the finance officer's."""
    return Q(kind=KIND)


def drawn(road: calendar.Road | None) -> Context:
    """What the template of the road needs."""
    if road is None:
        return {"road": None}
    found = calendar.drawing(road, clock.today())
    rows = [
        {
            "name": STEPS[step.key][0],
            "who": STEPS[step.key][1],
            "step": step,
            "x": x,
            "width": width,
            "weeks": weeks,
        }
        for step, x, width, weeks in found.rows
    ]
    return {
        "road": road,
        "road_rows": rows,
        "road_heads": found.heads,
        "road_marks": found.marks,
        "road_today": found.today,
        "today": clock.today(),
    }


def load(user: User, pk: int) -> Rollout:
    rows = Rollout.objects.select_related("case__organisation", "pilot__case", "municipality")
    return get_object_or_404(rows, pk=pk, case__in=Case.objects.visible_to(user))


def may_begin(user: Visitor, pilot: Pilot) -> bool:
    """May this person open a roll-out?

    A challenge owner of any municipality may, on this one's evidence.
    """
    return bool(
        user.is_authenticated
        and user.is_office
        and pilot.state == PilotState.EVALUATED
        and user.has_role(*OWNER.roles)
    )


def panel(case: Case, user: User) -> Context | None:
    """On the pilot's case: every municipality's roll-out from it."""
    if case.kind != "pilot" or case.state != PilotState.EVALUATED:
        return None
    seen = Exists(Case.objects.visible_to(user).filter(pk=OuterRef("case")))
    rows = (
        Rollout.objects.filter(pilot__case=case)
        .select_related("municipality", "case")
        .annotate(seen=seen)
    )
    may = user.is_office and user.has_role("challenge_owner")
    return {"rows": [(row, row.seen) for row in rows], "may": may, "case": case}
