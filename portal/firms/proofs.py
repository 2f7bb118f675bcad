"""Whom a proof proves: whoever shows it, and those of the firm's people whom they name one by one, or whom
the officer who looked names. Nobody else goes on with it.

Whoever typed a number that nobody proved may invite its true people, whose proof would then be a
stranger's (docs/decisions/0043).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts import people, proving
from portal.accounts.models import Delegation, Membership, Organisation, User
from portal.accounts.proving import Holder
from portal.firms import outgoing
from portal.workflow.door import door, write_to
from portal.workflow.errors import NotReady


@dataclass(frozen=True)
class Proof:
    """What a mail about a proof is called and leads to."""

    organisation: Organisation

    @property
    def told_as(self) -> str:
        return _("事業者の確認")

    def address_for(self, user: User) -> str:
        if user.memberships.filter(organisation=self.organisation, left_at=None).exists():
            return reverse("firm_proof", args=[self.organisation.pk])
        return reverse("my_cases")


def key(row: Holder) -> str:
    """What a form calls somebody who holds the firm."""
    return f"{row._meta.model_name}-{row.pk}"


def choices(rows: Iterable[Holder]) -> list[tuple[str, str]]:
    """Those who hold a firm, as a form names them."""
    return [(key(row), f"{person_of(row)}（{_as(row)}）　{person_of(row).email}") for row in rows]


def _as(row: Holder) -> str:
    return _("代理人") if isinstance(row, Delegation) else row.get_role_display()


def person_of(row: Holder) -> User:
    return row.adviser if isinstance(row, Delegation) else row.user


def prove(organisation: Organisation, how: str, *, by: User, kept: Collection[str]) -> Organisation:
    """One of its people has shown that the firm is theirs; `kept`: the keys of whom they name. Raises as
    `proving.prove` does.
    """
    with door(by, [organisation]):
        done = proving.prove(organisation, how, by=by)
        _end_but(kept, proving.beside(done, by), done, by=by)
    return done


def check(
    organisation: Organisation, *, by: User, ground: str, kept: Collection[str] = ()
) -> Organisation:
    """An officer has seen that those whom they name stand for the firm, and tells them that they may go
    on. Raises NotReady where it has people and no representative is named.
    """
    with door(by, [organisation]):
        proving.demand_officer(by, organisation)
        rows = proving.beside(organisation)
        if rows and not any(_represents(row) for row in rows if key(row) in kept):
            raise NotReady(_("書類で確かめた代表者を、少なくとも1人選んでください。"))
        done = proving.check(organisation, by=by, ground=ground)
        _end_but(kept, rows, done, by=by)
        for row in rows:
            if key(row) in kept:
                write_to(person_of(row), Proof(done), outgoing.PROVED)
    return done


def _represents(row: Holder) -> bool:
    return isinstance(row, Membership) and row.role == "representative"


def _end_but(
    kept: Collection[str], rows: Iterable[Holder], organisation: Organisation, *, by: User
) -> None:
    """Whoever was not named goes, and hears why."""
    gone = [row for row in rows if key(row) not in kept]
    end(gone, by=by)
    for row in gone:
        write_to(person_of(row), Proof(organisation), outgoing.NOT_NAMED)


def end(rows: Iterable[Holder], *, by: User) -> None:
    for row in rows:
        if isinstance(row, Delegation):
            people.end_delegation(row, by=by)
        else:
            people.end_membership(row, by=by)
