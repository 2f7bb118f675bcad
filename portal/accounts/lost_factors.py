"""Who lost every second factor is proved again by the office, and sets up a new one: one person
proposes, the owner of the account is told at every address and may stop it, another confirms.

Why so, and what is asked of whom: docs/decisions/0056.
"""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import clock
from portal.accounts import outgoing, security
from portal.accounts.keeping import keeps, keeps_all_firms, keeps_firms, kept_by
from portal.accounts.models import (
    Delegation,
    FactorRemoval,
    Membership,
    Organisation,
    StaffRole,
    User,
    in_force,
)
from portal.accounts.people import secret_hash
from portal.accounts.ports import hear_letter, send_mail, tell_taken
from portal.audit.record import record
from portal.days import moment_said
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.outgoing import Wording
from portal.workflow.ports import known_interests

# how long the owner has to stop it, by how it was shown who asks: a card and a face are seen
# together, everything else may be told on the telephone by somebody else
WAITS = {
    "card": timedelta(hours=2),
    "superior": timedelta(hours=24),
    "counter": timedelta(hours=24),
    "letter": timedelta(hours=24),
    "gbizid": timedelta(hours=24),
}


# -- who may ----------------------------------------------------------------------------------------
def is_of_office(person: User) -> bool:
    return bool(person.office) or person.is_office


def ways_of(person: User) -> list[str]:
    """How it may be shown that somebody is this person."""
    ways = FactorRemoval.OF_OFFICE if is_of_office(person) else FactorRemoval.OF_FIRM
    return [name for name, _label in ways]


def firms_of(person: User) -> QuerySet[Organisation]:
    """The firms that open to whoever comes in as this person: as one of their people or as adviser."""
    belongs = Q(pk__in=person.memberships.filter(left_at=None).values("organisation"))
    advises = Q(pk__in=person.delegations.filter(in_force()).values("organisation"))
    return Organisation.objects.filter(belongs | advises)


def refusals(person: User, *, by: User) -> list[str]:
    """Why `by` may not do it for this person: the office's own are the administrators', the firms'
    also the counter's, who keeps every firm of theirs and has an interest in none.
    """
    if person == by:
        return [_("ご自分の二つ目の本人確認は、ほかの担当が外します。")]
    if by.is_system or by.has_role("administrator"):
        return []
    if is_of_office(person) or not keeps_firms(by):
        return [_("この操作はシステム管理の職務です。")]
    firms = list(firms_of(person).order_by("pk"))
    if not keeps_all_firms(by) and not (firms and all(keeps(by, firm) for firm in firms)):
        return [_("ほかの所在地を受け持つ制度担当か、システム管理の職務です。")]
    return [reason for firm in firms for reason in known_interests.value.in_firm(by, firm)]


def seen_by(by: User) -> QuerySet[FactorRemoval]:
    """What `by` reads on the page: administrators everything, the counter what is about people of the
    firms that they keep.
    """
    found = FactorRemoval.objects.select_related("person", "proposed_by", "closed_by")
    if by.has_role("administrator"):
        return found
    found = found.filter(how__in=[name for name, _label in FactorRemoval.OF_FIRM])
    if keeps_all_firms(by):
        return found
    kept = kept_by(by)
    elsewhere = Organisation.objects.exclude(pk__in=kept)
    return found.filter(_of_people_in(kept)).exclude(_of_people_in(elsewhere))


def _of_people_in(firms: QuerySet[Organisation]) -> Q:
    """Removals for whom `firms_of` names one of these."""
    members = Membership.objects.filter(left_at=None, organisation__in=firms)
    advisers = Delegation.objects.filter(in_force(), organisation__in=firms)
    return Q(person__in=members.values("user")) | Q(person__in=advisers.values("adviser"))


# -- the acts ---------------------------------------------------------------------------------------
def propose(person: User, *, how: str, ground: str, by: User, code: str = "") -> FactorRemoval:
    """Propose that the person's second factors go; nothing changes before another confirms it.

    `code`: of registered post, where that shows who asks. Raises Forbidden as `refusals` says,
    NotReady where there is none, one is proposed already, or it was not shown in a way that fits.
    """
    begin = partial(_begin, person, how=how, ground=ground, by=by)
    return hear_letter.value(person, code, by=by, then=begin) if how == "letter" else begin()


@transaction.atomic
def _begin(person: User, *, how: str, ground: str, by: User) -> FactorRemoval:
    locked = User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if reasons := refusals(locked, by=by):
        raise Forbidden(*reasons)
    if how not in ways_of(locked):
        raise NotReady(
            _("この方には、選んだ確かめ方を使えません。職員か事業者かを確かめてください。")
        )
    if not is_mfa_enabled(locked):
        raise NotReady(_("この方は、二つ目の本人確認を設定していません。"))
    if locked.factor_removals.filter(outcome="").exists():
        raise NotReady(_("この方については、すでに提案があります。"))
    secret, now = secrets.token_urlsafe(24), clock.now()
    removal = FactorRemoval.objects.create(
        person=locked,
        how=how,
        ground=ground,
        proposed_by=by,
        proposed_at=now,
        waits_until=now + WAITS[how],
        stop_hash=secret_hash(secret),
    )
    _note("factor.propose", removal, by, how=how, reason=ground)
    link = f"{settings.SITE_URL}{reverse('factor_removal_stop', args=[secret])}"
    _write(removal, outgoing.REMOVAL_PROPOSED, link=link)
    return removal


@transaction.atomic
def confirm(removal: FactorRemoval, *, by: User) -> FactorRemoval:
    """Take the factors away: sessions end, the password holds no longer, and the next page after a
    sign-in is the one that sets up a new factor.

    Raises Forbidden for whoever proposed it and as `refusals` says; NotReady before the owner had
    the time to stop it, too long after, and where it is no longer open.
    """
    fresh = removal.held("person")
    if reasons := refusals(fresh.person, by=by):
        raise Forbidden(*reasons)
    fresh.demand_another(by)
    if clock.now() < fresh.waits_until:
        said = {"at": moment_said(fresh.waits_until)}
        raise NotReady(_("持ち主が止められるように、%(at)sまで待ちます。") % said)
    if not fresh.may_be_confirmed:
        raise NotReady(_("提案から14日を過ぎました。取り下げて、もう一度本人を確かめてください。"))
    person = security.end_sessions(fresh.person.email, by=by, reason=fresh.ground)
    Authenticator.objects.filter(user=person).delete()
    person.set_unusable_password()
    person.factor_lost_at = clock.now()
    person.save()
    tell_taken("ways", person.pk, person=person.pk)
    _close(fresh, "removed", by)
    _note("factor.remove", fresh, by, how=fresh.how)
    _write(fresh, outgoing.REMOVAL_DONE, link=f"{settings.SITE_URL}{reverse('account_login')}")
    return fresh


@transaction.atomic
def take_back(removal: FactorRemoval, *, by: User) -> FactorRemoval:
    """Close it without an effect. Raises Forbidden as `refusals` says, NotReady where it is closed."""
    fresh = removal.held("person")
    if reasons := refusals(fresh.person, by=by):
        raise Forbidden(*reasons)
    _close(fresh, "taken_back", by)
    _note("factor.take_back", fresh, by)
    _write(fresh, outgoing.REMOVAL_ENDED)
    return fresh


@transaction.atomic
def stop(removal: FactorRemoval) -> FactorRemoval:
    """The owner stops it, by the link of the mail; whoever proposed it and the administrators hear
    of it. Raises NotReady where it is no longer open.
    """
    fresh, nobody = removal.held("person"), User.objects.system()
    _close(fresh, "stopped", nobody)
    _note("factor.stop", fresh, nobody)
    _write(fresh, outgoing.REMOVAL_STOPPED)
    page = f"{settings.SITE_URL}{reverse('factor_removals')}"
    for person in _told_of_a_stop(fresh):
        _mail(person, [person.email], outgoing.REMOVAL_STOPPED_TO_OFFICE, link=page)
    return fresh


def by_secret(secret: str) -> FactorRemoval | None:
    return FactorRemoval.objects.filter(stop_hash=secret_hash(secret)).first()


def _close(removal: FactorRemoval, outcome: str, by: User) -> None:
    removal.outcome = outcome
    removal.close(by)


# -- who is told ------------------------------------------------------------------------------------
def addresses(person: User) -> list[str]:
    """Every address at which the account's owner can be reached: what it has, and had lately."""
    own = EmailAddress.objects.filter(user=person, verified=True)
    found = [person.email, *own.values_list("email", flat=True)]
    return list(dict.fromkeys([*found, *security.had_lately(person)]))


def _told_of_a_stop(removal: FactorRemoval) -> Iterable[User]:
    roles = StaffRole.objects.filter(in_force(), role="administrator")
    administers = Q(staff_roles__in=roles)
    people = User.objects.filter(administers | Q(pk=removal.proposed_by_id), is_active=True)
    return people.exclude(pk=removal.person_id).exclude(is_system=True).distinct().order_by("pk")


def _write(removal: FactorRemoval, words: Wording, *, link: str = "") -> None:
    person = removal.person
    with override(person.language):
        until = moment_said(removal.waits_until)
    _mail(person, addresses(person), words, link=link, until=until)


def _mail(person: User, to: Iterable[str], words: Wording, *, link: str, until: str = "") -> None:
    with override(person.language):
        subject = _("【さっぽろ事業支援ポータル】%(said)s") % {"said": words.subject}
        body = f"{str(words.says) % {'until': until}}\n\n{link}".rstrip()
        for address in to:
            send_mail.value(address=address, subject=subject, body=body, holds_key=True)


def _note(action: str, removal: FactorRemoval, by: User, **content: str) -> None:
    subject = f"person:{removal.person_id}"
    record(
        chain=subject,
        action=action,
        subject=subject,
        by=by,
        capacity="system" if by.is_system else "office",
        person=removal.person.name,
        **content,
    )
