"""What a return comes to on one day, with its interest, and what of it is left: lists, sums and the CSV of
many returns read it.

`grants.recovery.jobs` reckons it as the day begins. The database forgets it when the return, what came
back of it, its parts or a demand is written (migration 0002); that one is reckoned where it is asked for.
"""

from django.db import models


class Reckoned(models.Model):
    """Yen of a return on a day, as `Recovery.owed` says, and when its next part falls due."""

    recovery = models.OneToOneField(
        "Recovery", models.CASCADE, primary_key=True, related_name="reckoned"
    )
    on = models.DateField()
    left = models.BigIntegerField()
    next_due = models.DateField()
    surcharge = models.BigIntegerField()
    arrears = models.BigIntegerField()
    fees = models.BigIntegerField()
    paid = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.recovery_id} {self.on} {self.left:,}"

    def owed(self, principal: int) -> dict[str, int]:
        """As `Recovery.owed` says it of a return of so many yen."""
        parts = {
            "principal": principal,
            "surcharge": self.surcharge,
            "arrears": self.arrears,
            "fees": self.fees,
        }
        return parts | {"total": sum(parts.values()), "paid": self.paid, "left": self.left}
