"""What the door says when it does not open. Each carries sentences a person can act on."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied


class Refused(Exception):
    """The transition did not run; nothing was changed. `reasons` are sentences for the person;
    `is_noted`: its line is in the log.
    """

    def __init__(self, *reasons: object, is_noted: bool = False) -> None:
        super().__init__(*[str(reason) for reason in reasons])
        self.reasons = [str(reason) for reason in reasons]
        self.is_noted = is_noted


class Forbidden(Refused, PermissionDenied):
    """The person may not: no right, or a duty done before forbids it.

    Where no page catches it, it is a 403 with its reasons.
    """


class NotReady(Refused):
    """A requirement is not met yet."""


class WrongState(Refused):
    """The row is not in a state from which this leads on."""


class TooLong(Refused):
    """More was typed than is kept: it stays on the page until it is shorter."""


class Stale(Refused):
    """The row was changed after the person looked at it."""


class Overtaken(Stale):
    """Another screen kept the same text first: theirs stands. `differences`: name → (what is kept,
    what was typed here), of what differs.
    """

    def __init__(self, *reasons: object, saved: Mapping[str, str], mine: Mapping[str, str]) -> None:
        super().__init__(*reasons)
        pairs = {
            name: (str(saved.get(name, "")), str(mine.get(name, ""))) for name in {**mine, **saved}
        }
        self.differences = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


class Changed(Stale):
    """What would be handed in is not what the person looked over before pressing."""
