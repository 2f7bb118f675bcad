"""The act of enrolment, and the papers of this room."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import deciding
from grants.applications.acts import FINDS, NothingToFillIn
from grants.applications.models import Application
from grants.applications.papers import applied, frame
from grants.awards.acts import READS, award_draws, award_order, award_preview, basis, fill
from grants.budget.models import commit, lines_of
from grants.seats import outgoing
from grants.seats.models import Enrolment, participants
from portal import clock, fiscal
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act
from portal.types import Given
from portal.workflow.door import begin, perform, send_out
from portal.workflow.requirements import asked_about


def enrol_effect(application: Application, *, by: User, given: Given, approval: Approval) -> None:
    """受講の決定: the seats are committed on the line of seats, as yen are, and each participant has a place."""
    people = participants(application)
    done = perform(application, "award", by=by, amount=len(people))
    commit(done.call, done.frame, len(people), by=by, case=done.case)
    for name, work in people:
        begin(Enrolment, by=by, application=done, name=name, work=work)
    send_out(done, outgoing.SEATS_GRANTED)


def enrol_refusals(application: Application, rows: list[Application]) -> list[str]:
    """Why seats cannot be granted in one draft with `rows`:
    the rules of an award, in a programme that gives seats.
    """
    if application.stated.unit != "seats":
        return [_("受講の決定は、人材育成の制度だけにあります。")]
    return deciding.refusals(application, rows)


ENROL = Act(
    label=_lazy("受講の決定"),
    subject_model="grants_applications.Application",
    form=NothingToFillIn,
    effect=enrol_effect,
    preview=award_preview,
    obstacles=lambda application: enrol_refusals(application, []),
    locks=lambda application: [
        *lines_of(application.call, application.frame),
        application.call,
        *asked_about(application, "award"),
    ],
    notice="enrolment",
    performs="award",
    among=enrol_refusals,
    order=award_order,
    basis=basis,
    draws=award_draws,
    finds=FINDS,
    reads=READS,
    fill=fill,
)


def enrolment_facts(application: Application, **_given: object) -> dict[str, object]:
    stated = application.stated
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
        about="の受講の決定",
        decides=True,
        title="受講決定通知書",
        body=f"{applied(application)}次のとおり受講を決定しましたので、{basis(application)}の規定により通知します。",
        body_en="The seats in the course have been granted as follows.",
        items=[
            ["受付番号", application.case.receipt_number],
            *people,
            ["日程", "\n".join(dates) or "決まりしだい、お知らせします。"],
            ["修了の要件", f"開いた回の{asked.denominator}分の{asked.numerator}以上の出席"],
        ],
        small="受講できなくなったときは、早めに申請のページから受講をやめてください。席を待っている方にお渡しします。",
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
