"""Every write about people, organisations and who acts for them: audited, actor `by`."""

import hashlib
import secrets
from datetime import date, datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts import inviting
from portal.accounts.models import (
    Delegation,
    Invitation,
    Membership,
    Organisation,
    User,
)
from portal.accounts.ports import organisation_changed, tell_taken
from portal.accounts.roles import changed
from portal.audit.record import record
from portal.workflow.door import lock
from portal.workflow.errors import Forbidden, NotReady

INVITATION_DAYS = 14
LAPSED_SHOWN_DAYS = 30


@transaction.atomic
def create_organisation(*, by: User, **fields: object) -> Organisation:
    """A new organisation whose representative is `by`; `fields`: its columns, as its form cleans
    them.

    Raises NotReady when its corporate number is taken, if only by somebody who was a moment
    earlier.
    """
    number = fields.get("corporate_number") or None
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(**{**fields, "corporate_number": number})
    except IntegrityError as error:
        if not number or not Organisation.objects.filter(corporate_number=number).exists():
            raise
        raise NotReady(_("この法人番号は登録済みです。")) from error
    Membership.objects.create(
        user=by, organisation=organisation, role="representative", joined_at=clock.now()
    )
    record(
        chain=f"organisation:{organisation.pk}",
        action="organisation.create",
        by=by,
        subject=f"organisation:{organisation.pk}",
        capacity="representative",
        name=organisation.name,
    )
    return organisation


def hold(organisation: Organisation) -> None:
    """Read a firm anew when nobody else writes it, until the end of the transaction: it may have been
    proved since the page was asked for, and a row is saved whole.
    """
    lock([organisation])
    organisation.refresh_from_db()


@transaction.atomic
def update_organisation(organisation: Organisation, *, by: User, **fields: object) -> Organisation:
    hold(organisation)
    changed = {k: [str(getattr(organisation, k) or ""), str(v or "")] for k, v in fields.items()}
    changed = {k: pair for k, pair in changed.items() if pair[0] != pair[1]}
    for name, value in fields.items():
        setattr(organisation, name, value)
    organisation.save()
    if changed:
        _note(organisation, "organisation.update", by, changed=changed)
        for listener in organisation_changed.values():
            listener(organisation)
    return organisation


def _note(organisation: Organisation, action: str, by: User, **content: object) -> None:
    subject = f"organisation:{organisation.pk}"
    capacity = by.capacity_for(organisation) if not by.is_office else "office"
    record(
        chain=subject,
        action=action,
        subject=subject,
        by=by,
        before="",
        after="",
        capacity=capacity,
        **content,
    )


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def invite(organisation: Organisation, *, email: str, role: str, by: User, **terms: object) -> str:
    """Write an invitation, mail its link and return the secret of that.

    `terms`: of a delegation.
    """
    secret = secrets.token_urlsafe(24)
    plain = {k: v.isoformat() if isinstance(v, date) else v for k, v in terms.items()}
    earlier = open_invitations(organisation).filter(email=email.lower())
    earlier.update(taken_back_at=clock.now(), expires_at=clock.now())  # the new link alone holds
    made = Invitation.objects.create(
        organisation=organisation,
        email=email.lower(),
        role=role,
        terms=plain,
        secret_hash=secret_hash(secret),
        invited_by=by,
        expires_at=_expiry(terms.get("ends_on")),
    )
    inviting.tell_invited(made, secret)
    _note(organisation, "organisation.invite", by, role=role, email=email)
    return secret


def _expiry(last: object) -> datetime:
    """After its days, or with the last day of the mandate that it offers."""
    usual = clock.now() + timedelta(days=INVITATION_DAYS)
    if not isinstance(last, date):
        return usual
    return min(usual, datetime.combine(last, time.max, tzinfo=clock.JST))


def invitation_of(secret: str) -> Invitation | None:
    """The invitation that a link names; none where there never was one."""
    rows = Invitation.objects.select_related("organisation", "invited_by")
    return rows.filter(secret_hash=secret_hash(secret)).first()


@transaction.atomic
def accept_invitation(secret: str, *, by: User) -> Organisation:
    """Join by the secret of the link.

    Raises NotReady when it is over in any way or one's own, Forbidden when it is for another address.
    """
    rows = Invitation.objects.filter(secret_hash=secret_hash(secret))
    lock([row.organisation for row in rows.select_related("organisation")])
    found = rows.select_for_update().first()  # whoever ends its writer holds the firm meanwhile
    standing = found.standing if found is not None else "unknown"
    if found is None or standing != "open":
        raise NotReady(str(inviting.CLOSED[standing]))
    if found.email != by.email:
        raise Forbidden(
            _(
                "この招待は別のメールアドレスに送られたものです。そのアドレスでログインしてください。"
            )
        )
    if found.invited_by == by:
        raise NotReady(_("自分の招待を、自分で受けることはできません。"))
    found.accepted_at = clock.now()
    found.save()
    if found.role == "adviser":
        terms = found.terms
        delegate(
            found.organisation,
            adviser=by,
            by=found.invited_by,
            programme_code=terms.get("programme_code", ""),
            may_submit=bool(terms.get("may_submit")),
            starts_on=clock.today(),
            ends_on=date.fromisoformat(terms["ends_on"]),
        )
    else:
        membership, is_new = Membership.objects.get_or_create(
            user=by, organisation=found.organisation, left_at=None, defaults={"role": found.role}
        )
        if not is_new and found.role == "representative":  # a colleague takes over
            membership.role = found.role
            membership.save()
        changed(by)
    _note(found.organisation, "organisation.join", by, role=found.role)
    return found.organisation


@transaction.atomic
def take_back_invitation(invitation: Invitation, *, by: User) -> None:
    """End an invitation that nobody has accepted: its link opens nothing from now on, and whoever was
    invited hears so.
    """
    invitation.taken_back_at = invitation.expires_at = clock.now()
    invitation.save(update_fields=["taken_back_at", "expires_at"])
    inviting.tell_taken_back(invitation)
    _note(
        invitation.organisation,
        "organisation.take_back_invitation",
        by,
        role=invitation.role,
        email=invitation.email,
    )


@transaction.atomic
def delegate(
    organisation: Organisation,
    *,
    adviser: User,
    by: User,
    starts_on: date,
    ends_on: date,
    programme_code: str = "",
    may_submit: bool = False,
) -> Delegation:
    delegation = Delegation.objects.create(
        organisation=organisation,
        adviser=adviser,
        granted_by=by,
        programme_code=programme_code,
        may_submit=may_submit,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    changed(adviser)
    _note(
        organisation,
        "organisation.delegate",
        by,
        adviser=adviser.name,
        ends_on=delegation.ends_on.isoformat(),
    )
    return delegation


@transaction.atomic
def end_delegation(delegation: Delegation, *, by: User) -> None:
    """End a delegation today: it holds no longer from this moment, nor does an invitation to come back.
    One that is over stays as it was.
    """
    if delegation.ends_on < clock.today():
        return
    lock([delegation.organisation])  # an invitation that is being accepted holds it
    for invitation in invitations_of(delegation):
        take_back_invitation(invitation, by=by)
    delegation.ends_on = max(delegation.starts_on, clock.today() - timedelta(days=1))
    if delegation.starts_on == clock.today():
        delegation.starts_on = delegation.ends_on = clock.today() - timedelta(days=1)
    delegation.ended_by = by
    delegation.save()
    tell_taken("mandate", delegation.pk, person=delegation.adviser_id)
    _note(
        delegation.organisation, "organisation.end_delegation", by, adviser=delegation.adviser.name
    )


@transaction.atomic
def end_membership(membership: Membership, *, by: User) -> None:
    """A member leaves. Raises NotReady for the last representative: two who end each other at once
    wait for each other at the organisation.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=membership.organisation_id)
    membership.refresh_from_db()
    if membership.left_at is not None:
        return
    if reasons := why_needed(membership):
        raise NotReady(*reasons)
    leave(membership, by=by)


def leave(membership: Membership, *, by: User) -> None:
    """The same, be it the last one: as a restore does again what was done."""
    for invitation in invitations_of(membership):
        take_back_invitation(invitation, by=by)
    _note(membership.organisation, "organisation.leave", by, person=membership.user.name)
    membership.left_at = clock.now()
    membership.save()
    tell_taken("membership", membership.pk, person=membership.user_id)


def why_needed(membership: Membership) -> list[str]:
    """Why a member cannot leave: without them nobody would represent the firm."""
    others = membership.organisation.memberships.filter(role="representative", left_at=None)
    if membership.role != "representative" or others.exclude(pk=membership.pk).exists():
        return []
    return [_("代表者が一人もいなくなるため、外せません。先に別の方を代表者にしてください。")]


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Those that somebody may still accept."""
    return organisation.invitations.filter(accepted_at=None, expires_at__gt=clock.now())


def invitations_of(row: Membership | Delegation) -> QuerySet[Invitation]:
    """The open invitations that end with it: to any address of the person, by which they would be back
    at once, and those that a member wrote. An address that nobody confirmed may be another person's.
    """
    person = row.user if isinstance(row, Membership) else row.adviser
    own = EmailAddress.objects.filter(user=person, verified=True)
    known = own.values_list("email", flat=True)
    concerns = Q(email__in={person.email.lower(), *(email.lower() for email in known)})
    if isinstance(row, Membership):
        concerns |= Q(invited_by=person)
    return open_invitations(row.organisation).filter(concerns)


def lapsed_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Those of lately that nobody accepted in time."""
    since = clock.now() - timedelta(days=LAPSED_SHOWN_DAYS)
    rows = organisation.invitations.filter(accepted_at=None, taken_back_at=None)
    return rows.filter(expires_at__lte=clock.now(), expires_at__gt=since).order_by("-expires_at")


@transaction.atomic
def create_staff(*, by: User, name: str, email: str, office: str) -> User:
    """An account for a member of staff, without a role; the person sets the password."""
    person = User.objects.create_user(email, name=name, office=office)
    verified(person)
    record(
        chain=f"person:{person.pk}",
        action="person.create",
        subject=f"person:{person.pk}",
        by=by,
        capacity="office",
        person=name,
        office=office,
    )
    return person


def verified(user: User) -> None:
    """Mark a person's address as confirmed (staff made by an administrator or by a command)."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
