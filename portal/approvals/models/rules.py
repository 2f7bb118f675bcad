"""The tables of 専決: proposed whole by one administrator, in force once another has confirmed them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from portal.approvals.ruling import Rule
from portal.cases.models import Case
from portal.registry.models import Municipality
from portal.workflow.proposals import CLOSED_BY_ANOTHER, Proposal


class RuleTable(Proposal):
    """All rules of a municipality, as they stood from one confirmation to the next. `rows`: (act, up
    to, rank) each. One that was taken back was closed and not confirmed.
    """

    BY_ANOTHER = _lazy("提案した方は確認できません。別の管理者が確認します。")

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    rows = models.JSONField(default=list)
    # so many days after a step began to wait its deputies may act, though nobody is away; None: never
    deputy_after = models.PositiveSmallIntegerField(null=True)
    is_confirmed = models.BooleanField(default=False)

    class Meta:
        ordering = ["-closed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_confirmed=False) | CLOSED_BY_ANOTHER,
                name="approvals_rules_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(closed_at=None),
                name="approvals_rules_one_proposal",
            ),
        ]

    def __str__(self) -> str:
        return str(self.municipality)

    @property
    def rules(self) -> list[Rule]:
        return [Rule(act, up_to, rank) for act, up_to, rank in self.rows]


def _newest() -> models.QuerySet[RuleTable]:
    """The newest confirmed table of each municipality that has one."""
    rows = RuleTable.objects.filter(is_confirmed=True)
    return rows.order_by("municipality_id", "-closed_at", "-pk").distinct("municipality_id")


def in_force(codes: Collection[str]) -> models.QuerySet[RuleTable]:
    """The newest confirmed table of each of these municipalities that has one."""
    return _newest().filter(municipality__in=codes).select_related("municipality")


def shortest_wait() -> models.QuerySet[RuleTable, int | None]:
    """After how many days of waiting deputies may act at the earliest, wherever the cases lie: one
    row, none where no table in force says anything.
    """
    said = RuleTable.objects.filter(pk__in=_newest().values("pk"), deputy_after__isnull=False)
    return said.order_by("deputy_after").values_list("deputy_after", flat=True)[:1]


def tables_of(cases: Iterable[Case]) -> models.QuerySet[RuleTable]:
    """Those of the municipalities that the cases lie in."""
    return in_force({code for case in cases for code in case.municipality_codes})


def deputies_after(tables: Iterable[RuleTable], cases: Iterable[Case]) -> int | None:
    """After how many days of waiting deputies may act: the longest that a municipality of the cases
    says; None where one says nothing.
    """
    said = {table.municipality_id: table.deputy_after for table in tables}
    days = [said.get(code) for case in cases for code in case.municipality_codes]
    known = [each for each in days if each is not None]
    return max(known) if known and len(known) == len(days) else None
