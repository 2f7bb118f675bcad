"""The fictitious year's roll-outs: last year's good pilot in use in its own city,
and on its evidence on the way in another. Fictitious.
"""

from collections.abc import Collection
from datetime import date, timedelta

from portal import clock, fiscal
from portal.accounts.models import User
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.workflow.door import perform
from startups.pilots.models import Pilot
from startups.rollouts import confirming
from startups.rollouts.models import Rollout
from startups.rollouts.starting import start_rollout
from tools.demonstration.simulation import World, at

SPECIFICATION = "夜間の路面と降雪を12か所で計測し、出動の判断に使う画面を除雪センター2か所に置く。データは国内に保管し、契約の終わりに市へ渡す。"
OWNERS = {SAPPORO: "owner", "012319": "eniwa_owner", "012351": "ishikari_owner"}


def run(world: World, _applications: object) -> None:
    """Sapporo adopts its own pilot; Ishikari adopts on the evidence; Eniwa considers it."""
    pilot = Pilot.objects.filter(state="evaluated", verdict="adopt").order_by("pk").first()
    if pilot is None or pilot.ended_on is None or Rollout.objects.exists():
        return
    ended, staff = pilot.ended_on, world.staff
    used(pilot, SAPPORO, staff, ended + timedelta(days=12))
    contracted(pilot, "012351", staff, ended + timedelta(days=60))
    considered(pilot, "012319", staff, clock.today() - timedelta(days=20))


def considered(pilot: Pilot, code: str, staff: dict[str, User], day: date) -> Rollout:
    with clock.at(at(day, 10)):
        town = Municipality.objects.get(pk=code)
        return start_rollout(
            pilot,
            town,
            department="建設部 維持管理課" if code != SAPPORO else "建設局 雪対策室",
            by=staff[OWNERS[code]],
        )


def specified(
    pilot: Pilot,
    code: str,
    staff: dict[str, User],
    day: date,
    *,
    route: str = "small_amount",
    unsure: Collection[str] = (),
) -> Rollout:
    """Planned, funded, specified and confirmed but for `unsure`, over six weeks."""
    rollout = considered(pilot, code, staff, day)
    owner = staff[OWNERS[code]]
    with clock.at(at(day + timedelta(days=10), 10)):
        rollout = perform(
            rollout,
            "plan",
            by=owner,
            route=route,
            contract_kind="service",
            used_on=day + timedelta(days=150),
            department=rollout.department,
        )
    with clock.at(at(day + timedelta(days=40), 10)):
        rollout = perform(
            rollout,
            "fund",
            by=owner,
            fiscal_year=fiscal.fiscal_year(clock.today()),
            budget=1_000_000,
        )
        rollout = perform(rollout, "specify", by=owner, specification=SPECIFICATION)
        for key, _label in rollout.tests:
            if key not in unsure:
                confirming.confirm(
                    rollout, key, note="見積書2通と比較表（契約の担当と確認）", by=owner
                )
    return rollout


def contracted(
    pilot: Pilot, code: str, staff: dict[str, User], day: date, *, amount: int = 980_000
) -> Rollout:
    """Signed as a small-amount contract, over three months."""
    rollout = specified(pilot, code, staff, day)
    with clock.at(at(day + timedelta(days=60), 10)):
        return perform(
            rollout,
            "contract",
            by=staff["approver"],
            contract_amount=amount,
            contractor=pilot.case.organisation.name,
            contracted_on=clock.today(),
            contract_ends_on=clock.today() + timedelta(days=365),
        )


def used(pilot: Pilot, code: str, staff: dict[str, User], day: date) -> Rollout:
    """In use, with one half-year's answer where its day has come."""
    rollout = contracted(pilot, code, staff, day)
    owner = staff[OWNERS[code]]
    with clock.at(at(day + timedelta(days=65), 10)):
        rollout = perform(rollout, "begin_use", by=owner, use_began_on=clock.today())
    asked = rollout.asked_on
    if asked is not None and asked <= clock.today():
        with clock.at(at(asked, 10)):
            rollout = perform(
                rollout,
                "answer",
                by=owner,
                in_use=True,
                text="毎晩の判断に使っています。空振りは前の冬の半分でした。",
            )
    return rollout
