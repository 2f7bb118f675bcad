"""What transitions on an award lock beside their own row."""

from typing import TYPE_CHECKING

from django.db.models import Model

from grants.budget.models import BudgetLine, lines_of
from portal.types import Given

if TYPE_CHECKING:
    from grants.awards.models import Award


def born_on_award(_unborn: None, given: Given) -> list[Model]:
    """For what is born on an award: that award and its case."""
    award: Award = given["award"]
    return [award.case, award]


def budget_of(award: "Award", _given: Given) -> list[BudgetLine]:
    """The lines of the budget that carry the award."""
    return lines_of(award.application.call, award.frame)
