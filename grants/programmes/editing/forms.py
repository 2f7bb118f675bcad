"""The form of a page or of a row of the editor: it shows what the draft states, tells all that is wrong
with it, and writes what was changed into the text, nothing else.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from django import forms
from django.http import QueryDict

from grants.programmes.editing import controls, document
from grants.programmes.editing.controls import Control, plain
from grants.programmes.editing.document import Path, Value, value_at
from grants.programmes.editing.kinds import Kind
from grants.programmes.editing.shapes import Field, Group, Lines
from grants.programmes.mistakes import Problem, said_in_field
from portal.types import Given, Sent
from portal.workflow.drafts import fingerprint


class PartForm(forms.Form):
    """`base`: where its fields stand in the file; `stated`: what the file states."""

    def __init__(
        self,
        sent: QueryDict | None = None,
        *,
        fields: Iterable[Field | Lines],
        stated: Given,
        base: Path = (),
    ) -> None:
        self.parts, self.base, self.stated = tuple(fields), base, stated
        self.controls: dict[str, Control] = {}
        self.names: dict[str, list[str]] = {}
        for part in self.parts:
            made = controls.made(part, base, stated)
            self.names[part.path] = list(made)
            self.controls |= made
        self.as_shown = self._as_shown()
        self.is_typed = sent is not None
        self.NEEDED_TO_BE_WHOLE = {name for name, one in self.controls.items() if one.is_needed}
        self._sent = self.as_shown if sent is None else sent
        super().__init__(cast("Sent", self._sent))
        self.fields |= {name: control.field for name, control in self.controls.items()}

    def _as_shown(self) -> QueryDict:
        """What the page sends where nothing was changed on it."""
        shown = QueryDict(mutable=True)
        for name, control in self.controls.items():
            value = control.field.prepare_value(control.shown)
            if isinstance(control.field, forms.BooleanField):
                value = ["on"] if value else []
            several = value if isinstance(value, list) else ["" if value is None else value]
            if several:
                shown.setlist(name, [str(one) for one in several])
        return shown

    def tell(self, problems: Iterable[Problem]) -> None:
        """Each beside its field, by its place; what is about the whole, above."""
        self.full_clean()
        for problem in problems:
            name = self._control_at(problem.path)
            self.add_error(name, said_in_field(problem))

    def _control_at(self, path: Path) -> str | None:
        if path == self.base:
            return None
        inside = [n for n, c in self.controls.items() if path[: len(c.path)] == c.path]
        around = [n for n, c in self.controls.items() if c.path[: len(path)] == path]
        return next(iter(inside or around), None)

    def groups(
        self, groups: Iterable[Group]
    ) -> Iterator[tuple[Group, list[list[forms.BoundField]]]]:
        """The fields of each, those of one text in two languages together."""
        for group in groups:
            names = [name for part in group.fields for name in self.names[part.path]]
            together = itertools.groupby(names, key=self._text_of)
            yield group, [[self[name] for name in same] for _text, same in together]

    def _text_of(self, name: str) -> Path:
        path = self.controls[name].path
        return path[:-1] if path[-1] in ("ja", "en") else path

    # -- what is written ------------------------------------------------------------------------------
    def written(self, text: str) -> str:
        """The text with what was changed. Raises document.Unwritable."""
        gone = set[Path]()
        for part in self.parts:
            if isinstance(part, Lines):
                text = self._with_lines(text, part)
                continue
            for name in self.names[part.path]:
                control = self.controls[name]
                if any(control.path[: len(path)] == path for path in gone) or not self._differs(
                    name
                ):
                    continue
                value = control.written(self.cleaned_data.get(name))
                if control.kind is Kind.THERE:
                    value = {} if value else None
                    gone |= set() if value is not None else {control.path}
                text = document.with_value(text, control.path, value)
        return self._pruned(text)

    def _differs(self, name: str) -> bool:
        return self._typed(name) != self._before(name)

    def _typed(self, name: str) -> Value:
        return self.controls[name].written(self.cleaned_data.get(name))

    def _before(self, name: str) -> Value:
        """What the page would write where nothing was changed on it."""
        control = self.controls[name]
        raw = control.field.widget.value_from_datadict(self.as_shown, {}, name)
        return control.written(control.field.clean(raw))

    def _with_lines(self, text: str, part: Lines) -> str:
        names = self.names[part.path]
        if not any(self._differs(name) for name in names):
            return text
        at = controls.lines_at(part, self.base)
        wanted = self._lines(names, len(at))
        before = value_at(document.loads(text), at)
        rows = list(before) if isinstance(before, list) else []
        if not any(isinstance(row, Mapping) for row in [*rows, *wanted]):
            return document.with_value(text, at, wanted or None)
        for n in range(len(rows) - 1, len(wanted) - 1, -1):
            text = document.without_row(text, at, n)
        for n, row in enumerate(wanted):
            if n >= len(rows):
                text = document.with_row(text, at, cast("Mapping[str, Value]", row))
                continue
            for name in {**rows[n], **cast("Mapping[str, Value]", row)}:
                value = cast("Mapping[str, Value]", row).get(name)
                if value != rows[n].get(name):
                    text = document.with_value(text, (*at, n, name), value)
        return text

    def _lines(self, names: Iterable[str], depth: int) -> list[Value]:
        """The lines that hold something, in their order."""
        found: dict[int, Given] = {}
        for name in names:
            n, *inner = self.controls[name].path[depth:]
            if (value := self._typed(name)) is not None:
                found.setdefault(cast("int", n), {})[str(inner[0]) if inner else ""] = value
        return [line.get("", line) for _n, line in sorted(found.items())]

    def _pruned(self, text: str) -> str:
        """Without tables of this form in which nothing is left."""
        switched = {c.path for c in self.controls.values() if c.kind is Kind.THERE}
        tables = {
            c.path[:n]
            for c in self.controls.values()
            for n in range(len(self.base) + 1, len(c.path))
        }
        stated = document.loads(text)
        for table in sorted(tables - switched, key=len, reverse=True):
            if value_at(stated, table) == {} and isinstance(table[-1], str):
                text = document.with_value(text, table, None)
                stated = document.loads(text)
        return text

    @property
    def mark(self) -> str:
        """A digest of what it shows, by which it is known whether that is still there."""
        return fingerprint(**{name: self.as_shown.getlist(name) for name in self.controls})

    @property
    def differences(self) -> dict[str, tuple[str, str]]:
        """Name → (what stands there, what was typed), where they differ."""
        return {
            name: ("、".join(self.as_shown.getlist(name)), "、".join(self._sent.getlist(name)))
            for name in self.controls
            if self._differs(name)
        }

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed that would not stand there anyway."""
        return not any(self._differs(name) for name in self.controls)


def new_row(text: str, path: Path, form: "PartForm") -> str:
    """The text with one more row, from a form whose base is its place."""
    first: dict[str, Value] = {}
    if "key" in form.controls:
        number = cast("int", form.base[-1]) + 1
        given = str(form.cleaned_data.get("key") or "")
        first = {"key": given or _free(f"{plain(path)}_{number}", _keys(text, path))}
    return form.written(document.with_row(text, path, first))


def with_copy(text: str, path: Path, at: int) -> str:
    """The text with the row at `at` once more, below itself."""
    row = value_at(document.loads(text), (*path, at))
    return with_row(text, path, row if isinstance(row, Mapping) else {}, at=at + 1)


def with_row(text: str, path: Path, row: Mapping[str, Value], *, at: int | None = None) -> str:
    """The text with one more row, as the one at `at`, else as the last; its key is its own."""
    own = dict(row)
    if "key" in own:
        own["key"] = _free(str(own["key"]), _keys(text, path))
    text = document.with_row(text, path, own)
    last = len(cast("list[Value]", value_at(document.loads(text), path))) - 1
    for n in range(last, last if at is None else at, -1):
        text = document.moved(text, path, n, -1)
    return text


def _keys(text: str, path: Path) -> set[str]:
    rows = value_at(document.loads(text), path)
    return {
        str(row.get("key"))
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, Mapping)
    }


def _free(key: str, taken: set[str]) -> str:
    """The key, else with a number behind it, so that it is still one."""
    numbered = (f"{key[:26]}_{n}" for n in itertools.count(2))
    return next(one for one in itertools.chain([key], numbered) if one not in taken)
