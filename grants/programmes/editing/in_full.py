"""A programme file in words, part by part: what whoever approves it reads, and what one revision changes of
another.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from grants.programmes.editing import choosing_from, kinds
from grants.programmes.editing.document import Path, value_at
from grants.programmes.editing.kinds import Kind
from grants.programmes.editing.layout import PAGES
from grants.programmes.editing.shapes import KEY, Field, Lines
from grants.programmes.editing.telling import named, numbered
from portal.days import day_said
from portal.types import Given, Text

Place = tuple[str, str, str]  # the list (or ""), the key or number of the row, and the path in it


@dataclass(frozen=True)
class Fact:
    """A value as it is called and said, a line for each text of a list or language."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """A group of fields of a part, or one row of a list. `title`: of a row, with its name."""

    title: str
    facts: dict[Place, Fact]


@dataclass(frozen=True)
class Part:
    """A page of the editor with what the file states on it."""

    key: str
    label: Text
    blocks: list[Block]


@dataclass(frozen=True)
class Difference:
    """What became of one value: `before` and `after` are lines, none where it is not stated."""

    what: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass
class Reading:
    """One file while it is told: each list of choices is asked for once."""

    stated: Given
    known: dict[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)

    def parts(self) -> list[Part]:
        found = []
        for page in PAGES:
            blocks = [
                Block(str(group.title), dict(self._facts(group.fields, "", "", ())))
                for group in page.groups
            ]
            for rows in page.rows:
                held = value_at(self.stated, (rows.path,))
                for n in range(len(held) if isinstance(held, list) else 0):
                    key = value_at(self.stated, (rows.path, n, "key"))
                    name = named(rows, self.stated, n)
                    title = f"{numbered(rows, n)}：{name}" if name else numbered(rows, n)
                    facts = self._facts(rows.fields, rows.path, str(key or n), (rows.path, n))
                    blocks.append(Block(title, dict(facts)))
            found.append(Part(page.key, page.label, [block for block in blocks if block.facts]))
        return [part for part in found if part.blocks]

    def _facts(
        self, fields: tuple[Field | Lines, ...], rows: str, row: str, at: Path
    ) -> Iterator[tuple[Place, Fact]]:
        for one in fields:
            value = value_at(self.stated, (*at, *one.path.split(".")))
            if one is KEY or value in (None, "", []):
                continue
            lines = (
                self._listed(one, rows, at, value)
                if isinstance(one, Lines)
                else self._said(one, f"{rows}.{one.path}".lstrip("."), at, value)
            )
            yield (rows, row, one.path), Fact(str(one.label), lines)

    def _listed(self, one: Lines, rows: str, at: Path, value: object) -> tuple[str, ...]:
        """Each line of a short list, its parts beside each other."""
        found = []
        for line in value if isinstance(value, list) else []:
            said = []
            for part in one.parts:
                held = value_at(line, tuple(part.path.split("."))) if part.path else line
                path = ".".join(filter(None, (rows, one.path, part.path)))
                if held not in (None, ""):
                    words = "・".join(self._said(part, path, at, held))
                    said.append(f"{part.label} {words}" if len(one.parts) > 1 else words)
            found.append("　".join(said))
        return tuple(found)

    def _said(self, one: Field, path: str, at: Path, value: object) -> tuple[str, ...]:
        typed = kinds.of(path)
        match typed.kind:
            case Kind.BOTH if isinstance(value, dict):
                return tuple(str(value[name]) for name in ("ja", "en") if value.get(name))
            case Kind.YES:
                return (_("はい") if value else _("いいえ"),)
            case Kind.THERE:
                return (_("あり"),)
            case Kind.YEN | Kind.NUMBER if isinstance(value, int):
                return (f"{value:,}",)
            case Kind.PERCENT:
                return (f"{value}％",)
            case Kind.DAY if isinstance(value, date):
                return (day_said(value),)
        values = value if isinstance(value, list) else [value]
        words = (
            self._choices(one.choices, path, typed.literal, at) if _is_chosen(one, typed) else {}
        )
        return ("・".join(words.get(str(each), str(each)) for each in values),)

    def _choices(
        self, name: str, path: str, literal: tuple[str | int, ...], at: Path
    ) -> Mapping[str, str]:
        about = (name, path)
        if about not in self.known:
            self.known[about] = dict(choosing_from.of(name, path, literal, self.stated, at))
        return self.known[about]


def _is_chosen(one: Field, typed: kinds.Typed) -> bool:
    """What is chosen is said by its words; an answer of a question is its own word."""
    return one.choices not in ("answers", "headings") and bool(one.choices or typed.literal)


def parts(stated: Given) -> list[Part]:
    """Everything that a file states, in the order in which it is edited."""
    return Reading(stated).parts()


def differences(before: Given, after: Given) -> list[tuple[Part, list[Difference]]]:
    """What `after` changes, under its parts; a row is the same one while its key is."""
    old, new = parts(before), parts(after)
    labels = {part.key: part for part in (*old, *new)}
    found = []
    for page in PAGES:
        if page.key not in labels:
            continue
        was, now = _flat(old, page.key), _flat(new, page.key)
        rows = [
            Difference(
                (now.get(place) or was[place])[0],
                was[place][1].lines if place in was else (),
                now[place][1].lines if place in now else (),
            )
            for place in {**was, **now}
            if (was[place][1].lines if place in was else ())
            != (now[place][1].lines if place in now else ())
        ]
        if rows:
            found.append((labels[page.key], rows))
    return found


def _flat(told: list[Part], key: str) -> dict[Place, tuple[str, Fact]]:
    """The values of one part, each with what it is called: of a row with the row's name."""
    return {
        place: (f"{block.title}：{fact.label}" if place[0] else fact.label, fact)
        for part in told
        if part.key == key
        for block in part.blocks
        for place, fact in block.facts.items()
    }
