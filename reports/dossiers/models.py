"""The whole of a case (一件書類) as one person asked for it: a copy that is kept for a day."""

from datetime import datetime, timedelta

from django.db import models

from portal import clock
from portal.accounts.models import User
from portal.audit.models import Event
from portal.cases import visibility
from portal.cases.models import Case
from portal.documents.models import StoredFile

KEPT = timedelta(hours=24)


class Dossier(models.Model):
    """`capacities`: the roles by which the person saw the case when it was asked for; `done` of
    `steps`: how far its drawing is.
    """

    FORMS = [("pdf", "PDF"), ("zip", "ZIP")]

    case = models.ForeignKey(Case, models.PROTECT, related_name="dossiers")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    form = models.CharField(max_length=3, choices=FORMS)
    capacities = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=clock.now)
    done = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)
    has_failed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person", "form"], name="dossiers_one_for_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.form}"

    @property
    def kept_until(self) -> datetime:
        return self.asked_at + KEPT

    @property
    def is_being_made(self) -> bool:
        return self.made_at is None and not self.has_failed

    @property
    def percent(self) -> int:
        return 100 * self.done // self.steps if self.steps else 0

    def is_current(self) -> bool:
        """Was it made within its day, after the last that happened in the case, and by the roles
        that the person has now?
        """
        later = Event.objects.filter(chain=f"case:{self.case_id}", at__gt=self.asked_at)
        return (
            not self.has_failed
            and self.asked_at + KEPT > clock.now()
            and self.capacities == capacities(self.person, self.case)
            and not later.exists()
        )


def capacities(person: User, case: Case) -> str:
    return ",".join(sorted(visibility.capacities(person, case)))
