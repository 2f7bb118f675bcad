"""When an application may be decided, and in which order: one rule for all who ask."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.applications.states import OPEN, ApplicationState
from grants.budget.years import promise_refusals
from grants.programmes.models import Call
from grants.programmes.selecting import compared_with
from portal import clock
from portal.approvals.models import Approval, Item
from portal.days import day_said
from portal.workflow.requirements import unmet


def decidable_from(application: Application) -> datetime | None:
    """The moment after which it may be compared with others: the end of what they share.

    None where arrival decides.
    """
    call = application.call
    match compared_with(call.stated.selection):
        case "none":
            return None
        case "intake":
            own = call.period_at(application.arrived_at) if application.arrived_at else None
            return own.closes_at if own is not None else call.last_closes_at
        case "call":
            return call.last_closes_at


def too_early(application: Application) -> list[str]:
    """Why nothing can be decided yet: others may still apply, or the lots are not drawn."""
    call, until = application.call, decidable_from(application)
    if until is not None and clock.now() <= until:
        return [
            _("受付が%(until)sまで続いています。受付が終わってから決定します。")
            % {"until": call.intake_until(until)}
        ]
    if call.awaits_draw:
        return [
            _("抽選がまだです。公募回のページで「選考に進む」を押すと、抽選の順番が決まります。")
        ]
    return []


def too_late(application: Application) -> list[str]:
    """Why it cannot be awarded now: its project would be over, or the year of its money is."""
    call, today = application.call, clock.today()
    if today > call.project_ends_on:
        text = _(
            "事業の終わりの日（%(day)s）を過ぎたので、この回では交付を決定できません。結果をお知らせして、次の回をご案内ください。"
        )
        return [text % {"day": day_said(call.project_ends_on)}]
    return promise_refusals(call.fiscal_year, today)


def know_waiting(applications: Collection[Application]) -> None:
    """Keep with the call of each who waits in it, found for all at once."""
    calls = {application.call_id: application.call for application in applications}
    waiting: dict[int, list[Application]] = {pk: [] for pk in calls}
    for row in _of_lists(list(calls)):
        waiting[row.call_id].append(row)
    for application in applications:
        application.call.__dict__["waiting"] = waiting[application.call_id]


def _of_lists(calls: Collection[int]) -> QuerySet[Application]:
    """Whoever waits in one of the calls, in the order of the lists."""
    rows = Application.objects.filter(call__in=calls, state=ApplicationState.WAITLISTED)
    return rows.select_related("case").order_by("waiting_rank", "pk")


def waiting_beside(application: Application) -> list[Application]:
    """Who else waits in its frame, in the order of the list."""
    known: list[Application] | None = application.call.__dict__.get("waiting")
    rows = _of_lists([application.call_id]) if known is None else known
    return [row for row in rows if row.frame == application.frame and row.pk != application.pk]


def ahead_of(application: Application) -> list[Application]:
    """Who waits before it: lower ranks on the same list.

    Where arrival decides, also whoever waits and came earlier.
    """
    waiting = waiting_beside(application)
    if application.state == ApplicationState.WAITLISTED:
        own = application.waiting_rank or 0
        return [row for row in waiting if row.waiting_rank is not None and row.waiting_rank < own]
    own_place = application.place_at
    if compared_with(application.call.stated.selection) != "none" or own_place is None:
        return []
    return [row for row in waiting if row.place_at is not None and row.place_at < own_place]


def out_of_turn(application: Application) -> list[str]:
    """Why somebody else comes first, who is not decided with it."""
    together = application.decided_with
    first = next((row for row in ahead_of(application) if row.pk not in together), None)
    if first is None:
        return []
    text = _(
        "補欠の%(n)s番（%(case)s）が先です。先に、または一緒に決定するか、辞退や不採択として列を空けてから進めてください。"
    )
    return [text % {"n": first.waiting_rank or "―", "case": first.case}]


def refusals(application: Application, rows: list[Application]) -> list[str]:
    """Why `rows` cannot be awarded in one draft, as far as this application is concerned."""
    spec = application.specs()["award"]
    if application.state not in spec.sources:
        return [_("「%(state)s」の状態ではできません。") % {"state": application.info.label}]
    application.decided_with = frozenset(row.pk for row in rows)
    return unmet(application, spec)


def drafted(call: int) -> QuerySet[Item, tuple[int, str]]:
    """(application, act of the draft that waits for its decision), for those of a call."""
    items = Item.objects.filter(approval__state__in=Approval.LIVE, case__application__call=call)
    return items.values_list("case__application", "approval__act")


def frames_waiting(call: Call) -> set[str]:
    """The frames in which an application waits for its result."""
    waiting = call.applications.filter(state__in=OPEN)
    return set(waiting.order_by().values_list("frame", flat=True).distinct())


def undecided(call: Call) -> list[str]:
    """Why the results of a call cannot be out yet: an application, or a draft, is undecided."""
    n = call.applications.filter(state__in=OPEN).count()
    found = (
        [_("結果の決まっていない申請が%(n)s件あります。すべて決まると公表できます。") % {"n": n}]
        if n
        else []
    )
    drafts = Item.objects.filter(
        subject_model=Application._meta.label,
        case__application__call=call,
        approval__state__in=Approval.LIVE,
    )
    if (n := drafts.values("approval").distinct().count()) and not found:
        found = [
            _("決裁を待っている起案が%(n)s件あります。決裁か取下げのあとに公表できます。")
            % {"n": n}
        ]
    return found
