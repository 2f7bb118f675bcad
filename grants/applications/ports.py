"""What an application asks of later rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from portal.cases.ports import Section
from portal.ports import Port, Registry
from portal.types import Given, Row, Text

if TYPE_CHECKING:
    from django.forms import BaseForm

    from grants.applications.filed import Filed
    from grants.applications.models import Application
    from grants.programmes.models import Call
    from portal.types import Case, User


@dataclass(frozen=True, kw_only=True)
class AddedSection:
    """A section that a later room adds to the application form of some kinds of call, behind the
    plan.

    `form`: a section form; `rows(answers)`: (name of the answer, label, text) as both sides read
    the frozen answers.
    """

    group: Text
    label: Text
    form: type[BaseForm]
    kinds: tuple[str, ...]
    rows: Callable[[Given], list[tuple[str, Text, str]]]
    # frozen answers → municipalities whose staff may see the case
    scope: Callable[[Given], list[str]] | None = None
    seats: Callable[[Given], int] | None = None  # frozen answers → how many seats they ask for


class Printed(TypedDict):
    """An application on paper; `lines` stand under its title, `foot` and `mark` on each page."""

    title: str
    number: str
    lines: Sequence[str]
    sections: Sequence[Section]
    foot: str
    mark: str


# an application → its PDF
draw_application: Port[Callable[[Printed], bytes]] = Port("draw_application")


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What of a case may be sent back until a day, beside its application: its row, a life cycle with
    `is_returned`, `correct_by` and `extend_correction`.
    """

    label: Text
    row: Callable[[Case], Row]


# by what an ExtensionRequest is about
corrections: Registry[Correction] = Registry("correction")
added_sections: Registry[AddedSection] = Registry("section")
# may the person read what the applicant marked secret
clearances: Registry[Callable[[User, Application], bool]] = Registry("clearance")
# (application, yen) → why so much is not awarded: it was promised less
promised: Registry[Callable[[Application, int], list[str]]] = Registry("promise of money")
# what keeps the grounds of a decision, before its application is selected, waitlisted, awarded or
# rejected
before_decision: Registry[Callable[[Application, User], None]] = Registry("keeper of grounds")
# what became of an awarded application: (step of the road, sentence), or None
later_life: Registry[Callable[[Case], tuple[int, Text] | None]] = Registry("later life")
# the cases whose turns hang on what becomes of an application
waiting_for: Registry[Callable[[Filed], list[Case]]] = Registry("case that waits")
# (call, why it fits the firm) of what could be applied for instead, what is nearest first
fits_instead: Port[Callable[[Application], list[tuple[Call, str]]]] = Port("fits_instead")
# yen that reached the recipient
money_paid: Port[Callable[[Case], int]] = Port("money_paid")
