"""Firms of the same name, and what an officer found who looked at two of them: one firm that was registered
twice, or two. That is said in the record of both, and nothing follows from it by itself.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts import proving
from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.audit.record import record
from portal.types import Text
from portal.workflow.door import door

ACTION = "organisation.namesake"
FOUND: list[tuple[str, Text]] = [
    ("different", _lazy("別の事業者")),
    ("same", _lazy("同じ事業者（二重の登録）")),
]


class Noted(NamedTuple):
    """What somebody found of a namesake, and by what."""

    found: Text
    ground: str
    event: Event


def of(firm: Organisation) -> QuerySet[Organisation]:
    """Other firms of the same name, spelling and legal form aside."""
    same = Organisation.objects.filter(name_key=firm.name_key).exclude(name_key="")
    return same.exclude(pk=firm.pk).order_by("pk")


def noted(firm: Organisation) -> dict[int, Noted]:
    """The key of a namesake → what was found of it last."""
    said = dict(FOUND)
    events = Event.objects.filter(chain=_chain(firm), action=ACTION).order_by("seq")
    found = {}
    for event in events.select_related("payload", "actor"):
        if content := event.payload.data():  # erased when its time has come
            words = said.get(str(content["found"]), "")
            found[int(str(content["other"]))] = Noted(words, str(content["ground"]), event)
    return found


def found_of(
    firm: Organisation, others: Iterable[Organisation]
) -> list[tuple[Organisation, Noted | None]]:
    """Each of its namesakes with what was found of it."""
    rows = list(others)
    found = noted(firm) if rows else {}
    return [(other, found.get(other.pk)) for other in rows]


def note(firm: Organisation, other: Organisation, *, by: User, found: str, ground: str) -> None:
    """Say in the record of both what was found. Raises as `proving.demand_officer` does."""
    proving.demand_officer(by, firm)
    with door(by, [firm]):
        for one, its in ((firm, other), (other, firm)):
            record(
                chain=_chain(one),
                action=ACTION,
                subject=_chain(one),
                by=by,
                capacity="office",
                other=str(its.pk),
                found=found,
                ground=ground,
            )


def _chain(firm: Organisation) -> str:
    return f"organisation:{firm.pk}"
