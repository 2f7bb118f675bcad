"""When money goes and when it comes, month by month: what a firm has to find until the aid is there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from grants.programmes.models import Call
from portal.closures import calendars
from portal.money import aid

TAX = 10  # per cent of consumption tax that is paid on top of a cost; aid is reckoned without it
Sums = Iterable[tuple[date, int]]  # day, yen


@dataclass(frozen=True)
class Month:
    """Yen of one month; `advanced`: all that was paid until its end, less what had come. Below zero,
    more has come than was paid.
    """

    first: date
    paid: int
    came: int
    advanced: int


@dataclass(frozen=True)
class Cost:
    """A category of costs, yen without tax, and the first day of the month in which it is paid."""

    category: str
    yen: int
    month: date


@dataclass(frozen=True)
class Plan:
    """What a firm means to do. Months are first days; `report_in` None: on the last day for it."""

    frame: str
    costs: Sequence[Cost]
    taxed: bool = True
    report_in: date | None = None
    advance: int = 0
    advance_in: date | None = None

    @property
    def totals(self) -> dict[str, int]:
        """Yen by category."""
        found: dict[str, int] = {}
        for cost in self.costs:
            found[cost.category] = found.get(cost.category, 0) + cost.yen
        return found


@dataclass(frozen=True)
class Forecast:
    """What follows from a plan by the programme's own terms; yen."""

    planned: int  # all costs without tax; `eligible`: after the cap of a group of them
    eligible: int
    amount: int
    paid: int
    advance: int
    reported_on: date
    comes_on: date
    months: list[Month]

    @property
    def rest(self) -> int:
        """What comes after the project."""
        return self.amount - self.advance

    @property
    def cut(self) -> int:
        """What the cap of a group of costs takes away."""
        return self.planned - self.eligible

    @property
    def own(self) -> int:
        return self.paid - self.amount

    @property
    def deepest(self) -> Month:
        """The month with the most to advance, the first of equals."""
        return max(self.months, key=lambda month: month.advanced)

    @property
    def bars(self) -> list[tuple[Month, int]]:
        """Each month with the length of its bar, of 100."""
        most = max(self.deepest.advanced, 1)
        return [(month, max(month.advanced, 0) * 100 // most) for month in self.months]


def flow(paid: Sums, came: Sums) -> list[Month]:
    """Every month from the first sum to the last, those in which nothing moves too."""
    goes, comes = list(paid), list(came)
    days = [day for day, _yen in goes + comes]
    if not days:
        return []
    found: list[Month] = []
    month, advanced = min(days).replace(day=1), 0
    while month <= max(days):
        out, back = (
            sum(yen for day, yen in sums if day.replace(day=1) == month) for sums in (goes, comes)
        )
        advanced += out - back
        found.append(Month(month, out, back, advanced))
        month = following(month)
    return found


def following(day: date) -> date:
    """The first day of the month after."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def last_of(day: date) -> date:
    """The last day of the month."""
    return following(day) - timedelta(days=1)


def report_by(call: Call, done_in: date) -> date:
    """The last day for the report of a project whose last payment is in that month."""
    ended = min(last_of(done_in), call.project_ends_on)
    return calendars.of_case(call).next_open(
        ended + timedelta(days=call.stated.periods.report_days)
    )


def report_day(call: Call, plan: Plan) -> date:
    """The last day of the month that the plan names, and of the term: whoever reports earlier is paid
    earlier.
    """
    due = report_by(call, max(cost.month for cost in plan.costs))
    return min(last_of(plan.report_in), due) if plan.report_in else due


def paid_after(call: Call, reported_on: date) -> date:
    """When the rest arrives: inspected and fixed, claimed on that day, and transferred."""
    days, periods = calendars.of_case(call), call.stated.periods
    return days.add(days.add(reported_on, periods.fixing_days), periods.payment_days)


def advanced_after(call: Call, claimed_in: date) -> date:
    """When an advance arrives that is claimed at the end of that month, and not before the decision."""
    claimed_on = max(last_of(claimed_in), call.decision_on)
    return calendars.of_case(call).add(claimed_on, call.stated.periods.payment_days)


def forecast(call: Call, plan: Plan) -> Forecast:
    """The aid by the very formula that applications use, and the months in which it comes. An advance is
    at most the aid.
    """
    totals = plan.totals
    found = aid(totals, call.stated.terms(plan.frame))
    percent = 100 + (TAX if plan.taxed else 0)
    paid = [(cost.month, cost.yen * percent // 100) for cost in plan.costs]
    reported_on = report_day(call, plan)
    comes_on = paid_after(call, reported_on)
    advance = min(plan.advance, found.amount) if plan.advance_in else 0
    came = [(comes_on, found.amount - advance)]
    if advance and plan.advance_in:
        came.append((advanced_after(call, plan.advance_in), advance))
    return Forecast(
        planned=sum(totals.values()),
        eligible=found.eligible,
        amount=found.amount,
        paid=sum(yen for _month, yen in paid),
        advance=advance,
        reported_on=reported_on,
        comes_on=comes_on,
        months=flow(paid, came),
    )


def payable_months(call: Call) -> list[date]:
    """First days of the months in which costs may be paid: from the decision to the end of the project."""
    found, month = [], call.decision_on.replace(day=1)
    while month <= call.project_ends_on:
        found.append(month)
        month = following(month)
    return found or [call.project_ends_on.replace(day=1)]


def of_example(call: Call) -> Plan:
    """The programme's example, all of it paid in the month after the decision. Raises ValueError for a
    programme without one, which pays nothing.
    """
    example = call.stated.example
    if example is None:
        raise ValueError("a programme of seats has no example")
    months = payable_months(call)
    month = months[min(1, len(months) - 1)]
    return Plan(example.frame, [Cost(item.category, item.amount, month) for item in example.items])
