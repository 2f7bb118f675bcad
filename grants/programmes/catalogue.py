"""What the public list and page of a call say: cap, rate, worked example, calendar file."""

from datetime import datetime
from fractions import Fraction
from typing import TypedDict, assert_never

from django.conf import settings
from django.db.models import Case, Count, IntegerField, Max, Min, Q, Value, When
from django.utils.translation import gettext as _

from grants.programmes import parameters, points
from grants.programmes.finding.ranking import takes_place
from grants.programmes.models import Call, CallQuerySet, Programme, said
from grants.programmes.models.saying import Briefing
from grants.programmes.selecting import Selection
from grants.programmes.states import CALL_RUNNING, CallState, ProgrammeState
from portal import clock, ical
from portal.money import aid
from portal.types import Context, Given
from portal.ui.templatetags.ui import in_yen

REMIND_BEFORE = (7, 1)  # days
LARGEST = "301"  # the filter's class of firms that are no small ones
OPEN, TO_COME, OVER = range(3)  # what a list shows first, then, and last


def after_award(call: Call) -> list[str]:
    """What binds for years whoever received, each in a sentence."""
    return points.after(call)


def rate_words(rate: Fraction) -> str:
    """費用の3分の2, or the whole cost."""
    if rate == 1:
        return _("費用の全額")
    return _("費用の%(d)s分の%(n)s") % {"d": rate.denominator, "n": rate.numerator}


def share_words(group: parameters.Group, stated: parameters.Programme) -> str:
    names = {c.key: said(c.name) for c in stated.categories}
    return _("%(names)sの合計は、対象の費用全体の%(d)s分の%(n)sまでです。") % {
        "names": "・".join(names[key] for key in group.categories),
        "d": group.share.denominator,
        "n": group.share.numerator,
    }


def shares(stated: parameters.Programme) -> list[tuple[str, str]]:
    """(words, provision) of each cap of a group of costs."""
    return [(share_words(g, stated), g.cite) for g in stated.groups]


def selection_words(selection: Selection) -> str:
    match selection:
        case "first_come":
            return _("先着順")
        case "competitive":
            return _("審査で決定")
        case "lottery":
            return _("抽選")
        case _:
            assert_never(selection)


def headline(call: Call) -> Context:
    """What the call's row and the head of its page say, from the card alone."""
    card = call.card
    return {
        "cap": card["cap"],
        "unit": card["unit"],
        "rate": rate_words(Fraction(card["rate"])),
        "selection": selection_words(card["selection"]),
        **{part: call.in_words(part) for part in ("name", "summary", "lead", "family", "office")},
    }


def cut_words(stated: parameters.Programme, frame: str) -> dict[str, str]:
    """What cuts the aid of a frame, by the name of the step (`portal.money.Line`)."""
    return {
        "cap": _("上限額まで"),
        "rounding": _("%(unit)s円未満の切捨て") % {"unit": f"{stated.rounding_unit:,}"},
        "floor": _("補助額が%(floor)s円に届かないため、0円になります。")
        % {"floor": f"{stated.terms(frame).floor:,}"},
    }


def worked_example(stated: parameters.Programme) -> Context | None:
    """The example of the programme, by the very formula that applications use.

    None for a programme of seats.
    """
    example = stated.example
    if example is None:
        return None
    names = {category.key: said(category.name) for category in stated.categories}
    totals = {item.category: item.amount for item in example.items}
    result = aid(totals, stated.terms(example.frame))
    return {
        "title": said(example.title),
        "rows": [(names[item.category], item.amount) for item in example.items],
        "eligible": result.eligible,
        "amount": result.amount,
        "own": sum(totals.values()) - result.amount,
        "rate": rate_words(stated.frame(example.frame).rate),
        "cut": [
            f"{words[step.rule]} {in_yen(step.after)}"
            for step in result.trace
            if step.rule in (words := cut_words(stated, example.frame))
        ],
        "split": round(result.amount * 596 / max(sum(totals.values()), 1)),
    }


class Costs(TypedDict):
    """(name, examples)."""

    counted: list[tuple[str, list[str]]]
    uncounted: list[tuple[str, str]]


def costs(stated: parameters.Programme) -> Costs:
    """What counts and what does not, each with its examples."""
    return {
        "counted": [
            (said(c.name), [said(text) for text in (c.hint, c.examples) if text])
            for c in stated.categories
        ],
        "uncounted": [
            (said(row.name), said(row.hint) if row.hint else "") for row in stated.uncounted
        ],
    }


def briefings(call: Call) -> list[Briefing]:
    """Those to come."""
    now = clock.now()
    return [b for b in call.briefings if datetime.fromisoformat(b["at"]) > now]


def public() -> CallQuerySet:
    """The calls of the public list."""
    return Call.objects.public().filter(listed=True)


class Counts(TypedDict):
    """How many calls the public list names, and how many of them take applications in now."""

    total: int
    n_open: int


def counts() -> Counts:
    is_open = Q(pk__in=Call.objects.open().values("pk"))
    found = public().aggregate(total=Count("pk"), n_open=Count("pk", filter=is_open))
    return {"total": found["total"], "n_open": found["n_open"]}


def programmes() -> list[tuple[str, str]]:
    """(code, name) of each programme, as its newest revision calls it."""
    rows = (
        Programme.objects.exclude(state=ProgrammeState.DRAFT)
        .distinct("code")
        .order_by("code", "-revision")
    )
    return [(row.code, row.name) for row in rows]


def find(data: Given) -> CallQuerySet:
    """Public calls for the list's filters, each with its `stage`.

    Open ones come first, soonest to close; then those to come; then the last closed.
    """
    found = public().for_lists()
    if data.get("purpose"):
        found = found.filter(purposes__contains=[data["purpose"]])
    if data.get("open"):
        found = found.filter(pk__in=Call.objects.open().values("pk"))
    now = clock.now()
    is_open = Q(state=CallState.ANNOUNCED, periods__opens_at__lte=now, periods__closes_at__gte=now)
    return (
        found.annotate(
            open_until=Min("periods__closes_at", filter=is_open),
            last_close=Max("periods__closes_at"),
        )
        .annotate(stage=_stage(now))
        .filter(suits(data))
        .order_by("stage", "open_until", "-last_close", "programme__order", "pk")
    )


def _stage(now: datetime) -> Case:
    """Whether a call takes applications in, will, or will no more."""
    return Case(
        When(open_until__isnull=False, then=Value(OPEN)),
        When(state__in=CALL_RUNNING, last_close__gte=now, then=Value(TO_COME)),
        default=Value(OVER),
        output_field=IntegerField(),
    )


def suits(data: Given) -> Q:
    """The filters that read the programme's own rules: area, industry, size."""
    found = Q()
    if area := data.get("area"):
        found &= takes_place(area.pk)
    if size := data.get("size"):
        found &= Q(employees_at_most=None) | Q(employees_at_most__gte=int(size))
        if size == LARGEST:
            found &= Q(sme_only=False)
    if industry := data.get("industry"):
        found &= Q(industries_out=None) if industry == "it" else Q(industries_in=None)
    return found


def calendar(call: Call) -> str:
    """A calendar file of the intake periods' ends and the briefings."""
    events = [
        (f"{call.code}-{p.n}", p.closes_at, _("締切：%(name)s") % {"name": call.name})
        for p in call.periods.all()
    ]
    for n, briefing in enumerate(call.briefings, 1):
        at = datetime.fromisoformat(briefing["at"])
        events.append(
            (f"{call.code}-b{n}", at, f"{_('説明会')}：{call.name}（{briefing['place']}）")
        )
    address = f"{settings.SITE_URL}{call.public_url}"
    return ical.calendar(
        [(*event, address) for event in events], now=clock.now(), days_before=REMIND_BEFORE
    )


class BlindShown(TypedDict):
    """What a blind review hides, and what it shows, in the words of the form."""

    questions: list[str]
    documents: list[str]


def blind(stated: parameters.Programme) -> BlindShown | None:
    """What reviewers of a blind call do not read, and which files they look at."""
    if stated.blind is None:
        return None
    closed = stated.blind.closed(stated.asked)
    return {
        "questions": [said(q.label) for q in stated.asked if q.key in closed],
        "documents": [said(d.name) for d in stated.documents if d.key in stated.blind.documents],
    }
