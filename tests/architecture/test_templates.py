"""Templates, components and styles: nothing lies about that no page uses."""

import re
from collections.abc import Iterable
from pathlib import Path

from tools import templates

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("portal", "grants", "startups", "reports")
# Named by Django or allauth, not by us.
FOUND_BY_NAME = re.compile(r"(account|allauth|mfa|socialaccount)/|\d{3}(_csrf)?\.html$")


def read(paths: Iterable[Path]) -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(paths)
        if path.is_file()
    }


TEMPLATES = read((ROOT / "templates").rglob("*.*"))
CODE = read(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
SCRIPTS = read((ROOT / "portal/ui/static/portal").glob("*.js"))
STYLES = read(
    ROOT / f"portal/ui/static/portal/{name}.css" for name in ("base", "components", "pages")
)


def test_each_template_is_used() -> None:
    named = "\n".join((*TEMPLATES.values(), *CODE.values()))
    drawn = re.compile(r"reports/statistics/charts/\w+\.svg")  # by the name of the chart
    names = {path.removeprefix("templates/") for path in TEMPLATES}
    unused = {
        name
        for name in names
        if f'"{name}"' not in named and not FOUND_BY_NAME.match(name) and not drawn.match(name)
    }
    assert unused == set()


def test_each_component_is_used_more_than_once() -> None:
    written = "\n".join(TEMPLATES.values())
    uses = {name: len(re.findall(rf"\{{% {name}\b", written)) for name in templates.COMPONENTS}
    assert {name for name, n in uses.items() if n < 2} == set()


def test_each_style_is_used() -> None:
    """A class of the style sheets is written by a template, a component, a form or a script; a
    modifier may be written as its stem and a value (`badge--{{ tone }}`).
    """
    written = "\n".join((*TEMPLATES.values(), *CODE.values(), *SCRIPTS.values()))
    words = set(re.findall(r"[\w-]+", written))
    stems = set(re.findall(r"([\w-]+?--|\bq)\{", written)) | {"action-bar--", "table--"}
    selectors = re.findall(
        r"([^{};/]+)\{", re.sub(r"/\*.*?\*/", "", "".join(STYLES.values()), flags=re.DOTALL)
    )
    classes = {name for selector in selectors for name in re.findall(r"\.([a-z][\w-]*)", selector)}
    unused = {name for name in classes - words if not any(name.startswith(stem) for stem in stems)}
    assert unused == set()


def test_every_form_that_is_sent_names_its_address() -> None:
    """After the password was asked again a page is answered under another address: a form without
    its own would be sent there, and what was typed lost.
    """
    opened = re.compile(r"<form\b(?:[^>{]|\{%.*?%\}|\{\{.*?\}\})*>", re.DOTALL)
    nameless = [
        f"{path.relative_to(ROOT)}: {form}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for form in opened.findall(path.read_text(encoding="utf-8"))
        if 'method="post"' in form and "action=" not in form
        if "socialaccount" not in path.parts  # of the library: no page of ours answers there
    ]
    assert nameless == []


def test_what_is_wrong_in_a_form_is_said_by_us() -> None:
    """A browser's own words come in its language, know no 和暦, and stop what the server would understand."""
    forms = re.compile(r'<form\b(?:[^>"]|"[^"]*")*>')
    asked = {
        (path, found.group())
        for path, text in TEMPLATES.items()
        for found in forms.finditer(text)
        if 'method="post"' in found.group() and "novalidate" not in found.group()
    }
    assert asked == set()
