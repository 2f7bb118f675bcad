"""The PDF of a notice, as it is kept."""

from portal import events
from portal.documents import store
from portal.events import Event
from portal.notices.models import Notice
from portal.notices.ports import draw_notice


def paper_of(notice: Notice) -> bytes:
    """The stored paper; drawn from the frozen facts where it has not been yet, or where the storage
    lost it.
    """
    try:
        if notice.file:
            return store.read(notice.file)
    except FileNotFoundError:
        events.log(Event.OBJECT_MISSING, of=notice)
    paper: bytes = draw_notice.value(notice)
    return paper
