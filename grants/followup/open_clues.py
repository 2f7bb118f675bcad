"""The clues of cases, as they are kept: found when a case was last looked over, and set aside."""

from django.db import models
from django.db.models import Exists, OuterRef

from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case


class Dismissal(models.Model):
    """A signal that an officer looked at and set aside, with the reason."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="dismissals")
    signal = models.CharField(max_length=300)
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "signal"], name="followup_dismissed_once")
        ]

    def __str__(self) -> str:
        return self.signal


class ClueQuerySet(models.QuerySet["Clue"]):
    def open(self) -> "ClueQuerySet":
        """Those that nobody has set aside."""
        aside = Dismissal.objects.filter(case=OuterRef("case"), signal=OuterRef("signal"))
        return self.exclude(Exists(aside))


class Clue(models.Model):
    """What the list of cases is narrowed by; written by `grants.followup.clues` alone."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    signal = models.CharField(max_length=300)

    objects = ClueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "signal"], name="followup_clue_once")
        ]

    def __str__(self) -> str:
        return self.signal
