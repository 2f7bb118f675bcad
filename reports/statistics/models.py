"""Statistical releases, frozen once approved (migration 0002), and what is imported for them.

That is others' awards, accounts, denominators, shapes. And how often an address asked in a minute.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias, TypedDict

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import Organisation, User
from portal.accounts.permissions import Scope, office
from portal.cases.models import NumberSeries
from portal.registry.codes import SAPPORO
from portal.registry.models import Area
from portal.workflow.door import perform
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Requirement,
    state_check,
    state_field,
    transition,
)
from reports.statistics import obstacles
from reports.statistics.states import ReleaseState

EVERY_RELEASE = "releases"  # two are never approved at once: each is reckoned beside the others
DRAFTER, APPROVER = office("programme_officer"), office("approver")

# A row of a table by the names of its columns: of which kind a value is, the table's columns say.
Row: TypeAlias = Mapping[str, Any]
# [what, sums or counts of it]: what a reconciliation found, as it is kept in a column.
Told: TypeAlias = list[str | int]


class Frozen(TypedDict):
    """A table as it is kept: [name, kind] of each column, plain values in that order, their hash."""

    columns: list[list[str]]
    rows: list[list[object]]
    sha256: str


class Cause(TypedDict):
    """Why a figure changed between two releases: by how many awards, and by how much."""

    cause: str
    awards: int
    amount: int


class Difference(TypedDict):
    """A figure in the release before and in this one, with causes that add up to what lies between."""

    measure: str
    before: int
    after: int
    causes: list[Cause]


class ReleaseQuerySet(models.QuerySet["Release"]):
    def public(self) -> "ReleaseQuerySet":
        """Approved or superseded, newest first."""
        return self.exclude(state=ReleaseState.DRAFT).order_by("-fiscal_year", "-n")

    def current(self) -> "ReleaseQuerySet":
        return self.filter(state=ReleaseState.APPROVED).order_by("-fiscal_year", "-n")


class Release(LifeCycle):
    """統計公表: an immutable, numbered snapshot of every published table.

    A correction is a new release that supersedes.

    `row_counts`: table → rows; `checks`: [what, statistics, ledger] of the reconciliation, yen;
    `faults`: sentences where the two differ; `differences`: what changed since the last release, by
    cause.
    """

    lock_rank = 90
    STATES = ReleaseState
    READERS = ("programme_officer", "approver", "finance_officer", "auditor", "concierge")

    number = models.CharField(max_length=12, unique=True)
    fiscal_year = models.PositiveSmallIntegerField()
    n = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True)  # what it corrects, in words
    as_of = models.DateTimeField(null=True)
    code_version = models.CharField(max_length=60, blank=True)
    parameters = models.JSONField(default=dict)
    row_counts = models.JSONField(default=dict)
    checks = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    differences = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    state = state_field()

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-fiscal_year", "-n"]
        constraints = [
            state_check(ReleaseState, "statistics_release_state"),
            models.UniqueConstraint(fields=["fiscal_year", "n"], name="statistics_release_once"),
            models.UniqueConstraint(
                fields=["fiscal_year"],
                condition=Q(state=ReleaseState.APPROVED),
                name="statistics_one_current",
            ),
            models.CheckConstraint(
                condition=Q(state=ReleaseState.DRAFT)
                | (
                    Q(as_of__isnull=False, published_at__isnull=False)
                    & ~Q(sha256="")
                    & Q(faults=[])
                ),
                name="statistics_published_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("release_staff", args=[self.number])

    @property
    def is_draft(self) -> bool:
        return self.state == ReleaseState.DRAFT

    @property
    def own_scope(self) -> Scope:
        """A release speaks of every programme: only a role that no programme limits covers it."""
        return Scope("", [SAPPORO])

    @property
    def series(self) -> str:
        """The numbers of the releases of one fiscal year."""
        return f"release-{self.fiscal_year}"

    @property
    def before(self) -> "Release | None":
        """The release before it that was published for the same fiscal year."""
        return Release.objects.public().filter(fiscal_year=self.fiscal_year, n__lt=self.n).first()

    def duty_subjects(self) -> list[str]:
        return [self.subject_key]

    @transition(
        source=UNBORN,
        target=ReleaseState.DRAFT,
        label=_lazy("統計の案を作る"),
        done=_lazy("統計の案を作り始めました"),
        internal=True,
        permission=DRAFTER,
        duty="draft_release",
    )
    def begin(self, *, fiscal_year: int, by: User, note: str = "", **_given: object) -> None:
        self.fiscal_year, self.note, self.drafted_by = fiscal_year, note, by
        self.n = NumberSeries.one(self.series)
        NumberSeries.objects.get_or_create(name=EVERY_RELEASE)
        self.number = f"{fiscal_year}-{self.n:02}"

    @transition(
        source=ReleaseState.DRAFT,
        target=ReleaseState.DRAFT,
        label=_lazy("数値を作る"),
        done=_lazy("統計の数値を作りました"),
        internal=True,
        permission=DRAFTER,
        duty="draft_release",
        unsaid=("tables", "behind"),
    )
    def build(
        self,
        *,
        tables: dict[str, Frozen],
        behind: dict[str, bytes],
        as_of: datetime,
        sha256: str,
        code_version: str,
        parameters: dict[str, object],
        checks: list[Told],
        faults: list[Told],
        differences: list[Difference],
        **_given: object,
    ) -> None:
        """Performed by `releasing.build` alone; replaces what an earlier build stored."""
        self.as_of, self.sha256, self.code_version = as_of, sha256, code_version
        self.parameters, self.differences = parameters, differences
        self.checks, self.faults = checks, faults
        self.row_counts = {name: len(table["rows"]) for name, table in tables.items()}
        self.tables.all().delete()
        ReleaseTable.objects.bulk_create(
            ReleaseTable(release=self, name=name, **table) for name, table in tables.items()
        )
        self.parts.all().delete()
        ReleasePart.objects.bulk_create(
            ReleasePart(release=self, name=name, data=data) for name, data in behind.items()
        )

    @transition(
        source=ReleaseState.DRAFT,
        target=ReleaseState.APPROVED,
        label=_lazy("承認して公表する"),
        done=_lazy("統計を公表しました"),
        tone="solid",
        permission=APPROVER,
        duty="approve_release",
        sensitive=True,
        locks=lambda _release, _given: [NumberSeries(name=EVERY_RELEASE)],
        requirements=(
            Requirement("built", obstacles.unbuilt),
            Requirement("reconciled", obstacles.unreconciled),
            Requirement("newest", obstacles.overtaken),
            Requirement("beside_others", obstacles.beside_others),
        ),
    )
    def approve(self, *, by: User, **_given: object) -> None:
        for earlier in Release.objects.filter(
            fiscal_year=self.fiscal_year, state=ReleaseState.APPROVED
        ):
            perform(earlier, "supersede", by=by, reason=self.number)
        self.published_at = clock.now()

    @transition(
        source=ReleaseState.APPROVED,
        target=ReleaseState.SUPERSEDED,
        label=_lazy("置き換える"),
        done=_lazy("新しい統計に置き換えました"),
        internal=True,
        permission=APPROVER,
    )
    def supersede(self, **_given: object) -> None:
        """Performed by the approval of the next release of the same year.

        What it said stays readable.
        """


class ReleaseTable(models.Model):
    """One table of a release.

    `columns`: [name, kind] with kind text, int, float, bool or day; `rows`: lists in that order.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="tables")
    name = models.CharField(max_length=40)
    columns = models.JSONField()
    rows = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["release", "name"], name="statistics_table_once")
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.name}"


class ReleasePart(models.Model):
    """Who stood behind the figures of a release: never published, kept so that the next release knows
    who moved since.

    `data`: a table as Parquet (`pipeline.behind`): numbers of cases and firms, sums, classes.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="parts")
    name = models.CharField(max_length=40)
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "name"], name="statistics_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.name}"


class OutsideAward(models.Model):
    """A subsidy that another body awarded, as gBizINFO publishes it.

    Yen; zero and negative amounts occur, none may be missing for good.
    """

    digest = models.CharField(max_length=64, unique=True)
    corporate_number = models.CharField(max_length=13, db_index=True)
    name = models.CharField(max_length=200)
    location = models.CharField(max_length=400, blank=True)
    certified_on = models.DateField(null=True)
    fiscal_year = models.PositiveSmallIntegerField(null=True)
    title = models.CharField(max_length=400)
    amount = models.BigIntegerField(null=True)
    target = models.CharField(max_length=400, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-certified_on", "pk"]

    def __str__(self) -> str:
        return f"{self.corporate_number} {self.title}"


class FirmFigures(models.Model):
    """Accounts of a firm for a fiscal year, awarded or not, from a survey or a register. Yen.

    What effects are compared by.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    sales = models.BigIntegerField(null=True)
    profit = models.BigIntegerField(null=True)
    personnel = models.BigIntegerField(null=True)
    depreciation = models.BigIntegerField(null=True)
    employees = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "fiscal_year"], name="statistics_figures_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.fiscal_year}"


class Establishments(models.Model):
    """事業所数 of an area: the denominator of rates, with its source. Imported, never invented."""

    area = models.OneToOneField(Area, models.PROTECT, primary_key=True, related_name="+")
    count = models.PositiveIntegerField()
    as_of = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(count__gt=0), name="statistics_establishments_positive"
            )
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.count}"


class Boundary(models.Model):
    """The true shape of an area, laid out for drawing.

    Rings of (x, y) in the units of `shapes.project`.
    """

    area = models.OneToOneField(Area, models.PROTECT, primary_key=True, related_name="+")
    rings = models.JSONField()
    label = models.JSONField()
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.area_id
