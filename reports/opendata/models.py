"""How often an address asked the public API in a minute; nothing else is stored here."""

from django.db import models


class RateWindow(models.Model):
    """Requests of one address in one minute. `address`: a keyed hash, never the address itself."""

    address = models.CharField(max_length=64)
    minute = models.BigIntegerField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "minute"], name="opendata_window_once")]

    def __str__(self) -> str:
        return f"{self.minute} {self.count}"
