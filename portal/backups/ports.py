"""What a backup asks of later rooms."""

from collections.abc import Callable

from portal.cases.models import Case
from portal.ports import Registry

# what a backup adds up, to be the same after a restore: the label of a model, and its column of yen
sums: Registry[tuple[str, str]] = Registry("sum of a backup")
# how a case is erased that is no plain one, such as a draft: False where this one is not so
erasers: Registry[Callable[[Case], bool]] = Registry("way of erasing a case")
# what a restored database must say of itself: the first fault, or ""
comparisons: Registry[Callable[[], str]] = Registry("check of a restored database")
