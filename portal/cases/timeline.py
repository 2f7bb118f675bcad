"""What was done in a case, as its page tells it; and who each act is said to be by, wherever it is
told.
"""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.accounts import proving
from portal.accounts.models import User
from portal.audit.models import Event
from portal.cases.models import Case
from portal.cases.ports import PublicActs, public_acts
from portal.workflow.graph import life_cycles

# in which somebody of the city, or the portal itself, acts
OF_THE_CITY = ("office", "system")


def newest_first(case: Case) -> QuerySet[Event]:
    """The events of a case by their moment; of one moment, by their number.

    What is entered later may say an earlier moment.
    """
    events = Event.objects.filter(chain=f"case:{case.pk}").select_related("actor", "payload")
    return events.order_by("-at", "-seq")


def comes_of_itself(event: Event) -> bool:
    """A paper that an applicant's own act brings about is the city's all the same: the record keeps
    who acted.
    """
    return event.action.startswith("notice.") and event.capacity not in OF_THE_CITY


def said_by(event: Event) -> str:
    """Who an event is said to be by, on every page and paper of the office."""
    if comes_of_itself(event):
        return _("システム")
    name = event.actor.name if event.actor else ""
    match event.capacity:
        case "adviser":
            return name + _("（代理人）")
        case "counter":
            return name + _("（窓口で代行）")
    return name


def heard(event: Event, closed: Collection[str]) -> bool:
    """Is it none of the matters that are closed to the reader (`visibility.closed_to`)?"""
    return event.action.partition(".")[0] not in closed


def timeline(case: Case, begin: tuple[str, ...] = (), closed: Collection[str] = ()) -> list[Event]:
    """The newest hundred events that say something to the office; of those that begin so, if said, and
    none of what is `closed` to the reader.
    """
    shown = [
        event
        for event in newest_first(case)[:100]
        if heard(event, closed)
        if "label" in event.payload.data() or "text" in event.payload.data()
    ]
    states = {model._meta.model_name: dict(model.STATES.choices) for model in life_cycles()}
    for event in shown:
        names = states.get(event.action.partition(".")[0], {})
        event.states = [names[s] for s in (event.before, event.after) if s in names]
        event.of_itself, event.said_by = comes_of_itself(event), said_by(event)
    return [event for event in shown if event.action.startswith(begin)] if begin else shown


def public_timeline(case: Case, user: User) -> list[Event]:
    """Of these what somebody of the applicant's side reads, each with the reason where that is theirs to
    read: their own words, or what the office wrote to them (`public_acts`).
    """
    found = []
    for event in timeline(case):
        model, _point, name = event.action.partition(".")
        acts = public_acts[model] if model in public_acts else PublicActs()
        if name in acts:
            is_read = name in acts.said.split() or event.capacity not in OF_THE_CITY
            reason = str(event.payload.data().get("reason") or "") if is_read else ""
            if reason and acts.is_of_firm and not proving.acts_for_all(user, case.organisation_id):
                reason = ""
            event.reason = reason
            found.append(event)
    return found
