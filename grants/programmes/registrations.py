"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.programmes import forms, views
from grants.programmes.models import Call, Programme
from portal import ports
from portal.workflow.ports import transition_forms


def register() -> None:
    transition_forms.add("extend_period", forms.ExtendForm)
    ports.loaders.add("call", views.load_call)
    ports.loaders.add("programme", views.load_programme)
    ports.programme_choices.add(
        "programmes",
        lambda: [
            (p.code, p.name)
            for p in Programme.objects.exclude(state="draft")
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
    ports.menus.add(
        "programmes",
        ports.Menu(
            _lazy("制度・公募"), "programme_list", lambda user: user.has_role(*views.READERS)
        ),
    )
