"""What one person proposed about a line of the budget: a change of it (`grants.budget.changes` proposes
and confirms it), and its 予算科目 (`grants.budget.classifying`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from grants.budget.classification import Classified, whole
from portal.cases.models import Case
from portal.workflow.proposals import CLOSED_BY_ANOTHER, Proposal

if TYPE_CHECKING:
    from grants.budget.models import BudgetLine


class BudgetChange(Proposal):
    """補正・流用・配当・繰越, as one person proposed it: in the book once another has confirmed it."""

    KINDS = [
        ("appropriation", _lazy("当初予算")),
        ("supplement", _lazy("補正（増）")),
        ("supplement_cut", _lazy("補正（減）")),
        ("transfer", _lazy("流用")),
        ("allotment", _lazy("配当")),
        ("allotment_cut", _lazy("配当の減")),
        ("carry_over", _lazy("繰越明許費による繰越")),
        ("accident", _lazy("事故繰越し")),
        ("carry_again", _lazy("繰り越したものの事故繰越し")),
        ("voted", _lazy("予算化")),
    ]

    line = models.ForeignKey("BudgetLine", models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=14, choices=KINDS)
    amount = models.BigIntegerField()
    note = models.CharField(max_length=120)
    # whose money is carried over
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    # of a transfer: where it goes, and the provision of the budget that lets it leave its 項
    to = models.ForeignKey("BudgetLine", models.PROTECT, null=True, related_name="transfers_to")
    permit = models.CharField(max_length=120, blank=True)
    # none where it was taken back
    entry = models.OneToOneField("BudgetEntry", models.PROTECT, null=True, related_name="change")

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["line"], condition=Q(closed_at=None), name="budget_change_open")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_change_positive"),
            models.CheckConstraint(
                condition=Q(entry=None) | CLOSED_BY_ANOTHER,
                name="budget_change_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    @property
    def lines(self) -> list[BudgetLine]:
        return [self.line] if self.to is None else [self.line, self.to]

    @property
    def gaining(self) -> list[BudgetLine]:
        """Which of its lines have more by it."""
        return self.lines[-1:]


class ClassificationProposal(Proposal, Classified):
    """予算科目 of a line, or of all money of its call: the line stands there once another has confirmed it."""

    line = models.ForeignKey("BudgetLine", models.PROTECT, related_name="classifications")
    whole_call = models.BooleanField(default=False)
    # none where it was taken back
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=whole() & ~Q(chapter_code=""), name="budget_proposed_wholly"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | CLOSED_BY_ANOTHER,
                name="budget_classification_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return self.codes_said
