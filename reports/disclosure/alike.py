"""The same words elsewhere: what is hidden in one line and stands open in others."""

from collections.abc import Sequence

from django.db import transaction

from portal.accounts.models import User
from portal.workflow.door import perform
from reports.disclosure.masking import Marked, Span, is_lifted, united, where
from reports.disclosure.models import Disclosure


def places(lines: Sequence[Marked], n: int, spans: Sequence[Span]) -> dict[int, list[Span]]:
    """By the number of another line: where what `spans` hide of line `n` stands open there, each with
    the ground that it has in `n`.
    """
    hidden = {lines[n][1][start:end]: ground for start, end, ground in spans}
    found: dict[int, list[Span]] = {}
    for k, (_kind, text, before) in enumerate(lines):
        if k == n:
            continue
        open_ = [
            (start, end, ground)
            for words, ground in hidden.items()
            for start, end in where(text, words)
            if is_lifted([(start, end, ground)], [(start, end, ground)], before)
        ]
        if open_:
            found[k] = united(open_)
    return found


def count(found: dict[int, list[Span]]) -> int:
    return sum(len(spans) for spans in found.values())


@transaction.atomic
def mark(
    row: Disclosure, n: int, spans: list[Span], *, by: User, why: str, is_everywhere: bool
) -> Disclosure:
    """Keep what of a line is hidden; with `is_everywhere` also in the other lines."""
    row = perform(row, "mark", by=by, line=n, spans=spans, why=why)
    if is_everywhere:
        for k, more in places(row.marked, n, spans).items():
            row = perform(row, "mark", by=by, line=k, spans=united([*row.marked[k][2], *more]))
    return row
