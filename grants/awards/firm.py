"""What the registry says of an awarded firm: renamed, closed or merged; a task for the officer before any payment.

Sources: the change codes of the National Tax Agency's file; succession of an award by approval of the office (承継の承認).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from grants.applications.acts import ReasonForm
from grants.applications.papers import frame
from grants.awards.models import Award, award_of, awards_of
from portal import clock, fiscal, jptext, ports
from portal.accounts import people
from portal.accounts.models import Membership, Organisation, User
from portal.audit.record import record
from portal.cases.found import About
from portal.cases.models import Case
from portal.ports import TurnSource, TurnWanted
from portal.registry.models import Corporation, area_of
from portal.workflow.door import touch
from portal.workflow.errors import NotReady

LIVE = ("active", "suspended", "amount_fixed")  # awards whose firm still has something to do or to get


@dataclass(frozen=True)
class Change:
    """How the registry differs from what the portal has. kind: renamed, closed or merged; the successor where merged."""

    kind: str
    corporation: Corporation
    successor: Corporation | None = None


def change_of(organisation: Organisation) -> Change | None:
    """The change to look at, or None. A close with a successor is a merger; the legal form may be written either way."""
    return _change(organisation, Corporation.objects.filter(pk=organisation.corporate_number).first())


def _registered(cases: Collection[Case]) -> dict[int, Corporation]:
    numbers = [case.organisation.corporate_number for case in cases]
    found = Corporation.objects.in_bulk([number for number in numbers if number])
    return {case.pk: found[number] for case, number in zip(cases, numbers, strict=True) if number in found}


registered = About(_registered)


def _change(organisation: Organisation, found: Corporation | None) -> Change | None:
    if found is None:
        return None
    if found.is_closed:
        heir = Corporation.objects.filter(pk=found.successor).first() if found.successor else None
        return Change("merged" if heir else "closed", found, heir)
    return Change("renamed", found) if jptext.search_key(found.name) != organisation.name_key else None


SAID = {
    "renamed": _("登記の名称は「%(name)s」です（%(day)s）。"), "closed": _("登記が閉鎖されています（%(day)s）。支払いの前に確かめてください。"),
    "merged": _("合併により登記が閉鎖され、「%(heir)s」が引き継いでいます（%(day)s）。承継の承認を起案してください。"),
}  # fmt: skip


def said(change: Change) -> str:
    day = change.corporation.closed_on or change.corporation.changed_on
    heir = change.successor.name if change.successor else ""
    return str(SAID[change.kind]) % {"name": change.corporation.name, "day": day.isoformat(), "heir": heir}


def turns_of(case: Case) -> list[TurnWanted]:
    award = award_of(case) if case.state == "awarded" else None
    known = registered.get(case) if award is not None and award.state in LIVE else None
    change = _change(case.organisation, known)
    if award is None or change is None:
        return []
    due = fiscal.add_business_days(change.corporation.changed_on, 10)
    return [
        TurnWanted("office", gettext_noop("登記の変更を確かめる"), "programme_officer", case.assigned_to, due, award)
    ]


SOURCE = TurnSource(turns_of, (awards_of, registered))


def changed(numbers: Iterable[str]) -> None:
    """Rewrite the turns of awarded cases whose firm an import has just changed."""
    rows = Case.objects.filter(organisation__corporate_number__in=list(numbers), awards__state__in=LIVE).distinct()
    for case in rows:
        touch(case)


def organisation_changed(organisation: Organisation) -> None:
    """Its cases are found by the new name, and what the registry says of it is asked again."""
    for case in organisation.cases.filter(disposed_on=None):
        case.index_for_search()
        case.save(update_fields=["search_text"])
        touch(case)


def adopt_name(organisation: Organisation, *, by: User) -> None:
    """Write the name as registered; papers already issued keep the old one. Raises NotReady where there is nothing to adopt."""
    change = change_of(organisation)
    if change is None or change.kind != "renamed":
        raise NotReady(_now("登記の名称と同じです。"))
    people.update_organisation(organisation, by=by, name=change.corporation.name)


# -- succession --------------------------------------------------------------------------------------------------------
def heir_of(award: Award) -> Corporation | None:
    change = change_of(award.case.organisation)
    return change.successor if change else None


def allowed(award: Award) -> list[str]:
    if award.state not in LIVE:
        return [_now("「%(state)s」の状態ではできません。") % {"state": award.info.label}]
    return [] if heir_of(award) else [_now("登記に、引き継ぐ法人が見つかりません。")]


def preview(award: Award, given: dict[str, Any]) -> list[tuple[str, str, str]]:
    old, heir = award.case.organisation, heir_of(award)
    rows = [
        (_now("補助事業者"), old.name, heir.name if heir else ""),
        (_now("法人番号"), old.corporate_number or "", heir.number if heir else ""),
    ]
    return [*rows, (_now("理由"), "", str(given.get("reason", "")))]  # fmt: skip


def succeed(award: Award, *, by: Any, given: dict[str, Any], approval: Any) -> None:
    """The successor takes the award over with the people of the old firm; its account has to be declared anew."""
    case, heir = award.case, heir_of(award)
    if heir is None:
        raise NotReady(*allowed(award))
    old = case.organisation
    new, _made = Organisation.objects.get_or_create(
        corporate_number=heir.number,
        defaults={
            "kind": "corporation", "name": heir.name, "kana": heir.kana, "address": heir.address, "postal_code": heir.postal_code,
            "area": area_of(heir.area_code) if heir.area_code else None, "industry": old.industry, "is_fictitious": old.is_fictitious,
        },
    )  # fmt: skip
    for row in old.memberships.filter(left_at=None):
        Membership.objects.get_or_create(
            user=row.user, organisation=new, left_at=None, defaults={"role": row.role, "joined_at": clock.now()}
        )
    case.organisation = new
    case.index_for_search()
    case.save()
    record(
        chain=award.audit_chain, action="award.succeed", subject=award.subject_key, by=by, capacity="office", reason=given["reason"],
        label=gettext_noop("補助事業を引き継ぎました"), before=old.corporate_number, after=new.corporate_number,
    )  # fmt: skip
    touch(case)
    ports.issue_notice["notices"]([("succession", award, {"old": old.name, "reason": given["reason"]})], by=by)


def facts(award: Award, *, old: str = "", reason: str = "", **_given: Any) -> dict[str, Any]:
    """補助事業承継承認通知書."""
    new = award.case.organisation
    return frame(
        award.application, to=[f"{new.name}　御中"], title="補助事業承継承認通知書", body="補助事業の承継を、次のとおり承認しましたので、通知します。",
        body_en="We approve that the project passes to the successor as follows.",
        items=[["補助事業の名称", award.application.title], ["承継前の補助事業者", old], ["承継した補助事業者", new.name], ["理由", reason]],
    )  # fmt: skip


def register() -> None:
    ports.acts.add("succeed", ports.Act(
        _("承継の承認"), "grants_awards.Award", ReasonForm, succeed, preview, allowed, lambda award: [award], "succession", award_of
    ))  # fmt: skip
    ports.notice_kinds.add("succession", ports.NoticeKind(_("補助事業承継承認通知書"), facts, "補助事業承継承認通知書"))
