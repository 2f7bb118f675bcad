"""What the record asks of later rooms."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.ports import Registry


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Rows that nobody changes or removes once they are printed (migration 0004 tells how).

    `changes`: the columns that are filled later once, or erased when their time is over. `since`: SQL about a row `t`,
    true from when on it is kept. `goes_on`: other columns go on changing, and triggers alone guard
    those that are printed. `ended`: the column that is filled when it ends, which leaves a print too.
    """

    changes: tuple[str, ...] = ()
    goes_on: bool = False
    since: str = "true"
    ended: str = ""

    def prints(self) -> dict[bool, str]:
        """Whether a print is of the end → from when on a row `t` has it, as SQL."""
        return {False: self.since} | ({True: f"t.{self.ended} IS NOT NULL"} if self.ended else {})


# what somebody proposes and somebody else closes, kept from then on
ENDED = Kept(goes_on=True, since="t.closed_at IS NOT NULL")
kept_rows: Registry[Kept] = Registry("kind of kept rows")  # by model label
# model label → columns that a trigger alone writes
totals: Registry[tuple[str, ...]] = Registry("columns kept by trigger")
# what the numbers and texts of a room must say of each other: the first fault, or ""
faults: Registry[Callable[[], str]] = Registry("check of what is kept")
