"""`make audit`: the locked libraries against a public list of known weaknesses.

Asks the network, so it is no part of `make check`; docs/deployment.md says how often it runs and in
how many days what it finds is mended. `AUDIT_SOURCE` names another server of the list (OSV's query
address), as a network without a way out has.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKED = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")
# a weakness that does not reach us: its number → why, and until when that is believed
ACCEPTED: dict[str, str] = {}


def audit(locked: Sequence[Path], source: str = "") -> int:
    """0 where no library of the lock files has a known weakness; else 1, and where one could not be
    asked about: silence is no answer.
    """
    files = [word for path in locked for word in ("--requirement", str(path))]
    ignored = [word for number in ACCEPTED for word in ("--ignore-vuln", number)]
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("pip-audit")),
            *("--disable-pip", "--no-deps", "--strict", "--progress-spinner", "off"),
            *("--vulnerability-service", "osv"),
            *(("--osv-url", source) if source else ()),
            *ignored,
            *files,
        ],
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(audit([ROOT / name for name in LOCKED], os.environ.get("AUDIT_SOURCE", "")))
