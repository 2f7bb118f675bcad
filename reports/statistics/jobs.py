"""Jobs of the statistics room."""

from typing import TYPE_CHECKING

from procrastinate.contrib.django import app

from portal import again
from portal.late import Late
from reports.statistics.models import Release
from reports.statistics.states import ReleaseState

if TYPE_CHECKING:
    from reports.statistics.releasing import building
else:
    building = Late("reports.statistics.releasing.building")


@app.task(name="build_release", retry=again.DATABASE)
def build_release(release_id: int) -> None:
    """Build the tables of a draft. A second run finds them there and does nothing."""
    release = Release.objects.select_related("drafted_by").get(pk=release_id)
    if release.as_of is None and release.state == ReleaseState.DRAFT:
        building.build(release)
