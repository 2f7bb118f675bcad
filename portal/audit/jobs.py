"""Jobs of the audit room."""

from procrastinate.contrib.django import app

from portal import again
from portal.audit import verifying
from portal.audit.models import Verification
from portal.audit.sealing import seal


@app.periodic(cron="10 19 * * *")  # 04:10 in Sapporo
@app.task(name="seal_audit", retry=again.DAILY, queueing_lock="seal_audit")
def seal_audit(timestamp: int) -> None:
    seal()


@app.task(name="verify_record", retry=again.DATABASE)
def verify_record(verification: int) -> None:
    verifying.run(Verification.objects.get(pk=verification))
