"""The PDF of a notice, as it is kept."""

from portal import events
from portal.documents import store
from portal.events import Event
from portal.notices.models import Notice
from portal.notices.ports import draw_notice


def kept(notice: Notice) -> bytes | None:
    """The stored paper; None where it was not drawn yet, or the storage lost it."""
    try:
        return store.read(notice.file) if notice.file else None
    except FileNotFoundError:
        events.log(Event.OBJECT_MISSING, of=notice)
        return None


def paper_of(notice: Notice) -> bytes:
    """The stored paper, else drawn from the frozen facts."""
    paper = kept(notice)
    if paper is None:
        paper = draw_notice.value(notice)
    return paper
