"""債務負担行為: what may be promised now of the money of a later year, as the council resolved it
(地方自治法 214条). One person enters it, another confirms it; a call whose projects run past its year
draws its lines from it (docs/decisions/0086-a-later-year-is-promised-up-to-a-limit.md).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from portal.accounts.permissions import Scope
from portal.workflow.proposals import CLOSED_BY_ANOTHER, Proposal


class DebtAct(Proposal):
    """Up to how much may be promised within a fiscal year of what a later one will pay."""

    programme_code = models.CharField(max_length=40)
    municipality_codes = ArrayField(models.CharField(max_length=6))
    fiscal_year = models.PositiveSmallIntegerField()
    spent_in = models.PositiveSmallIntegerField()
    limit_amount = models.BigIntegerField()
    ground = models.CharField(max_length=120)
    # none where it was taken back
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-fiscal_year", "programme_code", "spent_in", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(limit_amount__gt=0), name="budget_debt_positive"),
            models.CheckConstraint(
                condition=Q(spent_in__gt=F("fiscal_year")), name="budget_debt_of_later_year"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | CLOSED_BY_ANOTHER, name="budget_debt_four_eyes"
            ),
        ]

    @property
    def own_scope(self) -> Scope:
        """The municipality whose council resolved it: the first, which pays."""
        return Scope(self.programme_code, self.municipality_codes[:1])

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    def __str__(self) -> str:
        return f"{self.programme_code} {self.fiscal_year} {self.spent_in} {self.limit_amount:,}"
