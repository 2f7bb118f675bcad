"""Uploaded files: hashed, checked and write-once.

A Document ties a stored file to a case under a requirement; later rooms have holders of their own.
"""

from django.db import models
from django.db.models import Q

from portal import clock
from portal.accounts.models import User
from portal.audit.record import record
from portal.cases.models import Case
from portal.documents import kinds, names, refusals


class StoredFile(models.Model):
    """One object in the storage: as it was sent until a job has looked into it, then as it is kept,
    or gone where it was refused.

    `scan`: clean, infected, unscanned (no scanner configured) or pending.
    """

    key = models.CharField(max_length=120, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    # of what was sent, where photographs became one JPEG or PDF
    sent_sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    content_type = models.CharField(max_length=100)
    scan = models.CharField(max_length=10, default="pending")
    checked_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=20, blank=True)  # why it was not taken: `refusals`
    pages = models.PositiveIntegerField(null=True)
    # when the images of its pages were drawn and kept, and how many there are
    pictured_at = models.DateTimeField(null=True)
    pictures = models.PositiveIntegerField(default=0)
    stored_at = models.DateTimeField(default=clock.now)
    # when its object was read last and had its hash; since when it is lost (`reconciling`)
    read_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="documents_file_not_empty"),
            models.CheckConstraint(
                condition=Q(refusal="") | Q(checked_at__isnull=False),
                name="documents_refused_by_a_check",
            ),
        ]
        indexes = [
            models.Index(
                fields=["stored_at"], condition=Q(checked_at=None), name="documents_unchecked"
            )
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def is_being_checked(self) -> bool:
        return self.checked_at is None

    @property
    def is_taken(self) -> bool:
        return self.checked_at is not None and not self.refusal

    @property
    def why_not(self) -> str:
        """What is wrong with a refused file, and what to do instead."""
        return refusals.sentence(self.refusal) if self.refusal else ""

    @property
    def is_open_to_others(self) -> bool:
        return self.is_taken and self.scan in ("clean", "unscanned")

    @property
    def photographs(self) -> int:
        """How many that were sent together became this PDF: any other PDF is kept as it was sent."""
        is_made = self.content_type == kinds.PDF and self.sha256 != self.sent_sha256
        return (self.pages or 0) if is_made else 0

    @property
    def is_being_drawn(self) -> bool:
        return bool(self.pages) and self.pictured_at is None


class Holder(models.Model):
    """A row that holds a file (`file`) which somebody sent, under the name that it was sent with. Each
    such model is in `ports.holders`: what becomes of the file, its rows hear.
    """

    name = models.CharField(max_length=200)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def is_earlier(self) -> bool:
        """Handed in once, and no longer part of what stands now."""
        return self.removed_at is not None

    def note(self, what: str, by: User, label: str, **more: str) -> None:
        """Record what happened to its file."""
        raise NotImplementedError


class DocumentQuerySet(models.QuerySet["Document"]):
    def live(self) -> "DocumentQuerySet":
        """Those that count: taken, or being checked."""
        return self.sent().filter(file__refusal="")

    def kept(self) -> "DocumentQuerySet":
        """Those that count, and those that were handed in once and taken out of a draft later: what
        the office has received it goes on reading.
        """
        return self.filter(Q(removed_at=None) | Q(frozen=True), file__refusal="")

    def sent(self) -> "DocumentQuerySet":
        """With those that were refused, until whoever sent them has put them away."""
        return self.filter(removed_at=None)


class Document(Holder):
    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    key = models.CharField(max_length=40)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="documents")
    frozen = models.BooleanField(default=False)
    # the office's own record, not shown to the applicant
    internal = models.BooleanField(default=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["key", "uploaded_at", "pk"]
        indexes = [models.Index(fields=["case", "key"], name="documents_case_key")]

    @property
    def download_name(self) -> str:
        """The name under which the file is handed out: its ending is that of its checked kind,
        whatever was typed.
        """
        return names.named(self.name, self.file.content_type)

    def note(self, what: str, by: User, label: str, **more: str) -> None:
        record(
            chain=f"case:{self.case_id}",
            action=f"document.{what}",
            subject=f"document:{self.pk}",
            by=by,
            capacity=by.capacity_for(self.case),
            label=label,
            name=self.name,
            sha256=self.file.sha256,
            **more,
        )
