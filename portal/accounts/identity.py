"""Who a proved firm is: its name, head office and representative, as they were proved. What its people
say otherwise takes effect once an officer has looked at it (docs/decisions/0065).
"""

from django.db import transaction

from portal import jptext, parsing
from portal.accounts import people, registered
from portal.accounts.models import Organisation, User
from portal.accounts.ports import identity_said, record_changed
from portal.registry.models import Area
from portal.types import Given, Json

SEAT = ("area", "prefecture", "country")
COLUMNS = (
    "name",
    "kana",
    "postal_code",
    "address",
    *SEAT,
    "representative_title",
    "representative_name",
)


def say(organisation: Organisation, said: Given, *, by: User, words: str) -> bool:
    """Write what the firm's people say of it. What would make a proved firm another one is left as it
    was, and an officer is asked to look at it; True where that is so. `words`: where it was said.
    """
    before = {name: plain(getattr(organisation, name)) for name in said}
    held = learn(organisation, said, by=by)
    if any(plain(getattr(organisation, name)) != was for name, was in before.items()):
        record_changed.value(organisation, by=by)
    if held:
        identity_said.value(organisation, held, by=by, words=words)
    return bool(held)


@transaction.atomic
def learn(organisation: Organisation, said: Given, *, by: User) -> Given:
    """Write what changes nobody's identity, and return the rest."""
    people.hold(organisation)
    held = other_than_proved(organisation, said)
    people.update_organisation(
        organisation, by=by, **{name: said[name] for name in said if name not in held}
    )
    return held


def other_than_proved(organisation: Organisation, said: Given) -> Given:
    """What of `said` differs from what a proved firm is known by.

    Nothing is replaced where nothing was said before, where only the writing differs, or where the
    registry says so itself.
    """
    if not organisation.is_proved:
        return {}
    found = registered.of(organisation.corporate_number)
    known = registered.columns(found) if found else {}
    seat_differs = any(plain(said[n]) != plain(getattr(organisation, n)) for n in SEAT if n in said)
    seat_was_said = any(getattr(organisation, name) for name in SEAT)
    held = {}
    for name in COLUMNS:
        if name not in said or (name in known and plain(said[name]) == plain(known[name])):
            continue
        if name in SEAT:
            differs = seat_differs and seat_was_said
        else:
            was = plain(getattr(organisation, name))
            differs = bool(was) and _compared(name, was) != _compared(name, plain(said[name]))
        if differs:
            held[name] = said[name]
    return held


def plain(value: object) -> str:
    """A column as it is kept and compared."""
    return str(value.pk if isinstance(value, Area) else value or "")


def _compared(name: str, text: str) -> str:
    if name == "address":
        return jptext.address_key(text)
    return parsing.folded(text).replace(" ", "")


def columns(kept: Json) -> Given:
    """The columns of a firm, from what was kept of them with `plain`."""
    found: Given = dict(kept) if isinstance(kept, dict) else {}
    if "area" in found:
        found["area"] = Area.objects.filter(pk=found["area"]).first()
    return found
