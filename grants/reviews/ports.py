"""What the room of the review asks of the one that draws papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypedDict

from portal.ports import Port

if TYPE_CHECKING:
    from portal.cases.ports import Section


class Paper(TypedDict):
    """What a paper says; `lines` stand under its title, `foot` on each page."""

    title: str
    number: str
    lines: Sequence[str]
    sections: Sequence[Section]
    foot: str


# a paper → its PDF
draw_record: Port[Callable[[Paper], bytes]] = Port("draw_record")
