"""Message catalogues without gettext installed: extract, check that English is complete, compile.

The source language is Japanese; locale/en is its one catalogue. `messages.py
extract|check|compile`.
"""

import ast
import re
import sys
from collections.abc import Iterator
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


def found() -> dict[str, str]:
    """Message id → plural id ("" where it has none), of all code and templates."""
    messages: dict[str, str] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                messages |= dict.fromkeys(from_python(path), "")
    for path in sorted(
        p for p in (ROOT / "templates").rglob("*.*") if p.suffix in (".html", ".svg", ".txt")
    ):
        for message, plural in from_template(path):
            messages[message] = plural or messages.get(message, "")
    return {
        message: plural
        for message, plural in messages.items()
        if re.search(r"[\u3040-\u9fff％／]", message)
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


def extract() -> None:
    """Add what is new to the catalogue (empty, to be translated), drop what is gone."""
    catalogue = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    wanted, known = found(), {entry.msgid: entry for entry in catalogue}
    rows = polib.POFile()
    rows.metadata = catalogue.metadata
    for message, plural in sorted(wanted.items()):
        entry = known.get(message) or polib.POEntry(msgid=message)
        entry.msgid_plural = plural or None
        if plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: entry.msgstr, 1: entry.msgstr}
            entry.msgstr = ""
        if "%(" in message and "python-format" not in entry.flags:
            entry.flags.append("python-format")
        rows.append(entry)
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
