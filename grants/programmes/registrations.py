"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.programmes import forms, views
from grants.programmes.models import Call, Programme
from grants.programmes.states import ProgrammeState
from portal import ports
from portal.accounts.ports import programme_choices
from portal.cases.ports import loaders
from portal.ui.ports import Menu, menus
from portal.workflow.ports import transition_forms


def register() -> None:
    transition_forms.add("extend_period", forms.ExtendForm)
    loaders.add("call", views.load_call)
    loaders.add("programme", views.load_programme)
    programme_choices.fill(
        lambda: [
            (p.code, p.name)
            for p in Programme.objects.exclude(state=ProgrammeState.DRAFT)
            .distinct("code")
            .order_by("code", "-revision")
        ],
    )
    ports.other_calls.add(
        "calls",
        lambda call: list(
            Call.objects.open().filter(listed=True).exclude(pk=call.pk).for_lists()[:3]
        ),
    )
    menus.add(
        "programmes",
        Menu(
            label=_lazy("制度・公募"),
            url_name="programme_list",
            may_see=lambda user: user.has_role(*views.READERS),
        ),
    )
