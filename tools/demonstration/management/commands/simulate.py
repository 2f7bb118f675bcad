"""`simulate --cases N --seed S`: fictitious cases through the one door."""

from argparse import ArgumentParser
from collections import Counter

from django.core.management.base import BaseCommand
from tqdm import tqdm

from tools.demonstration import people, year


class Command(BaseCommand):
    help = "Drive fictitious cases over programmes, areas, industries, sizes and two fiscal years."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=60)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *_args: object, cases: int, seed: int, **_options: object) -> None:
        people.refuse_elsewhere()
        with tqdm(total=cases, unit=" cases", disable=None) as bar:
            made = year.run(cases, seed, bar.update)
        counts = Counter(application.state for application in made)
        self.stdout.write(", ".join(f"{state} {n}" for state, n in sorted(counts.items())))
