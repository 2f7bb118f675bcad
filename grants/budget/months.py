"""What of each kind was booked on a line in each month, added up by the database as it is booked
(migration 0020): pages read months, and not every entry of every case.
"""

from django.db import models


class BookedMonth(models.Model):
    """The sum of a line's entries of one kind in one month of Sapporo; of a transfer, to one line."""

    line = models.ForeignKey(
        "BudgetLine", models.PROTECT, related_name="months", db_index=False, editable=False
    )
    to = models.ForeignKey(
        "BudgetLine", models.PROTECT, null=True, related_name="months_received", editable=False
    )
    kind = models.CharField(max_length=14, editable=False)
    month = models.DateField(editable=False)  # its first day
    amount = models.BigIntegerField(editable=False)

    COLUMNS = ("id", "line_id", "to_id", "kind", "month", "amount")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "to", "kind", "month"],
                name="budget_month_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.month:%Y-%m} {self.kind} {self.amount}"
