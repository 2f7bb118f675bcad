"""The page of the table of mails: which event tells whom, by which way, in which words."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from portal.correspondence import event_table
from portal.correspondence.readers import RULES
from portal.correspondence.talk import SPEAKERS
from portal.types import SignedIn
from portal.workflow.access import staff


@staff(*SPEAKERS, "approver", "administrator")
def mail_events(request: SignedIn) -> HttpResponse:
    """Read-only: the words stand with the rules of each room."""
    rooms = event_table.rooms()
    room = request.GET.get("room") or rooms[0][0]
    if room not in dict(rooms):
        raise Http404
    context = {
        "rooms": rooms,
        "room": room,
        "label": dict(rooms)[room],
        "rules": RULES,
        "rows": event_table.rows_of(room),
    }
    return render(request, "portal/correspondence/events.html", context)
