"""Which presses of "submit" did not end in a submission, and may still: by a fault of ours, or late."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from portal.accounts.permissions import office
from portal.cases.models import Case

STOPPED = ("begun", "failed", "late")


class AttemptQuerySet(models.QuerySet[Any]):
    def stopped(self) -> "AttemptQuerySet":
        return self.filter(outcome__in=STOPPED, application__state__in=("draft", "returned"))

    def open_to(self, user: Any) -> "AttemptQuerySet":
        """In the scope of an officer, drafts included: nobody else could honour the moment."""
        return self.filter(
            application__case__in=Case.objects.filter(
                office("programme_officer").q(user), disposed_on=None
            )
        )


class Ending:
    """How a press of "submit" ended, for the office."""

    outcome: Any

    @property
    def ending(self) -> str:
        return _("締切のあとに届いた") if self.outcome == "late" else _("こちらの障害で止まった")
