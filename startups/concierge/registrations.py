"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.ports import home_cards
from portal.cases.ports import loaders
from portal.ui.ports import Menu, menus
from portal.workflow.ports import transition_forms
from startups.concierge import access, forms
from startups.concierge.models import Consultation


def register() -> None:
    transition_forms.add("consultation_text", forms.TextForm)
    transition_forms.add("consultation_hand_over", forms.HandOverForm)

    loaders.add("consultation", access.consultation_for)
    home_cards.add("concierge", lambda _user: ("startups/concierge/home.html", {}))
    menus.add(
        "consultations",
        Menu(
            label=_lazy("相談"),
            url_name="consultation_desk",
            may_see=lambda user: user.has_role(*Consultation.READERS),
        ),
    )
