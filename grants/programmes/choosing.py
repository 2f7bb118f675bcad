"""Which frame of a call would do: what each is for, and which others would pay for the same costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _

from grants.programmes.catalogue import rate_words
from grants.programmes.models import Call, said
from grants.programmes.parameters import Frame, Group, Programme
from grants.programmes.ports import Left, frames_waiting, room_left
from grants.programmes.states import CALL_DECIDED
from grants.programmes.values import planned
from portal.money import aid
from portal.types import Context
from portal.ui.templatetags.ui import in_man_yen

OWN_OF_A_CALL = {
    "yen": "budget",
    "slots": "slots",
    "seats": "seats",
}  # unit → what a frame calls it
CHOSEN_BY = ("rate", "cap", "floor", "before", "purpose")  # what `frame_words` says of a frame

# rules by what a firm is, not by what it has done
OF_THE_FIRM = (
    "head_office",
    "office",
    "sme",
    "sme_or_at_most",
    "industry_in",
    "industry_not_in",
    "employees_at_most",
    "partner",
    "tenant",
)


@dataclass(frozen=True)
class Other:
    """Another frame that would pay for the same costs (yen), and what it asks first."""

    name: str
    amount: int
    before: str


def frame_words(frame: Frame) -> str:
    """A frame's name, share and limits, what it is for where its programme says so, and what it asks
    first, in one line: for whoever chooses among several of one call.
    """
    told = {
        "name": said(frame.name),
        "rate": rate_words(frame.rate),
        "cap": in_man_yen(frame.cap),
        "floor": in_man_yen(frame.floor),
    }
    if frame.floor:
        words = _("%(name)s：%(rate)s、上限%(cap)s、下限%(floor)s") % told
    else:
        words = _("%(name)s：%(rate)s、上限%(cap)s") % told
    if frame.purpose:
        told = {"words": words, "purpose": said(frame.purpose).removesuffix("。").removesuffix(".")}
        words = _("%(words)s。%(purpose)s") % told
    if frame.before:
        words = _("%(words)s。先に要ること：%(what)s") % {
            "words": words,
            "what": said(frame.before),
        }
    return words


def choosing_words(stated: Programme) -> str:
    """What else one has to know to choose a frame: to whom some are closed, and that values are open."""
    found = []
    if any(frame.repeat_allowed for frame in stated.frames):
        found = [said(rule.text) for rule in stated.rules if rule.rule == "not_repeat"]
    open_ones = planned(stated)
    shown = {f"frames.{f.key}.{name}" for f in stated.frames for name in CHOSEN_BY}
    if not shown.isdisjoint(open_ones):
        found.append(_("枠の額や条件には、計画値（決まっていない値）が含まれます。"))
    return " ".join(found)


def purpose_words(frame: Frame) -> str:
    """What a frame is for, as its programme states it; else for which costs."""
    return said(frame.purpose) if frame.purpose else span_words(frame)


def span_words(frame: Frame) -> str:
    """From which costs on a frame pays, and from which on it pays no more."""
    if frame.yearly:
        return _("支援を受ける年によって、上限が変わります。")
    told = {
        "least": in_man_yen(_least(frame)),
        "full": in_man_yen(ceil(frame.cap / frame.rate)),
        "cap": in_man_yen(frame.cap),
    }
    if frame.floor:
        return _("費用（税抜）が%(least)sから使えます。%(full)s以上は、一律%(cap)sです。") % told
    return _("費用（税抜）がいくらからでも使えます。%(full)s以上は、一律%(cap)sです。") % told


def frames(call: Call) -> list[Context]:
    """The frames as the table of a call says them; `left`: what is not promised, until the results are
    out.
    """
    is_over = call.state in CALL_DECIDED or call.is_called_off
    lines = room_left.value(call)
    left, waiting = ({}, set()) if is_over else (lines, frames_waiting.value(call))
    return [
        {
            "name": said(f.name),
            "rate": rate_words(f.rate),
            "cap": f.cap,
            "floor": f.floor,
            "slots": _whole(lines.get(f.key, ()), "slots", f.slots),
            "seats": _whole(lines.get(f.key, ()), "seats", f.seats),
            "budget": _whole(lines.get(f.key, ()), "yen", f.budget),
            "yearly": f.yearly,
            "before": said(f.before) if f.before else "",
            "purpose": purpose_words(f),
            "span": span_words(f) if f.purpose else "",
            "key": f.key,
            "left": left.get(f.key, ()),
            "waiting": f.key in waiting,
        }
        for f in call.stated.frames
    ]


def _whole(parts: Sequence[Left], unit: str, usual: int | None) -> int | None:
    """What this call has for a frame; what the programme states where it has no line of its own."""
    return next((part.whole for part in parts if part.unit == unit), usual)


def open_values(call: Call, stated: Programme) -> dict[str, str]:
    """The planning values that a page of this call shows: what a call gives its frames itself is none of
    the programme's.
    """
    lines = room_left.value(call)
    own = {
        f"frames.{key}.{OWN_OF_A_CALL[part.unit]}"
        for key, parts in lines.items()
        for part in parts
        if part.unit in OWN_OF_A_CALL
    }
    return {path: name for path, name in planned(stated).items() if path not in own}


def who(stated: Programme, *, by_what_it_is: bool = True) -> list[tuple[str, str]]:
    """(condition, provision): to whom the programme is open by where they are, how large, and in which
    trade; or what it asks besides.
    """
    return [
        (said(rule.text), rule.cite)
        for rule in stated.rules
        if (rule.rule in OF_THE_FIRM) is by_what_it_is
    ]


def others(stated: Programme, chosen: str, totals: Mapping[str, int]) -> list[Other]:
    """The other frames that pay something for costs by category (yen) of which the chosen one pays
    nothing. None where the cap depends on the year of support.
    """
    if stated.unit != "yen":
        return []
    return [
        Other(said(frame.name), found, said(frame.before) if frame.before else "")
        for frame in stated.frames
        if frame.key != chosen
        and not frame.yearly
        and (found := aid(totals, stated.terms(frame.key)).amount)
    ]


def as_well(stated: Programme, chosen: str, totals: Mapping[str, int]) -> list[Other]:
    """The other frames that would pay no less for the same costs by category (yen), and ask nothing
    first: which one it is to be follows from what it is for.
    """
    least = aid(totals, stated.terms(chosen)).amount
    found = others(stated, chosen, totals) if least else []
    return [other for other in found if other.amount >= least and not other.before]


def mixing_words(group: Group, stated: Programme) -> str:
    """That costs under a cap of their own bring nothing alone, and up to what they count beside others."""
    beside = group.share / (1 - group.share)
    told = {
        "names": "・".join(said(c.name) for c in stated.categories if c.key in group.categories),
        "others": "・".join(
            said(c.name) for c in stated.categories if c.key not in group.categories
        ),
        "n": beside.numerator,
        "d": beside.denominator,
    }
    if beside == 1:
        return _("%(names)sだけでは補助されません。%(others)sと同じ額までが対象です。") % told
    if beside.denominator == 1:
        return _("%(names)sだけでは補助されません。%(others)sの%(n)s倍までが対象です。") % told
    return _("%(names)sだけでは補助されません。%(others)sの%(d)s分の%(n)sまでが対象です。") % told


def unpaid_words(stated: Programme, chosen: str, totals: Mapping[str, int]) -> list[str]:
    """Why the chosen frame pays nothing of costs by category (yen), and what would do, a sentence each."""
    terms = stated.terms(chosen)
    eligible = aid(totals, terms).eligible
    mixing = [
        mixing_words(group, stated)
        for group in stated.groups
        if eligible < sum(totals.values()) and any(totals.get(key) for key in group.categories)
    ]
    if not eligible:
        return mixing
    least = _("補助額が%(floor)s円に届かないため、0円になります。") % {
        "floor": f"{terms.floor or terms.unit:,}"
    }
    return [*mixing, least, *below_floor_words(stated, chosen, totals)]


def below_floor_words(stated: Programme, chosen: str, totals: Mapping[str, int]) -> list[str]:
    """What to do with costs of which the chosen frame pays nothing, a sentence each: the frames that
    would, or from which costs on the chosen one does.
    """
    named = [
        (
            _("%(name)sなら、補助額の見込みは%(yen)sです。先に要ること：%(before)s")
            if other.before
            else _("%(name)sなら、補助額の見込みは%(yen)sです。")
        )
        % {"name": other.name, "yen": in_man_yen(other.amount), "before": other.before}
        for other in others(stated, chosen, totals)
    ]
    if named:
        return named
    frame = min(stated.frames, key=lambda one: (_least(one), one.key != chosen))
    told = {"name": said(frame.name), "least": in_man_yen(_least(frame))}
    if not frame.floor:
        return []
    if frame.key == chosen:
        return [_("対象の費用（税抜）が%(least)s以上になると、補助されます。") % told]
    return [_("%(name)sなら、対象の費用（税抜）が%(least)s以上で補助されます。") % told]


def _least(frame: Frame) -> int:
    """The least costs (yen) of which a frame pays anything."""
    return ceil(frame.floor / frame.rate)
