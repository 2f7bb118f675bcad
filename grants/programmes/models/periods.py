"""The intake periods of a call (受付期間)."""

from django.db import models


class IntakePeriod(models.Model):
    """受付期間: from its first to its last moment, both included."""

    call = models.ForeignKey("grants_programmes.Call", models.PROTECT, related_name="periods")
    n = models.PositiveSmallIntegerField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["call", "n"], name="programmes_period_once"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="programmes_period_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call} {self.n}"
