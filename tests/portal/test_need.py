"""Of every form: what the server refuses when it is empty is never marked as one may leave it."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.test import Client

from grants.applications.models import Check
from portal.correspondence.forms import MessageForm
from portal.ui.templatetags.fields import need
from tests.conftest import World

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("grants", "portal", "reports", "startups")
TYPED = {"textarea", "input"}


class Forms(HTMLParser):
    """Of each form of a page: its address, what it carries hidden, and its controls with the marker
    that stands in their label, or beside a label that is hidden.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self._inside, self._marker = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("method") == "post"
            if self._inside:
                self.found.append((given.get("action", ""), {}, {}))
        elif self._inside and tag in TYPED and "name" in given:
            _path, hidden, marked = self.found[-1]
            if given.get("type") == "hidden":
                hidden[given["name"]] = given.get("value", "")
            elif given.get("type", "text") == "text":
                marked[given["name"]] = self._marker
                self._marker = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if found := re.search("※(必須|任意|場合により必須)", data):
            self._marker = found.group(1)


def test_the_forms_on_a_case_say_what_the_server_refuses_when_it_is_empty(
    world: World, client: Client
) -> None:
    """Remark, check, message: each is sent with nothing but what it carries hidden."""
    application, _person = world.submitted()
    Check.objects.filter(application=application, kind="tax").update(
        result="clear", evidence="x", checked_by=world.officer
    )
    client.force_login(world.officer)
    page = client.get(f"/cases/{application.case.number}/").content.decode()
    seen = set()
    for path, hidden, marked in Forms(page).found:
        kind = path.strip("/").split("/")
        if (
            not marked
            or kind[2] not in ("defects", "checks", "messages")
            or (len(kind) == 3 and kind[2] == "checks")
        ):
            continue
        answer = client.post(path, {name: "" for name in marked} | hidden)
        assert answer.status_code == 422, path
        refused = {name for name, errors in answer.context["form"].errors.items() if errors}
        seen |= {(kind[2], name, name in refused, marker) for name, marker in marked.items()}
    assert seen == {
        ("defects", "cite", True, "必須"),
        ("defects", "text", True, "必須"),
        ("defects", "supervisor_reason", False, "場合により必須"),
        ("checks", "evidence", True, "必須"),
        ("messages", "body", True, "必須"),
    }


def always_asked(form: ast.ClassDef) -> set[str]:
    """The fields of a class that may never be left empty."""
    return {
        ast.unparse(line.targets[0])
        for line in form.body
        if isinstance(line, ast.Assign)
        and isinstance(line.value, ast.Call)
        and "required=False" not in ast.unparse(line.value)
    }


def asked_in_clean(source: str) -> Iterator[tuple[str, str]]:
    """(form, field) that its `clean` refuses where it is empty."""
    for form in ast.walk(ast.parse(source)):
        if not isinstance(form, ast.ClassDef):
            continue
        for branch in ast.walk(form):
            if not isinstance(branch, ast.If):
                continue
            asked = ast.unparse(branch.test)
            for name in re.findall(r"add_error\('(\w+)'", "\n".join(map(ast.unparse, branch.body))):
                empty = rf"not data\.get\('{name}'\)|\b{name} is None"
                if re.search(empty, asked) and name not in always_asked(form):
                    yield form.name, name


def test_what_is_asked_for_in_some_cases_says_so() -> None:
    unmarked, n = set(), 0
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            if "add_error(" not in source:
                continue
            for form, name in asked_in_clean(source):
                n += 1
                text = source[source.index(f"class {form}(") :]
                said = re.search(r"NEEDED_SOMETIMES = \(([^)]*)\)", text)
                if said is None or f'"{name}"' not in said.group(1):
                    unmarked.add(f"{path.relative_to(ROOT)} {form}.{name}")
    assert n >= 8
    assert unmarked == set()


def test_no_template_marks_a_field_by_hand() -> None:
    marked = {
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        if "※" in path.read_text(encoding="utf-8")
    }
    assert "need.html" in marked
    assert not {name for name in marked if name not in ("need.html",)}


def test_the_marker_is_the_fields() -> None:
    assert need(MessageForm()["body"]) == {"need": "must"}
