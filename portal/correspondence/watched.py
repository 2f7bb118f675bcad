"""What whoever runs the portal watches of mails: `portal.health.ports`."""

from datetime import timedelta

from django.db.models import Count, Q

from portal import clock
from portal.correspondence.models import Mail
from portal.health.ports import Figures, Metric, Probe

WAITING, FAILED, LATE = "portal_mails_waiting", "portal_mails_failed", "portal_mails_late"
HOUR = timedelta(hours=1)
FEW = 2  # that wait for an hour may be the fault of their own addresses


def _mails() -> Figures:
    before = clock.now() - HOUR
    rows = Mail.objects.filter(state__in=["queued", "failed"], held_at=None).aggregate(
        waiting=Count("pk", filter=Q(state="queued")),
        failed=Count("pk", filter=Q(state="failed")),
        late=Count("pk", filter=Q(queued_at__lt=before)),
    )
    return {
        (WAITING, ""): rows["waiting"],
        (FAILED, ""): rows["failed"],
        (LATE, ""): rows["late"],
    }


PROBES = {
    "mails": Probe(
        metrics={
            WAITING: Metric(says="mails that were not tried yet"),
            FAILED: Metric(says="mails that the server did not take"),
            LATE: Metric(says="of both, for more than an hour", above=FEW, word="late"),
        },
        ask=_mails,
    )
}
