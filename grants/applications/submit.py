"""Submitting: the moment is kept, every file looked up, and all frozen in one transaction."""

from datetime import datetime, time

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from grants.applications import amending, correcting, drafts, late_papers, officer_list
from grants.applications.attempts import STOPPED
from grants.applications.content import Content
from grants.applications.filed import rules_at
from grants.applications.freezing import frozen_content
from grants.applications.models import Application, ApplicationVersion, Check, SubmissionAttempt
from grants.applications.obstacles import filed_already
from grants.applications.states import ApplicationState
from portal import clock, jptext
from portal.accounts.models import User
from portal.accounts.permissions import Applicant
from portal.accounts.unproved import unproved
from portal.audit.chain import sha256, write
from portal.audit.record import record
from portal.days import moment_said
from portal.documents.handing_in import BeingChecked, demand_ready
from portal.documents.models import Document
from portal.workflow import duties
from portal.workflow.door import door, perform
from portal.workflow.drafts import confirm
from portal.workflow.errors import Changed, Forbidden, NotReady, Refused

# the ways of handing in: whatever must be true of one must be true of each
WAYS = ("submit", "resubmit", "amend")


class Late(Refused):
    """It came after the closing moment."""


# how an attempt ended, by what stopped it; any other refusal is "refused", and "failed" is our fault
OUTCOMES: dict[type[Exception], str] = {
    Late: "late",
    NotReady: "incomplete",
    BeingChecked: "checking",
    Changed: "changed",
}


def submit(
    application: Application, *, by: User, key: str = "", seen: str | None = None
) -> Application:
    """Submit the draft (or the corrected one). Raises Forbidden, of which no attempt is kept, NotReady
    (what is missing), Late, Changed, or what stopped it.

    `seen`: the fingerprint (`drafts.draft_hash`) of the draft that was looked over; with another
    one nothing is submitted.

    The attempt, with its moment of arrival, is committed before anything can fail.
    """
    if reasons := _not_theirs(application, by):
        raise Forbidden(*reasons)
    attempt = SubmissionAttempt.objects.create(
        application=application,
        arrived_at=clock.arrived(),
        by=by,
        draft_hash=drafts.draft_hash(application),
    )
    return _carry_out(attempt, by=by, key=key, seen=seen)


def _not_theirs(application: Application, by: User) -> list[str]:
    """Why somebody may not hand it in: what an officer does at the counter needs no firm online."""
    if not by.is_office:
        return Applicant(submitting=True).reasons(by, application)
    return [] if application.on_paper else unproved(application.case.organisation)


def honour(attempt: SubmissionAttempt, *, by: User, reason: str) -> Application:
    """An officer honours the moment of an attempt that a fault of ours stopped, or of one that came
    late and has a reason.

    Raises NotReady when it was neither, when whoever pressed may not hand it in, or when the draft is
    no longer the one that was pressed.
    """
    if attempt.outcome not in STOPPED:
        raise NotReady(
            _(
                "この提出は、時刻を認めるものではありません（提出ずみか、書類がそろっていませんでした）。"
            )
        )
    if reasons := _not_theirs(attempt.application, attempt.by):
        raise NotReady(_("提出の操作をした方は、この申請を提出できません。"), *reasons)
    if attempt.draft_hash != drafts.draft_hash(attempt.application):
        raise NotReady(
            _("提出の操作のあとで下書きが書き換えられています。申請者に確かめてください。")
        )
    application = _carry_out(attempt, by=by, outcome="honoured")
    record(
        chain=f"case:{application.case_id}",
        action="application.honour",
        subject=application.subject_key,
        by=by,
        capacity="office",
        reason=reason,
        arrived_at=attempt.arrived_at.isoformat(),
    )
    return application


def _carry_out(
    attempt: SubmissionAttempt,
    *,
    by: User,
    key: str = "",
    outcome: str = "done",
    seen: str | None = None,
) -> Application:
    application = attempt.application
    application.pressed_on = clock.day_of(attempt.arrived_at)
    try:
        _by_rules_of_arrival(application, attempt)
        # before the time: what nobody looked over is not late either
        confirm(seen, attempt.draft_hash)
        if outcome != "honoured":
            _check_time(application, _arrival(attempt))
        _check(application)
        documents = list(
            Document.objects.sent().filter(case=application.case).select_related("file")
        )
        demand_ready(documents)
        done = _freeze(
            application, attempt, documents, by, key, seen, is_honoured=outcome == "honoured"
        )
    except Exception as error:
        usual = "refused" if isinstance(error, Refused) else "failed"
        _close(attempt, OUTCOMES.get(type(error), usual), str(error))
        raise
    finally:
        application.pressed_on = None
    _close(attempt, outcome, "")
    return done


def _close(attempt: SubmissionAttempt, outcome: str, detail: str) -> None:
    attempt.outcome, attempt.detail = outcome, detail[:300]
    attempt.save(update_fields=["outcome", "detail"])


def _by_rules_of_arrival(application: Application, attempt: SubmissionAttempt) -> None:
    """What arrived before its call was amended is looked at by the rules of its arrival, however
    late that is (decision 0051).
    """
    if application.state == ApplicationState.DRAFT:
        application.filed_under = rules_at(application.call, _arrival(attempt))


def _arrival(attempt: SubmissionAttempt) -> datetime:
    """When it reached the office: what came on paper came to the counter, before it was typed in."""
    application = attempt.application
    on_paper = (
        application.paper_received_at if application.state == ApplicationState.DRAFT else None
    )
    return on_paper or attempt.arrived_at


def _check_time(application: Application, arrived_at: datetime) -> None:
    """Raises Late. An officer who honours a moment has weighed it."""
    if application.state == ApplicationState.DRAFT and application.call.refuses_at(arrived_at):
        raise Late(
            _("この公募は受付を止めています。下書きは残ります。公募のページをご覧ください。")
        )
    if (
        application.state == ApplicationState.DRAFT
        and application.call.period_at(arrived_at) is None
    ):
        raise Late(
            _(
                "受付期間を過ぎています（到着 %(at)s）。操作は記録しました。こちらの障害などで遅れたときは、担当にご連絡ください。"
            )
            % {"at": f"{moment_said(arrived_at)}:{arrived_at:%S}"}
        )
    if application.is_amending and (reasons := amending.too_late(application, arrived_at)):
        raise Late(*reasons)
    if application.state == ApplicationState.RETURNED and application.correct_by:
        last = datetime.combine(application.correct_by, time.max, tzinfo=clock.JST)
        if arrived_at > last:
            raise Late(_("補正の期限を過ぎています。担当にご連絡ください。"))


def _check(application: Application) -> None:
    unfinished = [task for task in correcting.tasks(application)[:-1] if not task.is_done]
    if unfinished:
        raise NotReady(
            *[f"{task.label}：{task.note or _('まだ入力がありません')}" for task in unfinished]
        )
    untouched = [
        remark for remark in correcting.remarks(application) if remark.state == "untouched"
    ]
    if untouched:
        raise NotReady(*[correcting.said_untouched(remark) for remark in untouched])


def _freeze(
    application: Application,
    attempt: SubmissionAttempt,
    documents: list[Document],
    by: User,
    key: str,
    seen: str | None,
    *,
    is_honoured: bool,
) -> Application:
    arrival = _arrival(attempt)
    with door(by, [application.call, application.case, application]):
        rows = Document.objects.live().filter(case=application.case)
        if set(rows.values_list("pk", flat=True)) != {document.pk for document in documents}:
            raise NotReady(_("提出の途中で書類が変わりました。もう一度お試しください。"))
        if application.state == ApplicationState.DRAFT and (why := filed_already(application)):
            raise NotReady(*why)
        _by_rules_of_arrival(application, attempt)  # also where it was amended just now
        drafts_row = Application.objects.filter(pk=application.pk, state=ApplicationState.DRAFT)
        drafts_row.update(filed_under=application.filed_under)
        amount = drafts.aid(application)
        frame, _year, _months = drafts.frame_terms(application)
        content = frozen_content(application, documents)
        # nor what was saved while this one was on its way
        confirm(seen, drafts.draft_hash(application))
        if is_honoured and application.state == ApplicationState.DRAFT:
            duties.take_all(by, application.duty_subjects(), "state_arrival")
        done = perform(
            application,
            _way(application),
            by=by,
            key=key,
            arrived_at=arrival,
            frame=frame,
            eligible=amount.eligible,
            requested=amount.amount,
            title=content["plan"]["title"],
            partner=jptext.search_key(content["eligibility"].get("partner_name", ""))[:200],
            is_honoured=is_honoured,
            answered=[
                remark.defect.n
                for remark in correcting.remarks(application)
                if remark.state != "untouched"
            ],
        )
        last = application.last_version
        if key and last is not None and last.submitted_at == done.last_filed_at:
            return done
        ApplicationVersion.objects.create(
            application=done,
            n=(last.n if last else 0) + 1,
            content=content,
            sha256=sha256(write(content)),
            submitted_at=arrival,
            submitted_by=by,
        )
        rows.update(frozen=True)
        done.sections.update(handed_in=F("data"))
        _narrow(done, content)
        late_papers.take_over(done, content)
        Check.objects.bulk_create(
            [Check(application=done, kind=kind) for kind, _label in Check.KINDS],
            ignore_conflicts=True,
        )
        if last is not None:
            officer_list.hand_in(done, n=last.n + 1, by=by)
        drafts.tell(application, by=by)
        return done


def _way(application: Application) -> str:
    """The transition by which it is handed in; of what is handed in, the one by which it was last."""
    if application.is_amending:
        return "amend"
    if application.state == ApplicationState.RETURNED:
        return "resubmit"
    last = application.last_filed_at
    if last is not None and last == application.amended_at:
        return "amend"
    return "resubmit" if application.corrected_at is not None else "submit"


def _narrow(application: Application, content: Content) -> None:
    """Only the municipalities that the answers name see the case, where a section names some."""
    for key, section in drafts.added(application).items():
        if section.scope is not None:
            application.case.municipality_codes = section.scope(content[key])
            application.case.save(update_fields=["municipality_codes"])


@transaction.atomic
def copy_into(application: Application, earlier: Application, *, by: User) -> None:
    """Start a draft from an earlier application: answers whose questions still exist."""
    asked = [
        key for key in drafts.form_classes(application) if key not in ("consent", "eligibility")
    ]
    for section in earlier.sections.filter(key__in=asked):
        drafts.save(application, section.key, section.data, by=by, page=drafts.Page(0))


def left_over() -> list[Application]:
    """What is written anew after its intake ended, and which no press of "submit" in time may still
    hand in.
    """
    rows = Application.objects.filter(
        state=ApplicationState.SUBMITTED, amending_since__isnull=False
    ).select_related("call")
    now = clock.now()
    late = [row for row in rows if row.amendable_until is None or row.amendable_until < now]
    pressed = SubmissionAttempt.objects.stopped().filter(application__in=late)
    may_still = set(pressed.exclude(outcome="late").values_list("application", flat=True))
    return [row for row in late if row.pk not in may_still]
