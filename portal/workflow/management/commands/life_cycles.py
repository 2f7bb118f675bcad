"""`life_cycles`: write docs/life_cycles.md: the diagrams, derived from the graphs themselves, and
below each which papers and mails go out.
"""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from portal.workflow.graph import LifeCycle, life_cycles
from portal.workflow.ports import notice_kinds


def diagram(model: type[LifeCycle]) -> str:
    rows = [f"## {model.__name__}", "", "```mermaid", "stateDiagram-v2"]
    for state in model.STATES:
        rows.append(f"    {state}: {state.label}")
    for spec in model.specs().values():
        for source in spec.sources:
            rows.append(f"    {source or '[*]'} --> {spec.target}: {spec.label}")
    return "\n".join([*rows, "```", "", *sent_out(model)])


def sent_out(model: type[LifeCycle]) -> list[str]:
    """The table of what goes out, one row for each side that hears of an event."""
    rows = []
    named = [
        (name, sent, place)
        for name, outgoing in model.OUTGOING.items()
        for sent, place in ((outgoing, ""), (outgoing.counter, "（窓口で）"))
        if sent is not None
    ]
    for name, outgoing, place in named:
        paper = str(notice_kinds[outgoing.paper].label) if outgoing.paper else ""
        for side, words in outgoing.mails:
            hears = model.SIDES[side]
            shown = (
                f"{model.specs()[name].label}{place}",
                hears,
                paper if side == "applicant" else "",
            )
            told = f"{words.subject} | {words.says} | {words.follows}"
            rows.append(f"| {' | '.join(map(str, shown))} | {told} |")
    head = [
        "| event | who hears | paper | subject of the mail | what it says | what follows |",
        "|---|---|---|---|---|---|",
    ]
    return [*head, *rows, ""] if rows else []


def page() -> str:
    with override("ja"):
        parts = [diagram(model) for model in life_cycles()]
    head = (
        "# Life cycles\n\nMade by `manage.py life_cycles` from the graphs; do not edit by hand.\n"
    )
    return "\n".join([head, *parts])


class Command(BaseCommand):
    help = "Write docs/life_cycles.md, or with --check say whether it is up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *_args: object, check: bool, **_options: object) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "life_cycles.md"
        if check and (not path.exists() or path.read_text(encoding="utf-8") != page()):
            raise CommandError("docs/life_cycles.md is old: run manage.py life_cycles")
        if not check:
            path.write_text(page(), encoding="utf-8")
