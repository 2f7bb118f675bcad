"""A release as it is shown: which one, and what is said of it beside its figures."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from portal.types import Context
from reports.statistics.models import Release
from reports.statistics.page import wording
from reports.statistics.pipeline.names import OPEN
from reports.statistics.releasing.figures import held_back
from reports.statistics.states import ReleaseState

LISTED = 12  # hidden rows of a table that are named


def newest() -> Release | None:
    """The release that stands: of the latest fiscal year that has one."""
    return Release.objects.current().first()


def published(number: str) -> Release:
    """A release that is or was public; 404 for a draft."""
    return get_object_or_404(Release.objects.public(), number=number)


def table_of(release: Release, name: str) -> tuple[list[list[str]], list[list[object]]]:
    """Columns and rows of a table of a release. Raises Http404."""
    found = release.tables.filter(name=name).values_list("columns", "rows").first()
    if found is None:
        raise Http404
    return found


def told(release: Release, *, to_office: bool = False) -> Context:
    """What is said of a release: its checks, what changed since the last, its tables.

    The sums of a check are told where they may be read.
    """
    before = release.before
    return {
        "release": release,
        "checks": [
            (wording.CHECKS[what], f"{ours:,}", f"{book:,}", to_office or what in OPEN)
            for what, ours, book in release.checks
        ],
        "faults": [
            (wording.CHECKS[what], f"{cases:,}", f"{yen:,}") for what, cases, yen in release.faults
        ],
        "differences": [wording.difference(row) for row in release.differences],
        "tables": sorted(release.row_counts.items()),
        "before": before,
        "held": [
            (wording.TABLES[name], len(rows), rows[:LISTED])
            for name, rows in (held_back(release, before) if to_office else {}).items()
        ],
        "few": release.parameters.get("threshold"),
        "endings": ("csv", "xlsx", "parquet", "json"),
        "later": Release.objects.filter(
            fiscal_year=release.fiscal_year, state=ReleaseState.APPROVED
        )
        .exclude(pk=release.pk)
        .first(),
    }
