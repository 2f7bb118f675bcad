"""Uploaded files: hashed, checked and write-once.

A Document ties a stored file to a case under a requirement.
"""

from django.db import models
from django.db.models import Q

from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case
from portal.documents import checks


class StoredFile(models.Model):
    """One object in the storage.

    `scan`: clean, infected, unscanned (no scanner configured) or pending.
    """

    key = models.CharField(max_length=120, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    content_type = models.CharField(max_length=100)
    scan = models.CharField(max_length=10, default="pending")
    pages = models.PositiveIntegerField(null=True)
    # when the images of its pages were drawn and kept
    pictured_at = models.DateTimeField(null=True)
    stored_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="documents_file_not_empty")
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def is_open_to_others(self) -> bool:
        return self.scan in ("clean", "unscanned")


class DocumentQuerySet(models.QuerySet["Document"]):
    def live(self) -> "DocumentQuerySet":
        return self.filter(removed_at=None)


class Document(models.Model):
    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="documents")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    frozen = models.BooleanField(default=False)
    # the office's own record, not shown to the applicant
    internal = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["key", "uploaded_at", "pk"]
        indexes = [models.Index(fields=["case", "key"], name="documents_case_key")]

    def __str__(self) -> str:
        return self.name

    @property
    def download_name(self) -> str:
        """The name under which the file is handed out: its ending is that of its checked kind,
        whatever was typed.
        """
        return checks.named(self.name, self.file.content_type)
