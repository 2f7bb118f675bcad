"""Whose a firm is: proved by GビズIDプライム, by a letter to its address, or by an officer's check; until
then its people write drafts and hand in nothing.

What each way asks for stands in docs/decisions/0043; letters and claims are written in the room of
firms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from allauth.account.signals import user_logged_in
from allauth.socialaccount.signals import social_account_added, social_account_updated
from django.db import transaction
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts import gbizid
from portal.accounts.keeping import keeps
from portal.accounts.models import Delegation, Membership, Organisation, User, in_force
from portal.audit.record import record
from portal.workflow.door import lock
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.ports import known_interests

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin

Holder: TypeAlias = Membership | Delegation


def beside(organisation: Organisation, *provers: User) -> list[Holder]:
    """Who else acts for the firm: its people, then its advisers."""
    members = organisation.memberships.filter(left_at=None).exclude(user__in=provers)
    advisers = organisation.delegations.filter(ends_on__gte=clock.today())
    return [
        *members.select_related("user", "organisation").order_by("pk"),
        *advisers.select_related("adviser", "organisation").order_by("pk"),
    ]


def acts_for_all(user: User, firm: int) -> bool:
    """Is the person a member of the firm, or its adviser for every programme? What is about the firm, and
    not about one case, is theirs to read.
    """
    advised = user.delegations.filter(in_force(), organisation_id=firm, programme_code="")
    return user.memberships.filter(organisation_id=firm, left_at=None).exists() or advised.exists()


@transaction.atomic
def prove(
    organisation: Organisation, how: str, *, by: User, ground: str = "", anew: bool = False
) -> Organisation:
    """Note that the firm is proved to be its people's, `how` as in Organisation.PROVED.

    Raises NotReady where it is proved already, and not `anew`.
    """
    lock([organisation])
    fresh = Organisation.objects.get(pk=organisation.pk)
    before = fresh.proved_how
    if before and not anew:
        raise NotReady(_("この事業者の確認は済んでいます。"))
    fresh.proved_how, fresh.proved_by, fresh.proved_at = how, by, clock.now()
    fresh.proof_ground = ground
    fresh.save()
    record(
        chain=f"organisation:{fresh.pk}",
        action="organisation.prove",
        subject=f"organisation:{fresh.pk}",
        by=by,
        before=before,
        after=how,
        capacity="office" if by.is_office else "representative",
        reason=ground,
    )
    return fresh


def check(organisation: Organisation, *, by: User, ground: str) -> Organisation:
    """An officer has seen what shows whose the firm is, and says what it was.

    Raises Forbidden for whoever has no such role, or an interest in the firm.
    """
    demand_officer(by, organisation)
    return prove(organisation, "officer", by=by, ground=ground)


def demand_officer(by: User, organisation: Organisation) -> None:
    """Raise Forbidden unless `by` may decide whose the firm is: a programme officer who keeps
    it (`keeping.py`), without an interest in it.
    """
    if not keeps(by, organisation):
        raise Forbidden(_("この操作は、この事業者の所在地を受け持つ制度担当の職務です。"))
    if reasons := known_interests.value.in_firm(by, organisation):
        raise Forbidden(*reasons)


def by_gbizid(user: User, claims: gbizid.Claims) -> list[Organisation]:
    """Prove what a GビズID account says at its sign-in: the firms that its person represents here
    alone, and that nobody has proved yet. Where others act for it too, the person says first which of
    them go on (`portal.firms.proofs`).
    """
    unproved = Organisation.objects.filter(
        proved_how="",
        memberships__user=user,
        memberships__role="representative",
        memberships__left_at=None,
    )
    return [
        prove(firm, "gbizid", by=user)
        for firm in unproved.order_by("pk")
        if gbizid.proves(claims, firm) and not beside(firm, user)
    ]


def listen() -> None:
    """What GビズID says is taken over when somebody comes in by it, and when it is joined."""
    for signal in (user_logged_in, social_account_added, social_account_updated):
        signal.connect(_told, weak=False, dispatch_uid="proved by GビズID")


def _told(*, sociallogin: SocialLogin | None = None, **_given: object) -> None:
    if sociallogin is not None and sociallogin.account.provider == gbizid.PROVIDER:
        by_gbizid(sociallogin.user, gbizid.told(sociallogin.account.extra_data))
