"""What the limits count (portal/ui/limits.py)."""

from django.db import models


class Use(models.Model):
    """How much of a limit was used in a window of time. `who`: a keyed hash of a person's number or
    of an address, never these themselves; `until`: the end of the window, in seconds since 1970.
    """

    who = models.CharField(max_length=64)
    what = models.CharField(max_length=20)
    until = models.BigIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "what", "until"], name="ui_use_once")]
        indexes = [models.Index(fields=["until"], name="ui_use_until")]

    def __str__(self) -> str:
        return f"{self.what} {self.amount}"
