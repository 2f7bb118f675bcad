"""A course goes on: its sessions, who came, and what the firm says of it half a year later."""

from datetime import date, datetime, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.programmes.models import Call
from grants.seats.models import Enrolment, Session, Survey
from grants.seats.states import EnrolmentState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Applicant, demand
from portal.audit.record import record_about
from portal.cases.models import Case
from portal.workflow.door import door, perform, touch
from portal.workflow.errors import Forbidden, NotReady

LATE = timedelta(days=31)  # after it was held, a session may still be entered
AHEAD = timedelta(days=366)


def of_course(call: Call) -> list[Enrolment]:
    """Everyone who has or had a seat in the call's course, in the order of the firms' receipt numbers."""
    rows = Enrolment.objects.filter(application__call=call).select_related(
        "case__organisation", "application__call"
    )
    return list(
        rows.prefetch_related("sessions", "application__call__sessions").order_by(
            "case__receipt_number", "pk"
        )
    )


def misfit(day: date) -> str:
    """Why no session is added on that day; empty where one may be."""
    if clock.today() - LATE <= day <= clock.today() + AHEAD:
        return ""
    return _("回の日は、%(late)s日前から1年先までの日にしてください。") % {"late": LATE.days}


def add_session(call: Call, *, by: User, title: str, starts_at: datetime, place: str) -> Session:
    """One more meeting; whoever waited for completion waits for it too. Raises NotReady for a day out of reach."""
    demand(by, call, "programme_officer")
    if wrong := misfit(clock.day_of(starts_at)):
        raise NotReady(wrong)
    with door(by, [call]):
        made = Session.objects.create(
            call=call,
            n=(call.sessions.aggregate(last=Max("n"))["last"] or 0) + 1,
            title=title,
            starts_at=starts_at,
            place=place,
        )
        label = gettext_noop("講座の回を加えました")
        record_about(call, "call.session", by=by, capacity="office", label=label, text=str(made))
        _touch_all(call)
        return made


def take_session_back(session: Session, *, by: User) -> None:
    """It was entered by mistake, or is not held: nobody waits for it any more.

    Raises NotReady once attendance was taken: it counts for whoever came.
    """
    call = session.call
    demand(by, call, "programme_officer")
    with door(by, [call]):
        if not Session.objects.filter(pk=session.pk, held_on=None).delete()[0]:
            raise NotReady(_("出席をとった回は、取り消せません。"))
        label = gettext_noop("講座の回を取り消しました")
        record_about(
            call,
            "call.session_taken_back",
            by=by,
            capacity="office",
            label=label,
            text=str(session),
        )
        _touch_all(call)


def _touch_all(call: Call) -> None:
    for case in Case.objects.filter(enrolments__application__call=call).distinct():
        touch(case)


def take_attendance(
    session: Session, present: set[int], *, by: User, absent: set[int] | None = None
) -> None:
    """Who came, and who did not (primary keys of enrolments; without `absent`: everybody else). Of whom
    neither is said, it stays as it is noted: two officers may each take their part of a list.

    Taking it again corrects it, until the person has completed. Raises NotReady before the day.
    """
    call = session.call
    demand(by, call, "programme_officer")
    if clock.day_of(session.starts_at) > clock.today():
        raise NotReady(_("まだ開いていない回です。"))
    known = _live(call)
    with door(by, [call, *[row.case for row in known], *known]):
        rows = [
            row for row in _live(call) if row in known
        ]  # as they are now: they were read unlocked
        for row in rows:
            if row.pk in present:
                row.sessions.add(session)
                if row.state == EnrolmentState.ENROLLED:
                    perform(row, "attend", by=by)
            elif absent is None or row.pk in absent:
                row.sessions.remove(session)
            touch(row.case)
        session.held_on = clock.today()
        session.save(update_fields=["held_on"])
        record_about(
            call,
            "call.attendance",
            by=by,
            capacity="office",
            label=gettext_noop("出席をとりました"),
            text=f"{session}　{session.enrolments.filter(pk__in=[row.pk for row in rows]).count()}／{len(rows)}",
        )


def _live(call: Call) -> list[Enrolment]:
    return [row for row in of_course(call) if row.is_live]


def answer_survey(
    enrolment: Enrolment, *, by: User, used: str, hours_saved: int, text: str = ""
) -> Survey:
    """Raises Forbidden for anyone but the firm's side, NotReady before the completion or a second time."""
    if reasons := Applicant().reasons(by, enrolment):
        raise Forbidden(*reasons)
    with door(by, [enrolment.case, enrolment]):
        fresh = Enrolment.objects.get(pk=enrolment.pk)
        if (
            fresh.state != EnrolmentState.COMPLETED
            or Survey.objects.filter(enrolment=fresh).exists()
        ):
            raise NotReady(_("いまは答えるアンケートがありません。"))
        made = Survey.objects.create(
            enrolment=fresh, by=by, used=used, hours_saved=hours_saved, text=text
        )
        record_about(
            enrolment,
            "enrolment.survey",
            by=by,
            label=gettext_noop("受講後のアンケートに答えました"),
        )
        touch(enrolment.case)
        return made
