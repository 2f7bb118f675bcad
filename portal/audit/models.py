"""Append-only record of what was done, as hash chains: one per case, and one per other subject.

The database's triggers number and chain the rows and refuse UPDATE, DELETE and TRUNCATE (migration
0002).
"""

import secrets
from typing import TypedDict

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from portal.audit import chain


class Finding(TypedDict):
    """What one kind of check found in a run over the record."""

    kind: str
    count: int
    fault: str


class Event(models.Model):
    """One thing done.

    The canonical text of ids, states and the payload's hash is what the chain covers.
    """

    chain = models.CharField(max_length=80)
    seq = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=40, blank=True)
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    payload_hash = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    # of an event as a timeline shows it (portal.cases): the names of its states, whether it came
    # about by itself, who it is said to be by, and what an applicant reads of the reason
    states: list[object]
    of_itself: bool
    said_by: str
    reason: str

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="audit_event_chain_seq")
        ]
        indexes = [
            models.Index(fields=["subject"], name="audit_event_subject"),
            BrinIndex(fields=["at"], name="audit_event_at"),  # rows come in the order of their time
        ]

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq} {self.action}"

    @property
    def fingerprint(self) -> str:
        """What page and paper show of its hash, to compare one with the other."""
        return self.hash[:12]

    def canonical(self) -> str:
        return chain.canonical(
            self.chain,
            self.seq,
            self.at,
            self.actor_id,
            self.capacity,
            self.action,
            self.subject,
            self.before,
            self.after,
            self.payload_hash,
        )


class Payload(models.Model):
    """Reasons and names of an event.

    Erasable when its time comes: the chain holds only its salted hash.
    """

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="payload")
    salt = models.CharField(max_length=32)
    content = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"payload of {self.event_id}"

    def data(self) -> dict[str, object]:
        return chain.read(self.content) if self.content else {}


class Head(models.Model):
    """The last event of each chain, kept by the trigger, so that a cut tail is seen at once."""

    chain = models.CharField(max_length=80, primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq}"


class Print(models.Model):
    """The hash of a kept row's columns, taken by a trigger when the row came (migration 0004), and of
    some rows another one when they ended (migration 0008).
    """

    kept = models.CharField(max_length=63)  # the table
    row_id = models.BigIntegerField()
    columns = models.TextField()
    hash = models.CharField(max_length=64)
    of_end = models.BooleanField(db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kept", "row_id", "of_end"], name="audit_print_once")
        ]

    def __str__(self) -> str:
        return f"{self.kept} {self.row_id}"


class Seal(models.Model):
    """The daily seal over all heads: published, so that nobody can rewrite yesterday unseen."""

    day = models.DateField(unique=True)
    sealed_at = models.DateTimeField()
    chains = models.BigIntegerField()
    events = models.BigIntegerField()
    last_event_id = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.hash[:12]}"


class Verification(models.Model):
    """A run of all checks over the record: asked when and by whom (None: the command of the
    machine), and what each kind found (`portal.audit.verifying.CHECKS`).
    """

    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    found = models.JSONField(default=list)

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def findings(self) -> list[Finding]:
        rows: list[Finding] = self.found
        return rows

    @property
    def first_fault(self) -> str:
        return next((row["fault"] for row in self.findings if row["fault"]), "")

    @property
    def is_whole(self) -> bool:
        return self.ended_at is not None and not self.first_fault


def new_salt() -> str:
    return secrets.token_hex(16)
