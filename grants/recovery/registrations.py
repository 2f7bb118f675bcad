"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.recovery import acts, collecting, forms, models, pages
from portal import ports
from portal.cases import visibility
from portal.workflow.graph import Requirement
from portal.workflow.ports import joined_requirements, transition_forms


def register() -> None:
    ports.keep_until.add("recovery", pages.keep_until)
    ports.erasures.add("grants_recovery.Recovery", ("case", {"reason": "", "instalments": ""}))
    ports.erasures.add("grants_recovery.MoneyIn", ("recovery__case", {"note": ""}))
    ports.public_actions.add("recovery", ("recovery.",))
    acts.register()
    transition_forms.add("instalments", forms.InstalmentForm)
    ports.loaders.add("recovery", pages.load)
    ports.turn_sources.add("recovery", pages.SOURCE)
    ports.later_life.add("recovery", pages.later)
    kept = Requirement("not_asked_back", collecting.asked_back)
    joined_requirements.join("grants_payments.Payment", "come_back", kept)
    ports.money_returned.add("recovery", models.returned)
    ports.case_panels.add(
        "recovery",
        ports.Panel(
            "grants/recovery/panel.html",
            pages.panel,
            anchor="recovery",
            label=_lazy("返還"),
            readers=visibility.MONEY,
        ),
    )
