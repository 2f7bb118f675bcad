"""What the fictitious year has after the money: reports that are due by now are filed;
most are accepted, some wait for the office.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from grants.applications.models import Application
from grants.awards.models import Award
from grants.followup import filing as writing
from grants.followup.models import Filing
from grants.followup.schedule import Wanted
from portal import clock
from portal.accounts.models import User
from portal.workflow.door import perform
from portal.workflow.drafts import keep
from tools.demonstration.simulation import World, at, paper, parts
from tools.demonstration.simulation.files import attach

ANSWERS: dict[str, dict[str, str]] = {
    "progress": {
        "done": "機器を発注し、設定の打合せを終えた。",
        "percent": "60",
        "spent": "0",
        "trouble": "",
    },
    "use": {
        "in_use": "yes",
        "people": "8",
        "how": "毎日の受発注に使っている。利用記録の写しを付けた。",
    },
    "effect": {
        "sales": "182,400,000",
        "profit": "6,200,000",
        "personnel": "41,000,000",
        "depreciation": "2,800,000",
        "employees": "12",
        "productivity": "4,166,666",
        "hours_saved": "86",
        "teleworkers": "5",
        "effect": "入力の時間が1日4時間減り、残業が半分になった。",
        "base_profit": "4,100,000",
        "base_personnel": "40,200,000",
        "base_depreciation": "1,900,000",
        "base_employees": "12",
    },
}


def run(world: World, applications: list[Application]) -> list[Callable[[], None]]:
    """File what fell due and is not begun; every third report waits to be looked at."""
    awards = Award.objects.filter(application__in=applications, state__in=["active", "closed"])
    rows = awards.select_related(
        "application__call", "case__organisation", "completion_report"
    ).order_by("pk")
    return [partial(file_what_is_due, world.staff, award) for award in rows]


def file_what_is_due(staff: dict[str, User], award: Award) -> None:
    begun = {(filing.kind, filing.period) for filing in Filing.objects.filter(award=award)}
    for n, row in enumerate(writing.wanted(award)):
        moment = at(row.due_on - timedelta(days=10), 11)
        if row.kind in ANSWERS and moment < clock.now() and (row.kind, row.period) not in begun:
            file(staff, award, row, moment, accepted=(award.pk + n) % 3 > 0)


def typed(award: Award, kind: str) -> dict[str, str]:
    data = dict(ANSWERS[kind])
    if kind == "progress":
        data |= parts("ends_on", award.project_ends_on)
    if kind == "effect":
        data |= parts("closed_on", clock.today() - timedelta(days=60))
    return data


def file(
    staff: dict[str, User], award: Award, row: Wanted, moment: datetime, *, accepted: bool
) -> Filing:
    """One report from its beginning to the office's desk, or through it."""
    person = award.case.organisation.memberships.get(role="representative").user
    with clock.at(moment):
        filing = writing.start(award, row.kind, row.period, by=person)
        keep(filing, typed(award, row.kind), seen=filing.version)
        filing = Filing.objects.select_related("award__completion_report", "case", "asset").get(
            pk=filing.pk
        )
        attach(
            award.case,
            key=filing.file_key,
            name="資料.pdf",
            data=paper(f"{award.case.number} {filing.pk}"),
            by=person,
        )
        writing.submit(filing, by=person)
    if accepted:
        with clock.at(moment + timedelta(days=4)):
            filing = Filing.objects.get(pk=filing.pk)
            if filing.kind == "effect":
                writing.check(
                    filing,
                    {
                        name: int(filing.content[name])
                        for name in ("profit", "personnel", "depreciation", "employees")
                    },
                    by=staff["officer"],
                )
            perform(Filing.objects.get(pk=filing.pk), "accept", by=staff["officer"])
    return filing
