"""専決: which rule a draft falls under, who is of the rank for it, and how a table comes into force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts.models import StaffRole, User, in_force
from portal.accounts.permissions import Scope, covers_all
from portal.approvals.models.rules import RuleTable
from portal.approvals.ports import Act
from portal.approvals.ruling import RANKS, Rule, from_rank, misfits, rule_for
from portal.approvals.states import ApprovalState
from portal.audit.record import record
from portal.cases.models import Case
from portal.registry.models import Municipality
from portal.types import Given, Row
from portal.workflow.door import touch
from portal.workflow.errors import NotReady

if TYPE_CHECKING:
    from portal.approvals.models import Approval


@dataclass(frozen=True)
class Ruled:
    """The rule of a municipality that a draft falls under."""

    municipality: Municipality
    rule: Rule
    yen: int  # the largest sum of one case

    @property
    def why(self) -> str:
        """Which sum brought the draft under it: one case is enough for all of them."""
        if not self.yen:  # no row is right yet
            return ""
        return _("1件でいちばん大きい額（%(sum)s円）で決まります。") % {"sum": f"{self.yen:,}"}

    def __str__(self) -> str:
        return _("%(municipality)sの専決の規則「%(rule)s」") % {
            "municipality": self.municipality,
            "rule": self.rule,
        }


def ruled(
    tables: Iterable[RuleTable], name: str, act: Act[Row], rows: Iterable[tuple[Row, Given]]
) -> Ruled | None:
    """The rule that asks for the highest rank, by the largest sum of one case; None where no
    municipality of the cases has a table.
    """
    pairs = list(rows)
    found = []
    for table in tables:
        sums = [
            act.sum_of(subject, given)
            for subject, given in pairs
            if table.municipality_id in subject.case.municipality_codes
        ]
        most = max(sums, default=0)
        if rule := rule_for(table.rules, name, most):
            found.append(Ruled(table.municipality, rule, most))
    return max(found, key=lambda each: RANKS.index(each.rule.rank), default=None)


def is_of_rank(person: User, rank: str, scopes: Sequence[Scope]) -> bool:
    """Has the person, as an approver, this rank or a higher one over every case?"""
    held = [
        role
        for role in person.staff_roles.all()
        if role.role == "approver" and role.is_in_force and role.rank in from_rank(rank)
    ]
    return covers_all(held, scopes)


def lowest(people: Iterable[User], rank: str, scopes: Sequence[Scope]) -> User | None:
    """Of those who have the rank, whoever is not higher than needed."""
    fits = [person for person in people if is_of_rank(person, rank, scopes)]
    return min(fits, key=lambda person: _height(person, scopes), default=None)


def _height(person: User, scopes: Sequence[Scope]) -> int:
    return sum(is_of_rank(person, rank, scopes) for rank in RANKS)


def above_rule(
    found: Ruled, person: User, scopes: Sequence[Scope], able: Callable[[], Iterable[User]]
) -> str:
    """Why somebody of a higher rank than the rule asks for is to decide; "" where nobody is. `able`:
    who might be asked: where one of them is lower, the higher one was chosen.
    """
    height = _height(person, scopes)
    if height <= RANKS.index(found.rule.rank) + 1:
        return ""
    least = lowest(able(), found.rule.rank, scopes)
    if least is not None and _height(least, scopes) < height:
        said = _(
            "規則では%(rank)sで足りますが、起案者は%(name)sさん（%(own)s）を決裁する人に選んでいます。"
        )
    else:
        said = _(
            "規則では%(rank)sで足りますが、%(name)sさん（%(own)s）になっています。この起案を受け持てる、より下の職位の方がいないためです（起案者である、利益相反があるなど）。"
        )
    return said % {
        "rank": found.rule.rank_label,
        "name": person.name,
        "own": dict(StaffRole.RANKS)[RANKS[height - 1]],
    }


def why(approval: Approval) -> str:
    """Why the draft goes as high as it does: by its largest sum, and by who is left to decide."""
    found = approval.ruled
    if found is None:
        return ""
    step = next((step for step in approval.steps_now if step.kind == "decide"), None)
    return found.why + (_above(approval, found, step.person) if step else "")


def _above(approval: Approval, found: Ruled, person: User) -> str:
    return above_rule(found, person, approval.own_scopes, approval.who_could_decide)


def below_rule(approval: Approval) -> list[str]:
    """Why the person who is to decide may not decide such a sum; a deputy decides as this person."""
    step = next((step for step in approval.steps_now if step.kind == "decide"), None)
    found = approval.ruled
    if step is None or found is None:
        return []
    if is_of_rank(step.person, found.rule.rank, approval.own_scopes):
        return []
    return [
        _("%(rule)sにより、%(rank)sが決裁します。%(name)sさんは決裁できません。")
        % {"rule": found, "rank": found.rule.least_label, "name": step.person.name}
    ]


def unheld(municipality: Municipality, rules: Iterable[Rule]) -> list[str]:
    """Rules that nobody could decide by: no approver of the municipality has the rank, or a higher
    one.
    """
    held = set(
        StaffRole.objects.filter(in_force(), role="approver", person__is_active=True)
        .filter(Q(municipality=None) | Q(municipality=municipality))
        .exclude(rank="")
        .values_list("rank", flat=True)
    )
    return [str(rule) for rule in rules if held.isdisjoint(from_rank(rule.rank))]


@transaction.atomic
def propose(
    municipality: Municipality, rules: list[Rule], *, by: User, deputy_after: int | None = None
) -> RuleTable:
    """Propose a whole new table. It rules nothing before another administrator confirmed it.

    Raises NotReady for a table that does not hold together, or where another proposal waits.
    """
    if reasons := misfits(rules):
        raise NotReady(*reasons)
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    if RuleTable.objects.filter(municipality=municipality, closed_at=None).exists():
        raise NotReady(
            _("この市町村には、確認を待っている提案があります。先に取り下げてください。")
        )
    table = RuleTable.objects.create(
        municipality=municipality,
        rows=[(rule.act, rule.up_to, rule.rank) for rule in rules],
        deputy_after=deputy_after,
        proposed_by=by,
    )
    _note("rules.propose", table, by)
    return table


@transaction.atomic
def confirm(table: RuleTable, *, by: User) -> None:
    """Bring what another administrator proposed into force, instead of the table before.

    Raises Forbidden for whoever proposed it, NotReady where it is no longer open or nobody has a rank
    that it asks for: no draft could be decided.
    """
    fresh = table.held()
    fresh.demand_another(by)
    if missing := unheld(fresh.municipality, fresh.rules):
        raise NotReady(
            _(
                "決裁できる方がいない規則があります：%(rules)s。「職員と役割」で決裁者に職位を付けてから確認してください。"
            )
            % {"rules": "、".join(missing)}
        )
    fresh.is_confirmed = True
    _close(fresh, by)
    _note("rules.confirm", fresh, by)


@transaction.atomic
def take_back(table: RuleTable, *, by: User) -> None:
    """Close a proposal; the table in force stays. Raises NotReady where it is no longer open."""
    fresh = table.held()
    _close(fresh, by)
    _note("rules.take_back", fresh, by)


def _close(table: RuleTable, by: User) -> None:
    table.close(by)
    for case in Case.objects.filter(
        approval_items__approval__state=ApprovalState.CIRCULATED,
        municipality_codes__contains=[table.municipality_id],
    ).distinct():
        touch(case)  # from when on a deputy may act hangs on the table


def _note(action: str, table: RuleTable, by: User) -> None:
    subject = f"rules:{table.municipality_id}"
    record(
        chain=subject,
        action=action,
        subject=subject,
        by=by,
        capacity="office",
        rules=[str(rule) for rule in table.rules],
        deputy_after=table.deputy_after,
    )
