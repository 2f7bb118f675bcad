"""Writing to the other side, telling people by mail, and reminding them before a deadline."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from portal import clock, ports
from portal.accounts.models import Delegation, Membership, StaffRole, User, in_force
from portal.accounts.permissions import interests, scope_of
from portal.audit.record import record
from portal.cases import visibility
from portal.cases.found import OfCase
from portal.cases.interests import people_by_case
from portal.cases.models import Case, Turn
from portal.correspondence.models import Mail, Message, Reminder
from portal.fiscal import business_days_between
from portal.ports import TurnSource, TurnWanted
from portal.ui.templatetags.ui import day
from portal.workflow.door import defer, tell, touch
from portal.workflow.errors import Forbidden
from portal.workflow.gathering import Letter, Told

REMIND_BEFORE = (14, 7, 3, 1)  # days before the applicant's deadline
ESCALATE_AFTER = 5  # business days after the office's, when its approvers hear of it


# who of the office speaks for it to the applicant: the officers of the case, and for a match or a pilot its people
SPEAKERS = ("programme_officer", "challenge_owner", "concierge")
# who may leave a note for colleagues beside it; reviewers and auditors write nothing here
NOTERS = (*SPEAKERS, "approver", "inspector", "finance_officer")


def refused(case: Case, user: User, *, internal: bool = False) -> list[str]:
    """Why the person may not write to the other side, or (`internal`) leave a note; the applicant's side of a visible case may."""
    if not user.is_office:
        return []
    if not visibility.reads(user, case, NOTERS if internal else SPEAKERS):
        if internal:
            return [_("メモを残せるのは、この案件を受け持つ職員です。")]
        return [_("申請者への連絡は、この案件の担当だけが送れます。")]
    return interests(user, Message(case=case))


@transaction.atomic
def write(case: Case, *, body: str, by: User, internal: bool = False) -> Message:
    """Send a message to the other side; from the applicant it makes an answer the office's turn. Raises Forbidden (`refused`)."""
    if reasons := refused(case, by, internal=internal):
        raise Forbidden(*reasons)
    side = "office" if by.is_office else "applicant"
    message = Message.objects.create(
        case=case,
        side=side,
        author=by,
        body=body,
        internal=internal and side == "office",
        sent_at=clock.now(),
    )
    if side == "office" and not message.internal:
        case.messages.filter(side="applicant", answered_at=None).update(answered_at=clock.now())
    record(
        chain=f"case:{case.pk}",
        action="message.write",
        label=gettext_noop("連絡を送りました"),
        subject=f"message:{message.pk}",
        by=by,
        capacity=by.capacity_for(message),
    )
    touch(case)  # before anybody is told: the turns say who
    if side == "applicant":
        tell(case, "office", gettext_noop("申請者から連絡が届きました"), by=by)
    elif not message.internal:
        tell(case, "applicant", gettext_noop("市から連絡が届きました"))
    return message


unanswered = OfCase(lambda: Message.objects.filter(side="applicant", answered_at=None))


def turns_of(case: Case) -> list[TurnWanted]:
    if case.is_draft or not unanswered.all(case):
        return []
    return [
        TurnWanted(
            "office",
            gettext_noop("質問に答える"),
            role=ports.case_kinds[case.kind].office_role,
            person=case.assigned_to,
        )
    ]


SOURCE = TurnSource(turns_of, (unanswered,))


def _people(cases: Collection[Case]) -> dict[int, list[tuple[str, User]]]:
    """Organisation → who is written to, each with the programme that a delegation is limited to ("" = all)."""
    organisations = {case.organisation_id for case in cases}
    found: dict[int, list[tuple[str, User]]] = {pk: [] for pk in organisations}
    members = Membership.objects.filter(
        organisation__in=organisations, left_at=None, user__is_active=True
    )
    for member in members.select_related("user").order_by("pk"):
        found[member.organisation_id].append(("", member.user))
    advisers = Delegation.objects.filter(
        in_force(), organisation__in=organisations, adviser__is_active=True
    )
    for delegation in advisers.select_related("adviser").order_by("pk"):
        found[delegation.organisation_id].append((delegation.programme_code, delegation.adviser))
    return found


def mails(told: Iterable[Told]) -> None:
    """Queue one mail to each person of a side, for everything told.

    A side is written to in the person's language: members and advisers of the organisation, or those of the office whose turn
    it is. Matter and number stand in the subject, what is asked by which day and a link in the body; nothing personal.
    """
    rows = list(told)
    people = _people([row.case for row in rows if row.side == "applicant"])
    desk = Desk.of([row.case for row in rows if row.side == "office"])
    answers = _to_answer([row for row in rows if row.side == "applicant" and row.obj is not None])
    queued = []
    for row in rows:
        if row.side == "office":
            queued += [_mail(row, person, turn) for person, turn in desk.people(row).items()]
        else:
            found = people[row.case.organisation_id]
            to = dict.fromkeys(
                person for code, person in found if code in ("", row.case.programme_code)
            )
            turn = answers.get((row.case.pk, row.obj.subject_key)) if row.obj is not None else None
            queued += [_mail(row, person, turn) for person in to]
    _queue(queued)


def _to_answer(rows: list[Told]) -> dict[tuple[int, str], Turn]:
    """(case, row it is about) → what the applicant's side is asked to do about that row by a day; one query, none without rows."""
    if not rows:
        return {}
    asked = Turn.objects.filter(
        case__in=[row.case for row in rows], side="applicant", due_on__isnull=False
    )
    return {
        (turn.case_id, turn.subject): turn for turn in asked.order_by("-due_on", "-pk")
    }  # the first day stands


def letters(wanted: Iterable[Letter]) -> None:
    """Queue one mail to each person of the office about a row beside the cases, such as a draft: what is asked, its name, a link."""
    _queue([_letter(letter) for letter in wanted])


def _letter(letter: Letter) -> Mail:
    with override(letter.person.language):
        given = {
            key: day(value) if isinstance(value, date) else value
            for key, value in letter.given.items()
        }
        said, name = _(letter.text) % given, letter.obj.told_as
        asked = (
            _("。次にすること：%(what)s") % {"what": _(letter.ask) % given} if letter.ask else ""
        )
        body = _(
            "%(text)s。\n\n件名：%(name)s\n%(link)s\n\n"
            "このメールは送信専用です（ページを開くにはログインが必要です）。\n札幌市 経済観光局 さっぽろ事業支援ポータル"
        ) % {
            "text": said + asked,
            "name": name,
            "link": f"{settings.SITE_URL}{letter.obj.address_for(letter.person)}",
        }
    return Mail(to=letter.person, subject=f"{said}：{name}"[:200], body=body, queued_at=clock.now())


def _queue(queued: list[Mail]) -> None:
    Mail.objects.bulk_create(queued)
    for mail in queued:
        defer("send_mail", mail_id=mail.pk)


@dataclass(frozen=True)
class Desk:
    """Whom of the office mails reach: the turns of the cases in question, and who holds a role today."""

    turns: dict[int, list[Turn]]
    officers: dict[int, User]
    roles: list[StaffRole]
    interested: set[tuple[int, int]]  # (person, case)

    @classmethod
    def of(cls, cases: Collection[Case]) -> "Desk":
        """Six queries, however many the cases; none without any."""
        if not cases:
            return cls({}, {}, [], set())
        turns: dict[int, list[Turn]] = {}
        known = {case.pk: case for case in cases}
        for turn in (
            Turn.objects.filter(case__in=cases, side="office")
            .select_related("person")
            .order_by("pk")
        ):
            turn.case = known[turn.case_id]
            turns.setdefault(turn.case_id, []).append(turn)
        officers = User.objects.in_bulk({case.assigned_to_id for case in cases} - {None})
        roles = StaffRole.objects.filter(
            in_force(), person__is_active=True, person__is_system=False
        )
        holders = list(roles.select_related("person").order_by("person"))
        return cls(turns, officers, holders, people_by_case(cases))

    def of_row(self, told: Told) -> list[Turn]:
        """The office's turns that the row in question makes; where it makes none, those of the case that no row makes."""
        subject = told.obj.subject_key if told.obj is not None else ""
        return [turn for turn in self.turns.get(told.case.pk, []) if turn.subject == subject]

    def people(self, told: Told) -> dict[User, Turn | None]:
        """Who has the case in hand; and whoever has a turn by name, or holds its role with the row in scope: each with their
        own turn, nobody with another's. Never whoever acted, nor whoever has an interest in the case.

        Where it is nobody's turn, the role that answers for the row, or for the kind of case, hears of it.
        """
        found: dict[User, Turn | None] = {}
        turns = self.of_row(told)
        for turn in turns:
            for person in [turn.person] if turn.person else self._holders(turn.role, told):
                found.setdefault(person, turn)
        if told.case.assigned_to_id:
            found.setdefault(self.officers[told.case.assigned_to_id], None)
        if not turns and not found:
            role = (
                getattr(told.obj, "office_role", "") or ports.case_kinds[told.case.kind].office_role
            )
            found = dict.fromkeys(self._holders(role, told))
        return {person: turn for person, turn in found.items() if self._is_told(person, told)}

    def _is_told(self, person: User, told: Told) -> bool:
        interested = (person.pk, told.case.pk) in self.interested
        return person.is_active and not person.is_system and person != told.by and not interested

    def _holders(self, role: str, told: Told) -> list[User]:
        programme, codes = scope_of(told.obj if told.obj is not None else told.case)
        return [
            row.person for row in self.roles if row.role == role and row.covers(programme, codes)
        ]


def _mail(told: Told, person: User, turn: Turn | None = None) -> Mail:
    case = told.case
    with override(person.language):
        said = _(told.text) % told.given
        body = _(
            "%(text)s。\n\n次のページで内容を確かめられます（ログインが必要です）。\n%(link)s\n\n"
            "このメールは送信専用です。お返事は上のページからお送りください。\n札幌市 経済観光局 さっぽろ事業支援ポータル"
        ) % {"text": said + _to_do(turn), "link": f"{settings.SITE_URL}{_page(case, person, turn)}"}
        subject = f"【{case.shown_programme}】{said}（{case.shown_number}）"
    return Mail(case=case, to=person, subject=subject[:200], body=body, queued_at=clock.now())


def _page(case: Case, person: User, turn: Turn | None) -> str:
    """Where it is done, for the office; the applicant does everything from the case's page."""
    return (
        turn.page_for(person)
        if turn is not None and turn.side == "office"
        else case.get_absolute_url()
    )


def _to_do(turn: Turn | None) -> str:
    """What the reader does next, and by when."""
    if turn is None:
        return ""
    if turn.due_on is None:
        return _("。次にすること：%(what)s") % {"what": _(turn.what)}
    return _("。次にすること：%(what)s（%(day)sまで）") % {
        "what": _(turn.what),
        "day": day(turn.due_on),
    }


@transaction.atomic
def send(
    *,
    subject: str,
    body: str,
    case: Case | None = None,
    to: User | None = None,
    address: str = "",
    holds_key: bool = False,
) -> Mail:
    """Queue one mail in the caller's transaction. `holds_key`: its text opens an account, and is forgotten once sent."""
    mail = Mail.objects.create(
        case=case,
        to=to,
        address=address,
        subject=subject[:200],
        body=body,
        holds_key=holds_key,
        queued_at=clock.now(),
    )
    defer("send_mail", mail_id=mail.pk)
    return mail


def deliver(mail_id: int) -> None:
    """Hand one mail to the server, once: a second run waits for the first and finds it sent.

    Raises what the server raised, after noting it for the case page.
    """
    fault: OSError | None = None
    with transaction.atomic():
        mail = (
            Mail.objects.select_for_update(of=("self",), no_key=True)
            .select_related("to")
            .get(pk=mail_id)
        )
        if mail.state == "sent":
            return
        mail.attempts += 1
        try:
            _message(mail).send()
        except OSError as error:
            mail.state, mail.error, fault = "failed", type(error).__name__, error
        else:
            mail.state, mail.error, mail.sent_at = "sent", "", clock.now()
            mail.body = "" if mail.holds_key else mail.body
        mail.save()
    if fault is not None:
        raise fault


def _message(mail: Mail) -> EmailMessage:
    """The same Message-ID on every attempt: where an answer was lost, the receiving side can tell it is the same mail."""
    host = urlsplit(settings.SITE_URL).hostname
    headers = {"Message-ID": f"<mail-{mail.pk}.{int(mail.queued_at.timestamp())}@{host}>"}
    return EmailMessage(
        mail.subject, mail.body, to=[mail.to.email if mail.to else mail.address], headers=headers
    )


def remind() -> int:
    """Mail every applicant whose turn is due in 14, 7, 3 or 1 days, once each. Returns how many reminders."""
    sent = 0
    for turn in (
        Turn.objects.filter(side="applicant")
        .exclude(due_on=None)
        .select_related("case__organisation")
    ):
        days = (turn.due_on - clock.today()).days if turn.due_on else -1
        if days in REMIND_BEFORE:
            sent += _remind_once(turn, days)
    return sent


def _remind_once(turn: Turn, days: int) -> int:
    with transaction.atomic():
        _row, made = Reminder.objects.get_or_create(
            case=turn.case, subject=f"{turn.subject}:{turn.what}:{turn.due_on}", days_left=days
        )
        if made:
            tell(turn.case, "applicant", gettext_noop("締切まであと%(days)s日です"), days=days)
        return int(made)


def escalate() -> int:
    """Mail the office about its overdue turns: whoever they lie with, and once they are ESCALATE_AFTER business days over
    also the approvers in scope. One mail a person and day, with the number of cases and a link. Returns how many mails.
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
            and business_days_between(turn.due_on, clock.today()) >= ESCALATE_AFTER
        )
        told = {turn.person} if turn.person is not None else _holders(roles, turn.role, turn.case)
        for person in told | (_holders(roles, "approver", turn.case) if late else set()):
            overdue.setdefault(person, set()).add(turn.case_id)
    return sum(_tell_overdue(person, len(cases)) for person, cases in overdue.items())


def _holders(roles: list[StaffRole], name: str, case: Case) -> set[User]:
    """Who of `roles` holds the named one with the case in scope."""
    return {
        r.person
        for r in roles
        if r.role == name and r.covers(case.programme_code, list(case.municipality_codes))
    }


def _tell_overdue(person: User, count: int) -> int:
    with override(person.language):
        subject = _("【さっぽろ事業支援ポータル】期限を過ぎた案件があります")
        if Mail.objects.filter(
            to=person, subject=subject, queued_at__gte=clock.now() - timedelta(hours=20)
        ).exists():
            return 0
        body = _("期限を過ぎた案件が%(n)s件あります。受信箱でお確かめください。\n%(link)s") % {
            "n": count,
            "link": f"{settings.SITE_URL}{reverse('inbox')}?tab=soon",
        }
        send(to=person, subject=subject, body=body)
    return 1


def panel(case: Case, user: Any) -> dict[str, Any]:
    messages = case.messages.select_related("author")
    if not user.is_office:
        messages = messages.filter(internal=False)
    return {
        "talk": list(messages),
        "may_write": not refused(case, user),
        "may_note": user.is_office and not refused(case, user, internal=True),
        "failed_mails": case.mails.filter(state="failed").count() if user.is_office else 0,
    }
