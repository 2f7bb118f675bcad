"""Mails about what happened to a case: to whom of each side, and what they say."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import clock
from portal.accounts.models import Delegation, Membership, StaffRole, User, in_force
from portal.accounts.permissions import scope_of
from portal.accounts.unproved import is_own_draft
from portal.cases.interests import people_by_case
from portal.cases.models import Case, Turn
from portal.cases.ports import case_kinds
from portal.closures import calendars
from portal.correspondence import digests
from portal.correspondence.kinds import may_wait
from portal.correspondence.models import Mail
from portal.correspondence.post import framed, linked, queue, signed
from portal.registry.codes import SAPPORO
from portal.ui.templatetags.ui import day
from portal.workflow.gathering import Letter, Told


def _people(cases: Collection[Case]) -> dict[int, list[tuple[str, User]]]:
    """Case → who is written to, each with the programme that a delegation is limited to ("" = all);
    nobody where it is closed to the people of its firm (`kept_from_people`).
    """
    firms = {case.organisation_id for case in cases}
    found: dict[int, list[tuple[str, User]]] = {pk: [] for pk in firms}
    unproved: set[int] = set()
    members = Membership.objects.filter(
        organisation__in=firms, left_at=None, user__is_active=True
    ).select_related("user", "organisation")
    advisers = Delegation.objects.filter(
        in_force(), organisation__in=firms, adviser__is_active=True
    ).select_related("adviser", "organisation")
    acting = [(row.organisation, "", row.user) for row in members.order_by("pk")]
    acting += [
        (row.organisation, row.programme_code, row.adviser) for row in advisers.order_by("pk")
    ]
    for firm, programme, person in acting:
        found[firm.pk].append((programme, person))
        if not firm.is_proved:
            unproved.add(firm.pk)
    return {
        case.pk: found[case.organisation_id]
        if case.organisation_id not in unproved or is_own_draft(case)
        else []
        for case in cases
    }


def mails(told: Iterable[Told]) -> None:
    """Queue one mail to each person of a side, for everything told."""
    queue(written(told))


def written(told: Iterable[Told]) -> list[Mail]:
    """One mail to each person of a side, for everything told; none is stored.

    A side is written to in the person's language: members and advisers of the organisation, or
    those of the office whose turn it is. Matter and number stand in the subject, what is asked by
    which day and a link in the body; nothing personal.
    """
    rows = list(told)
    people = _people([row.case for row in rows if row.side == "applicant"])
    desk = Desk.of([row.case for row in rows if row.side == "office"])
    answers = _to_answer([row for row in rows if row.side == "applicant" and row.obj is not None])
    queued: list[Mail] = []
    at_desk = [(row, desk.people(row)) for row in rows if row.side == "office"]
    gathering = digests.gathering({person for _row, found in at_desk for person in found})
    for row, readers in at_desk:
        queued += [_to_office(row, person, turn, gathering) for person, turn in readers.items()]
    for row in rows:
        if row.side != "office":
            found = people[row.case.pk]
            to = dict.fromkeys(
                person for code, person in found if code in ("", row.case.programme_code)
            )
            turn = answers.get((row.case.pk, row.obj.subject_key)) if row.obj is not None else None
            queued += [_to_applicant(row, person, turn) for person in to]
    return queued


def _to_answer(rows: list[Told]) -> dict[tuple[int, str], Turn]:
    """(case, row it is about) → what the applicant's side is asked to do about that row by a day;
    one query, none without rows.
    """
    if not rows:
        return {}
    asked = Turn.objects.filter(
        case__in=[row.case for row in rows], side="applicant", due_on__isnull=False
    )
    # the first day stands
    return {(turn.case_id, turn.subject): turn for turn in asked.order_by("-due_on", "-pk")}


def letters(wanted: Iterable[Letter]) -> None:
    """Queue one mail to each person about a row beside the cases, such as a draft."""
    queue(letters_written(wanted))


def letters_written(wanted: Iterable[Letter]) -> list[Mail]:
    """One mail to each person: what is asked, the name of the row, a link; none is stored."""
    rows = list(wanted)
    gathering = digests.gathering({letter.person for letter in rows})
    return [_letter(letter, letter.person.pk in gathering) for letter in rows]


def _letter(letter: Letter, gathers: bool) -> Mail:
    due_on = letter.given.get("day")
    waits = gathers and may_wait(
        "asked",
        due_on if isinstance(due_on, date) else None,
        clock.today(),
        calendars.office(SAPPORO),
    )
    with override(letter.person.language):
        given = {
            key: day(value) if isinstance(value, date) else value
            for key, value in letter.given.items()
        }
        said, name = str(letter.words.subject) % given, letter.obj.told_as
        body = _("%(text)s\n\n件名：%(name)s\n%(link)s") % {
            "text": str(letter.words.says) % given,
            "name": name,
            "link": f"{settings.SITE_URL}{letter.obj.address_for(letter.person)}",
        }
        if not waits:
            body = signed(body)
    return Mail(
        to=letter.person,
        subject=f"{said}：{name}"[:200],
        body=body,
        kind="asked" if letter.person.is_office else "",
        state=Mail.WAITING if waits else "queued",
        queued_at=clock.now(),
    )


@dataclass(frozen=True)
class Desk:
    """Whom of the office mails reach: the turns of the cases in question, and who holds a role
    today.
    """

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
        """The office's turns that the row in question makes; where it makes none, those of the case
        that no row makes.
        """
        subject = told.obj.subject_key if told.obj is not None else ""
        return [turn for turn in self.turns.get(told.case.pk, []) if turn.subject == subject]

    def people(self, told: Told) -> dict[User, Turn | None]:
        """Who has the case in hand; and whoever has a turn by name, or holds its role with the row
        in scope: each with their own turn, nobody with another's. Never whoever acted, nor whoever
        has an interest in the case.

        Where it is nobody's turn, the role that answers for the row, or for the kind of case, hears
        of it.
        """
        found: dict[User, Turn | None] = {}
        turns = self.of_row(told)
        for turn in turns:
            for person in [turn.person] if turn.person else self._holders(turn.role, told):
                found.setdefault(person, turn)
        if told.case.assigned_to_id:
            found.setdefault(self.officers[told.case.assigned_to_id], None)
        if not turns and not found:
            role = getattr(told.obj, "office_role", "") or case_kinds[told.case.kind].office_role
            found = dict.fromkeys(self._holders(role, told))
        return {person: turn for person, turn in found.items() if self._is_told(person, told)}

    def _is_told(self, person: User, told: Told) -> bool:
        interested = (person.pk, told.case.pk) in self.interested
        return person.is_active and not person.is_system and person != told.by and not interested

    def _holders(self, role: str, told: Told) -> list[User]:
        scope = scope_of(told.obj if told.obj is not None else told.case)
        return [row.person for row in self.roles if row.role == role and row.covers(*scope)]


def _to_office(told: Told, person: User, turn: Turn | None, gathering: set[int]) -> Mail:
    """At once, or kept for the morning of whoever wishes so."""
    workdays = calendars.of_case(told.case)
    due_on = turn.due_on if turn is not None else None
    waits = person.pk in gathering and may_wait("case", due_on, clock.today(), workdays)
    with override(person.language):
        link = f"{settings.SITE_URL}{_page(told.case, person, turn)}"
        body = linked(_text(told, turn), link)
        subject = _subject(told)
        if not waits:
            body = framed(body)
    return Mail(
        case=told.case,
        to=person,
        subject=subject,
        body=body,
        kind="case",
        state=Mail.WAITING if waits else "queued",
        queued_at=clock.now(),
    )


def _to_applicant(told: Told, person: User, turn: Turn | None) -> Mail:
    with override(person.language):
        body = _(
            "%(text)s\n\n次のページで内容を確かめられます（ログインが必要です）。\n%(link)s\n\n"
            "このメールは送信専用です。お返事は上のページからお送りください。\n札幌市 経済観光局 さっぽろ事業支援ポータル"
        ) % {
            "text": _text(told, turn),
            "link": f"{settings.SITE_URL}{_page(told.case, person, turn)}",
        }
        subject = _subject(told)
    return Mail(case=told.case, to=person, subject=subject, body=body, queued_at=clock.now())


def _text(told: Told, turn: Turn | None) -> str:
    return "\n\n".join([str(told.words.says) % told.given, *_to_do(turn)])


def _subject(told: Told) -> str:
    said = str(told.words.subject) % told.given
    return f"【{told.case.shown_programme}】{said}（{told.case.shown_number}）"[:200]


def _page(case: Case, person: User, turn: Turn | None) -> str:
    """Where it is done, for the office; the applicant does everything from the case's page."""
    return (
        turn.page_for(person)
        if turn is not None and turn.side == "office"
        else case.get_absolute_url()
    )


def _to_do(turn: Turn | None) -> list[str]:
    """What the reader's turn asks for, and by when."""
    if turn is None:
        return []
    if turn.due_on is None:
        return [_("次にすること：%(what)s") % {"what": _(turn.what)}]
    return [
        _("次にすること：%(what)s（%(day)sまで）") % {"what": _(turn.what), "day": day(turn.due_on)}
    ]
