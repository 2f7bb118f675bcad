"""What of a line may be promised: all that it has or, where it goes by allotment (配当), what was allotted of it
(decision 0091).
"""

from django.db import models
from django.db.models import F, Q

# the constraints by which the database refuses to promise more than there is
SHORT = ("budget_no_overdraft", "budget_within_allotment")


class Promising(models.Model):
    """Columns that triggers keep, but for `by_allotment`."""

    appropriated = models.BigIntegerField(default=0, editable=False)
    committed = models.BigIntegerField(default=0, editable=False)
    allotted = models.BigIntegerField(default=0, editable=False)
    by_allotment = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True

    @property
    def unpromised(self) -> int:
        return self.appropriated - self.committed

    @property
    def available(self) -> int:
        """What may still be committed."""
        return self.allotted - self.committed if self.by_allotment else self.unpromised

    @property
    def loose(self) -> int:
        """What may leave the line: neither promised nor allotted."""
        return self.appropriated - max(self.committed, self.allotted)


def within() -> list[models.CheckConstraint]:
    """What the database asks."""
    return [
        models.CheckConstraint(
            condition=Q(committed__lte=F("appropriated")), name="budget_no_overdraft"
        ),
        models.CheckConstraint(
            condition=Q(allotted__gte=0, allotted__lte=F("appropriated")),
            name="budget_allotted_within_budget",
        ),
        models.CheckConstraint(
            condition=Q(by_allotment=False) | Q(committed__lte=F("allotted")),
            name="budget_within_allotment",
        ),
    ]
