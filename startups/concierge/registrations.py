"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal import ports
from portal.workflow.ports import transition_forms
from startups.concierge import forms, views
from startups.concierge.models import Consultation


def register() -> None:
    transition_forms.add("consultation_text", forms.TextForm)
    transition_forms.add("consultation_hand_over", forms.HandOverForm)
    ports.loaders.add("consultation", views.load)
    ports.home_cards.add("concierge", lambda _user: ("startups/concierge/home.html", {}))
    ports.menus.add(
        "consultations",
        ports.Menu(
            _lazy("相談"),
            "consultation_desk",
            lambda user: user.has_role(*Consultation.READERS),
        ),
    )
