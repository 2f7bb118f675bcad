"""What a notice asks of the room that draws papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from portal.ports import Port, Registry
from portal.types import Row

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.accounts.models import User
    from portal.notices.issue import Unissued
    from portal.notices.models import Notice

draw_notice: Port[Callable[[Notice | Unissued], bytes]] = Port("draw_notice")  # the PDF
# kind of paper that is about no case → of what it is drawn, as far as this person answers for it
office_papers: Registry[Callable[[User], QuerySet[Row]]] = Registry("paper of the office")
