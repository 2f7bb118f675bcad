"""Mails before a deadline, about turns that are overdue, and about work that stands."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import clock
from portal.accounts.models import FactorRemoval, RoleProposal, StaffRole, User, in_force
from portal.accounts.permissions import scope_of
from portal.cases.models import Case, Turn
from portal.cases.ports import due_moments, due_papers
from portal.closures import calendars
from portal.correspondence import digests, outgoing
from portal.correspondence.kinds import KINDS
from portal.correspondence.models import Mail, Reminder
from portal.correspondence.ports import second_people
from portal.correspondence.post import queue
from portal.days import moment_said
from portal.documents.models import StoredFile
from portal.workflow import failed
from portal.workflow.door import tell
from portal.workflow.outgoing import Outgoing, Wording
from portal.workflow.spans import days_of

REMIND = (14, 7, 3, 1, 0, -1, -7)  # days before the applicant's deadline; below zero after it

ESCALATE_AFTER = 5  # business days after the office's, when its approvers hear of it


def mark_passed(due_on: date, after: date, today: date) -> int | None:
    """Which of the marks of REMIND fell on a day after `after`, up to today: of several the last, which
    says what the others would have; None where none did.
    """
    left, before = (due_on - today).days, (due_on - after).days
    return min((mark for mark in REMIND if left <= mark < before), default=None)


def remind() -> int:
    """Mail every applicant whose turn is due in 14, 7, 3 or 1 days, is due today, or was 1 or 7 days
    ago, once each, naming what is due; of the days on which no worker was there, too.

    Returns how many reminders.
    """
    sent = 0
    turns = Turn.objects.filter(side="applicant", due_on__isnull=False)
    with days_of("remind") as after:
        for turn in turns.select_related("case__organisation"):
            due_on = turn.due_on or clock.today()
            mark = mark_passed(due_on, after, clock.today())
            days = (due_on - clock.today()).days
            if mark is not None and (words := _reminder(turn, days)):
                sent += _remind_once(turn, mark, days, words)
    return sent


def _reminder(turn: Turn, days: int) -> Outgoing | None:
    """A draft whose call has closed cannot be handed in any more: nobody is told to hurry. That one ends
    is told once.
    """
    if turn.case.is_draft and turn.what not in due_papers:
        return None
    if days == 0:
        return outgoing.DUE_TODAY
    if days > 0:
        return outgoing.REMINDER
    return None if turn.case.is_draft else outgoing.PASSED


def _remind_once(turn: Turn, mark: int, days: int, words: Outgoing) -> int:
    """`days`: as many are left today, which the mail says; the mark may lie behind."""
    with transaction.atomic():
        _row, made = Reminder.objects.get_or_create(
            case=turn.case, subject=f"{turn.subject}:{turn.what}:{turn.due_on}", days_left=mark
        )
        if made:
            due, paper = lazy(moment_said, str)(_due(turn)), lazy(_paper, str)(turn.what)
            tell(turn.case, "applicant", words, days=abs(days), day=due, paper=paper)
        return int(made)


def _due(turn: Turn) -> date | datetime:
    """Its day, with the hour where that day ends before midnight."""
    ends = due_moments[turn.what](turn.case) if turn.what in due_moments else None
    day = turn.due_on or clock.today()
    return ends if ends is not None and clock.day_of(ends) == day else day


def _paper(what: str) -> str:
    """What is due, in the reader's language; where no room names it, what is to be done."""
    return str(due_papers[what]) if what in due_papers else _(what)


def escalate() -> int:
    """Mail the office about its overdue turns: whoever they lie with, and once they are
    ESCALATE_AFTER business days over also the approvers in scope. One mail a person and day, with
    the number of cases and a link. Returns how many mails.
    """
    roles = list(
        StaffRole.objects.filter(
            in_force(), person__is_active=True, person__is_system=False
        ).select_related("person")
    )
    overdue: dict[User, set[int]] = {}
    for turn in Turn.objects.filter(side="office", due_on__lt=clock.today()).select_related(
        "case", "person"
    ):
        late = (
            turn.due_on is not None
            and calendars.of_case(turn.case).between(turn.due_on, clock.today()) >= ESCALATE_AFTER
        )
        told = {turn.person} if turn.person is not None else _holders(roles, turn.role, turn.case)
        for person in told | (_holders(roles, "approver", turn.case) if late else set()):
            overdue.setdefault(person, set()).add(turn.case_id)
    inbox = f"{reverse('inbox')}?tab=soon"
    return sum(
        _tell_once(person, "overdue", outgoing.OVERDUE, len(cases), inbox)
        for person, cases in overdue.items()
    )


def tell_of_failed_work() -> int:
    """Mail the administrators about work in the background that failed for good since they were told
    last, within a day as a rule.

    Returns how many mails.
    """
    with days_of("tell_of_failed_work") as after:
        count = failed.since(clock.now() - (clock.today() - after))
        page = reverse("failed_jobs")
        told = _administrators() if count else set()
        return sum(_tell_once(one, "failed", outgoing.STANDING, count, page) for one in told)


def tell_of_lost_files() -> int:
    """Mail the administrators about files that are lost since they were told last.

    Returns how many mails.
    """
    with days_of("tell_of_lost_files") as after:
        since = clock.now() - (clock.today() - after)
        count = StoredFile.objects.filter(lost_at__gte=since).count()
        page = reverse("failed_jobs")
        told = _administrators() if count else set()
        return sum(_tell_once(one, "failed", outgoing.LOST, count, page) for one in told)


def tell_of_proposed_roles() -> int:
    """Mail each administrator about proposed roles that they may confirm.

    Returns how many mails.
    """
    proposed = list(RoleProposal.objects.filter(closed_at=None))
    page, sent = reverse("role_list"), 0
    for person in _administrators():
        count = sum(person.pk not in (p.proposed_by_id, p.person_id) for p in proposed)
        if count:
            sent += _tell_once(person, "waiting", outgoing.PROPOSED_ROLES, count, page)
    return sent


def tell_of_lost_factors() -> int:
    """Mail each administrator about lost factors whose removal they may confirm now.

    Returns how many mails.
    """
    rows = FactorRemoval.objects.filter(outcome="", waits_until__lte=clock.now())
    ready = [removal for removal in rows if removal.may_be_confirmed]
    page, sent = reverse("factor_removals"), 0
    for person in _administrators():
        count = sum(person.pk not in (r.proposed_by_id, r.person_id) for r in ready)
        if count:
            sent += _tell_once(person, "waiting", outgoing.LOST_FACTORS, count, page)
    return sent


def tell_of_waiting() -> int:
    """Mail whoever may confirm what another person of the office began.

    Returns how many mails.
    """
    return sum(
        _tell_once(person, "waiting", waiting.words, count, reverse(waiting.page))
        for waiting in second_people.values()
        for person, count in waiting.counts().items()
    )


def _administrators() -> set[User]:
    roles = StaffRole.objects.filter(in_force(), role="administrator", person__is_active=True)
    return {role.person for role in roles.select_related("person")}


def _holders(roles: list[StaffRole], name: str, case: Case) -> set[User]:
    """Who of `roles` holds the named one over the case."""
    scope = scope_of(case)
    return {r.person for r in roles if r.role == name and r.covers(*scope)}


def _tell_once(person: User, kind: str, words: Wording, count: int, page: str) -> int:
    """Once a day, with the number and a link; at once, or in the morning's digest."""
    waits = KINDS[kind].may_wait and person.pk in digests.gathering([person])
    with override(person.language):
        subject = _("【さっぽろ事業支援ポータル】%(said)s") % {"said": words.subject}
        if Mail.objects.filter(
            to=person, subject=subject, queued_at__gte=clock.now() - timedelta(hours=20)
        ).exists():
            return 0
        said = str(words.says) % {"n": count}
        body = f"{said}\n{settings.SITE_URL}{page}"
        state = Mail.WAITING if waits else "queued"
        queue([Mail(to=person, subject=subject[:200], body=body, kind=kind, state=state)])
    return 1
