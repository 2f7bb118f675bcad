"""What the correspondence asks of later rooms."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from portal.accounts.models import User
from portal.ports import Registry
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
