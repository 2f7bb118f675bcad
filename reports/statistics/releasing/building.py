"""Step four, release: build, approve.

The one place that turns frames into a published snapshot.
"""

from collections.abc import Mapping

import pandas as pd

from portal import clock
from portal.accounts.models import User
from portal.workflow.door import begin, perform
from reports.statistics.identity import code_version
from reports.statistics.models import Difference, Release, ReleaseTable
from reports.statistics.pipeline import behind, earlier, lists
from reports.statistics.pipeline.columns import one_moment
from reports.statistics.pipeline.dimensions import facts
from reports.statistics.pipeline.disclosure import THRESHOLD
from reports.statistics.pipeline.earlier import FIRST, Before, Earlier
from reports.statistics.pipeline.frames import Frames, read
from reports.statistics.pipeline.names import KEYS
from reports.statistics.pipeline.reconciling import Reconciliation, reconcile
from reports.statistics.pipeline.tables import Parameters, of_years, tables
from reports.statistics.releasing import differences
from reports.statistics.releasing.snapshot import digest, frozen, thawed


def build(release: Release, *, threshold: int = THRESHOLD) -> Release:
    """Read, measure, protect, reconcile, compare with the last release, and store, as its drafter.

    Once more where it was built before.
    """
    as_of, asked = clock.now(), Parameters(release.fiscal_year, threshold)
    with one_moment():
        frames = read()
        now = behind.parts(frames, *of_years(frames, asked))
        made, checked = whole(frames, asked, Before(told_before(), now))
        beside = list(Release.objects.public().values_list("number", flat=True))
    found = {name: frozen(table) for name, table in made.items()}
    return perform(
        release,
        "build",
        by=release.drafted_by,
        as_of=as_of,
        tables=found,
        behind={name: behind.packed(table) for name, table in now.items()},
        code_version=code_version(),
        parameters=vars(asked) | {"as_of": as_of.isoformat(), "beside": beside},
        checks=checked.checks,
        faults=checked.faults,
        differences=compared(release, made["awards"]),
        sha256=fingerprint(found),
    )


def fingerprint(found: Mapping[str, Mapping[str, object]]) -> str:
    """One hash over the hashes of all tables, in the order of their names."""
    return digest({name: table["sha256"] for name, table in found.items()})


def told_before() -> list[Earlier]:
    """Every release that anybody can read, oldest first; one that kept nothing of who stood behind it
    (older than that record) is not among them.
    """
    found = []
    for release in Release.objects.public().exclude(parts=None).order_by("published_at", "pk"):
        told = release.tables.filter(name__in=KEYS)
        kept = release.parts.values_list("name", "data")
        found.append(
            Earlier(
                release.fiscal_year,
                {row.name: earlier.dark(thawed(row.columns, row.rows), row.name) for row in told},
                {name: behind.unpacked(bytes(data)) for name, data in kept},
            )
        )
    return found


def whole(
    frames: Frames, asked: Parameters, before: Before = FIRST
) -> tuple[dict[str, pd.DataFrame], Reconciliation]:
    """Every table of a release, and how the statistics agree with the book and with each other."""
    cases = facts(frames)
    cases = cases.loc[cases["fiscal_year"] <= asked.fiscal_year]
    made = tables(frames, asked, before)
    calls = lists.calls()
    made["awards"] = lists.awards(frames, cases, calls)
    made |= {
        "calls": calls.loc[calls["fiscal_year"] <= asked.fiscal_year],
        "programmes": lists.programmes(),
        "challenges": lists.challenges(),
        "pilots": lists.pilots(),
    }
    checked = reconcile(frames)
    _published(checked, made, cases)
    return made, checked


def _published(checked: Reconciliation, made: dict[str, pd.DataFrame], cases: pd.DataFrame) -> None:
    """What is published adds up to what was read.

    The list of awards to its table, and with sole proprietors' to all awards.
    """
    by = (
        made["awards_by"]
        .loc[(made["awards_by"]["dimension"] == "all") & (made["awards_by"]["programme"] == "all")]
        .set_index("fiscal_year")
    )
    listed = made["awards"].groupby("fiscal_year")
    for name in ("awarded_yen", "paid_yen", "returned_yen"):
        checked.compare(f"list_{name}", by[name], listed[name].sum())
    money = cases.loc[cases["is_awarded"] & cases["kind"].isin(["subsidy", "support"])]
    alone = money.loc[money["is_person"]].groupby("fiscal_year")["awarded"].sum()
    checked.compare(
        "all_awarded",
        by["awarded_yen"].add(alone, fill_value=0),
        money.groupby("fiscal_year")["awarded"].sum(),
    )


def compared(release: Release, awards: pd.DataFrame) -> list[Difference]:
    """What changed since the last release of the same year; empty for the first."""
    last = release.before
    if last is None:
        return []
    kept = ReleaseTable.objects.get(release=last, name="awards")
    return differences.explain(thawed(kept.columns, kept.rows), awards)


def publish(
    fiscal_year: int, *, by: User, approved_by: User, note: str = "", threshold: int = THRESHOLD
) -> Release:
    """Draft, build and approve, all or nothing, by two people.

    Raises Refused where the one door does not open (one person, a fault in the book).
    """
    with one_moment(writes=True):
        release = build(
            begin(Release, by=by, fiscal_year=fiscal_year, note=note), threshold=threshold
        )
        return perform(release, "approve", by=approved_by)
