"""What the correspondence asks of later rooms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.ports import Registry

if TYPE_CHECKING:
    from collections import Counter

    from portal.accounts.models import User
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
