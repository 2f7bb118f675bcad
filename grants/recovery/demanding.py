"""督促: finance demands what is late, by a letter with a day (地方自治法 231条の3, 施行令 171条)."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.recovery import outgoing
from grants.recovery.agreed import Demand
from grants.recovery.models import Recovery
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand as demand_right
from portal.audit.record import record_about
from portal.closures import calendars
from portal.workflow.door import door, send_out, touch
from portal.workflow.errors import NotReady

GRACE = timedelta(days=20)  # after its due day finance is asked to demand what is late
MOST_FEE = 1_000  # yen; ordinances that state one take some hundred (planning value)
LONGEST = timedelta(days=60)  # to the day that a demand gives; ordinances give ten to fifteen
WARNING = timedelta(days=180)  # before the limitation the inbox warns


def is_late(recovery: Recovery, today: date) -> bool:
    """Owed, not all of it here, and the day of what is next due has passed."""
    is_due = recovery.state in Recovery.OWED and recovery.next_due < today
    return is_due and recovery.owed()["left"] > 0


def _demanded(recovery: Recovery) -> bool:
    """Was what is late now demanded already?"""
    return any(row.demanded_on > recovery.next_due for row in recovery.demands.all())


def wants_demand(recovery: Recovery, today: date) -> bool:
    return is_late(recovery, today - GRACE) and not _demanded(recovery)


def lapses_soon(recovery: Recovery, today: date) -> bool:
    if recovery.state not in Recovery.OWED or today < recovery.lapses_on - WARNING:
        return False
    return recovery.owed()["left"] > 0


def changes_at(recovery: Recovery) -> datetime | None:
    """When time alone next makes it to be demanded, or its limitation near."""
    days = (recovery.next_due + GRACE + timedelta(days=1), recovery.lapses_on - WARNING)
    return clock.next_change([(day, None) for day in days])


def make(recovery: Recovery, *, answer_by: date, fee: int, by: User) -> Demand:
    """Demand what is late; it starts the limitation anew (地方自治法 236条4項).

    Raises NotReady where nothing is late, it was demanded already, the day has passed or is far, or
    the fee is more than any ordinance takes.
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
        if answer_by > today + LONGEST:
            raise NotReady(_("納める日は、60日以内の日にしてください。"))
        if not 0 <= fee <= MOST_FEE:
            raise NotReady(_("督促手数料は%(most)s円までです。") % {"most": f"{MOST_FEE:,}"})
        answer_by = calendars.of_case(fresh.case).next_open(answer_by)
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
