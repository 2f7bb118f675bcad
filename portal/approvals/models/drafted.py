"""What a draft is: its words, its route and its cases, without what happens to it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Scope
from portal.approvals import states
from portal.approvals.models import contents
from portal.approvals.models.attachments import Attachment
from portal.approvals.models.parts import KEEP_YEARS, Item, Step
from portal.approvals.models.queries import ApprovalQuerySet
from portal.approvals.ports import Draw, acts
from portal.approvals.states import ApprovalState
from portal.approvals.stations import able, scopes
from portal.cases.models import Case
from portal.registry.models import in_english
from portal.types import Given, Row, Text
from portal.workflow.graph import LifeCycle, state_check, state_field


class Drafted(LifeCycle):
    """Everything of an approval that is read."""

    lock_rank = 50
    STATES = ApprovalState
    LIVE = states.LIVE

    number = models.CharField(max_length=40, unique=True)  # 文書番号
    act = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    programme_code = models.CharField(max_length=20)
    municipality_codes = ArrayField(models.CharField(max_length=6))
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    basis = models.CharField(max_length=300, blank=True)  # the provision it is decided under
    wanted_on = models.DateField(null=True)  # the day by which its drafter asks for the decision
    keep_years = models.PositiveSmallIntegerField(choices=KEEP_YEARS, default=5)
    # the rule of 専決 it was decided under; written when it ends
    decided_under = models.CharField(max_length=300, blank=True)
    # what it took of the budget, as `Draw.frozen`; written when it ends
    budget = models.JSONField(default=list)
    # both in English
    decided_under_en = models.CharField(max_length=300, blank=True)
    budget_en = models.JSONField(default=list)
    # are those of 回議 asked at once, in any order, instead of one after the other?
    agree_together = models.BooleanField(default=False)
    round = models.PositiveSmallIntegerField(default=1)  # of its circulation
    state = state_field()

    if TYPE_CHECKING:  # what hangs on it

        @property
        def steps(self) -> models.QuerySet[Step]: ...

        @property
        def items(self) -> models.QuerySet[Item]: ...

        @property
        def attachments(self) -> models.QuerySet[Attachment]: ...

    objects = ApprovalQuerySet.as_manager()
    _prefetched_objects_cache: dict[str, object]
    held: list[tuple[Row, Given]] = []  # its rows, on a page that only shows them
    proposed: list[Case] = []  # before it is stored: the cases it is to be about

    class Meta:
        abstract = True
        ordering = ["-drafted_at", "-pk"]
        constraints = [state_check(ApprovalState, "approvals_state")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("approval", args=[self.pk])

    @property
    def is_circulated(self) -> bool:
        return self.state == ApprovalState.CIRCULATED

    @property
    def act_label(self) -> Text:
        return acts[self.act].label

    @property
    def is_decided(self) -> bool:
        return self.state == ApprovalState.APPROVED

    def draws(self, closed: Collection[int]) -> list[Draw]:
        """What it takes of the budget as it stands, or took when it ended; nothing for whoever does
        not read some of its cases (`closed`, keys), since the sums are of all.
        """
        if closed:
            return []
        if self.is_live:
            return acts[self.act].draws(self.rows())
        budget = self.budget_en if in_english() else []
        return [Draw(**kept) for kept in budget or self.budget]

    @property
    def steps_now(self) -> list[Step]:
        """The stations of the round that it is in."""
        return [step for step in self.steps.all() if step.round == self.round]

    @property
    def open_steps(self) -> list[Step]:
        """The stations that it waits for: all with the lowest number that is not done."""
        left = [step for step in self.steps_now if step.decided_at is None]
        return [step for step in left if step.n == left[0].n]

    @property
    def is_with_drafter(self) -> bool:
        return self.state in states.WITH_DRAFTER

    @property
    def files(self) -> list[Attachment]:
        """The attachments that stand now."""
        known = "attachments" in getattr(self, "_prefetched_objects_cache", {})
        rows = self.attachments.all() if known else self.attachments.select_related("file")
        return [row for row in rows if row.removed_at is None]

    def touched_cases(self) -> list[Case]:
        if not self.pk:
            return self.proposed
        known = "items" in getattr(self, "_prefetched_objects_cache", {})
        return [
            item.case
            for item in (
                self.items.all() if known else self.items.select_related("case__organisation")
            )
        ]

    @property
    def own_scopes(self) -> list[Scope]:
        """Whoever acts on it acts on every case of it."""
        return scopes(self.touched_cases())

    def who_could_decide(self) -> models.QuerySet[User]:
        others = able("decide", self.touched_cases()).exclude(pk=self.drafted_by_id)
        return others.prefetch_related("staff_roles")

    @property
    def told_as(self) -> str:
        """What mails call it: its title, unless that names a person."""
        people = {
            name for case in self.touched_cases() for name in case.organisation.names_of_people
        }
        return str(self.act_label) if any(name in self.title for name in people) else self.title

    def duty_subjects(self) -> list[str]:
        return [f"approval:{self.pk}", *[f"case:{item.case_id}" for item in self.items.all()]]

    def rows(self) -> list[tuple[Row, Given]]:
        """Each row the act is about, as stored now, and what its form brought."""
        return self.held or contents.rows(acts[self.act], list(self.items.all()))

    def hold(self) -> None:
        """Read its rows once for a page that only shows them: whoever writes reads them under lock."""
        self.held = self.rows()

    def forget_rows(self) -> None:
        """Its rows and stations were changed: they are read anew."""
        self._prefetched_objects_cache = {}
        for found in ("standing_in", "ruled", "held"):
            self.__dict__.pop(found, None)
