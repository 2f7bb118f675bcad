"""An act as if it were done: it happens for real, is looked at, and never was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from portal import events
from portal.workflow.door import door
from portal.workflow.gathering import LetterDraft, MailDraft, Run
from portal.workflow.ports import (
    draft_letters,
    draft_mails,
    draft_notices,
    issue_notices,
    rewrite_turns,
)

if TYPE_CHECKING:
    from django.db.models import Model

    from portal.types import Row, User

R = TypeVar("R")


@dataclass(frozen=True)
class Foreseen:
    """What an act would send: its papers, the mails that go with them, and those to people whom a row
    beside the cases concerns.
    """

    notices: Sequence[Row]
    mails: list[MailDraft]
    letters: Sequence[LetterDraft] = ()

    @property
    def written(self) -> list[LetterDraft]:
        return [*self.mails, *self.letters]


NOTHING_SENT = Foreseen([], [])


class _Undone(Exception):
    """Takes everything back that was done inside the door."""


def rehearse(
    act: Callable[[], object], read: Callable[[Run], R], *, by: User, locks: Iterable[Model] = ()
) -> R:
    """What `read` finds once `act` was done as `by`, before all of it is undone: no event, no number,
    no mail, no job and no line of the log stays. Raises what the act raises.
    """
    found: list[R] = []
    try:
        with events.unsaid(), door(by, locks) as run:
            act()
            run.write_down()
            found.append(read(run))
            raise _Undone
    except _Undone:
        return found[0]


def foreseen(run: Run) -> Foreseen:
    """What the end of the door would send. Papers are issued and turns rewritten before mails are
    worded, as there: mails say whose turn it is.
    """
    notices = draft_notices.value(run.notices) if run.notices else []
    if run.notices:
        issue_notices.value(run.notices, by=run.by)
    rewrite_turns.value(run.cases.values())
    return Foreseen(notices, draft_mails.value(run.told), draft_letters.value(run.letters))
