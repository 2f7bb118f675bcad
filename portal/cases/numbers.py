"""Numbers of cases, papers and batches: one after the other, without gaps."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from portal.cases.models import Case


def word_of(case: "Case") -> str:
    """What the number that is shown of a case is: a draft has one of its own until it is received."""
    if case.receipt_number:
        return _("受付番号")
    return _("下書き番号") if case.is_draft else _("案件番号")


# a case that was received is called by the number of its receipt
OF_RECEIPT = models.CheckConstraint(
    condition=models.Q(receipt_number="", draft_number=None)
    | models.Q(receipt_number=models.F("number"), draft_number__isnull=False),
    name="cases_number_of_receipt",
)


def receive(case: "Case", number: str) -> None:
    """Call a draft by the number of its receipt; its old addresses lead to the new ones
    (`portal.cases.former_numbers`).
    """
    case.draft_number, case.number, case.receipt_number = case.number, number, number


def called(number: str) -> models.Q:
    """The case of this number, now or as a draft."""
    return models.Q(number=number) | models.Q(draft_number=number)


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
