"""What this room fills in elsewhere."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from portal import ports
from portal.approvals.stations import STATIONS
from portal.approvals.turns import SOURCE, brought, load, roles_changed


def register() -> None:
    ports.erasures.add("portal_approvals.Item", ("case", {"given": {}}))
    ports.erasures.add("portal_approvals.Approval", ("items__case", {"title": "―", "note": ""}))
    ports.turn_pages.add("approval", lambda pk: reverse("approval", args=[pk]))
    ports.turn_sources.add("approvals", SOURCE)
    ports.roles_changed.add("approvals", roles_changed)
    ports.loaders.add("approval", load)
    ports.assignments.add("approvals", ports.Assignment(STATIONS, brought, anywhere=True))
    ports.menus.add(
        "approvals",
        ports.Menu(
            _lazy("決裁"),
            "approval_list",
            lambda user: user.has_role(
                "programme_officer",
                "approver",
                "auditor",
                "inspector",
                "finance_officer",
                "concierge",
            ),
        ),
    )
