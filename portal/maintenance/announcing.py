"""A maintenance is announced, and called off, by an administrator."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import unproven
from portal.audit.record import record
from portal.maintenance import shown
from portal.maintenance.models import Maintenance
from portal.maintenance.ports import Ending, endings
from portal.workflow.errors import Forbidden, NotReady

KEEPERS = ("administrator",)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A maintenance as it is typed."""

    starts_at: datetime
    ends_at: datetime
    about: str
    about_en: str = ""


def ending_in(wanted: Wanted) -> list[Ending]:
    """Whose time runs out while the portal would be closed, the first one first."""
    found = [row for find in endings.values() for row in find(wanted.starts_at, wanted.ends_at)]
    return sorted(found, key=lambda row: (row.at, str(row.what)))


@transaction.atomic
def announce(wanted: Wanted, *, by: User) -> Maintenance:
    """Raises Forbidden for others than administrators, NotReady for a time that is over or announced."""
    _demand(by)
    if wanted.ends_at <= clock.now():
        raise NotReady(_("終わる時刻が過ぎています。"))
    others = Maintenance.objects.standing().filter(
        starts_at__lt=wanted.ends_at, ends_at__gt=wanted.starts_at
    )
    if others.exists():
        raise NotReady(_("この時間と重なる保守を、すでにお知らせしています。"))
    made = Maintenance.objects.create(
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        about=wanted.about,
        about_en=wanted.about_en,
        announced_by=by,
    )
    _note(made, "announce", gettext_noop("保守をお知らせしました"), by)
    shown.renew()
    return made


@transaction.atomic
def call_off(maintenance: Maintenance, *, by: User) -> None:
    """Raises Forbidden for others than administrators, NotReady where it is over or called off."""
    _demand(by)
    held = Maintenance.objects.select_for_update(no_key=True).get(pk=maintenance.pk)
    if held.called_off_at is not None or held.is_over:
        raise NotReady(_("この保守は、すでに終わったか、取りやめています。"))
    held.called_off_at, held.called_off_by = clock.now(), by
    held.save(update_fields=["called_off_at", "called_off_by"])
    _note(held, "call_off", gettext_noop("保守を取りやめました"), by)
    shown.renew()


def _demand(by: User) -> None:
    if not by.has_role(*KEEPERS):
        raise Forbidden(_("保守は、管理者がお知らせします。"))
    if reasons := unproven(by):
        raise Forbidden(*reasons)


def _note(row: Maintenance, what: str, label: str, by: User) -> None:
    record(
        chain="maintenance",
        action=f"maintenance.{what}",
        subject=f"maintenance:{row.pk}",
        by=by,
        capacity="office",
        label=label,
        hours=f"{clock.stamp(row.starts_at)}/{clock.stamp(row.ends_at)}",
        about=row.about,
    )
