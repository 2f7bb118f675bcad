"""What a child is told to do instead of looking into its file, where no file we know makes it do so."""

import os
import socket
import time
from contextlib import suppress
from pathlib import Path

from portal.documents.inside.found import Answer

GIVEN = ("LANG", "LC_CTYPE", "MALLOC_ARENA_MAX", "OMP_NUM_THREADS")


def hang(data: bytes, kind: str) -> Answer:
    while True:
        time.sleep(60)


def spin(data: bytes, kind: str) -> Answer:
    while True:
        pass


def swell(data: bytes, kind: str) -> Answer:
    """As a library would that catches its own want of memory, and goes on."""
    kept = []
    while True:
        kept.append(bytearray(64 * 1024 * 1024))


def fall(data: bytes, kind: str) -> Answer:
    raise KeyError("what nobody foresaw")


def flood(data: bytes, kind: str) -> Answer:
    with Path("made").open("wb") as made:
        while True:
            made.write(bytes(1 << 20))


def spy(data: bytes, kind: str) -> Answer:
    """What can be reached from inside, as the reason of a refusal."""
    reached = [f"env:{name}" for name in os.environ if name not in GIVEN]
    address = data.decode().split()[-1]
    with suppress(PermissionError):
        socket.create_connection(("127.0.0.1", int(address)), timeout=5)
        reached.append("network")
    with suppress(PermissionError):
        os.execv("/bin/true", ["true"])  # noqa: S606  nothing would come back from it
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one that reads this folder
            reached += [name for name in [os.readlink(link)] if name.startswith("socket")]
    return {"refused": " ".join(reached) or "nothing"}
