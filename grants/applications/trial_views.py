"""The form of a sketch as its applicants would meet it, filled in on trial: nothing of it is kept."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.answers import of_questions
from grants.applications.models import Application
from grants.applications.plan_forms import PlanForm
from grants.programmes import catalogue, choosing
from grants.programmes.models import Call, said
from grants.programmes.parameters import Programme
from grants.programmes.parts import Bilingual, Example, ExampleItem
from grants.programmes.sketch_views import ENDED, own
from portal.types import Context, Sent, SignedIn
from portal.ui.controls import faults
from portal.ui.forms import Yen
from portal.workflow.access import staff
from portal.workflow.writing import turn_back


class TrialCosts(forms.Form):
    """A sum for each category of costs, first that of the programme's example."""

    frame = forms.ChoiceField(label=_lazy("申し込む枠"))

    def __init__(self, sent: Sent = None, *, stated: Programme) -> None:
        example = stated.example
        first: dict[str, object] = {"frame": example.frame} if example else {}
        items = example.items if example else ()
        first |= {f"cost_{item.category}": item.amount for item in items}
        super().__init__(sent, initial=first)
        self.stated = stated
        self.fields["frame"] = forms.ChoiceField(
            label=_lazy("申し込む枠"),
            choices=[(frame.key, said(frame.name)) for frame in stated.frames],
        )
        for category in stated.categories:
            label = _("%(name)s（税抜・円）") % {"name": said(category.name)}
            self.fields[f"cost_{category.key}"] = Yen(label=label, required=False)

    def reckoned(self) -> Context:
        """What it comes to as an example would, and why where that is nothing."""
        totals = {
            category.key: yen
            for category in self.stated.categories
            if (yen := self.cleaned_data.get(f"cost_{category.key}"))
        }
        if not totals:
            return {}
        name, frame = _("試しに入力した費用"), self.cleaned_data["frame"]
        items = tuple(ExampleItem(category=key, amount=yen) for key, yen in totals.items())
        tried = Example(title=Bilingual(ja=name, en=name), frame=frame, items=items)
        worked = catalogue.worked_example(self.stated.model_copy(update={"example": tried}))
        is_unpaid = worked is not None and not worked["amount"]
        unpaid = choosing.unpaid_words(self.stated, frame, totals) if is_unpaid else []
        return {"example": worked, "unpaid": unpaid}


@staff("programme_officer")
def sketch_trial(request: SignedIn, pk: int) -> HttpResponse:
    """What would be refused, what is reckoned, and how the answers would be read."""
    sketch = own(request, pk)
    if not sketch.is_live:
        return turn_back(request, [ENDED], sketch)
    made, problems = sketch.looked
    context: Context = {
        "sketch": sketch,
        "count": len(problems),
        "is_narrow": "narrow" in request.GET,
    }
    if made is not None and not problems:
        context |= _tried(request.POST if request.method == "POST" else None, made)
    status = 422 if context.get("errors") else 200
    return render(request, "grants/applications/trial.html", context, status=status)


def _tried(sent: Sent, made: Programme) -> Context:
    call = Call(parameters=made.model_dump(mode="json"))
    plan = PlanForm(sent, application=Application(call=call))
    costs = TrialCosts(sent, stated=made) if made.unit == "yen" else None
    found: Context = {"plan": plan, "costs": costs, "is_tried": plan.is_bound}
    if not plan.is_bound:
        return found
    if plan.is_valid():
        found["answers"] = [row[1:] for row in of_questions(made.asked, plan.content())]
    if costs is not None and costs.is_valid():
        found |= costs.reckoned()
    return found | {"errors": faults(plan, costs)}
