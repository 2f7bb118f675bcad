"""After a restore: what was taken away of anybody's access since the moment, and is back, is taken away
again; and whatever lay open at the moment and lets somebody in is closed.

Why so: docs/decisions/0173.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import clock
from portal.accounts import duty_exceptions, lost_factors, outgoing, people, roles, security
from portal.accounts.models import (
    Delegation,
    Deputy,
    DutyException,
    FactorRemoval,
    Invitation,
    Membership,
    RoleProposal,
    StaffRole,
    User,
)
from portal.accounts.ports import send_mail
from portal.audit.record import record
from portal.workflow.outgoing import Wording


@dataclass(frozen=True)
class Taken:
    """One taking away, as it was noted: of which kind, from whom, which row; of a role its last day."""

    kind: str
    key: int
    person: int
    until: date | None = None


@transaction.atomic
def take(noted: Iterable[Taken]) -> list[str]:
    """Do it again where the moment knows it; what was done, one by one, in words of the operator."""
    closed = _closed()
    done: list[str] = []
    told: dict[User, None] = {}
    for one in dict.fromkeys(noted):
        person = User.objects.filter(pk=one.person).first()
        if person is not None and AGAIN[one.kind](one, person):
            done.append(f"{one.kind} {one.key} of person {one.person}")
            # an exception is a municipality's: whoever proposed it lost nothing
            if one.kind != "exception":
                told[person] = None
    if done or any(closed.values()):
        _tell(told)
    return [*(f"{n} {what} closed" for what, n in closed.items()), *done]


def _role(one: Taken, person: User) -> bool:
    role = StaffRole.objects.filter(pk=one.key, person=person).first()
    until = one.until or clock.today() - timedelta(days=1)
    if role is None or (role.ends_on is not None and role.ends_on <= until):
        return False
    roles.end_on(role, until, by=roles.operator())
    return True


def _membership(one: Taken, person: User) -> bool:
    row = Membership.objects.filter(pk=one.key, user=person, left_at=None).first()
    if row is not None:
        people.leave(row, by=roles.operator())  # be it the last one: whoever followed is lost
    return row is not None


def _mandate(one: Taken, person: User) -> bool:
    rows = Delegation.objects.filter(pk=one.key, adviser=person, ends_on__gte=clock.today())
    row = rows.select_related("organisation", "adviser").first()
    if row is not None:
        people.end_delegation(row, by=roles.operator())
    return row is not None


def _deputy(one: Taken, person: User) -> bool:
    rows = Deputy.objects.filter(pk=one.key, stand_in=person, ended_at=None)
    changed = rows.update(ended_at=clock.now(), ended_by=roles.operator())
    roles.changed(person)
    return bool(changed)


def _exception(one: Taken, person: User) -> bool:
    """`person`: who proposed it."""
    row = DutyException.objects.filter(pk=one.key, proposed_by=person).first()
    if row is None or not row.is_running:
        return False
    duty_exceptions.cease(row, by=roles.operator())
    return True


def _password(_one: Taken, person: User) -> bool:
    """The one of then opens nothing: its owner sets a new one by a mail."""
    person.set_unusable_password()
    person.sign_outs += 1
    person.save()
    _note(person, "person.password_ended")
    return True


def _ways(one: Taken, person: User) -> bool:
    """Nothing that opened the account then does so now. One of the office waits until somebody has
    seen who asks: a mailbox alone would open it.
    """
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    person.factor_lost_at = clock.now()
    if lost_factors.is_of_office(person):
        person.is_active = False
    return _password(one, person)


def _address(one: Taken, person: User) -> bool:
    """A mailbox that its owner gave up would get the mail of a new password: it waits for a person."""
    person.is_active = False
    return _password(one, person)


def _keys(_one: Taken, person: User) -> bool:
    security.keys_end(person)
    return True


AGAIN: dict[str, Callable[[Taken, User], bool]] = {
    "role": _role,
    "membership": _membership,
    "mandate": _mandate,
    "deputy": _deputy,
    "exception": _exception,
    "password": _password,
    "ways": _ways,
    "address": _address,
    "keys": _keys,
}


def _closed() -> dict[str, int]:
    """Invitations, proposed roles and exceptions, removals of factors: which of them somebody took back or used
    since, nobody knows.
    """
    now = clock.now()
    invited = Invitation.objects.filter(accepted_at=None, expires_at__gt=now)
    proposed = RoleProposal.objects.filter(closed_at=None).select_related("person")
    removals = FactorRemoval.objects.filter(outcome="").select_related("person")
    excepted = list(DutyException.objects.filter(closed_at=None))
    closed = {
        "proposed roles": len(proposed),
        "proposed exceptions": len(excepted),
        "removals of factors": len(removals),
        "invitations": invited.update(expires_at=now),
    }
    for proposal in proposed:
        roles.take_back(proposal, by=roles.operator())
    for exception in excepted:
        duty_exceptions.drop(exception, by=roles.operator())
    for removal in removals:
        lost_factors.take_back(removal, by=roles.operator())
    return closed


def let_in(person: User) -> None:
    """Somebody has seen who asks: the account of `_ways` or `_address` is open again."""
    person.is_active = True
    person.save(update_fields=["is_active"])
    _note(person, "person.let_in")


def _note(person: User, action: str) -> None:
    subject = f"person:{person.pk}"
    record(
        chain=subject,
        action=action,
        subject=subject,
        by=roles.operator(),
        capacity="office",
        person=person.name,
    )


def _tell(taken_from: Iterable[User]) -> None:
    """Whom it was taken from, and the administrators, who give anew what is lost beside it."""
    held = roles.in_force_now().filter(role="administrator").select_related("person")
    for person in taken_from:
        if person.is_active:
            _write(person, outgoing.TAKEN_AGAIN, reverse("sign_ins"))
    for person in dict.fromkeys(role.person for role in held.order_by("pk")):
        _write(person, outgoing.RESTORED, reverse("role_list"))


def _write(person: User, words: Wording, page: str) -> None:
    with override(person.language):
        send_mail.value(
            address=person.email,
            subject=_("【さっぽろ事業支援ポータル】%(said)s") % {"said": words.subject},
            body=f"{words.says}\n{settings.SITE_URL}{page}",
        )
