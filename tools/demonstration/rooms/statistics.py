"""The last step of the fictitious year.

What is imported, a first release, some days of work, and a second one with its difference
explained.

Fictitious.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from grants.applications.models import Application
from grants.completion.models import CompletionReport
from grants.recovery import collecting
from grants.recovery.models import Recovery
from portal import clock, fiscal
from portal.accounts.models import User
from portal.approvals.models import Approval, Item
from portal.late import Late
from portal.workflow.door import begin, perform
from reports.statistics.models import Release
from tools.demonstration.rooms import payments
from tools.demonstration.simulation import World

if TYPE_CHECKING:
    from reports.statistics.releasing import building
else:
    building = Late("reports.statistics.releasing.building")

NOTE = "最初の公表のあとに、交付を決めた事業、確定した額、受け取った返還金を加えました。"


def run(world: World, _applications: list[Application]) -> list[Callable[[], None]]:
    """Two releases of this fiscal year, as far as they are not made yet."""
    year, staff, now = fiscal.fiscal_year(clock.today()), world.staff, clock.now()
    there = Release.objects.filter(fiscal_year=year, state__in=["approved", "superseded"]).count()
    acts: list[Callable[[], None]] = [
        partial(publish, staff, year, now - timedelta(hours=3)),
        partial(go_on, staff, now - timedelta(hours=2)),
        partial(publish, staff, year, now - timedelta(hours=1), note=NOTE),
    ]
    return acts[(0, 1, 3)[min(there, 2)] :]


def publish(staff: dict[str, User], year: int, moment: datetime, *, note: str = "") -> None:
    with clock.at(moment):
        building.publish(year, by=staff["officer"], approved_by=staff["approver"], note=note)


def go_on(staff: dict[str, User], moment: datetime) -> None:
    with clock.at(moment):
        work_a_day(staff)


def work_a_day(staff: dict[str, User]) -> None:
    """What the office does on a day: fix an amount, decide on an application, receive money.

    Of what waits for inspection the second, so that one stays.
    """
    report = (
        CompletionReport.objects.filter(state="inspected", award__state="active")
        .select_related("award__case__organisation")
        .order_by("pk")[1:2]
        .first()
    )
    if report is not None:
        payments.fix(staff, report.award)
    drafted = Item.objects.filter(approval__state__in=Approval.LIVE)
    waiting = Application.objects.filter(
        state="accepted", call__programme__code="telework", call__state="announced"
    ).exclude(case__in=drafted.values("case"))
    application = waiting.order_by("pk").first()
    if application is not None:
        approval = begin(
            Approval,
            by=staff["officer"],
            act="award",
            title="テレワーク導入経費補助金　1件",
            rows=[(application, {})],
            steps=[("decide", staff["director"])],
        )
        perform(
            perform(approval, "circulate", by=staff["officer"]), "approve", by=staff["director"]
        )
    recovery = (
        Recovery.objects.filter(state="ordered", receipts__isnull=False)
        .select_related("award", "case")
        .first()
    )
    if recovery is not None:
        half = (recovery.principal - sum(row.amount for row in recovery.came_in())) // 2
        collecting.receive(
            recovery, amount=half, paid_on=clock.today(), by=staff["accountant"], note="納付書 2"
        )
