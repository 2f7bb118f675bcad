"""専決: who decides what up to which sum, as a municipality's table says. Pure; the tables are rows
(`portal/approvals/models/rules.py`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.accounts.models import StaffRole
from portal.approvals.ports import acts
from portal.types import Text

RANKS = [name for name, _label in StaffRole.RANKS]  # lowest first


@dataclass(frozen=True)
class Rule:
    """Acts of the name `act` ("" = every act without a rule of its own) on one case up to so many yen
    (None = any) are decided by `rank` or above.
    """

    act: str
    up_to: int | None
    rank: str

    @property
    def rank_label(self) -> Text:
        return dict(StaffRole.RANKS)[self.rank]

    @property
    def least_label(self) -> Text:
        """Who decides by it."""
        top = self.rank == RANKS[-1]
        return self.rank_label if top else _("%(rank)s以上の方") % {"rank": self.rank_label}

    @property
    def act_label(self) -> Text:
        return acts[self.act].label if self.act else _("すべての起案")

    @property
    def sum_label(self) -> str:
        return (
            _("1件%(sum)s円まで") % {"sum": f"{self.up_to:,}"}
            if self.up_to is not None
            else _("金額を問わず")
        )

    def __str__(self) -> str:
        return f"{self.act_label}　{self.sum_label}　{self.rank_label}"


# 計画値: what a table begins with on screen; no municipality's own, and in force nowhere by itself
EXAMPLE = (
    Rule("", 1_000_000, "section_chief"),
    Rule("", 5_000_000, "department_head"),
    Rule("", None, "mayor"),
)


def rule_for(rules: Collection[Rule], act: str, yen: int) -> Rule | None:
    """The rule that a sum falls under: of the act's own rules, else of those for every act, the one
    that reaches least far. None where no rule reaches.
    """
    own = [rule for rule in rules if rule.act == act] or [rule for rule in rules if not rule.act]
    reaching = [rule for rule in own if rule.up_to is None or yen <= rule.up_to]
    return min(reaching, key=_reach, default=None)


def _reach(rule: Rule) -> tuple[bool, int]:
    return (rule.up_to is None, rule.up_to or 0)


def from_rank(rank: str) -> list[str]:
    """The rank and all above it."""
    return RANKS[RANKS.index(rank) :]


def misfits(rules: Iterable[Rule]) -> list[str]:
    """What is wrong with a table: nothing in it, two rules of one reach, or a higher sum with a
    lower rank; and a sum that nobody decides.
    """
    found = list(rules)
    if not found:
        return [_("規則を1つ以上入れてください。")]
    reasons = []
    for act in dict.fromkeys(rule.act for rule in found):
        own = sorted((rule for rule in found if rule.act == act), key=_reach)
        label = own[0].act_label
        if len({rule.up_to for rule in own}) < len(own):
            reasons.append(_("「%(act)s」に、同じ金額の規則が2つあります。") % {"act": label})
        ranks = [RANKS.index(rule.rank) for rule in own]
        if ranks != sorted(ranks):
            reasons.append(
                _("「%(act)s」は、金額が大きいほど上の職位にしてください。") % {"act": label}
            )
        if own[-1].up_to is not None:
            reasons.append(
                _("「%(act)s」に、金額の上限のない規則も入れてください。") % {"act": label}
            )
    return reasons
