"""The attachments of a draft as its page shows them."""

from collections.abc import Collection

from portal.approvals.models import Approval, attachments
from portal.documents import kinds
from portal.types import Context


def shown(approval: Approval, closed: Collection[int]) -> Context:
    """Whoever does not read one of its cases (`closed`) learns only how many there are."""
    rows = [row for row in approval.attachments.all() if row.file is not None]
    return {
        "attachments": [] if closed else [row for row in rows if not row.is_earlier],
        "attachments_before": [] if closed else [row for row in rows if row.is_earlier],
        "attachments_closed": len(approval.files) if closed else 0,
        "limits": attachments.limits_said(),
        "types": kinds.TYPES,
        "accepted": kinds.ACCEPTED,
        # changes with what the checks find, so that the page asks for these parts anew
        "fresh": " ".join(
            f"{row.pk}{row.file.scan}{row.file.refusal}" for row in rows if row.file is not None
        ),
    }
