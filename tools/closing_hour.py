"""The last hour of a call, in small: people read, save what they type, send files of 3 MB and hand in.

    python -m tools.closing_hour --people 12 --seconds 60 --rate 10

It begins everything that it needs (the rig of the faults: cluster, web, workers, storage, mail, all on
127.0.0.1), and leaves nothing. Requests begin at `--rate` a second whatever the answers do, as people
come; so many are under way at most as there are hands. What is told are counts and the processor's time
of the web processes; seconds are told beside what else ran on the machine.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tools.faults import rig as rigs

if TYPE_CHECKING:
    from tools.faults.stories import Story

# what is asked for, of a hundred; planning values: the mix of no real closing hour is known
MIX = {"read": 62, "page of one's own": 8, "autosave": 22, "upload of 3 MB": 5, "hand in": 3}
HANDS = 64  # requests under way
MOST_SECONDS, MOST_PEOPLE, MOST_RATE = 600, 60, 200
FILE = 3 * 1024**2  # bytes
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Told:
    """Seconds of each kind that was answered as it should be, and what came instead."""

    spans: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    instead: dict[str, dict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )

    def note(self, kind: str, ask: Callable[[], str]) -> None:
        began = time.monotonic()
        try:
            came = ask()
        except Exception as fault:  # whatever it is, it is counted
            came = type(fault).__name__
        if came:
            self.instead[kind][came] += 1
        else:
            self.spans[kind].append(time.monotonic() - began)


class Hour:
    """Who is there: each with a draft that is ready to be handed in."""

    def __init__(self, stories: list[Story], base: str, paths: list[str], seed: int) -> None:
        self.stories, self.base, self.paths = stories, base, paths
        self.waiting = list(stories)  # who has not handed in yet
        self.handed_in: list[Story] = []
        self.chance = random.Random(seed)  # noqa: S311  no secret
        self.known: dict[str, str] = {}  # path → version that a browser has

    def begin(self, kind: str) -> Callable[[], str]:
        """One request, or the two of a form; what it gives says what came instead of an answer."""
        if kind == "read":
            path, conditional = self.chance.choice(self.paths), self.chance.random() < 0.5
            return lambda: self.read(path, conditional)
        if kind == "hand in" and self.waiting:
            story = self.waiting.pop()
            return lambda: self.hand_in(story)
        story = self.chance.choice(self.stories)
        if kind == "autosave" and story in self.waiting:
            return lambda: self.autosave(story)
        if kind == "upload of 3 MB" and story in self.waiting:
            return lambda: self.upload(story)
        return lambda: self.own(story)

    def read(self, path: str, conditional: bool) -> str:
        import requests

        fields = {"Accept": "text/html"}
        if conditional and path in self.known:
            fields["If-None-Match"] = self.known[path]
        answer = requests.get(f"{self.base}{path}", headers=fields, timeout=60)
        if "ETag" in answer.headers:
            self.known[path] = answer.headers["ETag"]
        if answer.status_code == 503 and "http-equiv" in answer.text:
            return "waiting page"
        return "" if answer.status_code in (200, 304) else str(answer.status_code)

    def own(self, story: Story) -> str:
        return _page(story, f"/apply/{story.number}/")

    def autosave(self, story: Story) -> str:
        from tools.faults.browsing import found

        where = f"/apply/{story.number}/plan/"
        form = found(story.firm.open(where), lambda form: "version" in form.names)
        form.action = f"{story.firm.base}{where}autosave/"
        status = story.firm.send(form).status
        return "" if status in (200, 409) else str(status)

    def upload(self, story: Story) -> str:
        from tools.faults.browsing import found

        page = story.firm.open(f"/apply/{story.number}/documents/")
        form = found(page, lambda form: ("key", "quote") in form.fields)
        answer = story.firm.send(form, {}, {"file": ("見積書.pdf", _large(self.chance.random()))})
        return "" if answer.is_done else str(answer.status)

    def hand_in(self, story: Story) -> str:
        from tools.faults.stories import PLEDGES

        form = story.firm.open(f"/apply/{story.number}/review/").form("/review/")
        answer = story.firm.send(form, PLEDGES)
        if not answer.is_done:
            return f"{answer.status} {answer.said[:60]}"
        self.handed_in.append(story)
        return ""


def _page(story: Story, path: str) -> str:
    status = story.firm.open(path).status
    return "" if status == 200 else str(status)


def _large(text: float) -> bytes:
    """A PDF that is longer than its pages: what follows its end is read by nobody."""
    from tools.demonstration.simulation import paper

    data = paper(str(text))
    return data + b"%" + b"0" * (FILE - len(data) - 1)


def prepared(rig: rigs.Rig, people: int, seed: int) -> tuple[list[Story], list[str]]:
    """Everybody has a draft that is complete; and the pages that the public reads."""
    from tools.faults import town
    from tools.faults.ledger import Ledger
    from tools.faults.people import Crowd
    from tools.faults.stories import Story

    place = town.build(seed)
    rig.begin()
    crowd = Crowd(place, rig.address, Ledger())
    crowd.gate.open.set()
    stories = [Story(crowd, seed + n) for n in range(people)]
    with ThreadPoolExecutor(4) as few:
        list(few.map(_write, stories))
    call = place.call
    return stories, ["/", "/programmes/", call.public_url, call.public_url, "/statistics/"]


def _write(story: Story) -> None:
    story.firm.chance = random.Random(0)  # noqa: S311  no secret
    story.firm.chance.random = lambda: 1.0  # type: ignore[method-assign]  # nobody presses twice
    story.apply()
    story.fill()
    story.attach()


def processor(rig: rigs.Rig) -> float:
    """Seconds of the processor that the web processes have had."""
    pids = [rig.web.pid, *rig.web.descendants()]
    spent = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        spent += int(fields[11]) + int(fields[12])
    return spent / TICKS


def played(hour: Hour, seconds: float, rate: float) -> tuple[Told, int, float]:
    """What came, how many were begun, and how many seconds it took until all were answered."""
    told, begun, began = Told(), 0, time.monotonic()
    kinds, weights = list(MIX), list(MIX.values())
    with ThreadPoolExecutor(HANDS) as hands:
        while (now := time.monotonic()) < began + seconds:
            kind = hour.chance.choices(kinds, weights)[0]
            hands.submit(told.note, kind, hour.begin(kind))
            begun += 1
            time.sleep(max(0.0, began + begun / rate - now))
    return told, begun, time.monotonic() - began


def lines(told: Told, hour: Hour, begun: int, took: float, spent: float) -> list[str]:
    answered = sum(map(len, told.spans.values()))
    found = [
        f"{begun} begun, {answered} answered in {took:.0f} s ({answered / took:.1f} a second)",
        f"processor of the web processes: {spent:.1f} s, {1000 * spent / max(answered, 1):.0f} ms each",
        f"load of the machine: {' '.join(f'{one:.1f}' for one in os.getloadavg())} on {os.cpu_count()} cores",
        "| what | answered | median | p95 | instead |\n| --- | --- | --- | --- | --- |",
    ]
    for kind in MIX:
        spans = sorted(told.spans[kind])
        came = ", ".join(f"{n} × {what}" for what, n in sorted(told.instead[kind].items()))
        half, most = (spans[int(len(spans) * share)] if spans else 0 for share in (0.5, 0.95))
        found.append(f"| {kind} | {len(spans)} | {half:.2f} s | {most:.2f} s | {came or '–'} |")
    found.append(f"handed in: {len(hour.handed_in)}, of which in the database: {_there(hour)}")
    return found


def _there(hour: Hour) -> int:
    from grants.applications.models import Application

    cases = [story.case for story in hour.handed_in]
    return Application.objects.filter(case__in=cases, state="submitted").count()


def main() -> int:
    parser = argparse.ArgumentParser(prog="closing_hour", description=__doc__)
    parser.add_argument("--people", type=int, default=12, help="who each have a draft")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=10, help="requests that begin in a second")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if not (
        0 < given.people <= MOST_PEOPLE
        and 0 < given.seconds <= MOST_SECONDS
        and 0 < given.rate <= MOST_RATE
    ):
        parser.error(f"at most {MOST_PEOPLE} people, {MOST_SECONDS} seconds, {MOST_RATE} a second")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    with rigs.running(given.seed) as rig:
        os.environ.update(rig.env)
        import django

        django.setup()
        stories, paths = prepared(rig, given.people, given.seed)
        hour = Hour(stories, rig.address, paths, given.seed)
        print(f"{given.people} people with a draft each; {given.rate:g} a second", flush=True)
        before = processor(rig)
        told, begun, took = played(hour, given.seconds, given.rate)
        found = lines(told, hour, begun, took, processor(rig) - before)
        print("\n".join(found), flush=True)
        return 0 if _there(hour) == len(hour.handed_in) else 1


if __name__ == "__main__":
    sys.exit(main())
