"""The rows of a draft as its page shows them: page by page, all on one, or those to be looked at."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from portal.accounts.models import User
from portal.approvals.models import Approval, Item
from portal.approvals.ports import Change, acts, concerns
from portal.types import Context, SignedIn
from portal.ui.paging import page_of

PER_PAGE = 50


@dataclass
class ShownRow:
    """A case of a draft: what the act changes, why it can no longer be about it, and what is to be
    looked at before it is decided.
    """

    item: Item
    fallen: list[str]
    concerns: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def yen(self) -> int:
        """What the draft decides about it."""
        return self.item.case.amount or 0 if self.item.yen is None else self.item.yen


def _rows(
    approval: Approval, fallen: Mapping[int, list[str]], closed: Collection[int]
) -> list[ShownRow]:
    """Those of the cases that are not `closed` to the reader."""
    return [
        ShownRow(item, fallen.get(item.case_id, []))
        for item in approval.items.all()
        if item.case_id not in closed
    ]


def open_rows(
    approval: Approval, fallen: Mapping[int, list[str]], closed: Collection[int]
) -> list[ShownRow]:
    """All of them at once, each with what it changes."""
    rows = _rows(approval, fallen, closed)
    _fill(approval, rows)
    return rows


def shown(
    request: SignedIn,
    approval: Approval,
    fallen: Mapping[int, list[str]],
    closed: Collection[int] = (),
) -> Context:
    """The rows that ?rows= asks for: "fallen" or "all", else page by page; never one of a case that
    is `closed` to the reader.
    """
    rows = _rows(approval, fallen, closed)
    wanted = request.GET.get("rows", "")
    found = [row for row in rows if row.fallen] if wanted == "fallen" else rows
    page = page_of(request, found, max(len(found), 1) if wanted == "all" else PER_PAGE)
    _fill(approval, list(page))
    if approval.is_live:
        _look(request.user, list(page))
    return {
        "page": page,
        "count": len(rows),
        "asked": sum(row.item.case.amount or 0 for row in rows) if approval.is_live else None,
        "decided": sum(row.yen for row in rows),
        "wanted": wanted,
        "fallen": sum(bool(row.fallen) for row in rows),
    }


def _fill(approval: Approval, rows: list[ShownRow]) -> None:
    """What each changes: as it is now, or as it was when it ended."""
    for row in rows:
        row.changes = row.item.kept_changes
    if approval.is_live:
        by_case, act = {row.item.case_id: row for row in rows}, acts[approval.act]
        for subject, given in approval.rows():
            if subject.case_id in by_case:
                by_case[subject.case_id].changes = act.preview(subject, given)


def _look(user: User, rows: list[ShownRow]) -> None:
    for source in concerns.values():
        found = source(user, [row.item.case for row in rows])
        for row in rows:
            row.concerns += found.get(row.item.case_id, [])
