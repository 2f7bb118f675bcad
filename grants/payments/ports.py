"""What the room of payments asks of later rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import TYPE_CHECKING

from portal.ports import Port

if TYPE_CHECKING:
    from grants.awards.models import Award
    from grants.payments.accounts import BankAccount
    from grants.payments.cautions import Caution
    from grants.payments.orders import Order
    from portal.accounts.models import User
    from portal.together import Ask

# yen of an award that came back
money_returned: Port[Callable[[Award], int]] = Port("money_returned")
# yen that should have come back, and were waived
money_let_go: Port[Callable[[Award], int]] = Port("money_let_go")
# of awards those, by primary key, of which something is asked back that is not closed
money_asked: Port[Callable[[Collection[Award]], set[int]]] = Port("money_asked")
# what somebody has to think of before they confirm an account
account_cautions: Port[Callable[[BankAccount], list[Caution]]] = Port("account_cautions")
# ends what withheld a payment by decision; True where anything did
withholding_ended: Port[Callable[[Order], bool]] = Port("withholding_ended")
# (what the page asks together, person, day) → how many returns are due by the day and were not
# received, and yen left of them, of those that the person sees
ReturnsDue = Callable[["Ask", "User", date], Callable[[], tuple[int, int]]]
returns_due: Port[ReturnsDue] = Port("returns_due")
