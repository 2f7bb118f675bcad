"""Jobs of the room of dossiers."""

from procrastinate.contrib.django import app

from portal import again, outage
from portal.documents.jobs import FILES
from reports.dossiers import making
from reports.dossiers.models import Dossier


@app.task(name="make_dossier", queue=FILES, priority=-10, retry=again.DRAWING)
def make_dossier(dossier_id: int) -> None:
    """Make the whole of a case; idempotent. Checks and page images of uploads come before it."""
    rows = Dossier.objects.select_related("case__organisation", "case__assigned_to", "person")
    for dossier in rows.filter(pk=dossier_id):
        try:
            making.make(dossier)
        except outage.AWAY:
            raise
        except Exception:
            making.fail(dossier_id)
            raise


@app.periodic(cron="35 * * * *")
@app.task(name="sweep_dossiers", retry=again.OFTEN, queueing_lock="sweep_dossiers")
def sweep_dossiers(timestamp: int) -> None:
    making.sweep()
