"""A result file of the bank on its way in: what the job has done of it so far."""

from django.conf import settings
from django.db import models

from portal import clock
from portal.documents import names


class ResultImport(models.Model):
    """A result file being taken in: its text, what its columns are called (`results.FIELDS`; none
    before a person has said so), how far it is, and a report per row [place, outcome, sentence].
    """

    batch = models.ForeignKey(
        "grants_payments.PaymentBatch", models.PROTECT, related_name="imports"
    )
    name = models.CharField(max_length=names.MAX_BYTES)
    text = models.TextField()
    columns = models.JSONField(default=dict)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=list)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.batch} {self.done}/{self.total}"

    @property
    def refused(self) -> int:
        """Rows that were not taken in."""
        return sum(outcome == "wrong" for _place, outcome, _text in self.report)
