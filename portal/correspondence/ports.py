"""What the correspondence asks of later rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.ports import Registry
from portal.types import Text

if TYPE_CHECKING:
    from collections import Counter

    from portal.accounts.models import User
    from portal.cases.models import Case
    from portal.workflow.outgoing import Wording


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Acts begun by one person of the office that another has to confirm.

    `words`: of the mail, with their number as n; `page`: the name of the address where they stand;
    `counts`: how many each person may confirm.
    """

    words: Wording
    page: str
    counts: Callable[[], Counter[User]]


second_people: Registry[Waiting] = Registry("act that waits for a second person")


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom a form names to be asked, with their consent to be written to: in which language."""

    address: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Named:
    """What a case says of both its sides: whom of the office its applicants ask (`office`, `phone`),
    and the contact of the firm, where one consented.
    """

    office: Text
    phone: str
    contact: Contact | None = None


# kind of case → cases → what each of them says
named_in: Registry[Callable[[Collection[Case]], dict[int, Named]]] = Registry("names of a case")
