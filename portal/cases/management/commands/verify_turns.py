"""`verify_turns`: the stored turns of every case are those its graphs give now; exit 1 with the first that differ."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.cases.turns import differing


class Command(BaseCommand):
    help = "Rebuild every case's turns and compare."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if wrong := differing():
            raise CommandError(f"{len(wrong)} cases differ: {', '.join(wrong[:20])}", returncode=1)
        self.stdout.write("Every turn is as its graph says.")
