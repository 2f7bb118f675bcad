"""Who of the office is away from when until when, and who acts then in whose place."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from portal import clock
from portal.accounts.models.people import User
from portal.accounts.models.roles import RoleTerms

# the roles that others wait for on the way of a draft, and that have deputies
DEPUTISED = (
    "programme_officer",
    "approver",
    "inspector",
    "finance_officer",
    "accounting_officer",
)


class Absence(models.Model):
    """不在: first and last day. Why somebody is away is nobody's business here.

    It ends by itself; `closed_at`: taken back, or back sooner.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField()
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="accounts_absence_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.starts_on}–{self.ends_on}"

    @property
    def is_in_force(self) -> bool:
        return self.closed_at is None and self.starts_on <= clock.today() <= self.ends_on


def away() -> models.QuerySet[Absence]:
    """The absences that are in force today."""
    today = clock.today()
    return Absence.objects.filter(closed_at=None, starts_on__lte=today, ends_on__gte=today)


def away_until(person: User) -> date | None:
    """The last day of the absence that the person is on today; None for whoever is there."""
    days = [absence.ends_on for absence in person.absences.all() if absence.is_in_force]
    return max(days, default=None)


class Deputy(models.Model):
    """代決者: whoever acts in the place of a person, in one role, while this person is away.

    It gives no role: what the deputy may do is asked of the deputy's own. `n`: the order in which
    they are asked. Named by the person, or by an administrator whom another one confirms.
    """

    ROLES = [(name, label) for name, label in RoleTerms.ROLES if name in DEPUTISED]

    person = models.ForeignKey(User, models.PROTECT, related_name="deputies")
    role = models.CharField(max_length=20, choices=ROLES)
    n = models.PositiveSmallIntegerField()
    stand_in = models.ForeignKey(User, models.PROTECT, related_name="stands_in_for")
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["n", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(stand_in=F("person")), name="accounts_deputy_not_self"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | Q(named_by=F("person"))
                | ~Q(confirmed_by=F("named_by")) & ~Q(confirmed_by=F("stand_in")),
                name="accounts_deputy_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "stand_in"],
                condition=Q(ended_at=None),
                name="accounts_deputy_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.stand_in}"

    @property
    def is_in_force(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None


def stood_for(person: int, *roles: str) -> models.QuerySet[User]:
    """Those in whose place the person (a key) is named to act (in one of `roles`, where some are
    named), whether they are away or not.
    """
    named = Deputy.objects.filter(stand_in=person, confirmed_at__isnull=False, ended_at=None)
    if roles:
        named = named.filter(role__in=roles)
    return User.objects.filter(pk__in=named.values("person"))
