"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.programmes import (
    about,
    access,
    briefing_forms,
    catalogue,
    closing,
    forms,
    outages,
    outgoing,
    proposing,
    views,
    watched,
)
from portal.accounts.ports import programme_choices
from portal.cases.ports import beside_inbox, loaders, page_names
from portal.correspondence.ports import Waiting, second_people
from portal.firms.ports import offices
from portal.health.ports import probes
from portal.maintenance.ports import endings
from portal.ui.ports import Menu, menus
from portal.workflow.ports import Sealed, sealed_columns, transition_forms


def register() -> None:
    probes.add_all(watched.PROBES)
    endings.add("calls", closing.endings)
    sealed_columns.add("grants_programmes.Call", Sealed(column="seed_sealed"))
    transition_forms.add("extend_period", forms.ExtendForm)
    transition_forms.add("briefing", briefing_forms.BriefingForm)
    transition_forms.add("suspension", forms.SuspensionForm)

    offices.fill(about.offices)
    loaders.add("call", access.call_for)
    loaders.add("callchange", access.change_for)
    loaders.add("programme", access.programme_for)
    loaders.add("sketch", access.sketch_for)
    page_names.add("sketch_download", _lazy("画面で書いている制度のファイル"))
    second_people.add(
        "calls",
        Waiting(words=outgoing.PROPOSED_CHANGES, page="programme_list", counts=proposing.waiting),
    )
    second_people.add(
        "prepared calls",
        Waiting(words=outgoing.PREPARED, page="programme_list", counts=proposing.drafts_waiting),
    )
    second_people.add(
        "outages",
        Waiting(words=outgoing.PROPOSED_OUTAGES, page="outage_list", counts=outages.waiting),
    )
    beside_inbox.add("calls", proposing.beside)
    menus.add(
        "programmes",
        Menu(
            label=_lazy("制度・公募"),
            url_name="programme_list",
            may_see=lambda user: user.has_role(*views.READERS),
        ),
    )

    menus.add(
        "outages",
        Menu(
            label=_lazy("障害による締切の延長"),
            url_name="outage_list",
            # whoever has calls finds it beside them
            may_see=lambda user: user.has_role("administrator"),
        ),
    )
    programme_choices.fill(catalogue.programmes)
