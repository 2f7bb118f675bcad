"""The statutory life of an asset: changed on a ground, proposed by one officer and confirmed by another."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.followup.models import Asset, Filing, LifeChange
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.audit.record import record
from portal.workflow.door import door, touch
from portal.workflow.errors import NotReady

KEEPERS = ("programme_officer",)


def propose(asset: Asset, years: int, ground: str, *, by: User) -> LifeChange:
    """Propose another life; the register stays as it is.

    Raises Forbidden outside the scope or with an interest, NotReady while one waits, for the life that
    it has, for what is gone, or while its disposal is asked for.
    """
    with door(by, [asset.award.case]):
        demand(by, asset.award, *KEEPERS)
        fresh = Asset.objects.select_related("award__case").get(pk=asset.pk)
        reasons = _obstacles(fresh)
        if fresh.life_years == years:
            reasons.append(_("台帳の耐用年数と同じです。"))
        if fresh.life_changes.filter(closed_at=None).exists():
            reasons.append(_("この財産の耐用年数の変更が、すでに確認を待っています。"))
        if reasons:
            raise NotReady(*reasons)
        change = LifeChange.objects.create(asset=fresh, years=years, ground=ground, proposed_by=by)
        _note(change, "propose", gettext_noop("耐用年数の変更を提案しました"), by)
    return change


def confirm(change: LifeChange, *, by: User) -> None:
    """Write the life that another person proposed into the register.

    Raises Forbidden for whoever proposed it, outside the scope or with an interest; NotReady where it
    is no longer open, or a disposal is asked for by now.
    """
    with door(by, [change.asset.award.case]):
        fresh = change.held("asset__award__case")
        demand(by, fresh.asset.award, *KEEPERS)
        fresh.demand_another(by)
        if reasons := _obstacles(fresh.asset):
            raise NotReady(*reasons)
        fresh.asset.life_years, fresh.is_confirmed = fresh.years, True
        fresh.asset.save(update_fields=["life_years"])
        fresh.close(by, "is_confirmed")
        _note(fresh, "confirm", gettext_noop("耐用年数を改めました"), by)


def take_back(change: LifeChange, *, by: User) -> None:
    """Close a proposal; the register stays as it is.

    Raises Forbidden outside the scope, NotReady where it is no longer open.
    """
    with door(by, [change.asset.award.case]):
        fresh = change.held("asset__award__case")
        demand(by, fresh.asset.award, *KEEPERS)
        fresh.close(by, "is_confirmed")
        _note(fresh, "take_back", gettext_noop("耐用年数の変更の提案を取り下げました"), by)


def _obstacles(asset: Asset) -> list[str]:
    if asset.disposed_on:
        return [_("処分の済んだ財産です。")]
    if Filing.objects.live().filter(asset=asset).exists():
        return [_("この財産の処分が申請されています。その結果が出てから改められます。")]
    return []


def _note(change: LifeChange, what: str, label: str, by: User) -> None:
    case = change.asset.award.case
    record(
        chain=f"case:{case.pk}",
        action=f"lifechange.{what}",
        label=label,
        subject=f"asset:{change.asset_id}",
        by=by,
        capacity="office",
        reason=change.ground,
        item=change.asset.item,
        years=change.years,
    )
    touch(case)
