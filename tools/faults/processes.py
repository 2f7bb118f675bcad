"""Processes of ours, by their ids: nothing is ever ended that was not begun here."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


class Process:
    """One that can be killed, with all that it began, and begun again."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path, cwd: Path) -> None:
        self.command, self.env, self.log, self.cwd = command, env, log, cwd
        self.running: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        with self.log.open("ab") as out:
            self.running = subprocess.Popen(
                self.command,
                cwd=self.cwd,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self.running.pid if self.running else 0

    @property
    def is_alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def descendants(self) -> list[int]:
        return list(below(self.pid)) if self.is_alive else []

    def kill(self) -> None:
        """With all below it: the first goes first, so that it begins nothing anew."""
        if not self.is_alive:
            return
        for pid in (self.pid, *self.descendants()):
            send(pid, signal.SIGKILL)
        if self.running is not None:
            self.running.wait(10)

    def end(self) -> None:
        """Asked first."""
        if not self.is_alive or self.running is None:
            return
        children = self.descendants()
        self.running.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.running.wait(15)
        self.kill()
        for pid in children:
            if _parent(pid) == 1:  # left behind by the one that is ended
                send(pid, signal.SIGKILL)


def send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def gone(pid: int, seconds: float = 20) -> bool:
    """Whether it ended within this time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not _parent(pid):
            return True
        time.sleep(0.05)
    return False


def below(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from below(int(child))


def _parent(pid: int) -> int:
    """0 where there is no such process, or it has ended."""
    with suppress(OSError, IndexError):
        said = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return 0 if said[0] in "ZX" else int(said[1])
    return 0
