"""Somebody stops acting for a firm, by themself or taken out by a representative: what stays and who goes
on is said before, and the person and the representatives hear of it after.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse

from portal import clock
from portal.accounts import people
from portal.accounts.models import Delegation, Invitation, Membership, Organisation, User
from portal.accounts.ports import open_cases
from portal.accounts.proving import Holder, beside
from portal.firms import outgoing, proofs
from portal.workflow.door import door, write_to

if TYPE_CHECKING:
    from portal.types import Case, Turn


@dataclass(frozen=True)
class Parting:
    """What a mail about it is called and leads to; the firm is named as where anyone may read it."""

    organisation: Organisation

    @property
    def told_as(self) -> str:
        return self.organisation.public_name

    def address_for(self, user: User) -> str:
        if user.memberships.filter(organisation=self.organisation, left_at=None).exists():
            return reverse("organisation", args=[self.organisation.pk])
        return reverse("my_cases")


@dataclass(frozen=True)
class Outlook:
    """What is left behind when somebody goes, as a person of the firm sees it before."""

    needed: list[str]  # why they cannot go; empty where they can
    staying: list[Holder]
    drafts: list[Case] = field(default_factory=list)
    under_way: list[Case] = field(default_factory=list)
    waiting: list[tuple[Case, Turn]] = field(default_factory=list)  # the first day first
    invitations: list[Invitation] = field(default_factory=list)


def outlook(row: Holder, seer: User) -> Outlook:
    firm = row.organisation
    rows = open_cases.value(seer, [firm])
    return Outlook(
        needed=people.why_needed(row) if isinstance(row, Membership) else [],
        staying=[other for other in beside(firm) if (type(other), other.pk) != (type(row), row.pk)],
        drafts=[case for case, _turn in rows if case.is_draft],
        under_way=[case for case, _turn in rows if not case.is_draft],
        waiting=[(case, turn) for case, turn in rows if turn is not None],
        invitations=list(people.invitations_of(row)),
    )


def end(row: Holder, *, by: User) -> None:
    """End what the row gives, and tell the person and the representatives. Raises NotReady for the last
    representative; what is over already stays as it was, and nobody is written to.
    """
    firm, person = row.organisation, proofs.person_of(row)
    is_member = isinstance(row, Membership)
    with door(by, [firm]):
        row.refresh_from_db()
        if _is_over(row):
            return
        proofs.end([row], by=by)
        words = (
            (outgoing.LEFT if is_member else outgoing.LAID_DOWN)
            if person == by
            else (outgoing.TAKEN_OUT if is_member else outgoing.MANDATE_ENDED)
        )
        write_to(person, Parting(firm), words)
        told = outgoing.MEMBER_GONE if is_member else outgoing.ADVISER_GONE
        left = firm.memberships.filter(role="representative", left_at=None).select_related("user")
        for representative in left.order_by("pk"):
            if representative.user != person:
                write_to(representative.user, Parting(firm), told)


def _is_over(row: Holder) -> bool:
    if isinstance(row, Delegation):
        return row.ends_on < clock.today()
    return row.left_at is not None
