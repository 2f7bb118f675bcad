"""Lay out the templates, one element a line: `templates.py format|check [FILE …]`.

djangofmt indents and breaks lines. It takes white space between inline pieces for nothing, as one
may in English; in Japanese a space between two words is seen. So what it made is compared with what
stood there: a new space stays only where no reader sees it, which is at the edge of a block on every
path through {% if %} and {% for %}.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "templates"
DJANGOFMT = Path(sys.executable).with_name("djangofmt")
WIDTH = 120

TEXT = re.compile(r"\{%\s*blocktranslate\b.*?endblocktranslate\s*%\}", re.DOTALL)
TAG_OR_VALUE = r"\{%.*?%\}|\{\{.*?\}\}"
QUOTED = rf'"(?:{TAG_OR_VALUE}|[^"])*"'
PIECE = re.compile(
    rf"\{{#.*?#\}}|{TAG_OR_VALUE}|<!.*?>"
    r"|<(?:script|style|textarea|pre)\b.*?</(?:script|style|textarea|pre)>"
    rf'|</?[a-zA-Z](?:{TAG_OR_VALUE}|{QUOTED}|[^>"])*>'
    r"|[^ \t\n<{]+|[<{]",
    re.DOTALL,
)
ELEMENT = re.compile(r"<(?P<closes>/?)(?P<name>[a-zA-Z0-9]+)")
TAG = re.compile(r"\{%\s*(?P<name>\w+)\s*(?P<argument>\w*)")
BLOCK = re.compile(
    r"html|head|body|title|link|meta|script|style|div|p|h[1-6]|[uod]l|li|d[td]|menu|hr"
    r"|table|caption|col|colgroup|thead|tbody|tfoot|tr|td|th|section|article|nav|header|footer"
    r"|main|aside|form|fieldset|legend|figure|figcaption|blockquote|address|option|optgroup"
    r"|noscript|dialog|g|path|rect|circle|line|polyline|polygon|defs"
)
INLINE = frozenset(("a", "span", "b", "strong", "em", "small", "label", "time", "abbr", "cite"))
COMPONENTS = (  # the block tags of portal/ui/templatetags/components.py and sums.py
    *(
        "crumbs",
        "crumb",
        "section",
        "part",
        "section_head",
        "callout",
        "callout_line",
        "fold",
        "error_summary",
    ),
    *("fact", "figure", "finding", "step", "entry", "empty_state"),
    *("action_bar", "act_form", "bulk_form"),
    *("table", "columns", "rows", "row", "row_head", "cell"),
    *("sum_table", "sum_line", "sum_answer"),
)
CONTROL = {
    "if": "endif",
    "for": "endfor",
    "with": "endwith",
    "block": "endblock",
    "tight": "endtight",
}
BRANCHES = ("elif", "else", "empty")
SILENT = ("load", "get_current_language", "csrf_token", "extends")
BLOCKS_OF_PAGES = ("content", "head", "facts", "tabs", "aside", "main")


class Template:
    """A template's pieces (tags of HTML and Django, values, words) and the gaps between them."""

    def __init__(self, text: str) -> None:
        found = list(PIECE.finditer(text))
        self.pieces = [piece.group() for piece in found]
        self.gaps = [text[one.end() : two.start()] for one, two in pairwise(found)]
        self.tail = "\n" if text.endswith("\n") else ""  # not where it is included in a line
        self.groups = list(self._groups())
        self.tight = {
            at
            for start, *_, end in self.groups
            for at in range(start, end)
            if self.name(start) == "tight"
        }
        self.hidden = self._unseen(spaces=False)  # at the edge of a block
        self.unseen = self._unseen(spaces=True)  # there, or beside white space

    def __str__(self) -> str:
        gaps = [*self.gaps, self.tail]
        return "".join(f"{piece}{gap}" for piece, gap in zip(self.pieces, gaps, strict=True))

    def bare(self) -> list[str]:
        return [re.sub(r"\s+|/(?=>$)", "", piece).lower() for piece in self.pieces]

    def name(self, at: int) -> str:
        found = TAG.match(self.pieces[at])
        return found["name"] if found else ""

    def _groups(self) -> Iterator[list[int]]:
        """The places of each {% if %} with its branches and its end, inner groups first."""
        stack: list[list[int]] = []
        for at in range(len(self.pieces)):
            name = self.name(at)
            if name in CONTROL:
                stack.append([at])
            elif stack and name in BRANCHES:
                stack[-1].append(at)
            elif stack and name == CONTROL[self.name(stack[-1][0])]:
                yield [*stack.pop(), at]

    # -- where a space is seen --

    def _unseen(self, *, spaces: bool) -> list[bool]:
        """For each gap: would (more) white space there be unseen?"""
        paths = self._paths()
        before = self._reach(paths, forward=False, spaces=spaces)
        back = {(two, one): gap for (one, two), gap in paths.items()}
        after = self._reach(back, forward=True, spaces=spaces)
        return [before[at] or after[at + 1] for at in range(len(self.gaps))]

    def _gap(self, at: int) -> str:
        """The white space that is written: in {% tight %} a line's end is none."""
        return "" if at in self.tight and "\n" in self.gaps[at] else self.gaps[at]

    def _paths(self) -> dict[tuple[int, int], str]:
        """Which piece may be written next after which, and the gap that is written between them."""
        paths = {(at, at + 1): self._gap(at) for at in range(len(self.gaps))}
        for start, *branches, end in self.groups:
            if self.name(start) == "for":
                paths[end, start] = ""
            for branch in branches:
                paths[branch - 1, end] = paths.pop((branch - 1, branch))
                paths[start, branch] = ""
            last = self.name(branches[-1]) if branches else ""
            if self.name(start) in ("if", "for") and last not in ("else", "empty"):
                paths.setdefault((start, end), "")
        return paths

    def _reach(
        self, paths: dict[tuple[int, int], str], *, forward: bool, spaces: bool
    ) -> list[bool]:
        """For each piece: does every path from it lead first to the edge of a block (or a space)?"""
        beyond: dict[int, list[int]] = {}
        for (one, two), gap in paths.items():
            beyond.setdefault(two, []).extend([] if spaces and gap else [one])
        edges = [self._edge(at, forward=forward) for at in range(len(self.pieces))]
        reached = [edge is not False for edge in edges]
        passed = [at for at, edge in enumerate(edges) if edge is None]
        for at in passed:
            reached[at] = at in beyond  # beyond the file's ends nobody knows
        while lost := [
            at for at in passed if reached[at] and not all(reached[to] for to in beyond[at])
        ]:
            for at in lost:
                reached[at] = False
        return reached

    def _edge(self, at: int, *, forward: bool) -> bool | None:
        """Is this piece the edge of a block? None where that depends on what lies beyond it."""
        if element := ELEMENT.match(self.pieces[at]):
            if is_block(element) or element["name"] == "br":
                return True
            leaves = element["name"] in INLINE and bool(element["closes"]) == forward
            return None if leaves else False
        name = self.name(at)
        if name in ("block", "endblock"):
            return self._is_block_of_page(at)
        if name in ("column", "menu_link") or name.removeprefix("end") in COMPONENTS:
            return True
        passed = name in (*CONTROL, *CONTROL.values(), *BRANCHES, *SILENT)
        return None if passed or self.pieces[at].startswith("{#") else False

    def _is_block_of_page(self, at: int) -> bool:
        start = next(group[0] for group in self.groups if at in group)
        found = TAG.match(self.pieces[start])
        return found is not None and found["argument"] in BLOCKS_OF_PAGES

    # -- where lines break --

    def open(self) -> None:
        """A line of its own for each block and each {% if %} with its branches, where it is unseen."""
        for at in range(len(self.gaps)):
            if self._is_block(at, closing=True) or self._is_block(at + 1, closing=False):
                self._break(at)
        for group in self.groups:
            inner = inner_gaps(group)
            begins = group[0] - 1 if group[0] else inner[0]
            if len(inner) > 1 and all(self._may_break(at) for at in (begins, *inner)):
                for at in (group[0] - 1, *inner, group[-1]):
                    self._break(at)

    def _may_break(self, at: int) -> bool:
        return bool(self.gaps[at]) or self.unseen[at]

    def _break(self, at: int) -> None:
        if 0 <= at < len(self.gaps) and self.unseen[at]:
            self.gaps[at] = self.gaps[at] or "\n"

    def _is_block(self, at: int, *, closing: bool) -> bool:
        """Does a block end (or begin) with this piece?"""
        if element := ELEMENT.match(self.pieces[at]):
            return bool(element["closes"]) == closing and is_block(element)
        return self.name(at) in ([f"end{name}" for name in COMPONENTS] if closing else COMPONENTS)

    def close(self) -> None:
        """What begins in the middle of a line ends there, if the line holds it."""
        for group in self.groups:
            inner = inner_gaps(group)
            joined = any(not self.gaps[at] for at in inner)
            closable = all(self.hidden[at] or not self.gaps[at] for at in inner)
            if joined and closable and self._fits(group, inner):
                for at in inner:
                    self.gaps[at] = ""

    def _fits(self, group: list[int], closed: list[int]) -> bool:
        """Would one line hold a group with these gaps closed?"""
        within = [at for at in range(group[0], group[-1]) if at not in closed]
        if any("\n" in self.gaps[at] for at in within):
            return False
        breaks = [at for at, gap in enumerate(self.gaps) if "\n" in gap and at not in closed]
        first = max((at for at in breaks if at < group[0]), default=-1)
        last = min((at for at in breaks if at >= group[-1]), default=len(self.gaps))
        indent = len(self.gaps[first].rpartition("\n")[2]) if first >= 0 else 0
        gaps = sum(len(self.gaps[at]) for at in range(first + 1, last) if at not in closed)
        words = self.pieces[first + 1 : last + 1]
        return indent + gaps + sum(map(len, words)) <= WIDTH and "\n" not in "".join(words)


def is_block(element: re.Match[str]) -> bool:
    return BLOCK.fullmatch(element["name"].lower()) is not None


def inner_gaps(group: list[int]) -> list[int]:
    """The gaps between a group's tags and what they hold."""
    return sorted({*group[:-1], *(at - 1 for at in group[1:])})


def tidied(before: Template, text: str) -> str | None:
    """What the formatter made, without spaces that are seen; None where it changed more."""
    after = Template(text)
    if before.bare() != after.bare():
        return None
    for at, gap in enumerate(before.gaps):
        if at in before.tight:  # a line's end is nothing here, and a space is a space
            if bool(gap) != bool(after.gaps[at]) or ("\n" in gap) != ("\n" in after.gaps[at]):
                after.gaps[at] = gap
        elif not gap and not before.unseen[at]:
            after.gaps[at] = ""
        elif not after.gaps[at] and not before.hidden[at]:
            after.gaps[at] = gap
    after.tail = before.tail
    after.close()
    return str(after)


class Texts:
    """Texts to translate are message ids: the formatter sees a name of the same length instead."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def hide(self, found: re.Match[str]) -> str:
        self.texts.append(found[0])
        length = len("".join(line.strip() for line in found[0].split("\n")))
        return f"{{{{ {f'text_{len(self.texts) - 1}'.ljust(length - 6, '_')} }}}}"

    def show(self, found: re.Match[str]) -> str:
        """The text; over several lines where it was, or where its line would be too long."""
        text, page = self.texts[int(found[1])], found.string
        start = page.rfind("\n", 0, found.start()) + 1
        line = page[start:].partition("\n")[0]
        indent = " " * (len(line) - len(line.lstrip(" ")))
        if "\n" not in text and len(line) <= WIDTH:
            return text
        parts = [part.strip(" \n") for part in re.split(r"(\{%[^%]*%\})", text)]
        head, *told, end = (part for part in parts if part)
        if "trimmed" not in head.split():
            if "\n" in text or "".join((head, *told, end)) != text:
                return text  # its spaces belong to the message
            head = head.replace("blocktranslate", "blocktranslate trimmed", 1)
        lines = (f"{'' if part.startswith('{%') else '  '}{part}" for part in told)
        return f"\n{indent}".join((head, *lines, end))


def formatted_once(sources: dict[Path, str]) -> dict[Path, str]:
    texts = Texts()
    opened = {path: Template(TEXT.sub(texts.hide, source)) for path, source in sources.items()}
    made = dict(sources)
    with tempfile.TemporaryDirectory() as folder:
        copies = {
            path: Path(folder, f"{number}_{path.name}") for number, path in enumerate(sources)
        }
        for path, template in opened.items():
            template.open()
            copies[path].write_text(str(template), encoding="utf-8")
        options = ["--indent-width=2", f"--line-length={WIDTH}"]
        blocks = f"--custom-blocks={','.join((*COMPONENTS, 'tight'))}"
        command = [str(DJANGOFMT), *options, blocks, folder]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if "× " in done.stderr:
            raise SystemExit(done.stderr)
        for path, copy in copies.items():
            text = tidied(opened[path], copy.read_text(encoding="utf-8"))
            if text is None:
                raise SystemExit(f"{path}: the formatter changed more than white space")
            made[path] = re.sub(r"\{\{ text_(\d+)_* \}\}", texts.show, text)
    return made


def formatted(sources: dict[Path, str], rounds: int = 5) -> dict[Path, str]:
    """Each file's new text. A line that was joined may break elsewhere: once more, till it rests."""
    made = dict(sources)
    changing = sources
    for _ in range(rounds):
        again = formatted_once(changing)
        changing = {path: text for path, text in again.items() if text != made[path]}
        made |= changing
        if not changing:
            break
    return made


def main(what: str = "", *names: str) -> int:
    if what not in ("format", "check"):
        raise SystemExit(__doc__)
    paths = [Path(name) for name in names] or sorted(FOLDER.rglob("*.html"))
    sources = {path: path.read_text(encoding="utf-8") for path in paths}
    changed = {path: text for path, text in formatted(sources).items() if text != sources[path]}
    for path, text in changed.items():
        print(path)
        if what == "format":
            path.write_text(text, encoding="utf-8")
    done = "laid out" if what == "format" else "to be laid out"
    print(f"{len(paths)} templates, {len(changed)} {done}")
    return int(what == "check" and bool(changed))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
