"""What was submitted, frozen; what is to be corrected in it; and what was promised to follow."""

from datetime import date, datetime
from typing import TypedDict

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from grants.applications import secrecy, veil
from grants.applications.content import Content
from grants.applications.ports import clearances
from grants.programmes.blinding import Blind
from grants.programmes.models import said
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Applicant
from portal.cases import visibility
from portal.cases.models import Case
from portal.documents.models import Document
from portal.types import Visitor


class Filing(TypedDict):
    """What a version says of itself, in yen, or in seats where there are some."""

    eligible: int
    requested: int
    frame: str
    title: str
    partner: str  # as a search key


class ApplicationVersion(models.Model):
    """What was submitted, frozen: answers, costs, aid and the list of files with their hashes."""

    application = models.ForeignKey(
        "grants_applications.Application", models.PROTECT, related_name="versions"
    )
    n = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-n"]
        constraints = [
            models.UniqueConstraint(fields=["application", "n"], name="applications_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} v{self.n}"

    @property
    def case(self) -> Case:
        return self.application.case

    def readable_by(self, user: Visitor) -> Content:
        """The one home of secrecy: the answers this person may read.

        Reviewers see no personal contact. What the applicant marked secret is read by the
        applicant's side, by roles that decide or carry it out, and by whom a room clears
        (`ports.clearances`); others read that it is not open. Nor does a reviewer read whose it is
        where the call is blind (`veil`).
        """
        content, marks = dict(self.content), secrecy.marks(self.content)
        if user.is_authenticated and not visibility.reads(
            user, self.application.case, visibility.WORKERS
        ):
            content.pop("contact", None)
        if user.is_authenticated and visibility.is_veiled(user, self.application.case):
            stated = self.application.stated
            closed = (stated.blind or Blind()).closed(stated.asked)
            names = veil.names_in(self.application.case.organisation, self.content)
            content = veil.veiled(content, names, closed)
        return secrecy.hidden(content, marks) if marks and not self.is_cleared(user) else content

    def is_cleared(self, user: Visitor) -> bool:
        """May this person read what the applicant marked secret?"""
        if not user.is_authenticated or not user.is_office:
            return user.is_authenticated and not Applicant().reasons(user, self.application)
        by_role = visibility.reads(user, self.application.case, secrecy.CLEARED)
        return by_role or any(clears(user, self.application) for clears in clearances.values())


class Defect(models.Model):
    """不備: what is to be corrected in one part of a submission, citing its rule."""

    application = models.ForeignKey(
        "grants_applications.Application", models.PROTECT, related_name="defects"
    )
    version = models.ForeignKey(ApplicationVersion, models.PROTECT, related_name="defects")
    n = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=60)
    part_label = models.CharField(max_length=120)
    cite = models.CharField(max_length=80)
    text = models.TextField()
    supervisor_reason = models.CharField(max_length=300, blank=True)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    # in the applicant's words, where the part itself was not changed
    answer = models.TextField(blank=True)
    # when the words were written: those before `sent_at` were not enough
    worded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    # what the last correction did to it; the office's page says so on the rows that it shows
    became: str
    was: str
    now: str

    class Meta:
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["application", "n"], name="applications_defect_once")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} #{self.n}"


def _came() -> QuerySet[Document]:
    """The files that were handed in for it; one that is taken out of a version that is being written
    anew stands until that is handed in.
    """
    rows = Document.objects.filter(
        case=OuterRef("application__case"),
        key=OuterRef("key"),
        frozen=True,
        internal=False,
        file__refusal="",
    )
    stays = Q(removed_at__gte=OuterRef("application__amending_since"))
    return rows.filter(Q(removed_at=None) | stays).order_by("uploaded_at")


def _arrival() -> dict[str, Subquery | Exists]:
    """When each came, and whether a file of it was looked into and taken."""
    taken = _came().filter(file__checked_at__isnull=False)
    return {"came_at": Subquery(_came().values("uploaded_at")[:1]), "is_taken": Exists(taken)}


class LatePapers(models.Manager["LatePaper"]):
    def get_queryset(self) -> "QuerySet[LatePaper]":
        return super().get_queryset().annotate(**_arrival())


class LatePaper(models.Model):
    """A paper that was promised for a day. Until it is there, or an officer sets it aside with a reason,
    the application is not accepted.
    """

    application = models.ForeignKey(
        "grants_applications.Application", models.PROTECT, related_name="late_papers"
    )
    key = models.CharField(max_length=40)
    until = models.DateField()
    # where the day was moved, once: the one before, and what the firm said
    first_until = models.DateField(null=True)
    moved_because = models.CharField(max_length=300, blank=True)
    set_aside_at = models.DateTimeField(null=True)
    set_aside_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    set_aside_reason = models.CharField(max_length=300, blank=True)

    # what its manager finds
    came_at: datetime | None
    is_taken: bool

    objects = LatePapers()

    class Meta:
        ordering = ["until", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "key"], name="applications_late_paper_once"
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at=None, set_aside_by=None, set_aside_reason="")
                | Q(set_aside_at__isnull=False, set_aside_by__isnull=False)
                & ~Q(set_aside_reason=""),
                name="applications_set_aside_whole",
            ),
            models.CheckConstraint(
                condition=Q(first_until=None) | Q(first_until__lt=F("until")),
                name="applications_moved_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.key}"

    @property
    def name(self) -> str:
        stated = self.application.stated.documents
        return next((said(doc.name) for doc in stated if doc.key == self.key), self.key)

    @property
    def is_set_aside(self) -> bool:
        return self.set_aside_at is not None

    @property
    def is_awaited(self) -> bool:
        return self.came_at is None and not self.is_set_aside

    @property
    def is_moved(self) -> bool:
        return self.first_until is not None

    @property
    def waited_until(self) -> date | None:
        """The last day on which the office waited for it, or will; None where nothing is asked for."""
        if self.is_set_aside:
            return None
        return min(self.until, clock.day_of(self.came_at)) if self.came_at else self.until

    @property
    def is_over(self) -> bool:
        """Awaited, and its day has passed."""
        return self.is_awaited and clock.today() > self.until
