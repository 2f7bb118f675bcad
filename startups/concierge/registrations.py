"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.ports import home_cards, partner_search, whom_to_ask
from portal.accounts.ports import OwnTable, own_tables
from portal.cases.ports import loaders
from portal.ui.ports import Menu, menus
from portal.workflow.ports import transition_forms
from startups.concierge import access, asking, forms, own_data
from startups.concierge.models import Consultation


def register() -> None:
    own_tables.add(
        "consultations",
        OwnTable(
            label=_lazy("相談と提案"),
            head=(_lazy("番号"), _lazy("日時"), _lazy("件名")),
            rows=own_data.consultations,
        ),
    )
    transition_forms.add("consultation_text", forms.TextForm)
    transition_forms.add("consultation_hand_over", forms.HandOverForm)

    loaders.add("consultation", access.consultation_for)
    home_cards.add("concierge", lambda _user: ("startups/concierge/home.html", {}))
    partner_search.fill(asking.for_partner)
    whom_to_ask.fill("startups/concierge/home.html")
    menus.add(
        "consultations",
        Menu(
            label=_lazy("相談"),
            url_name="consultation_desk",
            may_see=lambda user: user.has_role(*Consultation.READERS),
        ),
    )
