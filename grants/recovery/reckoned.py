"""What is left of a return on one day, with its interest: lists and sums of many returns read it.

`grants.recovery.jobs` reckons it as the day begins. The database forgets it when the return, what came
back of it, its parts or a demand is written (migration 0017); that one is reckoned where it is asked for.
"""

from django.db import models


class Reckoned(models.Model):
    """Yen left of a return on a day, and when its next part falls due, as `Recovery.owed` says."""

    recovery = models.OneToOneField(
        "Recovery", models.CASCADE, primary_key=True, related_name="reckoned"
    )
    on = models.DateField()
    left = models.BigIntegerField()
    next_due = models.DateField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.recovery_id} {self.on} {self.left:,}"
