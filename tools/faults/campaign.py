"""One fault after the other while people work; after each it is asked whether all is whole."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import connection

from portal.audit.sealing import seal
from tools.faults import invariants
from tools.faults.invariants import INVARIANTS, Known
from tools.faults.ledger import Ledger
from tools.faults.money import Paid
from tools.faults.people import Actor, Crowd, GaveUp
from tools.faults.rig import Rig
from tools.faults.table import FAULTS, Unseen
from tools.faults.town import Town, lasting

ASKED_AGAIN = (1, 3, 8)  # seconds: what a worker is just putting right is asked again
HEALS = 60  # seconds in which the portal is whole again by itself
DRAINS = 120  # seconds in which what waits is done, once nobody works any more
STALLED = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
    "VALUES ('default', 'requeue_stalled', '{\"timestamp\": 1}')"
)
HURRIED = "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"
WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"


@dataclass
class Told:
    """The log: each fault, and what was answered after it."""

    say: Callable[[str], None]
    began: float = field(default_factory=time.monotonic)
    faults: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def line(self, text: str) -> None:
        self.say(f"{time.monotonic() - self.began:7.1f} s  {text}")

    def violated(self, after: str, name: str, wrong: list[str]) -> None:
        for one in wrong:
            self.violations.append(f"{name}: {one} (after: {after})")
            self.line(f"    VIOLATION  {name}: {one}")


class Campaign:
    def __init__(self, rig: Rig, town: Town, seed: int, told: Told) -> None:
        self.rig, self.told = rig, told
        self.chance = random.Random(seed)  # noqa: S311  no secret
        self.crowd = Crowd(town, rig.address, Ledger())
        self.known = Known(
            self.crowd.ledger, rig.post.taken, rig.post.unanswered, self.crowd.gave_up, rig.dead
        )
        self.threads: list[threading.Thread] = []

    def run(self, *, seconds: float, people: int, names: list[str]) -> None:
        until = time.monotonic() + seconds
        self.begin_people(people)
        self.crowd.gate.open.set()
        for name in self.drawn(names):
            if time.monotonic() > until:
                break
            self.chance_to_work()
            self.one(name)
        self.end_people()
        self.drain()
        self.ask("the end")

    def drawn(self, names: list[str]) -> Iterator[str]:
        """Each once in some order, and again."""
        while True:
            yield from self.chance.sample(names, len(names))

    def one(self, name: str) -> None:
        fault = FAULTS[name]
        lasts = self.chance.uniform(*fault.lasts)
        self.told.faults[name] += 1
        n = sum(self.told.faults.values())
        self.told.line(f"fault {n}: {name}, {lasts:.1f} s")
        try:
            with fault.of(self.rig, self.chance):
                time.sleep(lasts)
        except Unseen as unseen:
            self.told.violated(name, "what is spoilt is seen", [str(unseen)])
        self.rig.wait_for_web()
        lasting(lambda: execute(STALLED))
        self.ask(name)

    def chance_to_work(self) -> None:
        time.sleep(self.chance.uniform(0.5, 2))

    # -- people -----------------------------------------------------------------------------------
    def begin_people(self, count: int) -> None:
        for n in range(count):
            seed = self.chance.randrange(2**31)
            target = self.read if n % 4 == 3 else self.live
            thread = threading.Thread(target=target, args=(seed,), daemon=True)
            thread.start()
            self.threads.append(thread)

    def live(self, seed: int) -> None:
        """One story after the other."""
        n = 0
        while not self.crowd.gate.ends.is_set():
            try:
                Paid(self.crowd, seed + n).run()
                self.crowd.done["whole stories"] += 1
            except GaveUp as gave_up:
                if not self.crowd.gate.ends.is_set():
                    self.crowd.gave_up.append(str(gave_up))
            n += 1
        connection.close()

    def read(self, seed: int) -> None:
        """The office reads, and takes lists away."""
        actor = Actor(self.crowd, seed)
        pages = ("/inbox/", "/cases/", "/cases/export.csv", "/payments/", "/approvals/", "/")
        while not self.crowd.gate.ends.is_set():
            who = actor.chance.choice(("officer", "accountant", "director", "auditor"))
            actor.look(self.crowd.browser(actor.staff[who]), actor.chance.choice(pages))
            time.sleep(actor.chance.uniform(0.5, 2))
        connection.close()

    def end_people(self) -> None:
        self.crowd.gate.ends.set()
        self.crowd.gate.open.set()
        for thread in self.threads:
            thread.join(HEALS)

    # -- questions --------------------------------------------------------------------------------
    def ask(self, after: str) -> None:
        began = time.monotonic()
        self.crowd.gate.close()
        wrong = {name: wrong for name in INVARIANTS if (wrong := self.answer(name))}
        for name, faults in wrong.items():
            self.told.violated(after, name, faults)
        self.crowd.gave_up.clear()
        took = time.monotonic() - began
        told = f"{len(self.crowd.ledger)} acts, {sum(self.known.taken.values())} mails"
        self.told.line(f"    {'NOT WHOLE' if wrong else 'whole'}, {took:.1f} s, {told}")
        self.crowd.gate.open.set()

    def answer(self, name: str) -> list[str]:
        """What is still wrong after it was asked several times."""
        wrong = lasting(lambda: invariants.ask(name, self.known))
        for wait in ASKED_AGAIN if wrong else ():
            time.sleep(wait)
            wrong = lasting(lambda: invariants.ask(name, self.known))
            if not wrong:
                break
        return wrong

    def drain(self) -> None:
        """What waits for a later try is tried now."""
        until = time.monotonic() + DRAINS
        while time.monotonic() < until:
            lasting(lambda: execute(STALLED))
            lasting(lambda: execute(HURRIED))
            time.sleep(3)
            if lasting(waiting) <= 1 and not lasting(invariants.unsent):
                break
        if n := lasting(invariants.unsent):
            self.told.violated("the end", "no mail is lost or doubled", [f"{n} mails wait"])
        lasting(seal)

    def summary(self) -> Iterator[str]:
        yield ""
        for name, n in sorted(self.told.faults.items()):
            yield f"{n:5} × {name}"
        yield ""
        for what, n in sorted(self.crowd.done.items()):
            yield f"{n:5} × {what}"
        met = ", ".join(f"{what} × {n}" for what, n in self.crowd.met.most_common())
        yield f"\nmet by people in place of an answer: {met or 'nothing'}"
        twice = sum(n - 1 for n in self.known.taken.values() if n > 1)
        yield f"mails that came again under their number: {twice}"
        faults, wrong = sum(self.told.faults.values()), self.told.violations
        yield f"{faults} faults, {len(wrong)} violations"
        yield from wrong


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return int(cursor.fetchone()[0])
