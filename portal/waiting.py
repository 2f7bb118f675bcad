"""The line of those whose requests are whole and wait for a thread."""

from collections import Counter, defaultdict, deque
from typing import Generic, TypeVar

T = TypeVar("T")


class WaitingLine(Generic[T]):
    """First come, first served; but of one address at most `most` stand in the line, and its others
    come in behind as those leave it.

    So whoever sends five hundred requests at once holds the others up for `most` of them, and an
    office of two thousand behind one address still has as many in the line all the time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._line: deque[tuple[str, T]] = deque()
        self._standing: Counter[str] = Counter()
        self._behind: defaultdict[str, deque[T]] = defaultdict(deque)

    def __len__(self) -> int:
        return len(self._line) + sum(map(len, self._behind.values()))

    def add(self, address: str, item: T) -> None:
        if self._standing[address] < self._most:
            self._stand(address, item)
        else:
            self._behind[address].append(item)

    def next(self) -> T | None:
        """Whose turn it is; None where nobody waits."""
        if not self._line:
            return None
        address, item = self._line.popleft()
        self._standing[address] -= 1
        if self._behind[address]:
            self._stand(address, self._behind[address].popleft())
        if not self._standing[address]:
            del self._standing[address], self._behind[address]
        return item

    def give_way(self) -> T | None:
        """Takes out whoever came last of the address that has most behind its part of the line; None
        where nobody stands behind.
        """
        address = max(self._behind, key=lambda one: len(self._behind[one]), default="")
        return self._behind[address].pop() if self._behind.get(address) else None

    def _stand(self, address: str, item: T) -> None:
        self._line.append((address, item))
        self._standing[address] += 1
