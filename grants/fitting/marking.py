"""What a person says of a call: not for me; remind me; and taken back. One statement a call."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from grants.fitting.models import Aims, Mark
from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import Organisation, User
from portal.workflow.errors import NotReady


def hide(call: Call, *, by: User) -> None:
    """Not for me: shown apart, and never told of."""
    _say(call, by, is_hidden=True, remind_on=None)


def remind(call: Call, on: date, *, by: User) -> None:
    """Tell me on this day. Raises NotReady where the intake is over by then, or the day is not to come."""
    last = call.last_closes_at
    if on <= clock.today() or last is None or on > clock.day_of(last):
        raise NotReady(_("明日から受付の終わりの日までの、どれかの日を選んでください。"))
    _say(call, by, is_hidden=False, remind_on=on)


def take_back(call: Call, *, by: User) -> None:
    Mark.objects.filter(person=by, call=call).delete()


@transaction.atomic
def _say(call: Call, person: User, *, is_hidden: bool, remind_on: date | None) -> None:
    said = {"is_hidden": is_hidden, "remind_on": remind_on, "reminded_at": None}
    Mark.objects.update_or_create(person=person, call=call, defaults=said)


def aim(firm: Organisation, topics: list[str]) -> None:
    Aims.objects.update_or_create(organisation=firm, defaults={"topics": topics})
