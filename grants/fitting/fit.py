"""Does a call fit a firm? One call × one firm → fits, nearly, or not, each with its reasons in words.

Pure: it reads what it is given, and asks nothing. Advice, never a verdict.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.fitting.words import joined
from grants.programmes import eligibility
from grants.programmes.eligibility import Facts, Finding
from grants.programmes.finding.vocabulary import topics
from grants.programmes.models import Call
from portal.types import Text

NEAR = Fraction(1, 5)  # a figure above its limit by no more than this share of it is nearly within
# what nobody says of a firm but in the application itself
ASKED_LATER = frozenset({"independent", "partner", "tax", "antisocial", "group"})
# what a firm could change, and how; the rest says who it is
COULD_DO: Mapping[str, Text] = {
    "office": _lazy("札幌市内に事業所を設けると、申し込めます。"),
    "tenant": _lazy("対象の施設（ウェットラボ）に入居していれば、申し込めます。"),
}


class Verdict(IntEnum):
    BEGUN, FITS, NEARLY, NOT = range(4)  # BEGUN: a draft waits to be handed in


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

    call: Call
    verdict: Verdict
    why: tuple[str, ...]
    met: tuple[Finding, ...] = ()
    against: tuple[Finding, ...] = ()
    later: tuple[Finding, ...] = ()
    change: str = ""
    instead: tuple[Call, ...] = ()
    draft: str = ""

    @property
    def asked_later(self) -> str:
        return _names(self.later)


def fit(call: Call, firm: Firm) -> Fit:
    if call.pk in firm.applied:
        return Fit(call, Verdict.NOT, (_("この公募には、もう申し込んでいます。"),))
    if number := firm.drafts.get(call.pk, ""):
        until = _("書きかけの申請があります。締切は%(until)sです。")
        words = until % {"until": call.intake_until(call.closes_at)}
        return Fit(call, Verdict.BEGUN, (words,), draft=number)
    had = replace(firm.facts, received_before=call.stated.code in firm.had)
    found = eligibility.findings(call.stated, had)
    met = tuple(row for row in found if row.tone == "good" and row.rule not in ASKED_LATER)
    against = tuple(row for row in found if row.tone != "good" and row.rule not in ASKED_LATER)
    later = tuple(row for row in found if row.tone != "good" and row.rule in ASKED_LATER)
    aim = _aim(call, firm.aims)
    if firm.aims and not aim:
        other = _("選んだ目的のための支援ではありません。")
        return Fit(call, Verdict.NOT, (other,), met, against, later)
    why = (*([aim] if aim else []), *([_of_conditions(met)] if met else []))
    if not against:
        return Fit(call, Verdict.FITS, why, met, against, later)
    is_near = len(against) == 1 and _is_near(against[0])
    change = _change(against[0]) if is_near else ""
    verdict = Verdict.NEARLY if is_near else Verdict.NOT
    return Fit(call, verdict, why, met, against, later, change)


def _is_near(finding: Finding) -> bool:
    within = finding.over is not None and finding.over <= NEAR
    return finding.is_open or within or finding.rule in COULD_DO


def _change(finding: Finding) -> str:
    return str(COULD_DO.get(finding.rule) or finding.next or finding.why)


def _aim(call: Call, aims: frozenset[str]) -> str:
    """Which of the firm's aims the call serves, or one near to them; "" where none."""
    served = [str(topics()[key]) for key in call.topics if key in aims]
    if served:
        return _("目的「%(topics)s」に合います。") % {"topics": "」「".join(served)}
    near = (key for aim in sorted(aims) for key in topics()[aim].near if key in call.topics)
    if key := next(near, ""):
        return _("目的に近い「%(topic)s」の支援です。") % {"topic": topics()[key]}
    return ""


def _of_conditions(met: Iterable[Finding]) -> str:
    return _("%(conditions)sの条件に当てはまります。") % {"conditions": _names(met)}


def _names(found: Iterable[Finding]) -> str:
    return joined(dict.fromkeys(row.what for row in found))


def weighed(calls: Iterable[Call], firm: Firm) -> list[Fit]:
    """Each call, what fits first. What does not fit names the calls of the same purpose that do."""
    found = sorted((fit(call, firm) for call in calls), key=lambda row: row.verdict)
    fitting = [row.call for row in found if row.verdict == Verdict.FITS]
    return [
        replace(row, instead=tuple(_instead(row.call, fitting))) if row.against else row
        for row in found
    ]


def _instead(call: Call, fitting: Iterable[Call]) -> list[Call]:
    wanted = set(call.topics)
    return [other for other in fitting if wanted & set(other.topics)][:2]
