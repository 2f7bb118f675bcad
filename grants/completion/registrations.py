"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.completion import acts, forms, pages
from portal import ports
from portal.cases import visibility
from portal.cases.ports import (
    Erasure,
    Panel,
    case_panels,
    erasures,
    loaders,
    public_actions,
    turn_sources,
)
from portal.workflow.ports import transition_forms


def register() -> None:
    blank = {"typed": {}, "content": {}, "return_reason": "", "inspection_note": ""}
    erasures.add("grants_completion.CompletionReport", Erasure(blank=blank))
    erasures.add(
        "grants_completion.Purchase",
        Erasure(path="report__case", blank={"vendor": "", "vendor_key": "", "number": ""}),
    )
    erasures.add("grants_completion.Cut", Erasure(path="report__case", blank={"reason": ""}))
    public_actions.add("completion", ("completionreport.",))
    acts.register()
    transition_forms.add("inspection", forms.InspectionForm)
    transition_forms.add("completion_return", forms.ReturnForm)
    loaders.add("completionreport", pages.load)
    turn_sources.add("completion", pages.SOURCE)
    ports.later_life.add("completion", pages.later)
    case_panels.add(
        "completion",
        Panel(
            template="grants/completion/panel.html",
            context=pages.panel,
            anchor="completion",
            label=_lazy("実績報告"),
            readers=visibility.WORKERS,
        ),
    )
