"""Exceptions from the separation of duties, for municipalities with too few people: proposed by one
administrator and confirmed by another. Every write is an event; each use is noted where it happens.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.apps import apps
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal import clock
from portal.accounts.models import DutyException, User
from portal.accounts.permissions import people_with, scopes_of
from portal.accounts.ports import tell_taken
from portal.audit.record import record
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.workflow import duties
from portal.workflow.duties import Clash
from portal.workflow.errors import Forbidden, NotReady

KEEPERS = ("administrator",)


@transaction.atomic
def propose(
    municipality: Municipality,
    pairs: Sequence[str],
    *,
    ground: str,
    starts_on: date,
    ends_on: date,
    by: User,
) -> DutyException:
    """Propose that these pairs may be held by one person there; nothing changes before another
    administrator confirmed it.

    Raises Forbidden for whoever is none, NotReady for Sapporo, for pairs that are always kept apart,
    and for days that are over or more than a year.
    """
    _demand(by)
    if municipality.pk == SAPPORO:
        raise NotReady(_("札幌市は、どの職務も分けて行います。"))
    if not pairs or not set(pairs) <= set(duties.may_be_excepted()):
        raise NotReady(_("例外にできる職務の組を選んでください。"))
    if ends_on < max(starts_on, clock.today()):
        raise NotReady(_("終わりの日は、今日と始まりの日より前にできません。"))
    if (ends_on - starts_on).days >= DutyException.MOST_DAYS:
        raise NotReady(_("期間は1年までです。続けるときは、改めて提案してください。"))
    made = DutyException.objects.create(
        municipality=municipality,
        pairs=list(pairs),
        ground=ground,
        starts_on=starts_on,
        ends_on=ends_on,
        proposed_by=by,
        proposed_at=clock.now(),
    )
    _note(made, "propose", gettext_noop("職務の分離の例外を提案しました"), by)
    return made


@transaction.atomic
def confirm(exception: DutyException, *, by: User) -> DutyException:
    """From now on, and within its days, one person may hold its pairs there.

    Raises Forbidden for whoever proposed it or is no administrator, NotReady where it is no longer
    open or its days are over.
    """
    _demand(by)
    fresh = exception.held("municipality")
    fresh.demand_another(by)
    if fresh.ends_on < clock.today():
        raise NotReady(_("終わりの日を過ぎています。取り下げて、提案し直してください。"))
    fresh.confirmed_at = clock.now()
    fresh.close(by, "confirmed_at")
    _note(fresh, "confirm", gettext_noop("職務の分離の例外を確認しました"), by)
    return fresh


@transaction.atomic
def take_back(exception: DutyException, *, by: User) -> None:
    """Close a proposal. Raises NotReady where it is no longer open."""
    _demand(by)
    drop(exception, by=by)


def drop(exception: DutyException, *, by: User) -> None:
    """The same, for whoever may without being asked, as after a restore."""
    fresh = exception.held("municipality")
    fresh.close(by, "confirmed_at")
    _note(fresh, "take_back", gettext_noop("職務の分離の例外の提案を取り下げました"), by)


@transaction.atomic
def end(exception: DutyException, *, by: User) -> None:
    """It holds no longer, at once; any one administrator may. Raises NotReady where it does not run."""
    _demand(by)
    cease(exception, by=by)


def cease(exception: DutyException, *, by: User) -> None:
    """The same, for whoever may without being asked, as after a restore."""
    rows = DutyException.objects.select_for_update(of=("self",), no_key=True)
    fresh = rows.select_related("municipality").get(pk=exception.pk)
    if not fresh.is_running:
        raise NotReady(_("この例外は、すでに終わっています。"))
    fresh.ended_by, fresh.ended_at = by, clock.now()
    fresh.save(update_fields=["ended_by", "ended_at"])
    tell_taken("exception", fresh.pk, person=fresh.proposed_by_id)
    _note(fresh, "end", gettext_noop("職務の分離の例外を終えました"), by)


def waiting() -> Counter[User]:
    """How many proposals each administrator may confirm."""
    open_ones = list(DutyException.objects.filter(closed_at=None))
    return Counter(
        person
        for person in (people_with(*KEEPERS) if open_ones else ())
        for exception in open_ones
        if exception.is_anothers(person)
    )


def excepted(found: Collection[Clash], at: datetime) -> dict[Clash, str]:
    """Which clashes of duties an exception allows at a moment, and by which: where every municipality
    of the row has one for the pair.
    """
    rows = list(DutyException.objects.in_force(at))
    allowed: dict[Clash, str] = {}
    for clash in found if rows else ():
        held = {row.municipality_id: row for row in rows if clash.pair in row.pairs}
        codes = _municipalities(clash.subject) if held else set()
        if codes and codes <= held.keys():
            allowed[clash] = "、".join(held[code].subject_key for code in sorted(codes))
    return allowed


def places(pair: str, at: datetime) -> QuerySet[DutyException, str]:
    """To be asked within another question: the codes of the municipalities where one person may hold
    both duties of a pair at a moment.
    """
    held = DutyException.objects.in_force(at).filter(pairs__contains=[pair])
    return held.order_by().values_list("municipality", flat=True)


def _municipalities(subject: str) -> set[str]:
    """Where the row of a duty lies: codes, of whatever model it is; none where that says nothing."""
    name, _colon, key = subject.partition(":")
    models = [model for model in apps.get_models() if model._meta.model_name == name]
    if len(models) != 1 or not key.isdecimal():
        return set()
    row = models[0]._default_manager.filter(pk=int(key)).first()
    if row is None or not (hasattr(row, "municipality_codes") or hasattr(row, "case")):
        return set()
    return {code for scope in scopes_of(row) for code in scope.municipality_codes}


def _demand(by: User) -> None:
    if not by.has_role(*KEEPERS):
        raise Forbidden(_("この操作はシステム管理の職務です。"))


def _note(exception: DutyException, what: str, label: str, by: User) -> None:
    record(
        chain=f"office:{exception.municipality_id}",
        action=f"dutyexception.{what}",
        subject=exception.subject_key,
        by=by,
        capacity="office",
        label=label,
        reason=exception.ground,
        pairs="、".join(exception.pairs),
        days=f"{exception.starts_on}/{exception.ends_on}",
    )
