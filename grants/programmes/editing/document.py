"""The text of a programme file, changed at one place: a value by its path, a row of a list added, removed
or moved. Every other sign of the file stays as it is, comments included. What was written is read back and
compared, so that a file laid out in another way than ours is refused, never spoiled.
"""

import copy
import itertools
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from portal.types import Given, Row

Path: TypeAlias = tuple[str | int, ...]
Value: TypeAlias = object

# strings and comments, in which nothing is a table or a name
_SHADED = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'|#[^\n]*",
    re.DOTALL,
)
_HEAD = re.compile(r"^[ \t]*(\[\[?)([^\[\]\n=,]+)\]\]?[ \t]*$", re.MULTILINE)
# possessive, so that a long line which is no `name =` is read once
_KEY = re.compile(r"[ \t]*+([\w\-.~]++(?:[ \t]++[\w\-.~]++)*+)[ \t]*+=[ \t]*+")


class Unwritable(ValueError):
    """The file is laid out so that this cannot be written without the rest."""


@dataclass(frozen=True)
class _Entry:
    """`name = value`: where its line begins, its value begins and ends, and its last line ends."""

    path: Path
    start: int
    value: int
    value_end: int
    end: int


@dataclass(frozen=True)
class _Table:
    """A table with what stands in it: where the remark right above its head begins, its head, and the
    end of its last value.
    """

    path: Path
    is_row: bool
    lead: int
    head: int
    end: int
    entries: tuple[_Entry, ...]


def loads(text: str) -> Given:
    """Raises Unwritable where it is no TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unwritable from error


def value_at(data: Value, path: Path) -> Value:
    """None where nothing stands there."""
    for step in path:
        if isinstance(step, int):
            if not isinstance(data, list) or step >= len(data):
                return None
            data = data[step]
        elif isinstance(data, dict):
            data = data.get(step)
        else:
            return None
    return data


def line_of(text: str, path: Path) -> int:
    """The line (1-based) where a value stands, else what it would be part of."""
    text = in_lines(text)
    tables = _tables(text)
    places = {table.path: table.head for table in reversed(tables)}
    places |= {entry.path: entry.start for table in tables for entry in table.entries}
    known = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in places), None)
    return text.count("\n", 0, places[known]) + 1 if known else 1


def with_value(text: str, path: Path, value: Value) -> str:
    """The file with this value at `path`; None takes away what stands there."""
    text = in_lines(text)
    wanted = loads(text)
    _put(wanted, path, value)
    return _checked(_written(text, path, value, wanted), wanted)


def with_row(text: str, path: Path, values: Mapping[str, Value]) -> str:
    """The file with one more row, as the last of its list."""
    text = in_lines(text)
    wanted = loads(text)
    before = value_at(wanted, path)
    if before and not _rows(_tables(text), path):
        return with_value(text, path, [*_list(before), dict(values)])
    _put(wanted, path, [*_list(before), dict(values)])
    lines = [f"[[{_name(path)}]]"]
    return _checked(_with_table(text, path, lines, values), wanted)


def without_row(text: str, path: Path, at: int) -> str:
    """The file without a row; with the last one goes the list."""
    text = in_lines(text)
    wanted = loads(text)
    left = [row for n, row in enumerate(_list(value_at(wanted, path))) if n != at]
    tables = _tables(text)
    rows = _rows(tables, path)
    if at >= len(rows):
        return with_value(text, path, left or None)
    _put(wanted, path, left or None)
    start, end = rows[at]
    if at == 0 and left:  # a remark above the first row is about the list
        end = rows[1][0]
        return _checked(text[:start] + text[end:], wanted)
    if at == 0:
        start = next(t.lead for t in tables if t.head == start)
    return _checked(_joined(text[:start], text[end:]), wanted)


def moved(text: str, path: Path, at: int, by: int) -> str:
    """The file with a row one place up (-1) or down (1)."""
    text = in_lines(text)
    wanted = loads(text)
    order = list(_list(value_at(wanted, path)))
    first, second = sorted((at, at + by))
    if first < 0 or second >= len(order):
        return text
    order[first], order[second] = order[second], order[first]
    rows = _rows(_tables(text), path)
    if not rows:
        return with_value(text, path, order)
    _put(wanted, path, order)
    (a, b), (c, d) = rows[first], rows[second]
    return _checked(text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:], wanted)


def in_lines(text: str) -> str:
    """Browsers send CR LF, which is one end of a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


# -- what stands where -----------------------------------------------------------------------------
def _shade(text: str) -> str:
    """The text in as many signs, its comments blank and its strings filled."""
    return _SHADED.sub(
        lambda part: (" " if part[0][0] == "#" else "~") * len(part[0]),
        text,
    )


def _tables(text: str) -> list[_Table]:
    """The tables in order; the first holds what stands above all heads."""
    shaded = _shade(text)
    heads = list(_HEAD.finditer(shaded))
    starts = [0, *(head.start() for head in heads)]
    counts: dict[Path, int] = {}
    found = list[_Table]()
    for n, (start, stop) in enumerate(itertools.pairwise([*starts, len(text)])):
        head = heads[n - 1] if n else None
        path, body, lead = Path(), start, start
        if head is not None:
            names = _names(text[slice(*head.span(2))])
            path = _resolved(names, counts, is_row=head[1] == "[[")
            body = head.end()
            lead = _remark(text, start, found[-1].end)
        entries = tuple(_entries(text, shaded, body, stop, path))
        end = entries[-1].end if entries else body
        found.append(_Table(path, head is not None and head[1] == "[[", lead, start, end, entries))
    return found


def _remark(text: str, head: int, least: int) -> int:
    """Where the lines of remarks right above a head begin, which lie behind `least`; the head where there are none."""
    begins = head
    while begins > least:
        above = text.rfind("\n", 0, begins - 1) + 1
        if above < least or not text[above:begins].lstrip(" \t").startswith("#"):
            break
        begins = above
    return begins


def _names(key: str) -> list[str]:
    """The names of a dotted key."""
    found: Row = loads(f"{key} = 0")
    names = []
    while isinstance(found, dict):
        [(name, found)] = found.items()
        names.append(name)
    return names


def _resolved(names: list[str], counts: dict[Path, int], *, is_row: bool) -> Path:
    """With the numbers of the rows that a head stands in."""
    path = Path()
    for n, name in enumerate(names):
        path = (*path, name)
        if is_row and n == len(names) - 1:
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, counts[path] - 1)
    return path


def _entries(text: str, shaded: str, start: int, stop: int, table: Path) -> Iterator[_Entry]:
    at = start
    while at < stop:
        key = _KEY.match(shaded, at, stop)
        if key is None:
            at = _line_end(shaded, at, stop) + 1
            continue
        end, depth = key.end(), 0
        while end < stop and (depth or shaded[end] != "\n"):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(shaded[end], 0)
            end += 1
        value_end = key.end() + len(shaded[key.end() : end].rstrip())
        names = _names(text[slice(*key.span(1))])
        yield _Entry((*table, *names), at, key.end(), value_end, end)
        at = end + 1


def _line_end(text: str, at: int, stop: int) -> int:
    found = text.find("\n", at, stop)
    return stop if found < 0 else found


def _within(path: Path, whole: Path) -> bool:
    return path[: len(whole)] == whole


def _rows(tables: list[_Table], path: Path) -> list[tuple[int, int]]:
    """Where each row of a list of tables begins, with the remark above it, and ends."""
    size, found = len(path) + 1, list[tuple[int, int]]()
    for table in tables:
        if table.is_row and len(table.path) == size and _within(table.path, path):
            found.append((table.lead if found else table.head, table.end))
        elif found and _within(table.path, (*path, len(found) - 1)):
            found[-1] = (found[-1][0], table.end)
    return found


# -- how it is written -----------------------------------------------------------------------------
def _written(text: str, path: Path, value: Value, wanted: Given) -> str:
    tables = _tables(text)
    for entry in itertools.chain.from_iterable(table.entries for table in tables):
        if entry.path == path and value is None:
            return text[: entry.start] + text[entry.end + 1 :]
        if _within(path, entry.path):  # itself, or in a table or list written on one line
            whole = value_at(wanted, entry.path)
            return text[: entry.value] + said(whole) + text[entry.value_end :]
    if value is None:
        return _without_tables(text, path)
    if isinstance(value, Mapping):
        return _with_table(text, path, [f"[{_name(path)}]"], value)
    line = f"{_name(path[-1:])} = {said(value)}"
    for table in tables:
        if table.path == path[:-1]:
            break
    else:
        return _with_table(text, path[:-1], [f"[{_name(path[:-1])}]"], {str(path[-1]): value})
    if table.head == table.end:  # nothing stands above the first head
        return f"{line}\n{text}" if text.startswith("\n") or not text else f"{line}\n\n{text}"
    return f"{text[: table.end]}\n{line}{text[table.end :]}"


def _with_table(text: str, path: Path, lines: list[str], values: Mapping[str, Value]) -> str:
    """The new table stands behind the last one of the row, or of the list or table, that it is part of."""
    nested = {name: value for name, value in values.items() if isinstance(value, Mapping)}
    lines = lines + [
        f"{_name((name,))} = {said(values[name])}" for name in values if name not in nested
    ]
    for name, value in nested.items():
        lines.append(f"[{_name((*path, name))}]")
        lines += [f"{_name((key,))} = {said(part)}" for key, part in value.items()]
    tables = _tables(text)
    row = max((n for n, step in enumerate(path) if isinstance(step, int)), default=-1)
    place = path[: row + 1] or path[:1]
    inside = [t.end for t in tables if t.path and _within(t.path, place)]
    at = inside[-1] if inside else len(text.rstrip("\n"))
    apart = "" if not text[:at] else "\n" if row >= 0 else "\n\n"
    new = "\n".join(lines)
    return f"{text[:at]}{apart}{new}{text[at:] or chr(10)}"


def _without_tables(text: str, path: Path) -> str:
    for table in reversed(_tables(text)):
        if table.path and _within(table.path, path):
            text = _joined(text[: table.lead], text[table.end :])
    return text


def _joined(before: str, after: str) -> str:
    """Two parts of a file around what was taken out."""
    before, after = before.rstrip("\n"), after.lstrip("\n")
    return "\n\n".join(part for part in (before, after) if part) + ("" if after else "\n")


def _put(data: Given, path: Path, value: Value) -> None:
    """What stands where a table or a list belongs gives way to one."""
    if value is None and value_at(data, path) is None:
        return
    whole: Row = data
    for step, following in itertools.pairwise(path):
        kind = list if isinstance(following, int) else dict
        if isinstance(step, str) and not isinstance(whole.get(step), kind):
            whole[step] = kind()
        elif isinstance(step, int) and step >= len(whole):
            raise Unwritable
        whole = whole[step]
    if value is None and isinstance(path[-1], str):
        whole.pop(path[-1], None)
    else:
        whole[path[-1]] = copy.deepcopy(value)


def _checked(text: str, wanted: Given) -> str:
    if loads(text) != wanted:
        raise Unwritable
    return text


def _list(value: Value) -> list[Row]:
    return value if isinstance(value, list) else []


def _name(path: Path) -> str:
    """As a head or a key writes it: the numbers of rows are told by the place."""
    names = [step for step in path if isinstance(step, str)]
    return ".".join(n if re.fullmatch(r"[A-Za-z0-9_-]+", n) else json.dumps(n) for n in names)


def said(value: Value) -> str:
    """A value as TOML writes it; a text of several lines as it looks."""
    match value:
        case bool():
            return "true" if value else "false"
        case str() if "\n" in value:
            body = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"""\n{body}"""'
        case str():
            return json.dumps(value, ensure_ascii=False)
        case date():
            return value.isoformat()
        case Mapping():
            inside = ", ".join(f"{_name((str(k),))} = {_on_a_line(v)}" for k, v in value.items())
            return f"{{ {inside} }}"
        case list() | tuple():
            return f"[{', '.join(map(_on_a_line, value))}]"
    return str(value)


def _on_a_line(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else said(value)
