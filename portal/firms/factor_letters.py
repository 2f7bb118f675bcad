"""Registered post for somebody of a firm who lost every second factor and cannot sign in: the office asks
for the letter, its person reads the code out, and whoever hears it may propose what `lost_factors` says.
"""

from collections.abc import Callable
from typing import TypeVar

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts import lost_factors, proving
from portal.accounts.models import Organisation, User
from portal.firms import letters
from portal.firms.models import ProofLetter
from portal.workflow.door import door
from portal.workflow.errors import Forbidden, NotReady

T = TypeVar("T")


def of(person: User) -> ProofLetter | None:
    """The letter to this person that waits: to be printed, on its way, or for its code."""
    found = _waiting(person).first()
    return None if found is None or found.is_over else found


def _waiting(person: User) -> QuerySet[ProofLetter]:
    return ProofLetter.objects.filter(person=person, ended_at=None, asked_by__isnull=False)


def with_factors(organisation: Organisation) -> set[int]:
    """The people of a corporation who set up a second factor, and so may lose it (keys)."""
    if organisation.is_sole_proprietor:
        return set()
    members = organisation.memberships.filter(left_at=None).values("user")
    return set(Authenticator.objects.filter(user__in=members).values_list("user", flat=True))


def obstacles(organisation: Organisation, person: User) -> list[str]:
    """Why no such letter can be sent to this person of the firm now."""
    if organisation.is_sole_proprietor or letters.addressee(organisation) is None:
        return [_("書留は、登記の所在地が分かる法人にだけ送れます。窓口で確かめてください。")]
    if not organisation.memberships.filter(user=person, left_at=None).exists():
        return [_("この方は、この事業者の手続きをしていません。")]
    if not is_mfa_enabled(person):
        return [_("この方は、二つ目の本人確認を設定していません。")]
    if of(person) is not None:
        return [_("この方への書留は、すでに頼んであります。")]
    return letters.too_many(organisation.proof_letters.filter(asked_by__isnull=False))


def ask(organisation: Organisation, person: User, *, by: User) -> ProofLetter:
    """Put a letter to the firm's registered office, for this person, into the list to print.

    Raises Forbidden for who may not decide about the firm, or propose it for this person; NotReady
    with the reasons of `obstacles`.
    """
    proving.demand_officer(by, organisation)
    if reasons := lost_factors.refusals(person, by=by):
        raise Forbidden(*reasons)
    with door(by, [organisation]):
        if reasons := obstacles(organisation, person):
            raise NotReady(*reasons)
        _waiting(person).update(ended_at=clock.now())  # one that is too late
        return letters.begin(organisation, person, by=by, asked_by=by)


def hear(person: User, code: str, *, by: User, then: Callable[[], T]) -> T:
    """Take the code that this person reads out; what it shows is done, and given, by `then`.

    Raises Forbidden for who may not propose it for this person; NotReady where no letter was posted,
    and as `letters.enter` does.
    """
    if reasons := lost_factors.refusals(person, by=by):
        raise Forbidden(*reasons)
    letter = of(person)
    if letter is None:
        raise NotReady(
            _("この方に送った書留はありません。先に、事業者のページから頼んでください。")
        )
    return letters.enter(letter, code, by=by, then=then)
