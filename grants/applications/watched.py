"""What whoever runs the portal watches of drafts: `portal.health.ports`."""

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.programmes.watched import closing
from portal.health.ports import Figures, Metric, Probe

DRAFTS = "portal_drafts_closing"


def _drafts() -> Figures:
    drafts = Application.objects.filter(state=ApplicationState.DRAFT, call__in=closing())
    return {(DRAFTS, ""): drafts.count()}


PROBES = {
    "drafts": Probe(
        metrics={DRAFTS: Metric(says="drafts of a call of which an intake ends within a day")},
        ask=_drafts,
    )
}
