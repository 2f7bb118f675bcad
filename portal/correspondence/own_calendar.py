"""A person's own deadlines as a calendar that other programmes subscribe to, at a secret address.

Whoever knows the address reads it, without signing in: it says what is to be done in which case and
by when, and names nobody.
"""

import hashlib
import secrets

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import clock, crypto, ical
from portal.accounts.models import User
from portal.accounts.people import secret_hash
from portal.accounts.ports import tell_taken
from portal.cases.models import Case, Turn
from portal.correspondence.models import CalendarKey

REMIND_BEFORE = (7, 1)  # days


def address_of(person: User) -> str:
    """The whole secret address; "" where the person has none."""
    key = CalendarKey.objects.filter(person=person).first()
    if key is None:
        return ""
    secret = str(crypto.unseal(bytes(key.secret_sealed)))
    return f"{settings.SITE_URL}{reverse('own_calendar_file', args=[secret])}"


def renew(person: User) -> None:
    """A new address; one that was there before opens nothing any more."""
    secret = secrets.token_urlsafe(24)
    CalendarKey.objects.update_or_create(
        person=person,
        defaults={
            "secret_hash": secret_hash(secret),
            "secret_sealed": crypto.seal(secret),
            "made_at": clock.now(),
        },
    )


def stop(person: User) -> None:
    CalendarKey.objects.filter(person=person).delete()
    tell_taken("keys", person.pk, person=person.pk)


def person_by(secret: str) -> User | None:
    keys = CalendarKey.objects.filter(secret_hash=secret_hash(secret), person__is_active=True)
    key = keys.select_related("person").first()
    return key.person if key else None


def calendar(person: User) -> str:
    """The deadlines as they stand, in the person's language. An event keeps its name while its day
    moves.
    """
    with override(person.language):
        events = {
            _name(turn): (
                turn.due_on,
                f"{_(turn.what)}：{turn.case.shown_programme}（{turn.case.number}）",
                f"{settings.SITE_URL}{turn.case.get_absolute_url()}",
            )
            for turn in _turns(person)
            if turn.due_on is not None
        }
        return ical.calendar(
            [(name, *event) for name, event in events.items()],
            now=clock.now(),
            name=_("事業支援ポータルの締切"),
            days_before=REMIND_BEFORE,
        )


def _turns(person: User) -> list[Turn]:
    """Of the applicant's side; for somebody of the office, what lies with them by name."""
    seen = Case.objects.visible_to(person)
    whose = {"person": person} if person.is_office else {"side": "applicant", "is_apart": False}
    rows = Turn.objects.filter(case__in=seen.order_by().values("pk"), due_on__isnull=False, **whose)
    return list(rows.select_related("case__organisation").order_by("-due_on", "-pk"))


def _name(turn: Turn) -> str:
    said = f"{turn.case_id}:{turn.subject}:{turn.what}"
    return f"turn-{hashlib.sha256(said.encode()).hexdigest()[:32]}"
