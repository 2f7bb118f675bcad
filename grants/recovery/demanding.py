"""督促: finance demands what is late, by a letter with a day (地方自治法 231条の3, 施行令 171条)."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.recovery import outgoing
from grants.recovery.agreed import Demand
from grants.recovery.models import Recovery
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand as demand_right
from portal.audit.record import record_about
from portal.workflow.door import door, send_out, touch
from portal.workflow.errors import NotReady

GRACE = timedelta(days=20)  # after its due day finance is asked to demand what is late
WARNING = timedelta(days=180)  # before the limitation the inbox warns


def is_late(recovery: Recovery, today: date) -> bool:
    """Owed, and the day of what is next due has passed."""
    return recovery.state in Recovery.OWED and recovery.next_due < today


def _demanded(recovery: Recovery) -> bool:
    """Was what is late now demanded already?"""
    return any(row.demanded_on > recovery.next_due for row in recovery.demands.all())


def wants_demand(recovery: Recovery, today: date) -> bool:
    return is_late(recovery, today - GRACE) and not _demanded(recovery)


def lapses_soon(recovery: Recovery, today: date) -> bool:
    return recovery.state in Recovery.OWED and recovery.lapses_on - WARNING <= today


def make(recovery: Recovery, *, answer_by: date, fee: int, by: User) -> Demand:
    """Demand what is late; it starts the limitation anew (地方自治法 236条4項).

    Raises NotReady where nothing is late, it was demanded already, or the day has passed.
    """
    demand_right(by, recovery, "finance_officer")
    with door(by, [recovery.case, recovery.award, recovery]):
        fresh = Recovery.objects.select_related("award__application__call", "case").get(
            pk=recovery.pk
        )
        today = clock.today()
        if not is_late(fresh, today):
            raise NotReady(_("納期限を過ぎて納められていない返還だけを督促できます。"))
        if _demanded(fresh):
            raise NotReady(_("いま遅れている分は、すでに督促しました。"))
        if answer_by <= today:
            raise NotReady(_("納める日は、今日より後の日にしてください。"))
        made = Demand.objects.create(
            recovery=fresh, demanded_on=today, answer_by=answer_by, fee=fee, made_by=by
        )
        record_about(
            fresh,
            "recovery.demand",
            by=by,
            capacity="office",
            label=gettext_noop("返還を督促しました"),
            answer_by=answer_by.isoformat(),
            fee=fee,
        )
        send_out(fresh, outgoing.DEMAND)
        touch(fresh.case)
    return made
