"""What the people of a proved firm say of its name, head office or representative, until an officer has
looked at it: one open question a firm, on the desk of the claims.
"""

from typing import NamedTuple

from portal import clock
from portal.accounts import identity
from portal.accounts.models import Organisation, User
from portal.firms import outgoing
from portal.firms.claims import close, holders, is_told, note, officers, write
from portal.firms.models import FirmClaim
from portal.firms.parting import Parting
from portal.registry.models import Area
from portal.types import Given, Text
from portal.workflow.door import door, lock, write_to
from portal.workflow.outgoing import Wording


class Line(NamedTuple):
    """A column of the record: what stands, and what is said instead."""

    label: Text
    now: str
    proposed: str


def look_at(organisation: Organisation, said: Given, /, *, by: User, words: str) -> None:
    """Ask the office to look at what was said; beside what is asked already, in one question."""
    with door(by, [organisation]):
        lock([organisation])  # also where the door was open before
        before = organisation.claims.filter(outcome="", matter="record").first()
        kept = {name: identity.plain(value) for name, value in said.items()}
        proposed = {**(before.proposed if before else {}), **kept}
        if before is not None:
            if before.proposed == proposed:
                return
            close(before, "withdraw", by, "")
        claim = FirmClaim.objects.create(
            organisation=organisation,
            person=by,
            matter="record",
            words=words,
            proposed=proposed,
            made_at=clock.now(),
        )
        note(claim, "claim.make", by, matter="record")
        write_to(by, claim, outgoing.OF_RECORD["made"])
        if is_told(claim):
            write(holders(organisation), claim, outgoing.OF_RECORD["made"])
            write(officers(organisation), claim, outgoing.CLAIM_TO_OFFICE)


def tell_of_change(
    organisation: Organisation, /, *, by: User, words: Wording = outgoing.RECORD_CHANGED
) -> None:
    """Write to everybody of the firm but whoever changed its record, where nobody looked at it."""
    with door(by, [organisation]):
        for person in holders(organisation):
            if person != by:
                write_to(person, Parting(organisation), words)


def lines(claim: FirmClaim) -> list[Line]:
    """What the claim would change, column by column."""
    labels = {field.name: field.verbose_name for field in Organisation._meta.fields}
    return [
        Line(
            labels[name],
            str(getattr(claim.organisation, name) or ""),
            _shown(name, claim.proposed[name]),
        )
        for name in identity.COLUMNS
        if name in claim.proposed
    ]


def _shown(name: str, kept: str) -> str:
    return str(Area.objects.get(pk=kept)) if name == "area" and kept else kept


def open_lines(organisation: Organisation) -> list[Line]:
    """What the firm's people have said and nobody has looked at yet."""
    found = organisation.claims.filter(outcome="", matter="record").first()
    return lines(found) if found else []
