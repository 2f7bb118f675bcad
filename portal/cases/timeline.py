"""What was done in a case, as its page tells it."""

from portal.audit.models import Event
from portal.cases.models import Case
from portal.workflow.graph import life_cycles


def timeline(case: Case, public: tuple[str, ...]) -> list[Event]:
    """The newest hundred events that say something to a person; for the applicant only the public
    ones.
    """
    events = (
        Event.objects.filter(chain=f"case:{case.pk}")
        .select_related("actor", "payload")
        .order_by("-seq")[:100]
    )
    shown = [
        event
        for event in events
        if "label" in event.payload.data() or "text" in event.payload.data()
    ]
    states = {model._meta.model_name: dict(model.STATES.choices) for model in life_cycles()}
    for event in shown:
        names = states.get(event.action.partition(".")[0], {})
        event.states = [names[s] for s in (event.before, event.after) if s in names]
        # a paper that an applicant's own act brings about is the city's all the same: the record
        # keeps who acted
        event.of_itself = event.action.startswith("notice.") and event.capacity not in (
            "office",
            "system",
        )
    return [event for event in shown if event.action.startswith(public)] if public else shown
