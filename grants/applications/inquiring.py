"""暴力団排除の照会: the officers' lists go out to the police, and their answers are entered.

A hit is a finding of the ledger of checks: it stops acceptance, matching, award and payment until an
approver decides (docs/decisions/0087-an-answer-of-the-police-stops-everything.md).
"""

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.applications import formal
from grants.applications.check_ledger import Check, Inquiry, OfficerList
from grants.applications.models import OFFICER, Application
from grants.applications.states import ApplicationState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.audit.record import record_about
from portal.cases.models import Case
from portal.days import day_said
from portal.workflow.door import lock, touch
from portal.workflow.errors import NotReady, Stale

KIND = "antisocial"
ADDRESSEE = gettext_noop("北海道警察本部")
ORDINANCE = gettext_noop("札幌市暴力団の排除の推進に関する条例（平成25年条例第6号）")

Rows: TypeAlias = list[list[str]]


def to_ask(user: User) -> QuerySet[Application]:
    """Applications whose check is still open, or whose finding is of another list, and whose officers'
    list is there, in the person's hands.
    """
    return _askable().filter(case__in=_own_cases(user))


def _askable() -> QuerySet[Application]:
    """Where the police have not answered yet about an earlier list, this one waits: one answer is
    about one list.
    """
    rows = Check.objects.filter(kind=KIND)
    unchecked = rows.filter(result="").values("application")
    found = rows.filter(result="concern").values("application")
    waiting = Inquiry.objects.filter(result="").values("application")
    is_changed = Q(pk__in=found, officer_list__came_with__isnull=False)
    return (
        Application.objects.filter(
            Q(pk__in=unchecked) | is_changed & Q(officer_list__sent_at=None),
            state=ApplicationState.SUBMITTED,
            officer_list__erased_at=None,
        )
        .exclude(pk__in=waiting, officer_list__sent_at=None)
        .select_related("case__organisation", "officer_list")
    )


def asked(user: User) -> QuerySet[Inquiry]:
    """Inquiries of the person's cases: first those without an answer, then those whose hit waits."""
    stopped = Check.objects.filter(kind=KIND, result="concern", go_on_by=None)
    return (
        Inquiry.objects.filter(application__case__in=_own_cases(user))
        .filter(Q(result="") | Q(result="hit", application__in=stopped.values("application")))
        .select_related("application__case__organisation", "sent_by")
        .order_by("-result", "sent_at", "pk")
    )


def _own_cases(user: User) -> QuerySet[Case]:
    return Case.objects.visible_to(user).filter(OFFICER.q(user))


@transaction.atomic
def send(
    applications: Sequence[Application], *, addressee: str, ordinance: str, number: str, by: User
) -> Rows:
    """Ask about the officers of each application that is not asked about yet; the rows of the file
    that goes to the police, of all of them.
    """
    lock([row for application in applications for row in (application.case, application)])
    waiting = Inquiry.objects.filter(application__in=applications, result="")
    known = set(waiting.values_list("application", flat=True))
    # as they are now that nobody else writes: the list, too
    fresh = list(_askable().filter(pk__in=[row.pk for row in applications]))
    for application in fresh:
        demand(by, application, "programme_officer")
        if application.pk in known:
            continue
        Inquiry.objects.create(
            application=application,
            addressee=addressee,
            ordinance=ordinance,
            number=number,
            people=application.officer_list.people,
            sent_by=by,
            sent_at=clock.now(),
        )
        _note(application, "send", gettext_noop("暴力団排除の照会を送りました"), by)
    return formal.inquiry_rows(fresh, by=by)


@transaction.atomic
def answer(
    inquiry: Inquiry, *, result: str, answered_on: date, answer_number: str, by: User
) -> Inquiry:
    """Enter what the police answered, by day and number of their paper.

    Raises Stale where it is answered already, NotReady for a day before it was asked or in the
    future.
    """
    application = inquiry.application
    demand(by, application, "programme_officer")
    lock([application.case, application])
    fresh = Inquiry.objects.select_related("application").get(pk=inquiry.pk)
    if fresh.result:
        raise Stale(_("この照会の回答は、すでに記録されています。"))
    if not clock.day_of(fresh.sent_at) <= answered_on <= clock.today():
        raise NotReady(_("回答の日は、照会した日から今日までの日にしてください。"))
    fresh.result, fresh.answered_on, fresh.answer_number = result, answered_on, answer_number
    fresh.entered_by, fresh.entered_at = by, clock.now()
    fresh.save()
    _check(fresh, by)
    _note(fresh.application, "answer", gettext_noop("暴力団排除の照会の回答を記録しました"), by)
    touch(application.case)
    return fresh


def _check(inquiry: Inquiry, by: User) -> None:
    """The ledger says what was answered. A clear answer changes nothing once it was decided on, nor
    where the list is another one by now.
    """
    row = Check.objects.filter(application=inquiry.application_id, kind=KIND).first()
    other = OfficerList.objects.filter(application=inquiry.application_id, sent_at=None)
    if row is None or (inquiry.result == "clear" and (row.result or other.exists())):
        return
    row.result = "clear" if inquiry.result == "clear" else "concern"
    row.evidence = _("%(whom)sの回答（%(day)s　%(number)s）") % {
        "whom": inquiry.addressee,
        "day": day_said(inquiry.answered_on or clock.today()),
        "number": inquiry.answer_number,
    }
    row.checked_by, row.checked_at = by, clock.now()
    row.go_on_reason, row.go_on_by, row.go_on_at = "", None, None
    row.save()


def _note(application: Application, what: str, label: str, by: User) -> None:
    """The record says that it was answered, never what."""
    record_about(application, f"inquiry.{what}", by=by, capacity="office", label=label)
