"""What must be true before each step of a call, and the words one reads where it is not."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from grants.programmes import pausing
from grants.programmes.ports import past_its_year, undecided
from grants.programmes.selecting import is_drawn
from grants.programmes.values import planned
from portal import clock, fiscal
from portal.closures import calendars
from portal.days import day_said
from portal.workflow.graph import Requirement

if TYPE_CHECKING:
    from grants.programmes.models import Call


def _no_period(call: "Call") -> list[str]:
    return [] if call.periods.exists() else [_("受付期間を1つ以上入れてください。")]


def _nothing_to_come(call: "Call") -> list[str]:
    """Nobody is invited through a door that is shut for good."""
    if not call.is_intake_over:
        return []
    return [
        _("受付期間（%(until)sまで）が、もう終わっています。公募回を直してから公表してください。")
        % {"until": call.intake_until(call.last_closes_at)}
    ]


def _still_open(call: "Call") -> list[str]:
    """Nobody is chosen, and no result is out, while others may still apply."""
    if call.is_intake_over:
        return []
    return [
        _("受付は%(until)sまでです。受付が終わると進められます。")
        % {"until": call.intake_until(call.last_closes_at)}
    ]


def _over(call: "Call") -> list[str]:
    """One person alone lets nobody in through a door that was shut: that takes two (`CallChange`)."""
    if not call.is_intake_over:
        return []
    return [
        _(
            "受付は%(until)sに終わりました。もう一度開くには、「受付をもう一度開く」で提案し、別の職員の承認を受けてください。"
        )
        % {"until": call.intake_until(call.last_closes_at)}
    ]


def beyond(call: "Call", closes_at: datetime) -> list[str]:
    """Why the intake cannot last until then: its call is decided on a day, and of one fiscal year."""
    day, found = clock.day_of(closes_at), []
    if day >= call.decision_on:
        found += [
            _("締切は、交付決定の予定日（%(on)s）より前にしてください。")
            % {"on": day_said(call.decision_on)}
        ]
    if fiscal.fiscal_year(day) > call.fiscal_year:
        found += [_("締切は、公募回の年度のうちにしてください。")]
    return found


def _nothing_to_pause(call: "Call") -> list[str]:
    if not call.is_intake_over:
        return []
    return [
        _("受付は%(until)sに終わりました。止める受付がありません。")
        % {"until": call.intake_until(call.last_closes_at)}
    ]


def _given_too_late(call: "Call") -> list[str]:
    """What a pause gives back moves no end beyond what an extension may."""
    if call.paused_at is None:
        return []
    given = pausing.ends_given(call, call.paused_at, clock.now())
    found = next((found for _period, end in given if (found := beyond(call, end))), [])
    if not found:
        return []
    later = _(
        "止めていた日数だけ締切が延びます。先に「公募の変更」で、交付決定の予定日を延ばしてください。"
    )
    return [*found, later]


def _not_drawn(call: "Call") -> list[str]:
    if not is_drawn(call.stated.selection) or call.seed:
        return []
    return [_("抽選がまだです。先に「選考に進む」を押してください。")]


def _undecided(call: "Call") -> list[str]:
    return undecided.value(call)


def _planning_values(call: "Call") -> list[str]:
    """A public call promises what it says; a demonstration promises nothing."""
    if settings.DEMO or not (open_ones := planned(call.stated)):
        return []
    return [
        _("出典のない計画値があります。制度の次の版に出典を書いてから公表してください：%(values)s")
        % {"values": "、".join(open_ones.values())}
    ]


def _decided_in_time(call: "Call") -> list[str]:
    """The day of the decision and the standard time of the programme promise the same."""
    latest = latest_decision(call)
    if latest is None or call.decision_on <= latest:
        return []
    return [
        _(
            "交付決定の予定日が、受付の終わりから標準の%(n)s営業日（%(on)s）より後です。どちらかを直してください。"
        )
        % {"n": call.stated.periods.standard_days, "on": day_said(latest)}
    ]


def latest_decision(call: "Call") -> date | None:
    """The last day that the standard time of its programme leaves after the intake: the day that a call
    plans for its decision lies within it.
    """
    last = call.last_closes_at
    if last is None:
        return None
    return calendars.of_case(call).add(clock.day_of(last), call.stated.periods.standard_days)


def _past_its_year(call: "Call") -> list[str]:
    return past_its_year.value(
        call.programme, call.municipality_codes, call.fiscal_year, call.project_ends_on
    )


ASKED: dict[str, Callable[["Call"], list[str]]] = {
    "period": _no_period,
    "intake_to_come": _nothing_to_come,
    "intake_over": _still_open,
    "intake_not_over": _over,
    "something_to_pause": _nothing_to_pause,
    "given_in_time": _given_too_late,
    "drawn": _not_drawn,
    "decided": _undecided,
    "sourced": _planning_values,
    "in_time": _decided_in_time,
    "within_year": _past_its_year,
}

# step → what it asks, in the order in which it is said; what a form brings, its step looks at itself
STEPS: dict[str, tuple[str, ...]] = {
    "begin": (),
    "revise": (),
    "send_back": (),
    "approve": ("period",),
    "announce": ("intake_to_come", "in_time", "within_year", "sourced"),
    "suspend": ("something_to_pause",),
    "resume": ("intake_not_over", "given_in_time"),
    "reopen": (),
    "extend": ("intake_not_over",),
    "rebrief": ("intake_not_over",),
    "make_up": (),
    "select": ("intake_over",),
    "publish_results": ("intake_over", "drawn", "decided"),
    "archive": (),
    "cancel": (),
    "call_off": (),
}


def before(step: str) -> tuple[Requirement["Call"], ...]:
    """What the table names for a step, as its transition asks it."""
    return tuple(Requirement(name, ASKED[name]) for name in STEPS[step])
