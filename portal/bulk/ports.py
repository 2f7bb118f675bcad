"""What an act on many cases asks of later rooms."""

from collections.abc import Callable

from portal.cases.ports import BulkAct
from portal.ports import Port

# name of an act of the office → what its drafting looks at; None where there is no such act
drafting: Port[Callable[[str], BulkAct | None]] = Port("drafting")
