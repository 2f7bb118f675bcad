"""Mails about what happened to a case: to whom of each side, and what they say."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case, Turn
from portal.closures import calendars
from portal.correspondence import digests, stopping
from portal.correspondence.desk import Desk
from portal.correspondence.kinds import AT_ONCE, DIGEST, NEVER, may_wait
from portal.correspondence.models import Mail
from portal.correspondence.ports import Contact, Named
from portal.correspondence.post import framed, linked, queue, signed
from portal.correspondence.readers import Readers
from portal.registry.codes import SAPPORO
from portal.ui.templatetags.ui import day
from portal.workflow.gathering import Letter, Told
from portal.workflow.outgoing import Wording


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
    readers = Readers.of([row.case for row in rows if row.side == "applicant"])
    desk = Desk.of([row.case for row in rows if row.side == "office"])
    answers = _to_answer([row for row in rows if row.side == "applicant" and row.obj is not None])
    queued: list[Mail] = []
    at_desk = [(row, desk.people(row)) for row in rows if row.side == "office"]
    gathering = digests.gathering({person for _row, found in at_desk for person in found})
    for row, officers in at_desk:
        queued += [_to_office(row, person, turn, gathering) for person, turn in officers.items()]
    for row in rows:
        if row.side != "office":
            turn = answers.get((row.case.pk, row.obj.subject_key)) if row.obj is not None else None
            asks = readers.named.get(row.case.pk)
            for person in readers.members_and_advisers(row.case):
                way = readers.way(row, person, turn)
                queued += [_to_person(row, person, turn, asks, way)] if way != NEVER else []
            if contact := readers.contact(row.case):
                queued.append(_to_contact(row, contact, turn, asks))
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


# what stands for the values of a mail where its words alone are shown
SPECIMEN = {
    "days": _lazy("（日数）"),
    "n": _lazy("（件数）"),
    "until": _lazy("（新しい締切）"),
    "day": _lazy("（期限の日）"),
    "code": _lazy("（コード）"),
    "yen": _lazy("（金額）"),
    "phone": _lazy("（電話番号）"),
    "paper": _lazy("（書類の名前）"),
}


def specimen(words: Wording, side: str) -> Mail:
    """A mail of these words as it is sent, about no case, in the language that is active; `side` "":
    to one person, beside the cases.
    """
    if not side:
        said = {"subject": str(words.subject) % SPECIMEN, "says": str(words.says) % SPECIMEN}
        return Mail(subject=said["subject"], body=signed(_joined(said["says"], str(words.follows))))
    name = _("制度の名前")
    case = Case(
        number=_("受付番号"),
        programme_name=name,
        programme_name_en=name,
    )
    reader = User(language=get_language() or "ja")
    told = Told(case, side, words, {**SPECIMEN})
    if side == "office":
        body = framed(linked(_text(told, None), settings.SITE_URL + case.get_absolute_url()))
        return Mail(subject=_subject(told), body=body)
    asks = Named(office=_("（担当の名前）"), phone=str(SPECIMEN["phone"]))
    return _to_person(told, reader, None, asks, AT_ONCE)


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
        follows = str(letter.words.follows)
        body = _("%(text)s\n\n件名：%(name)s\n%(link)s") % {
            "text": _joined(str(letter.words.says) % given, follows),
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
        subject_key=_about(told),
        body=body,
        kind="case",
        state=Mail.WAITING if waits else "queued",
        queued_at=clock.now(),
    )


def _to_person(told: Told, person: User, turn: Turn | None, asks: Named | None, way: str) -> Mail:
    """To a member of the firm or an adviser, who reads and answers on the page of the case."""
    waits = way == DIGEST
    with override(person.language):
        link = f"{settings.SITE_URL}{_page(told.case, person, turn)}"
        where = _("次のページで内容を確かめられます（ログインが必要です）。\n%(link)s") % {
            "link": link
        }
        foot = _(
            "このメールは送信専用です。お返事は上のページからお送りください。\n札幌市 経済観光局 さっぽろ事業支援ポータル"
        )
        return Mail(
            case=told.case,
            to=person,
            subject=_subject(told),
            subject_key=_about(told),
            body=_joined(_text(told, turn), where, _whom_to_ask(asks), "" if waits else foot),
            kind=told.words.kind,
            state=Mail.WAITING if waits else "queued",
            queued_at=clock.now(),
        )


def _to_contact(told: Told, contact: Contact, turn: Turn | None, asks: Named | None) -> Mail:
    """To whom the form names: they may have no account, and stop the mails without one."""
    with override(contact.language):
        link = f"{settings.SITE_URL}{told.case.get_absolute_url()}"
        where = _(
            "内容は、申請した事業者の方が次のページで確かめられます（ログインが必要です）。\n%(link)s"
        ) % {"link": link}
        stop = _(
            "このメールは、申請書に担当者として書かれ、お知らせを送ることに了解いただいた方にお送りしています。"
            "心当たりがないとき、止めたいときは、次のページを開いてください（ログインは要りません）。\n%(link)s"
        ) % {"link": f"{settings.SITE_URL}{stopping.address_for(told.case, contact.address)}"}
        return Mail(
            case=told.case,
            address=contact.address,
            subject=_subject(told),
            subject_key=_about(told),
            body=signed(_joined(_text(told, turn), where, _whom_to_ask(asks), stop)),
            queued_at=clock.now(),
        )


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _whom_to_ask(named: Named | None) -> str:
    if named is None:
        return ""
    given = {"office": str(named.office), "phone": named.phone}
    return _("お問い合わせ：%(office)s（電話 %(phone)s）") % given


def _text(told: Told, turn: Turn | None) -> str:
    """What happened and what to do, by when, and what follows."""
    said = [str(told.words.says) % told.given, *_to_do(turn)]
    if told.words.follows:
        said.append(_("このあと：%(what)s") % {"what": told.words.follows})
    return "\n\n".join(said)


def _about(told: Told) -> str:
    return told.obj.subject_key if told.obj is not None else ""


def _subject(told: Told) -> str:
    said = str(told.words.subject) % told.given
    about = {
        "programme": told.case.shown_programme,
        "said": said,
        "number": told.case.number,
    }
    return (_("【%(programme)s】%(said)s（%(number)s）") % about)[:200]


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
