"""What this room fills in elsewhere."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.ports import Entrance, entrances, home_cards
from portal.cases.ports import beside_inbox, loaders
from portal.ui.ports import Menu, menus
from portal.workflow.ports import transition_forms
from startups.challenges import access, forms, views, waiting
from startups.challenges.models import Challenge


def register() -> None:
    entrances.add(
        "proposal",
        Entrance(
            label=_lazy("行政課題をみる"),
            url=lambda call: f"{reverse('challenge_list')}?call={call.code}",
            hint=_lazy("課題を選んで、解決の方法を提案します。"),
            begins=False,
        ),
    )

    transition_forms.add("challenge_split", forms.SplitForm)

    beside_inbox.add("challenges", waiting.beside)
    beside_inbox.add("challenges_called_off", waiting.to_call_off)
    loaders.add("challenge", access.challenge_for)
    home_cards.add("challenges", views.home_card)
    menus.add(
        "challenges",
        Menu(
            label=_lazy("行政課題"),
            url_name="challenge_desk",
            may_see=lambda user: user.has_role(*Challenge.READERS),
        ),
    )
