"""審査・選考の記録: what a selection was at its first decision, kept as it was then."""

from typing import TypedDict

from django.db import models
from django.urls import reverse

from grants.applications.models import Application
from grants.programmes.models import Call
from grants.programmes.selecting import Selection
from portal import clock
from portal.accounts.models import User


class PanelFacts(TypedDict):
    """`due_on`: ISO text."""

    members: list[str]
    due_on: str
    minutes: str


class SelectionFacts(TypedDict):
    """The rules and the money of that moment. `left`: as `ranking.left`; `criteria`: (name, weight,
    maximum) each; `beside`: (number, state) of what was handed in and not ranked.
    """

    frame: str
    selection: Selection
    pass_mark: int | None
    left: dict[str, int | None]
    seed: str
    seed_hash: str
    criteria: list[tuple[str, int, int]]
    panels: list[PanelFacts]
    beside: list[tuple[str, str]]


class ReviewFacts(TypedDict):
    """`total`: out of 100, two decimals; `points`: (criterion, points, maximum, reason) each;
    `why`: why the reviewer stepped out.
    """

    reviewer: str
    state: str
    total: str | None
    points: list[tuple[str, int, int, str]]
    comment: str
    why: str


class RowFacts(TypedDict):
    """Yen; `score`: the average of the totals; `lot`: what the draw made of the receipt number."""

    rank: int
    number: str
    firm: str
    title: str
    amount: int
    cumulative: int
    score: str | None
    arrived_at: str
    state: str
    passed: bool
    tied: bool
    inside: bool
    lot: str
    reviews: list[ReviewFacts]


class SelectionRecord(models.Model):
    """The selection of one frame. What is decided later without having stood in it (another intake,
    a correction that came late) gets a further one.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="selection_records")
    frame = models.CharField(max_length=31)
    n = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    facts = models.JSONField()

    class Meta:
        ordering = ["frame", "n"]
        constraints = [
            models.UniqueConstraint(fields=["call", "frame", "n"], name="reviews_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.call} {self.frame} {self.n}"

    def get_absolute_url(self) -> str:
        return reverse("selection_record", args=[self.pk])

    @property
    def said(self) -> SelectionFacts:
        found: SelectionFacts = self.facts
        return found


class SelectedRow(models.Model):
    """One application in a record, in its order. Its facts are erased with those of its case; their
    SHA-256 stays.
    """

    record = models.ForeignKey(SelectionRecord, models.PROTECT, related_name="rows")
    application = models.ForeignKey(Application, models.PROTECT, related_name="selection_rows")
    n = models.PositiveIntegerField()
    facts = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "application"], name="reviews_record_row_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record} {self.n}"

    @property
    def said(self) -> RowFacts | None:
        """None once erased."""
        found: RowFacts | None = self.facts or None
        return found
