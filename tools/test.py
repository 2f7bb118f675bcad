"""What `make test` does: the whole suite on a PostgreSQL cluster of its own;
names what it had to skip.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
# programs, one of which has to be there; the package that brings the first; what is skipped without
TOOLS = [
    (("chromium-headless-shell", "chromium"), "chromium-headless-shell", "browser tests"),
    (("pdftotext",), "poppler-utils", "PDF tests"),
    (("clamd",), "clamav-daemon", "virus scan tests"),
    (("barman-cloud-backup",), "barman-cli-cloud", "drill of going back to a minute"),
]


def found(program: str) -> bool:
    return shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin") is not None


def main() -> int:
    from portal import embedded

    os.chdir(ROOT)
    os.environ.update(
        {
            "EMBEDDED_CLUSTER": "test",
            "LOG_LEVEL": "CRITICAL",
            "DEMO": "1",  # its people and the means to bring a case to any point
        }
    )
    os.environ["PYTHONPATH"] = str(ROOT)
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        # compiling anew at each start takes two seconds: kept, though not beside the sources
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / ".venv" / "bytecode"))
    absent = [
        f"{package} is absent: skipped are the {what}"
        for programs, package, what in TOOLS
        if not any(map(found, programs))
    ]
    if absent and os.environ.get("CI"):
        print("\n".join(absent))
        return 1  # CI skips nothing
    (ROOT / "static").mkdir(
        exist_ok=True
    )  # where a production collects its files; its absence is a warning
    embedded.begin("test")
    try:
        # one more than there are processors: a worker waits for PostgreSQL, servers and the browser
        workers = (os.cpu_count() or 1) + 1
        arguments = sys.argv[1:] or ["-n", str(workers), "--dist", "loadgroup", "tests"]
        code = subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode
    finally:
        embedded.Cluster("test").stop()
    for line in absent:
        print(line)
    return code


if __name__ == "__main__":
    sys.exit(main())
