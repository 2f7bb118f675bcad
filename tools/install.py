"""What `make install` and `make install-dev` do:
the environment in .venv, from a hash-locked list of packages.

uv does it in a fraction of pip's time; where uv cannot be had, or cannot reach what pip reaches,
pip does it. Needs nothing but Python.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
QUIET = ["--quiet", "--disable-pip-version-check"]


def run(*command: str | Path) -> bool:
    return subprocess.run([str(part) for part in command], check=False).returncode == 0


def pip(*wanted: str | Path) -> bool:
    if not run(PYTHON, "-c", "import pip"):
        run(PYTHON, "-m", "ensurepip", "--default-pip")
    return run(PYTHON, "-m", "pip", "install", *QUIET, "--require-hashes", "-r", *wanted)


def uv() -> str:
    """The path of uv: the machine's own, or one that pip brings; "" where there is none."""
    if found := shutil.which("uv"):
        return found
    if pip(ROOT / "requirements-uv.lock", "--only-binary", ":all:"):
        return str(VENV / "bin" / "uv")
    return ""


def main() -> int:
    lock, stamp = ROOT / sys.argv[1], ROOT / sys.argv[2]
    if not PYTHON.exists():
        fast = ["--without-pip"] if shutil.which("uv") else []
        if not run(sys.executable, "-m", "venv", *fast, VENV):
            return 1
    os.environ.setdefault(
        "UV_LINK_MODE", "copy"
    )  # the cache may lie on another disk: no warning about it
    program = uv()
    print("Installing packages ...", flush=True)
    if program and run(
        program, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock
    ):
        stamp.touch()
        return 0
    print("Installing with pip instead of uv (about a minute) ...", flush=True)
    if pip(lock):
        stamp.touch()
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
