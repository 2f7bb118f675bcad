"""What the room of awards asks of later rooms."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from portal.ports import Port

if TYPE_CHECKING:
    from grants.awards.models import Award

# is the completion report handed in, and not back with the firm?
report_lies_with_office: Port[Callable[["Award"], bool]] = Port("report_lies_with_office")
