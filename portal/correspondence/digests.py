"""The morning's digest: what waited for a person, in one mail; nothing where nothing is new."""

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.utils.translation import override

from portal import clock
from portal.accounts.models import StaffRole, User, in_force
from portal.closures import calendars
from portal.correspondence import outgoing
from portal.correspondence.kinds import KINDS
from portal.correspondence.models import Mail, MailChoice
from portal.correspondence.post import framed, queue, signed
from portal.registry.codes import SAPPORO


def gathering(people: Iterable[User]) -> set[int]:
    """Who of them wishes a digest: one query, however many they are."""
    wished = MailChoice.objects.filter(person__in={person.pk for person in people}, gathers=True)
    return set(wished.values_list("person", flat=True))


def choose(person: User, *, gathers: bool) -> None:
    """What is kept already waits for the next morning still."""
    MailChoice.objects.update_or_create(person=person, defaults={"gathers": gathers})


def own_choices(people: Iterable[User]) -> dict[int, MailChoice]:
    """How each of them who chose it wishes to hear of their own applications and of news: one query."""
    chosen = MailChoice.objects.filter(person__in={person.pk for person in people})
    return {row.person_id: row for row in chosen}


def choose_own(person: User, *, news: str, own: Mapping[str, str]) -> None:
    MailChoice.objects.update_or_create(person=person, defaults={"news": news, "own": dict(own)})


@transaction.atomic
def send_digests() -> int:
    """Write to everyone for whom mails wait, on a working day of their own office.

    Returns how many digests; a second run the same morning finds nothing.
    """
    rows = Mail.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(
        state=Mail.WAITING, held_at=None, to__is_active=True
    )
    waiting: dict[User, list[Mail]] = {}
    for mail in rows.select_related("to").order_by("queued_at", "pk"):
        if mail.to is not None:
            waiting.setdefault(mail.to, []).append(mail)
    at_work = _at_work(waiting)
    digests = {
        person: _digest(person, mails) for person, mails in waiting.items() if person.pk in at_work
    }
    queue(digests.values())
    told = [mail for person in digests for mail in waiting[person]]
    for mail in told:
        if mail.to is not None:
            mail.state, mail.digest = Mail.GATHERED, digests[mail.to]
    Mail.objects.bulk_update(told, ["state", "digest"])
    return len(digests)


def _at_work(people: Collection[User]) -> set[int]:
    """Those whose office works today: that of the one municipality of their roles, else Sapporo's."""
    codes: dict[int, set[str]] = {person.pk: set() for person in people}
    roles = StaffRole.objects.filter(in_force(), person__in=people)
    for person, municipality in roles.values_list("person", "municipality"):
        codes[person].add(municipality or SAPPORO)
    today = clock.today()
    return {
        person
        for person, found in codes.items()
        if calendars.office(calendars.keeper(found)).is_open(today)
    }


def _digest(person: User, mails: list[Mail]) -> Mail:
    is_office = any(mail.kind in KINDS for mail in mails)
    words = outgoing.DIGEST if is_office else outgoing.OWN_DIGEST
    with override(person.language):
        given = {"n": len(mails)}
        items = [f"■ {mail.subject}\n{mail.body}" for mail in mails]
        frame = framed if is_office else signed
        body = frame("\n\n".join([str(words.says) % given, *items]))
        subject = str(words.subject) % given
    return Mail(to=person, subject=subject[:200], body=body, queued_at=clock.now())
