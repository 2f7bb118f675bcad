"""How many bytes may wait in a process, shared so that nobody takes all of it."""

import threading
from collections import Counter

SHARE = 4  # times what stays free: alone somebody may hold four fifths, five each a sixth


class Room:
    """Bytes that wait over all connections of a process; each holder leaves some to the others.

    How much one may hold goes down as the room fills (a dynamic threshold, as switches share their
    buffers): whoever comes first never has it all, and a crowd behind one address still has most.
    """

    def __init__(self, most: int) -> None:
        self._free = most
        self._held: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, holder: str, size: int) -> bool:
        with self._lock:
            free = self._free - size
            if self._held[holder] + size > SHARE * free:
                return False
            self._free = free
            self._held[holder] += size
            return True

    def give_back(self, holder: str, size: int) -> None:
        with self._lock:
            self._free += size
            self._held[holder] -= size
            if not self._held[holder]:
                del self._held[holder]
