"""A person at a browser: what is pressed without an answer is looked at, and pressed again."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from portal.accounts.models import User
from tools.faults.browsing import Browser, NotThere, Page, Unanswered
from tools.faults.ledger import Ledger
from tools.faults.town import Town, lasting

PATIENCE = 240  # seconds in which a person tries to do one thing


class GaveUp(Exception):
    """A person could not do one thing, however often it was tried."""


@dataclass
class Gate:
    """Open while people work; closed while it is asked whether all is whole."""

    open: threading.Event = field(default_factory=threading.Event)
    pressing: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)
    ends: threading.Event = field(default_factory=threading.Event)

    def close(self) -> None:
        """Returns once nobody is in the middle of anything."""
        self.open.clear()
        with self.changed:
            self.changed.wait_for(lambda: not self.pressing)

    def __enter__(self) -> None:
        while True:
            self.open.wait()
            with self.changed:
                if self.open.is_set():
                    self.pressing += 1
                    return

    def __exit__(self, *_fault: object) -> None:
        with self.changed:
            self.pressing -= 1
            self.changed.notify_all()


@dataclass
class Crowd:
    """What all people share."""

    town: Town
    base: str
    ledger: Ledger
    gate: Gate = field(default_factory=Gate)
    met: Counter[str] = field(default_factory=Counter)  # what people met instead of an answer
    done: Counter[str] = field(default_factory=Counter)
    browsers: int = 0
    gave_up: list[str] = field(default_factory=list)  # since it was asked last

    def browser(self, person: User) -> Browser:
        with self.town.lock:
            self.browsers += 1
        return Browser(self.base, self.town.session(person), self.browsers)


class Actor:
    """Who does one thing after the other, in a thread of its own."""

    def __init__(self, crowd: Crowd, seed: int) -> None:
        self.crowd, self.town = crowd, crowd.town
        self.chance = random.Random(seed)  # noqa: S311  no secret
        self.staff = crowd.town.sim.staff

    def do(
        self,
        what: str,
        press: Callable[[], Page],
        is_done: Callable[[], bool],
        told: Callable[[], object] = lambda: None,
    ) -> None:
        """Press until it is done. `is_done`: as whoever looks again would see it; `told`: notes what an
        answer said is done. Raises GaveUp.
        """
        until, waits = time.monotonic() + PATIENCE, 0.3
        why = ""
        while time.monotonic() < until and not self.crowd.gate.ends.is_set():
            with self.crowd.gate:
                try:
                    page = press()
                except (Unanswered, NotThere) as fault:
                    why = f"{type(fault).__name__} {fault}"
                    if isinstance(fault, Unanswered):
                        self.crowd.met[str(fault).rsplit(" ", 1)[-1]] += 1
                else:
                    if page.is_done:
                        lasting(told)
                        self.crowd.done[what] += 1
                        return
                    why = f"{page.path} {page.status} {page.leads_to} {page.said}"
                if lasting(is_done):
                    self.crowd.done[f"{what} (seen)"] += 1
                    return
            time.sleep(waits * self.chance.uniform(0.5, 1.5))
            waits = min(waits * 1.5, 4)
        raise GaveUp(f"{what}: {why}")

    def wait(self, is_so: Callable[[], bool], what: str) -> None:
        """Until a worker has done it. Raises GaveUp."""
        until = time.monotonic() + PATIENCE
        while not lasting(is_so):
            if time.monotonic() > until or self.crowd.gate.ends.is_set():
                raise GaveUp(f"{what}: waited in vain")
            time.sleep(0.5)

    def look(self, browser: Browser, path: str) -> None:
        """Something is read on the way, as far as it comes."""
        with self.crowd.gate, suppress(Unanswered):
            browser.open(path)
