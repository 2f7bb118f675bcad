"""`make faults`: see docs/faults.md."""

import argparse
import os
import signal
import sys
from pathlib import Path

from tools.faults import rig as rigs


def main() -> int:
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1, help="which faults come, and in which order")
    parser.add_argument("--people", type=int, default=6, help="at once; each fourth one reads")
    parser.add_argument("--only", action="append", default=[], help="a part of a fault's name")
    parser.add_argument("--log", type=Path, help="where the log is written besides")
    given = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):  # also where a shell had it ignored
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    with rigs.running(given.seed) as rig:
        os.environ.update(rig.env)
        return campaign(rig, given)


def campaign(rig: rigs.Rig, given: argparse.Namespace) -> int:
    """Django is set up only now: its settings say where the rig is."""
    import django

    django.setup()
    from tools.faults import campaign, table, town

    log = given.log.open("w") if given.log else None

    def say(text: str) -> None:
        print(text, flush=True)
        if log:
            print(text, file=log, flush=True)

    names = [n for n in table.FAULTS if not given.only or any(part in n for part in given.only)]
    told = campaign.Told(say)
    say(f"seed {given.seed}, {given.minutes:g} minutes, {given.people} people, {len(names)} faults")
    place = town.build(given.seed)
    rig.begin()
    told.line("all runs")
    run = campaign.Campaign(rig, place, given.seed, told)
    run.run(seconds=given.minutes * 60, people=given.people, names=names)
    for line in run.summary():
        say(line)
    return 1 if told.violations else 0


if __name__ == "__main__":
    sys.exit(main())
