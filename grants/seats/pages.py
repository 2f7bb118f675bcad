"""The act of enrolment, taking attendance, and what a case shows of its seats."""

from datetime import date, datetime

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from grants.applications import deciding
from grants.applications.acts import NothingToFillIn
from grants.applications.models import Application
from grants.applications.papers import frame
from grants.awards.acts import award_order, award_preview
from grants.budget.models import commit, lines_of
from grants.programmes.models import Call
from grants.seats.models import Enrolment, Session, Survey, participants
from portal import clock, fiscal, ports
from portal.accounts.models import User
from portal.accounts.permissions import Applicant, demand, stands_for_applicant
from portal.approvals.models import Approval
from portal.audit.record import record
from portal.cases import retention
from portal.cases.found import OfCase
from portal.cases.models import Case
from portal.ports import TurnSource, TurnWanted
from portal.types import Context, Given, Text
from portal.workflow.door import actions, begin, door, perform, touch
from portal.workflow.errors import Forbidden, NotReady

enrolments_of = OfCase(
    lambda: Enrolment.objects.select_related(
        "application__call", "survey", "case__organisation"
    ).prefetch_related("sessions", "application__call__sessions")
)


# -- the decision ----------------------------------------------------------------------------------
def enrol_effect(application: Application, *, by: User, given: Given, approval: Approval) -> None:
    """受講の決定: the seats are committed on the line of seats, as yen are, and each participant has a place."""
    people = participants(application)
    done = perform(application, "award", by=by, amount=len(people))
    commit(done.call, done.frame, len(people), by=by, case=done.case)
    for name, work in people:
        begin(Enrolment, by=by, application=done, name=name, work=work)
    ports.issue_notice["notices"]([("enrolment", done, {})], by=by)


def enrol_refusals(application: Application, rows: list[Application]) -> list[str]:
    """Why seats cannot be granted in one draft with `rows`:
    the rules of an award, in a programme that gives seats.
    """
    if application.call.stated.unit != "seats":
        return [_("受講の決定は、人材育成の制度だけにあります。")]
    return deciding.refusals(application, rows)


def act() -> ports.Act:
    return ports.Act(
        _lazy("受講の決定"),
        "grants_applications.Application",
        form=NothingToFillIn,
        effect=enrol_effect,
        preview=award_preview,
        allowed=lambda application: enrol_refusals(application, []),
        locks=lambda application: [
            *lines_of(application.call, application.frame),
            application.call,
        ],
        notice="enrolment",
        among=enrol_refusals,
        order=award_order,
    )


def enrolment_facts(application: Application, **_given: object) -> dict[str, object]:
    stated = application.call.stated
    people = [
        [f"受講する人{n}", name] for n, (name, _work) in enumerate(participants(application), 1)
    ]
    dates = [
        f"第{s.n}回　{fiscal.era(clock.day_of(s.starts_at))}"
        f" {s.starts_at.astimezone(clock.JST):%H:%M}　{s.title}（{s.place}）"
        for s in application.call.sessions.all()
    ]
    asked = stated.course.attendance if stated.course else 1
    return frame(
        application,
        title="受講決定通知書",
        body=f"{stated.name.ja}の受講を、次のとおり決定しましたので、通知します。",
        body_en="The seats in the course have been granted as follows.",
        items=[
            ["受付番号", application.case.receipt_number],
            *people,
            ["日程", "\n".join(dates) or "決まりしだい、お知らせします。"],
            ["修了の要件", f"開いた回の{asked.denominator}分の{asked.numerator}以上の出席"],
        ],
        small="受講できなくなったときは、早めに案件のページから受講をやめてください。席を待っている方にお渡しします。",
    )


def certificate_facts(enrolment: Enrolment, **_given: object) -> dict[str, object]:
    """修了証."""
    stated = enrolment.call.stated
    course = stated.course
    return frame(
        enrolment.application,
        to=[enrolment.case.organisation.name, f"{enrolment.name}　様"],
        title="修了証",
        body=f"あなたは、{stated.name.ja}の全課程を修めたので、これを証します。",
        body_en="This certifies the completion of the course.",
        items=[
            ["受講した人", enrolment.name],
            [
                "課程",
                f"{stated.frame(enrolment.application.frame).name.ja}　{course.hours if course else ''}時間",
            ],
            ["出席", f"{enrolment.attended}回"],
            ["修了の日", fiscal.era(clock.today())],
        ],
    )


# -- attendance ------------------------------------------------------------------------------------
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


def add_session(call: Call, *, by: User, title: str, starts_at: datetime, place: str) -> Session:
    """One more meeting; whoever waited for completion waits for it too."""
    demand(by, call, "programme_officer")
    with door(by, [call]):
        made = Session.objects.create(
            call=call,
            n=call.sessions.count() + 1,
            title=title,
            starts_at=starts_at,
            place=place,
        )
        _note(call, "call.session", by, gettext_noop("講座の回を加えました"), text=str(made))
        for case in Case.objects.filter(enrolments__application__call=call).distinct():
            touch(case)
        return made


def take_attendance(session: Session, present: set[int], *, by: User) -> None:
    """Who came (primary keys of enrolments).

    Taking it again corrects it, until the person has completed. Raises NotReady before the day.
    """
    call = session.call
    demand(by, call, "programme_officer")
    if clock.day_of(session.starts_at) > clock.today():
        raise NotReady(_("まだ開いていない回です。"))
    rows = [row for row in of_course(call) if row.state in Enrolment.LIVE]
    with door(by, [call, *[row.case for row in rows], *rows]):
        for row in rows:
            if row.pk in present:
                row.sessions.add(session)
                if row.state == "enrolled":
                    perform(row, "attend", by=by)
            else:
                row.sessions.remove(session)
            touch(row.case)
        session.held_on = clock.today()
        session.save(update_fields=["held_on"])
        _note(
            call,
            "call.attendance",
            by,
            gettext_noop("出席をとりました"),
            text=f"{session}　{len(present & {row.pk for row in rows})}／{len(rows)}",
        )


def _note(call: Call, action: str, by: User, label: str, *, text: str) -> None:
    record(
        chain=call.audit_chain,
        action=action,
        subject=call.subject_key,
        by=by,
        capacity="office",
        label=label,
        text=text,
    )


def answer_survey(
    enrolment: Enrolment, *, by: User, used: str, hours_saved: int, text: str = ""
) -> Survey:
    """Raises Forbidden for anyone but the firm's side, NotReady before the completion or a second time."""
    if reasons := Applicant().reasons(by, enrolment):
        raise Forbidden(*reasons)
    with door(by, [enrolment.case, enrolment]):
        fresh = Enrolment.objects.get(pk=enrolment.pk)
        if fresh.state != "completed" or Survey.objects.filter(enrolment=fresh).exists():
            raise NotReady(_("いまは答えるアンケートがありません。"))
        made = Survey.objects.create(
            enrolment=fresh, by=by, used=used, hours_saved=hours_saved, text=text
        )
        record(
            chain=enrolment.audit_chain,
            action="enrolment.survey",
            subject=enrolment.subject_key,
            by=by,
            capacity="",
            label=gettext_noop("受講後のアンケートに答えました"),
        )
        touch(enrolment.case)
        return made


# -- turns and panels ------------------------------------------------------------------------------
def turns_of(case: Case) -> list[TurnWanted]:
    rows = enrolments_of.all(case)
    due = [row.survey_on for row in rows if row.survey_on is not None]
    found = (
        [
            TurnWanted(
                "applicant",
                gettext_noop("受講後のアンケートに答える"),
                due_on=min(due),
                obj=rows[0],
            )
        ]
        if due
        else []
    )
    live = [row for row in rows if row.state in Enrolment.LIVE]
    if live:
        ahead = [session for session in live[0].call.sessions.all() if session.held_on is None]
        held = bool(live[0].call.sessions.all())
        if held and not ahead:
            found.append(
                TurnWanted(
                    "office", gettext_noop("修了を確かめる"), "programme_officer", obj=live[0]
                )
            )
    return found


SOURCE = TurnSource(turns_of, (enrolments_of,))


def panel(case: Case, user: User) -> Context | None:
    """Each participant's seat with what can be done; the sessions of the course."""
    if case.state != "awarded":
        return None
    rows = enrolments_of.all(case)
    if not rows:
        return None
    for row in rows:
        row.case = case
    call = rows[0].call
    return {
        "rows": [(row, actions(user, row)) for row in rows],
        "sessions": list(call.sessions.all()),
        "call": call,
        "writes": stands_for_applicant(user, case),
    }


def later(case: Case) -> tuple[int, Text] | None:
    rows = enrolments_of.all(case)
    live = next((row for row in rows if row.state in Enrolment.LIVE), None)
    if live is not None:
        return (4 if live.state == "attending" else 3), live.info.say
    return (6, rows[0].info.say) if rows else None


def keep_until(case: Case) -> date | None:
    rows = enrolments_of.all(case)
    if not rows:
        return None
    if any(row.state in Enrolment.LIVE for row in rows):
        return date.max
    return retention.after(rows[0].call.project_ends_on)


def call_panel(call: Call, user: User) -> tuple[str, Context] | None:
    """On the staff page of a call: how full the course is, and the way to its sessions."""
    if call.stated.unit != "seats":
        return None
    waiting = Application.objects.filter(call=call, state="waitlisted").count()
    return "grants/seats/call_panel.html", {
        "call": call,
        "lines": list(call.budget_lines.all()),
        "waiting": waiting,
    }


def load(user: User, pk: int) -> Enrolment:
    rows = Enrolment.objects.select_related("case__organisation", "application__call")
    return get_object_or_404(rows, pk=pk, case__in=Case.objects.visible_to(user))
