"""Jobs of the room of disclosure."""

from procrastinate.contrib.django import app

from portal import again
from portal.documents.jobs import FILES
from reports.disclosure import binding
from reports.disclosure.models import Disclosure


@app.task(name="prepare_disclosed_file", queue=FILES, priority=-5, retry=again.DRAWING)
def prepare_disclosed_file(disclosure_id: int, n: int) -> None:
    """Prepare the pages of a file to be looked at; idempotent."""
    for row in Disclosure.objects.select_related("case").filter(pk=disclosure_id):
        binding.prepare(row, n)


@app.task(name="bind_disclosure", queue=FILES, priority=-5, retry=again.DRAWING)
def bind_disclosure(disclosure_id: int) -> None:
    """Bind the copy of a draft; idempotent."""
    for row in Disclosure.objects.select_related("case").filter(pk=disclosure_id):
        binding.bind(row)
