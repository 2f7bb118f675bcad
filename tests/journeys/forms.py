"""The forms of a page, read as a browser reads them: where each goes, and its fields with what they hold."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = dict[str, str]
# of a form, of which a browser sends at most one
BUTTONS = ("submit", "image")


@dataclass
class Field:
    """kind: the type of the control; choices: what it offers; held: what a browser would send unasked."""

    name: str
    kind: str
    choices: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)

    def add(self, name: str, kind: str) -> Field:
        return self.fields.setdefault(name, Field(name, kind))


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self.named: dict[str, Form] = {}  # by its id: controls outside name theirs
        self.outside: list[tuple[str, str, Attributes]] = []
        self.inside: Form | None = None
        self.select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = said.get("action") or self.path
            self.inside = Form(action.partition("#")[0], said.get("method", "get").lower())
            self.forms.append(self.inside)
            if "id" in said:
                self.named[said["id"]] = self.inside
        elif tag == "option" and self.select is not None:
            self.select.choices.append(said.get("value", ""))
            if "selected" in said:
                self.select.held.append(said.get("value", ""))
        elif tag in ("input", "select", "textarea", "button"):
            if "form" in said:
                self.outside.append((said["form"], tag, said))
            elif self.inside is not None:
                self.control(self.inside, tag, said)

    def control(self, form: Form, tag: str, said: Attributes) -> None:
        if not (name := said.get("name", "")) or "disabled" in said:
            return
        kind = said.get("type", "text" if tag == "input" else "submit") if tag != "select" else tag
        kind = tag if tag == "textarea" else kind
        found, value = form.add(name, kind), said.get("value", "")
        if tag == "select":
            self.select = found
        elif kind in ("radio", "checkbox", *BUTTONS):
            found.choices.append(value or "on")
            if "checked" in said:
                found.held.append(value or "on")
        elif value:
            found.held.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag == "select":
            self.select = None

    def close(self) -> None:
        super().close()
        for name, tag, said in self.outside:
            if name in self.named:
                self.control(self.named[name], tag, said)


def read(path: str, page: str) -> Iterator[Form]:
    """The forms of the page at `path` that are sent by POST."""
    reader = _Reader(path)
    reader.feed(page)
    reader.close()
    yield from (form for form in reader.forms if form.method == "post")
