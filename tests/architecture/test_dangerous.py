"""What can turn a text into a command, a page or a call is used by few modules or by none: the table says which."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.test_house import ROOT, modules, tree

# libraries that run, read or call whatever they are given: nobody imports these …
NEVER_IMPORTED = (
    *("pickle", "marshal", "shelve", "yaml"),  # objects from bytes
    *("urllib.request", "http.client", "httpx", "aiohttp"),  # calls to any address
    *("ftplib", "ldap", "ldap3", "memcache", "pymemcache"),
    "xml",  # entities
    "random",  # what nobody may guess comes from `secrets`
)
# … and these only who is named
IMPORTED_BY = {
    # for its types: what the sign-in's provider is called by, and what is wrong with an answer
    "requests": {"portal/accounts/signup.py", "portal/accounts/openid/views.py"},
    "jwt": {"portal/accounts/openid/tokens.py"},
    "smtplib": {"portal/correspondence/post.py"},  # for the answer that refuses an address for good
    "poplib": {"portal/correspondence/mailbox.py"},  # over TLS, with the certificate checked
    "lxml": {"portal/documents/inside/office.py"},  # entities: not resolved, in a child
    # of a demonstration, whose PostgreSQL ends with it; what takes rights from a child; where the signs
    # of a page stand, read in a child
    "ctypes": {
        "portal/embedded.py",
        "portal/documents/inside/confined.py",
        "portal/documents/inside/wording.py",
    },
    "subprocess": {
        "portal/backups/programs.py",
        "portal/embedded.py",
        "portal/workflow/management/commands/work.py",
        "portal/documents/apart.py",
    },
    "socket": {
        "portal/answering.py",
        "portal/collecting.py",
        "portal/embedded.py",
        "portal/serving.py",
        "portal/documents/scanner.py",
        "portal/health/certificate.py",  # to SITE_URL alone
    },
}
# calls, by all of their name or its last part
NEVER_CALLED = (
    *("eval", "exec", "compile", "__import__", "os.system", "os.popen"),
    *("Template", "from_string", "RawSQL", "extra", "raw"),
    *("hashlib.md5", "hashlib.sha1", "hashlib.new"),
)
CALLED_BY = {
    "csrf_exempt": {"reports/opendata/serving.py"},  # which only reads
    "mark_safe": {
        "portal/ui/templatetags/components.py",
        "portal/ui/templatetags/tight.py",
        "portal/ui/templatetags/ui.py",
    },
}
SCRIPTS = sorted((ROOT / "portal/ui/static/portal").glob("*.js"))
# what a script of ours never says
UNSAFE = r"innerHTML|outerHTML|insertAdjacentHTML|\beval\(|new Function|postMessage|localStorage|document\.cookie|__proto__"


@cache
def used(path: Path) -> tuple[set[str], set[str]]:
    """(what a module imports, what it calls), by full name and by the last part of it."""
    imported: set[str] = set()
    called: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            imported.update({module, *(f"{module}.{alias.name}" for alias in node.names)})
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            called.add(name)
            # `x.raw(…)` is meant by its last part, but re.compile(…) is another than compile(…)
            called.update({name.rpartition(".")[2]} - {"compile", "eval", "exec"})
    return imported, called


def importers(name: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if any(entry == name or entry.startswith(f"{name}.") for entry in used(path)[0])
    }


def callers(name: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in modules() if name in used(path)[1]}


@pytest.mark.parametrize("name", [*NEVER_IMPORTED, *IMPORTED_BY])
def test_a_dangerous_library_is_imported_by_few(name: str) -> None:
    assert importers(name) == IMPORTED_BY.get(name, set())


@pytest.mark.parametrize("name", [*NEVER_CALLED, *CALLED_BY])
def test_a_dangerous_call_is_made_by_few(name: str) -> None:
    assert callers(name) == CALLED_BY.get(name, set())


def test_no_program_is_started_through_a_shell() -> None:
    shells = [
        path
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.keyword) and node.arg == "shell"
    ]
    assert shells == []


def test_no_template_leaves_a_text_unescaped() -> None:
    pages = [p for p in sorted((ROOT / "templates").rglob("*")) if p.suffix in (".html", ".svg")]
    assert pages
    found = [p for p in pages if re.search(r"\|\s*safe\b|autoescape off|<base\b", p.read_text())]
    assert found == []


def test_no_page_holds_a_script_a_style_or_an_address_of_another_site() -> None:
    inline = r"<script(?![^>]*\bsrc=)|<style\b|\son[a-z]+=|\sstyle=|(src|action)=\"https?:"
    pages = sorted((ROOT / "templates").rglob("*.html"))
    assert [p for p in pages if re.search(inline, p.read_text())] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_writes_text_and_keeps_to_its_page(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert '"use strict"' in text
    assert not re.search(UNSAFE, text)


def test_no_form_takes_every_column_of_a_row() -> None:
    """A form names its fields one by one: a column added later is not open to whoever posts it."""
    forms = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).endswith("ModelForm") for base in node.bases)
    ]
    assert forms == []
