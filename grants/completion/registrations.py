"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.completion import acts, forms, pages
from portal import ports
from portal.cases import visibility
from portal.workflow.ports import transition_forms


def register() -> None:
    blank = {"typed": {}, "content": {}, "return_reason": "", "inspection_note": ""}
    ports.erasures.add("grants_completion.CompletionReport", ("case", blank))
    ports.erasures.add(
        "grants_completion.Purchase",
        ("report__case", {"vendor": "", "vendor_key": "", "number": ""}),
    )
    ports.erasures.add("grants_completion.Cut", ("report__case", {"reason": ""}))
    ports.public_actions.add("completion", ("completionreport.",))
    acts.register()
    transition_forms.add("inspection", forms.InspectionForm)
    transition_forms.add("completion_return", forms.ReturnForm)
    ports.loaders.add("completionreport", pages.load)
    ports.turn_sources.add("completion", pages.SOURCE)
    ports.later_life.add("completion", pages.later)
    ports.case_panels.add(
        "completion",
        ports.Panel(
            "grants/completion/panel.html",
            pages.panel,
            anchor="completion",
            label=_lazy("実績報告"),
            readers=visibility.WORKERS,
        ),
    )
