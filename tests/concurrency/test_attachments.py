"""A file put to a draft while somebody circulates it: first what happens without the lock, then with it."""

import threading

import pytest

from portal.approvals.models import Approval, contents
from portal.documents import store
from portal.documents.kinds import PDF
from portal.types import Given, Row
from portal.workflow import door
from portal.workflow.door import perform
from portal.workflow.errors import Refused
from tests.concurrency.test_races import together
from tests.conftest import World
from tests.portal.hostile import pdf
from tests.portal.test_attachments import drafted


def at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[list[object], Approval]:
    """Circulated slowly, and meanwhile another file arrives that nobody has looked into."""
    approval = drafted(world)
    keep_changes = contents.keep_changes

    def slowly(which: Approval, rows: list[tuple[Row, Given]]) -> None:
        keep_changes(which, rows)
        threading.Event().wait(0.5)

    monkeypatch.setattr(contents, "keep_changes", slowly)
    file = store.put(pdf(), PDF, prefix="u")

    def arrives() -> object:
        threading.Event().wait(0.2)
        files = [("x.pdf", file)]
        return perform(approval, "attach", by=world.officer, files=files, sha256=file.sha256)

    found = together(lambda: perform(approval, "circulate", by=world.officer), arrives)
    return found, Approval.objects.get(pk=approval.pk)


def test_control_without_the_lock_a_file_joins_what_circulates(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    _found, approval = at_once(committed_world, monkeypatch)
    assert approval.is_circulated
    assert [row.file and row.file.is_being_checked for row in approval.files] == [True]


def test_no_file_joins_what_circulates(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, approval = at_once(committed_world, monkeypatch)
    assert (approval.is_circulated, approval.files) == (True, [])
    assert [isinstance(each, Refused) for each in found] == [False, True]
