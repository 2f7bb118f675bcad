"""Numbers of cases, papers and batches: one after the other, without gaps."""

from django.db import models


class NumberSeries(models.Model):
    """Consecutive numbers without gaps; locked last."""

    lock_rank = 900
    name = models.CharField(max_length=40, primary_key=True)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.last}"

    @classmethod
    def take(cls, name: str, count: int = 1) -> range:
        """The next `count` numbers of the series, inside the caller's transaction."""
        cls.objects.get_or_create(name=name)
        series = cls.objects.select_for_update(no_key=True).get(name=name)
        series.last += count
        series.save()
        return range(series.last - count + 1, series.last + 1)

    @classmethod
    def one(cls, name: str) -> int:
        """The next number of the series."""
        return cls.take(name)[0]
