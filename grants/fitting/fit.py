"""Does a call fit a firm? One offer × one firm → fits, nearly, or not, each with its reasons in words.

Pure: it reads what it is given, and asks nothing. Advice, never a verdict.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from fractions import Fraction
from itertools import islice
from typing import NamedTuple, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.fitting.words import joined
from grants.programmes import eligibility
from grants.programmes.eligibility import Facts, Finding
from grants.programmes.finding.vocabulary import topics
from grants.programmes.models import Call
from grants.programmes.parameters import Rule
from portal.types import Text

NEAR = Fraction(1, 5)  # a figure above its limit by no more than this share of it is nearly within
INSTEAD = 2  # calls named beside one that does not fit
# what nobody says of a firm but in the application itself
ASKED_LATER = frozenset({"independent", "partner", "tax", "antisocial", "group"})
# what a firm could change, and how; the rest says who it is
COULD_DO: Mapping[str, Text] = {
    "office": _lazy("札幌市内に事業所を設けると、申し込めます。"),
    "tenant": _lazy("対象の施設（ウェットラボ）に入居していれば、申し込めます。"),
}


class Verdict(IntEnum):
    BEGUN, FITS, NEARLY, NOT = range(4)  # BEGUN: a draft waits to be handed in


@dataclass(frozen=True, eq=False)
class Conditions:
    """The conditions that calls share. Each is itself alone, so that thousands of calls are told apart by
    them without comparing any.
    """

    rules: tuple[Rule, ...]


class Offer(NamedTuple):
    """What of a call its fit is read from. `programme`: its code."""

    pk: int
    programme: str
    topics: tuple[str, ...]
    conditions: Conditions
    closes_at: datetime | None

    @classmethod
    def of(cls, call: Call) -> "Offer":
        stated, topics = call.stated, tuple(call.topics)
        return cls(call.pk, stated.code, topics, Conditions(stated.rules), call.closes_at)


@dataclass(frozen=True)
class Firm:
    """What a firm said once. `had`: the programmes it was awarded; `applied`: calls it applied to;
    `drafts`: numbers of those that it has not handed in, by call.
    """

    facts: Facts
    aims: frozenset[str] = frozenset()
    had: frozenset[str] = frozenset()
    applied: frozenset[int] = frozenset()
    drafts: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fit:
    """`why`: sentences; `met`, `against`: conditions that are met, and those that stand against it;
    `change`: the smallest that would do; `later`: what only the application asks; `draft`: the number
    of the one that is begun.
    """

    offer: Offer
    verdict: Verdict
    why: tuple[str, ...]
    met: tuple[Finding, ...] = ()
    against: tuple[Finding, ...] = ()
    later: tuple[Finding, ...] = ()
    change: str = ""
    draft: str = ""

    @property
    def asked_later(self) -> str:
        return _names(self.later)


class Findings(NamedTuple):
    met: tuple[Finding, ...]
    against: tuple[Finding, ...]
    later: tuple[Finding, ...]


# whose conditions, and whether the firm had that programme → what is found: the same for many calls
Known: TypeAlias = dict[tuple[Conditions, bool], Findings]


def fit(offer: Offer, firm: Firm, known: Known | None = None) -> Fit:
    """`known`: what was found for this firm already, and what is found now."""
    if offer.pk in firm.applied:
        return Fit(offer, Verdict.NOT, (_("この公募には、もう申し込んでいます。"),))
    if number := firm.drafts.get(offer.pk, ""):
        until = _("書きかけの申請があります。締切は%(until)sです。")
        words = until % {"until": Call.intake_until(offer.closes_at)}
        return Fit(offer, Verdict.BEGUN, (words,), draft=number)
    found = _findings(offer, firm, {} if known is None else known)
    aim = _aim(offer, firm.aims)
    if firm.aims and not aim:
        other = _("選んだ目的のための支援ではありません。")
        return Fit(offer, Verdict.NOT, (other,), *found)
    why = (*([aim] if aim else []), *([_of_conditions(found.met)] if found.met else []))
    if not found.against:
        return Fit(offer, Verdict.FITS, why, *found)
    is_near = len(found.against) == 1 and _is_near(found.against[0])
    change = _change(found.against[0]) if is_near else ""
    verdict = Verdict.NEARLY if is_near else Verdict.NOT
    return Fit(offer, verdict, why, *found, change)


def _findings(offer: Offer, firm: Firm, known: Known) -> Findings:
    key = (offer.conditions, offer.programme in firm.had)
    if key not in known:
        facts = replace(firm.facts, received_before=key[1])
        rows = eligibility.of_rules(offer.conditions.rules, facts)
        known[key] = Findings(
            tuple(row for row in rows if row.tone == "good" and row.rule not in ASKED_LATER),
            tuple(row for row in rows if row.tone != "good" and row.rule not in ASKED_LATER),
            tuple(row for row in rows if row.tone != "good" and row.rule in ASKED_LATER),
        )
    return known[key]


def _is_near(finding: Finding) -> bool:
    within = finding.over is not None and finding.over <= NEAR
    return finding.is_open or within or finding.rule in COULD_DO


def _change(finding: Finding) -> str:
    return str(COULD_DO.get(finding.rule) or finding.next or finding.why)


def _aim(offer: Offer, aims: frozenset[str]) -> str:
    """Which of the firm's aims it serves, or one near to them; "" where none."""
    served = [str(topics()[key]) for key in offer.topics if key in aims]
    if served:
        return _("目的「%(topics)s」に合います。") % {"topics": "」「".join(served)}
    near = (key for aim in sorted(aims) for key in topics()[aim].near if key in offer.topics)
    if key := next(near, ""):
        return _("目的に近い「%(topic)s」の支援です。") % {"topic": topics()[key]}
    return ""


def _of_conditions(met: Iterable[Finding]) -> str:
    return _("%(conditions)sの条件に当てはまります。") % {"conditions": _names(met)}


def _names(found: Iterable[Finding]) -> str:
    return joined(dict.fromkeys(row.what for row in found))


def weighed(offers: Iterable[Offer], firm: Firm) -> list[Fit]:
    """Each offer, what fits first."""
    known: Known = {}
    return sorted((fit(offer, firm, known) for offer in offers), key=lambda row: row.verdict)


def instead(row: Fit, fitting: Iterable[Offer]) -> list[int]:
    """Of what does not fit: the calls of the same purpose that do."""
    wanted = set(row.offer.topics)
    same = (other.pk for other in fitting if wanted & set(other.topics))
    return list(islice(same, INSTEAD)) if row.against else []
