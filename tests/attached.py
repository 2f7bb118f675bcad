"""Files that hang on drafts, put there through their door."""

from portal.accounts.models import User
from portal.approvals.models import Approval, Attachment
from portal.documents import store
from portal.documents.jobs import check_file, draw_pages
from portal.documents.kinds import PDF
from portal.workflow.door import perform
from tests.portal.hostile import pdf


def attached(approval: Approval, *, by: User, name: str = "見積の比較.pdf") -> Attachment:
    """A PDF of one page, looked into and drawn."""
    file = store.put(pdf(), PDF, prefix="u")
    perform(approval, "attach", by=by, files=[(name, file)], sha256=file.sha256)
    check_file(file.pk)
    draw_pages(file.pk)
    return Attachment.objects.select_related("file").get(file=file)
