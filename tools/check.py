"""What `make check` runs: format, lint, types, imports, templates, measures, migrations, catalogues, words, diagrams,
and `check --deploy`.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def ran(command: Sequence[str], env: Mapping[str, str]) -> tuple[int, str]:
    """How a step ended, and what it said."""
    done = subprocess.run(
        command, env=env, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return done.returncode, done.stdout


def main() -> int:
    from portal import embedded

    os.chdir(ROOT)
    embedded.begin("test")
    here = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "EMBEDDED_CLUSTER": "test",
        "PYTHONPATH": str(ROOT),
        "LOG_LEVEL": "ERROR",
    }
    base = os.environ | here
    production = base | {"DJANGO_SETTINGS_MODULE": "tools.sample_settings"}
    python = sys.executable
    steps = [
        ("format", [python, "-m", "ruff", "format", "--check", "."], base),
        ("lint", [python, "-m", "ruff", "check", "."], base),
        ("types", [python, "-m", "mypy"], base),
        ("imports", [str(Path(python).with_name("lint-imports")), "--no-logo"], base),
        ("templates", [python, "-m", "djlint", "templates", "--lint", "--quiet"], base),
        ("layout of templates", [python, "tools/templates.py", "check"], base),
        ("measures of the tree", [python, "tools/measures.py"], base),
        ("migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"], base),
        ("message catalogues", [python, "tools/messages.py", "check"], base),
        ("words", [python, "tools/words.py"], base),
        ("life cycles", [python, "manage.py", "life_cycles", "--check"], base),
        (
            "deploy",
            [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            production,
        ),
    ]
    failed = []
    # the types alone take two thirds of the time: beside them the other core does the rest
    order = sorted(steps, key=lambda step: step[0] != "types")
    try:
        with ThreadPoolExecutor(2) as both:
            found = {name: both.submit(ran, command, env) for name, command, env in order}
            for name, _command, _env in steps:
                code, said = found[name].result()
                print(f"== {name}\n{said}", end="", flush=True)
                if code:
                    failed.append(name)
    finally:
        embedded.Cluster("test").stop()
    print(f"make check failed: {', '.join(failed)}" if failed else "make check passed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
