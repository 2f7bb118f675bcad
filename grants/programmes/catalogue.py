"""What the public list and page of a call say: the largest cap, the best rate, the worked example, the calendar file."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db.models import Max, Min, Q
from django.utils.translation import gettext as _

from grants.programmes.models import Call, said
from grants.programmes.parameters import Rule
from portal import clock, ical
from portal.money import aid


def rate_words(rate: Fraction) -> str:
    """費用の3分の2, or the whole cost."""
    if rate == 1:
        return _("費用の全額")
    return _("費用の%(d)s分の%(n)s") % {"d": rate.denominator, "n": rate.numerator}


def selection_words(call: Call) -> str:
    return {"first_come": _("先着順"), "competitive": _("審査で決定"), "lottery": _("抽選")}[call.stated.selection]


def headline(call: Call) -> dict[str, Any]:
    frames = call.stated.frames
    top = max(frames, key=lambda frame: frame.cap)
    return {
        "cap": top.cap, "unit": call.stated.unit, "rate": rate_words(max(frame.rate for frame in frames)),
        "selection": selection_words(call),
        "name": said(call.stated.name), "summary": said(call.stated.summary), "lead": said(call.stated.lead),
        "family": said(call.stated.family), "office": said(call.stated.office),
    }  # fmt: skip


def worked_example(call: Call) -> dict[str, Any] | None:
    """The example of the programme, computed by the very formula that applications use; None for a programme of seats."""
    stated = call.stated
    example = stated.example
    if example is None:
        return None
    names = {category.key: said(category.name) for category in stated.categories}
    totals = {item.category: item.amount for item in example.items}
    result = aid(totals, stated.terms(example.frame))
    return {
        "title": said(example.title), "rows": [(names[item.category], item.amount) for item in example.items],
        "eligible": result.eligible, "amount": result.amount, "own": sum(totals.values()) - result.amount,
        "rate": rate_words(stated.frame(example.frame).rate), "cut": [step for step in result.trace],
        "split": round(result.amount * 596 / max(sum(totals.values()), 1)),
    }  # fmt: skip


def frames(call: Call) -> list[dict[str, Any]]:
    return [
        {"name": said(f.name), "rate": rate_words(f.rate), "cap": f.cap, "floor": f.floor, "slots": f.slots, "seats": f.seats,
         "budget": f.budget, "yearly": f.yearly, "key": f.key}
        for f in call.stated.frames
    ]  # fmt: skip


def find(data: dict[str, Any]) -> Any:
    """Public calls for the list's search and filters: newest first within each programme, open ones first."""
    found = Call.objects.public().select_related("programme").prefetch_related("periods")
    if data.get("q"):
        found = found.search(data["q"])
    if data.get("purpose"):
        found = found.filter(purposes__contains=[data["purpose"]])
    if data.get("open"):
        found = found.filter(pk__in=Call.objects.open().values("pk"))
    now = clock.now()
    is_open = Q(state="announced", periods__opens_at__lte=now, periods__closes_at__gte=now)
    found = found.annotate(open_until=Min("periods__closes_at", filter=is_open), last_close=Max("periods__closes_at"))
    calls = list(found.order_by("open_until", "-last_close", "programme__order"))
    return [call for call in calls if suits(call, data)]


def suits(call: Call, data: dict[str, Any]) -> bool:
    """The filters that read the programme's own rules: listed at all, area, industry, size."""
    if not call.stated.listed:
        return False
    rules: dict[str, Rule] = {rule.rule: rule for rule in call.stated.rules}
    area, size, industry = data.get("area"), data.get("size"), data.get("industry")
    if area:
        if "head_office" in rules and area.pk not in rules["head_office"].areas:
            return False
        if "office" in rules and "head_office" not in rules and area.pk != "011002":
            return False
    if size and "employees_at_most" in rules and int(size) > (rules["employees_at_most"].limit or 0):
        return False
    if size == "301" and "sme" in rules:
        return False
    if industry == "it" and "industry_not_in" in rules:
        return False
    return not (industry == "other" and "industry_in" in rules)


def calendar(call: Call) -> str:
    """A calendar file of the intake periods' ends and the briefings."""
    events = [
        (f"{call.code}-{p.n}", p.closes_at, _("締切：%(name)s") % {"name": call.name}) for p in call.periods.all()
    ]
    for n, briefing in enumerate(call.briefings, 1):
        at = datetime.fromisoformat(briefing["at"])
        events.append((f"{call.code}-b{n}", at, f"{_('説明会')}：{call.name}（{briefing['place']}）"))
    address = f"{settings.SITE_URL}{call.public_url}"
    return ical.calendar([(*event, address) for event in events], now=clock.now())
