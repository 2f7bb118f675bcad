"""What the public reads of a draw: the order, so that anybody can repeat it."""

from typing import NamedTuple

from grants.applications.models import Application
from grants.programmes.models import Call, said
from grants.reviews.rules import lottery_key


class Lot(NamedTuple):
    """`value`: SHA-256 of the seed and the receipt number."""

    n: int
    receipt: str
    value: str


def drawn(call: Call) -> list[tuple[str, list[Lot]]]:
    """Each frame with its receipt numbers in the order of the draw; empty before it.

    All that arrived stand in it, whatever becomes of them, so that the order stays as it was drawn.
    Receipt numbers alone: nothing of who has them.
    """
    if not call.seed:
        return []
    rows = Application.objects.filter(call=call, arrived_at__isnull=False)
    frames: dict[str, list[tuple[str, str]]] = {}
    for frame, receipt in rows.values_list("frame", "case__receipt_number"):
        frames.setdefault(frame, []).append((lottery_key(call.seed, receipt), receipt))
    return [
        (
            said(frame.name),
            [Lot(n, receipt, value) for n, (value, receipt) in enumerate(sorted(found), 1)],
        )
        for frame in call.stated.frames
        if (found := frames.get(frame.key))
    ]
