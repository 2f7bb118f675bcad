"""不在 and 代決者: entered, taken back, named, confirmed and ended. Every write is an event in the chain of
its person.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import clock
from portal.accounts import outgoing
from portal.accounts.models import Absence, Deputy, User, in_force
from portal.accounts.ports import send_mail, tell_taken
from portal.accounts.roles import changed
from portal.audit.record import record
from portal.days import day_said
from portal.workflow.errors import Forbidden, NotReady

LONGEST = timedelta(days=366)


@transaction.atomic
def enter(person: User, *, starts_on: date, ends_on: date, by: User) -> Absence:
    """The person is away from the first to the last day; an administrator enters it for others, who
    are written to.

    Raises Forbidden for anybody else, NotReady for days that are over, too many, or entered already.
    """
    _demand(person, by)
    if not clock.today() <= ends_on <= starts_on + LONGEST:
        raise NotReady(_("最後の日は、今日から1年以内の日にしてください。今日でもかまいません。"))
    # two at once wait here for each other, and the second finds the first
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    known = person.absences.filter(closed_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on)
    if (other := known.first()) is not None:
        raise NotReady(
            _(
                "登録済みの不在（%(first)sから%(last)sまで）と日が重なっています。先にそれを取り消すか、重ならない日にしてください。"
            )
            % {"first": day_said(other.starts_on), "last": day_said(other.ends_on)}
        )
    absence = Absence.objects.create(
        person=person, starts_on=starts_on, ends_on=ends_on, entered_by=by
    )
    _note("absence.enter", person, by, starts_on=str(starts_on), ends_on=str(ends_on))
    if person != by:
        _write(person)
    return absence


@transaction.atomic
def take_back(absence: Absence, *, by: User) -> None:
    """The person is back sooner, or never goes.

    Raises NotReady where it is over already.
    """
    _demand(absence.person, by)
    found = Absence.objects.select_for_update(of=("self",)).filter(pk=absence.pk, closed_at=None)
    fresh = found.filter(ends_on__gte=clock.today()).first()
    if fresh is None:
        raise NotReady(_("この不在は、すでに終わっています。"))
    fresh.closed_by, fresh.closed_at = by, clock.now()
    fresh.save()
    _note("absence.take_back", fresh.person, by)


@transaction.atomic
def name(person: User, role: str, stand_in: User, *, by: User) -> Deputy:
    """Name whoever acts in the person's place, after those named before. What an administrator
    names gives no right before another one confirmed it.

    Raises Forbidden for anybody else, NotReady where one of the two does not hold the role.
    """
    _demand(person, by)
    if person == stand_in:
        raise NotReady(_("本人を代決者にすることはできません。"))
    for each in (person, stand_in):
        if not each.staff_roles.filter(in_force(), role=role).exists():
            raise NotReady(_("%(name)sさんは、この役割を持っていません。") % {"name": each.name})
    # two at once wait here for each other, and take places one after the other
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    named = person.deputies.filter(role=role, ended_at=None)
    if named.filter(stand_in=stand_in).exists():
        raise NotReady(_("%(name)sさんは、すでに代決者です。") % {"name": stand_in.name})
    last = named.order_by("n").last()
    deputy = Deputy(
        person=person,
        role=role,
        stand_in=stand_in,
        n=last.n + 1 if last else 1,
        named_by=by,
    )
    if person == by:
        deputy.confirmed_by, deputy.confirmed_at = by, clock.now()
    deputy.save()
    _note("deputy.name", person, by, role=role, stand_in=stand_in.name)
    return deputy


@transaction.atomic
def confirm(deputy: Deputy, *, by: User) -> None:
    """What an administrator named is in force once another one, or the person, confirmed it.

    Raises Forbidden for anybody else, NotReady where it is no longer open.
    """
    _demand(deputy.person, by)
    if by in (deputy.named_by, deputy.stand_in):
        raise Forbidden(_("指定した方は確認できません。別の管理者か本人が確認します。"))
    fresh = _open(deputy)
    if fresh.confirmed_at is not None:
        raise NotReady(_("この代決者は、すでに確認されています。"))
    fresh.confirmed_by, fresh.confirmed_at = by, clock.now()
    fresh.save()
    _note("deputy.confirm", fresh.person, by, role=fresh.role, stand_in=fresh.stand_in.name)


@transaction.atomic
def end(deputy: Deputy, *, by: User) -> None:
    """Raises NotReady where it is over already."""
    _demand(deputy.person, by)
    fresh = _open(deputy)
    fresh.ended_by, fresh.ended_at = by, clock.now()
    fresh.save()
    tell_taken("deputy", fresh.pk, person=fresh.stand_in_id)
    _note("deputy.end", fresh.person, by, role=fresh.role, stand_in=fresh.stand_in.name)


def may_keep(person: User, by: User) -> bool:
    """Absences and deputies are one's own matter, or an administrator's."""
    return person == by or by.has_role("administrator")


def _demand(person: User, by: User) -> None:
    if not may_keep(person, by):
        raise Forbidden(_("不在と代決者を登録できるのは、本人と管理者だけです。"))


def _open(deputy: Deputy) -> Deputy:
    found = Deputy.objects.select_for_update(of=("self",)).filter(pk=deputy.pk, ended_at=None)
    if (fresh := found.first()) is None:
        raise NotReady(_("この代決者は、すでに外されています。"))
    return fresh


def _write(person: User) -> None:
    words = outgoing.AWAY
    with override(person.language):
        send_mail.value(
            address=person.email,
            subject=_("【さっぽろ事業支援ポータル】%(said)s") % {"said": words.subject},
            body=f"{words.says}\n{settings.SITE_URL}{reverse('absence_list')}",
        )


def _note(action: str, person: User, by: User, **said: str) -> None:
    changed(person)
    subject = f"person:{person.pk}"
    record(
        chain=subject,
        action=action,
        subject=subject,
        by=by,
        capacity="office",
        person=person.name,
        **said,
    )
