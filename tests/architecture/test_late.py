"""What weighs seconds is loaded by the first who uses it, never at the start of a process."""

import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.test_house import ROOT, imports, modules

HEAVY = {"highspy", "numpy", "pandas", "pyarrow", "scipy", "statsmodels"}
START = """
import sys, django
django.setup()
import portal.wsgi, portal.urls
print(*{name.partition(".")[0] for name in sys.modules})
"""
LATE = re.compile(r'^    (\w+) = Late\("([\w.]+)"\)$', re.M)


def test_a_process_starts_without_the_libraries_of_the_statistics() -> None:
    done = subprocess.run(
        [sys.executable, "-c", START], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "reports" in loaded
    assert loaded & HEAVY == set()


def test_a_late_module_is_the_one_that_the_types_see() -> None:
    late = {(path, *found) for path in modules() for found in LATE.findall(text(path))}
    assert len(late) == sum(text(path).count("= Late(") for path in modules())
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, name, dotted in late
        if dotted.rpartition(".")[2] != name or dotted not in {seen for seen, _ in imports(path)}
    ]
    assert late
    assert wrong == []


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition('"""\n\n')[2]
