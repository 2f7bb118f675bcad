"""Message catalogues without gettext installed: extract, check that English is complete, compile.

The source language is Japanese; locale/en is its one catalogue. `messages.py
extract|check|compile`.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils.translation import trim_whitespace

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
PACKAGES = ("portal", "grants", "startups", "reports")
CALLS = {"_", "_lazy", "gettext", "gettext_lazy", "gettext_noop"}
_TAG = re.compile(r"\{%-?\s*translate\s+\"((?:[^\"\\]|\\.)*)\"")
_ARGUMENT = re.compile(r"_\(\"((?:[^\"\\]|\\.)*)\"\)")
_BLOCK = re.compile(
    r"\{%\s*blocktranslate\b(?P<head>.*?)%\}(?P<text>.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL
)
_TRIMMED = re.compile(r"\btrimmed\b")
_PLURAL = re.compile(r"\{%\s*plural\s*%\}")
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def from_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in CALLS
            and node.args
        ):
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def from_template(path: Path) -> Iterator[tuple[str, str]]:
    text = path.read_text(encoding="utf-8")
    for found in (*_TAG.finditer(text), *_ARGUMENT.finditer(text)):
        yield found.group(1), ""
    for found in _BLOCK.finditer(text):
        parts = [
            _VARIABLE.sub(r"%(\1)s", part.replace("%", "%%"))
            for part in _PLURAL.split(found["text"])
        ]
        if _TRIMMED.search(found["head"]):
            parts = [trim_whitespace(part) for part in parts]
        yield parts[0], parts[1] if len(parts) > 1 else ""


@dataclass
class Message:
    """A text of the source: its plural ("" where it has none), and the files that say it."""

    plural: str = ""
    files: set[str] = field(default_factory=set)


def found() -> dict[str, Message]:
    """Message id → message, of all code and templates."""
    messages: defaultdict[str, Message] = defaultdict(Message)
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        if "migrations" not in path.parts:
            for text in from_python(path):
                messages[text].files.add(str(path.relative_to(ROOT)))
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix in (".html", ".svg", ".txt"):
            for text, plural in from_template(path):
                messages[text].files.add(str(path.relative_to(ROOT)))
                messages[text].plural = plural or messages[text].plural
    return {
        text: message
        for text, message in messages.items()
        if re.search(r"[\u3001-\u9fff％／]", text)
    }


def missing() -> list[str]:
    known = (
        {entry.msgid: entry for entry in polib.pofile(str(CATALOGUE))} if CATALOGUE.exists() else {}
    )
    return [
        m
        for m in found()
        if m not in known or not (known[m].msgstr or known[m].msgstr_plural.get(0))
    ]


def extracted() -> polib.POFile:
    """The catalogue as it should be: what is new is empty, what is gone is dropped. A file is named
    without its line, so that moving code changes nothing here."""
    catalogue = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    known = {entry.msgid: entry for entry in catalogue}
    rows = polib.POFile()
    rows.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for text, message in sorted(found().items()):
        entry = known.get(text) or polib.POEntry(msgid=text)
        entry.msgid_plural = message.plural or None
        entry.occurrences = [(name, "") for name in sorted(message.files)]
        if message.plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: entry.msgstr, 1: entry.msgstr}
            entry.msgstr = ""
        if "%(" in text and "python-format" not in entry.flags:
            entry.flags.append("python-format")
        rows.append(entry)
    return rows


def extract() -> None:
    rows = extracted()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    rows.save(str(CATALOGUE))
    print(f"{len(rows)} messages, {len(missing())} without English")


def main(what: str) -> None:
    if what == "extract":
        extract()
    elif what == "check":
        if gone := missing():
            raise SystemExit("No English for:\n" + "\n".join(f"  {message!r}" for message in gone))
        broken = [e.msgid for e in polib.pofile(str(CATALOGUE)) if not same_places(e)]
        if broken:
            raise SystemExit(
                "Placeholders differ in:\n" + "\n".join(f"  {message!r}" for message in broken)
            )
        if str(extracted()) != str(polib.pofile(str(CATALOGUE))):
            raise SystemExit("The catalogue is behind the code: tools/messages.py extract")
        print("Message catalogues are complete.")
    elif what == "compile":
        if CATALOGUE.exists():
            polib.pofile(str(CATALOGUE)).save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    else:
        raise SystemExit(__doc__)


def same_places(entry: polib.POEntry) -> bool:
    wanted = set(re.findall(r"%\(\w+\)s", entry.msgid))
    texts = [entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values())
    return all(set(re.findall(r"%\(\w+\)s", text)) <= wanted for text in texts)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
