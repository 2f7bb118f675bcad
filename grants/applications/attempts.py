"""Which presses of "submit" ended in no submission, and may still.

A fault of ours stopped them, or they came late.
"""

from django.db import models
from django.utils.translation import gettext as _

from grants.applications.states import EDITABLE, ApplicationState
from portal.accounts.models import User
from portal.accounts.permissions import office
from portal.cases.models import Case
from portal.cases.visibility import interested

STOPPED = ("begun", "failed", "checking", "late")


class AttemptQuerySet(models.QuerySet["SubmissionAttempt"]):
    def stopped(self) -> "AttemptQuerySet":
        written = models.Q(application__state__in=EDITABLE)
        anew = models.Q(
            application__state=ApplicationState.SUBMITTED,
            arrived_at__gte=models.F("application__amending_since"),
        )
        return self.filter(written | anew, outcome__in=STOPPED)

    def open_to(self, user: User) -> "AttemptQuerySet":
        """In the scope of an officer without an interest, drafts included: nobody else could honour
        the moment.
        """
        within = Case.objects.filter(office("programme_officer").q(user), disposed_on=None)
        return self.filter(application__case__in=within.exclude(interested(user)))


class SubmissionAttempt(models.Model):
    """The moment of a press of "submit", committed before anything can fail.

    On time is arrival <= closing.
    """

    application = models.ForeignKey(
        "grants_applications.Application", models.PROTECT, related_name="attempts"
    )
    arrived_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    draft_hash = models.CharField(max_length=64)
    # begun, done, incomplete, checking, changed, late, refused, failed or honoured
    outcome = models.CharField(max_length=20, default="begun")
    detail = models.CharField(max_length=300, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-arrived_at"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.arrived_at}"

    @property
    def ending(self) -> str:
        """How the press of "submit" ended, for the office."""
        if self.outcome == "checking":
            return _("ファイルの確認が終わるのを待っていた")
        return _("締切のあとに届いた") if self.outcome == "late" else _("こちらの障害で止まった")
