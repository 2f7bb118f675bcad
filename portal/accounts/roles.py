"""Roles of the office: proposed by one administrator, confirmed by another, ended by any one.

Every write is an event in the chain of its person.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import clock
from portal.accounts import outgoing, who_is_left
from portal.accounts.models import RoleEnd, RoleProposal, StaffRole, User, in_force
from portal.accounts.ports import roles_changed, send_mail, tell_taken
from portal.audit.record import record
from portal.registry.models import Municipality
from portal.types import Text
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.outgoing import Wording

# what a small city without a second administrator, and a new one, confirms by command
OPERATOR = "operator"
# who orders a payment, and who looks at the order and pays: the law puts that in two hands (自治法 170条)
MONEY = {"finance_officer": "accounting_officer", "accounting_officer": "finance_officer"}


def operator() -> User:
    """Whoever has the command line of the machine: confirms where there is no second administrator."""
    return User.objects.system(OPERATOR, "運用者（コマンド）")


@transaction.atomic
def propose(
    person: User,
    role: str,
    *,
    by: User,
    starts_on: date,
    ends_on: date | None = None,
    programme_code: str = "",
    municipality: Municipality | None = None,
    assigned_only: bool = False,
    rank: str = "",
    takes_from: StaffRole | None = None,
) -> RoleProposal:
    """Propose a dated, scoped role. It gives no right before another administrator confirmed it.

    Raises Forbidden for oneself, for an administrator's role beside one on cases, and for the roles
    that order and pay in one place.
    """
    proposal = RoleProposal(
        person=person,
        role=role,
        programme_code=programme_code,
        municipality=municipality,
        assigned_only=assigned_only,
        rank=rank,
        starts_on=starts_on,
        ends_on=ends_on,
        takes_from=takes_from,
        proposed_by=by,
        proposed_at=clock.now(),
    )
    if reasons := _of_oneself(proposal, by) or _together(proposal):
        raise Forbidden(*reasons)
    proposal.save()
    _note("role.propose", person, role, by)
    return proposal


@transaction.atomic
def confirm(proposal: RoleProposal, *, by: User) -> StaffRole:
    """Give the proposed role; it begins today at the earliest.

    The proposal stays as it was made. Raises Forbidden for whoever proposed it and for whom it is,
    NotReady where it is no longer open.
    """
    fresh = proposal.held()
    if reasons := _of_oneself(fresh, by):
        raise Forbidden(*reasons)
    fresh.demand_another(by)
    if reasons := _together(fresh):
        raise Forbidden(*reasons)
    starts_on = max(fresh.starts_on, clock.today())
    if fresh.ends_on is not None and fresh.ends_on < starts_on:
        raise NotReady(_("終わりの日を過ぎています。取り下げて、提案し直してください。"))
    if fresh.takes_from is not None:
        _hand_over(fresh.takes_from, by, starts_on)
    fresh.granted = _give(fresh, by, starts_on)
    fresh.close(by, "granted")
    return fresh.granted


@transaction.atomic
def take_back(proposal: RoleProposal, *, by: User) -> None:
    """Close a proposal without the role, whoever made it.

    Raises NotReady where it is no longer open.
    """
    fresh = proposal.held()
    fresh.close(by, "granted")
    _note("role.take_back", fresh.person, fresh.role, by)


@transaction.atomic
def appoint(person: User, role: str, *, starts_on: date) -> StaffRole:
    """Give a role by the operator's command: the first administrators of a production.

    Raises Forbidden for an administrator's role beside one on cases.
    """
    terms = RoleProposal(person=person, role=role, starts_on=starts_on)
    if reasons := _together(terms):
        raise Forbidden(*reasons)
    return _give(terms, operator(), starts_on)


def in_force_now() -> QuerySet[StaffRole]:
    """Every role that people hold today."""
    return StaffRole.objects.filter(in_force(), person__is_active=True, person__is_system=False)


@transaction.atomic
def end_role(role: StaffRole, *, by: User, reason: str = "") -> None:
    """Take a role away at once; one that is over stays as it was. The person hears of it, and every
    other administrator. One person may do it to any other: who has to go does not wait for a second.

    Raises Forbidden for one's own, NotReady for the last administrator's, and without a reason where
    nobody is left for what the role was for.
    """
    # two who end each other's wait here, and the second finds what the first has done
    held = list(
        in_force_now().select_for_update(of=("self",)).filter(role=role.role).order_by("pk")
    )
    role.refresh_from_db()
    if role.ends_on is not None and role.ends_on < clock.today():
        return
    _refuse_own(role, by)
    undone = who_is_left.undone_without(role, held) if role.is_in_force else ""
    if role.role == "administrator" and undone and not who_is_left.beside(role, held):
        raise NotReady(_("最後の管理者の役割は外せません。先に別の方を管理者にしてください。"))
    if undone and not reason:
        raise NotReady(undone, _("それでも外すときは、理由を書いてください。"))
    role.ended_at = clock.now()
    yesterday = clock.today() - timedelta(days=1)
    end_on(role, yesterday, by=by, reason=reason, undone=str(undone))
    _tell_of_end(role, by, undone)


def end_on(role: StaffRole, last_day: date, *, by: User, **said: str) -> None:
    """The role ends with this day, where two people handed it on, or a restore gave it back."""
    role.ends_on, role.ended_by = last_day, by
    role.save(update_fields=["ends_on", "ended_by", "ended_at"])
    tell_taken("role", role.pk, person=role.person_id, until=last_day)
    changed(role.person)
    _note("role.end", role.person, role.role, by, **said)


def _refuse_own(role: StaffRole, by: User) -> None:
    if role.person == by:
        raise Forbidden(_("自分の役割を変えることはできません。別の管理者が行います。"))


def _tell_of_end(role: StaffRole, by: User, undone: Text) -> None:
    """The person, by whom nobody may be meant any more, and all who may look into it."""
    rows = in_force_now().filter(role="administrator").exclude(person__in=(role.person, by))
    others = dict.fromkeys(row.person for row in rows.select_related("person").order_by("pk"))
    _write([role.person], outgoing.ROLE_ENDED, reverse("home"))
    _write(others, outgoing.ROLE_ENDED_TO_OTHERS, reverse("role_list"), undone)


def _write(people: Iterable[User], words: Wording, page: str, also: Text = "") -> None:
    for person in people:
        with override(person.language):
            lines = [str(words.says), *([str(also)] if also else []), f"{settings.SITE_URL}{page}"]
            send_mail.value(
                address=person.email,
                subject=_("【さっぽろ事業支援ポータル】%(said)s") % {"said": words.subject},
                body="\n".join(lines),
            )


@transaction.atomic
def hand_over(giver: User, receiver: User, *, by: User, on: date) -> list[RoleProposal]:
    """Propose that all roles of `giver` pass to `receiver` on day `on` (as each April).

    Raises NotReady for a day that is past: nobody held a role before it was given.
    """
    if on < clock.today():
        raise NotReady(_("引き継ぐ日は、今日からあとの日にしてください。"))
    return [
        propose(
            receiver,
            role.role,
            by=by,
            starts_on=on,
            programme_code=role.programme_code,
            municipality=role.municipality,
            assigned_only=role.assigned_only,
            rank=role.rank,
            takes_from=role,
        )
        for role in giver.staff_roles.filter(in_force(on)).select_related("municipality")
    ]


def first_fault() -> str:
    """The first role whose end is not the one that was kept last, as a sentence, or ""."""
    ends = RoleEnd.objects.order_by("pk").values_list("role", "ends_on", "ended_by")
    kept = {role: (day, by) for role, day, by in ends}
    for role in StaffRole.objects.order_by("pk"):
        if (role.ends_on, role.ended_by_id) != kept.get(role.pk, (None, None)):
            return f"portal_accounts.StaffRole {role.pk}: its end is not the one that was kept"
    return ""


def _of_oneself(proposal: RoleProposal, by: User) -> list[str]:
    if proposal.person == by:
        return [_("自分に役割を付けることはできません。別の管理者が行います。")]
    return []


def _together(terms: RoleProposal) -> list[str]:
    """Why they may not hold it: on no day does one person hold both a role on cases and the
    administrator's, nor in one place what orders money and what pays it.
    Held until the end of the transaction, so that two at once are seen.
    """
    list(User.objects.select_for_update(of=("self",)).filter(pk=terms.person.pk))
    days = Q(ends_on=None) | Q(ends_on__gte=terms.starts_on)
    if terms.ends_on is not None:
        days &= Q(starts_on__lte=terms.ends_on)
    held, other = terms.person.staff_roles.filter(days), Q(role="administrator")
    if held.filter(~other if terms.role == "administrator" else other).exists():
        return [_("システム管理の担当者は、案件の職務を持てません。")]
    if held.filter(_same_place(terms), role=MONEY.get(terms.role)).exists():
        return [_("同じ人が、同じところの経理担当と会計管理者を兼ねることはできません。")]
    return []


def with_both() -> list[User]:
    """Who holds, now or later, in one place what orders money and what pays it: given before that was
    refused.
    """
    rows = StaffRole.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=clock.today()), role__in=MONEY
    ).select_related("person")
    found = {
        one.person
        for one in rows
        for other in rows
        if one.person_id == other.person_id and other.role == MONEY[one.role] and _meet(one, other)
    }
    return sorted(found, key=lambda person: person.name)


def _meet(one: StaffRole, other: StaffRole) -> bool:
    """Is there a case in the scope of both?"""
    towns = {one.municipality_id, other.municipality_id} - {None}
    programmes = {one.programme_code, other.programme_code} - {""}
    return len(towns) < 2 and len(programmes) < 2


def _same_place(terms: RoleProposal) -> Q:
    """Roles whose scope meets that of the terms."""
    place = Q()
    if terms.municipality is not None:
        place &= Q(municipality=None) | Q(municipality=terms.municipality)
    if terms.programme_code:
        place &= Q(programme_code__in=("", terms.programme_code))
    return place


def _hand_over(role: StaffRole, by: User, on: date) -> None:
    """The predecessor's role ends the day before, unless it ended sooner."""
    if role.ends_on is None or role.ends_on >= on:
        _refuse_own(role, by)
        end_on(role, on - timedelta(days=1), by=by)


def _give(terms: RoleProposal, by: User, starts_on: date) -> StaffRole:
    granted = StaffRole.objects.create(
        person=terms.person,
        role=terms.role,
        programme_code=terms.programme_code,
        municipality=terms.municipality,
        assigned_only=terms.assigned_only,
        rank=terms.rank,
        starts_on=starts_on,
        ends_on=terms.ends_on,
        granted_by=by,
    )
    changed(terms.person)
    _note("role.grant", terms.person, terms.role, by)
    return granted


def changed(person: User) -> None:
    person.forget_roles()
    for listener in roles_changed.values():
        listener(person)


def _note(action: str, person: User, role: str, by: User, **said: str) -> None:
    subject = f"person:{person.pk}"
    record(
        chain=subject,
        action=action,
        subject=subject,
        by=by,
        capacity="office",
        role=role,
        person=person.name,
        **said,
    )
