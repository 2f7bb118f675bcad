"""`make run`, started from a copy of this clone in a folder with spaces and Japanese letters, on a free port, as a person would."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
import requests

from tools import run as make_run

ROOT = Path(__file__).resolve().parents[2]
COPIED = (
    "portal",
    "grants",
    "startups",
    "reports",
    "templates",
    "tools",
    "locale",
    "manage.py",
    "gunicorn.conf.py",
)
OURS = (
    "DATABASE_URL",
    "SITE_URL",
    "EMBEDDED_CLUSTER",
    "DJANGO_SETTINGS_MODULE",
    "PYTHONPATH",
    "LOG_LEVEL",
    "DEMO",
)
PATIENCE = 400  # seconds; an idle machine needs some twenty


def eventually(found: Callable[[], object], what: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while not found():
        assert process.poll() is None, f"`make run` ended before {what}"
        assert time.monotonic() < until, f"{what}: not within {PATIENCE} s"
        time.sleep(0.3)


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=60).ok
    except requests.ConnectionError:
        return False


class Clone:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.site = f"http://localhost:{self.port}"
        inherited = {name: value for name, value in os.environ.items() if name not in OURS}
        self.environment = inherited | {"PORT": str(self.port)}

    def command(self, tool: str) -> list[str]:
        return [sys.executable, str(self.folder / "tools" / tool)]

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command("run.py"),
            cwd=self.folder,
            env=self.environment,
            stdout=(self.folder / "said").open("ab"),
        )

    def once(self, tool: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(tool),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    folder = tmp_path / "札幌 の 窓口"
    folder.mkdir()
    for name in COPIED:
        source, leave = ROOT / name, shutil.ignore_patterns("__pycache__", "*.ttf.pkl")
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=leave)
        else:
            shutil.copy(source, folder / name)
    found = Clone(folder)
    yield found
    found.once("clean.py")


def texts(folder: Path) -> str:
    """What the papers drawn so far say."""
    said = []
    for path in folder.rglob("*.pdf"):
        pdf = pypdfium2.PdfDocument(path)
        said += [page.get_textpage().get_text_bounded() for page in pdf]
        pdf.close()
    return "".join(said)


def test_every_process_is_told_the_port_that_people_use(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SITE_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    assert make_run.environment(8123)["SITE_URL"] == "http://localhost:8123"
    assert make_run.environment(8123)["PORT"] == "8123"
    assert set(make_run.processes(8123)) == {"database", "web", "worker", "files"}
    monkeypatch.setenv("SITE_URL", "https://demo.example")
    assert make_run.environment(8123)["SITE_URL"] == "https://demo.example"


def test_make_run_from_the_first_page_to_make_clean(clone: Clone) -> None:
    process = clone.start()
    try:
        eventually(lambda: answers(f"{clone.site}/"), "the first page", process)
        assert "架空の1年分を用意しています" in requests.get(f"{clone.site}/", timeout=60).text
        _a_second_start_leaves_the_first_alone(clone)
        _links_carry_the_port(clone, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
    cleaned = clone.once("clean.py")
    assert cleaned.returncode == 0, cleaned.stdout + cleaned.stderr
    left = {path.name for path in clone.folder.iterdir()} - {"said"}
    assert left == set(COPIED)
    assert not list(clone.folder.rglob("*.mo")) + list(clone.folder.rglob("__pycache__"))


def _a_second_start_leaves_the_first_alone(clone: Clone) -> None:
    second = clone.once("run.py")
    assert second.returncode == 1
    assert f"Port {clone.port} is in use" in second.stdout
    assert clone.once("clean.py").returncode == 1
    assert answers(f"{clone.site}/demo/")


def _links_carry_the_port(clone: Clone, process: subprocess.Popen[bytes]) -> None:
    made = clone.folder / ".data"
    call = re.search(
        r'href="(/programmes/[\w-]+/)"', requests.get(f"{clone.site}/", timeout=60).text
    )
    assert call is not None
    calendar = requests.get(f"{clone.site}{call[1]}deadline.ics", timeout=60).text.replace(
        "\r\n ", ""
    )
    assert f"{clone.site}/programmes/" in calendar
    described = requests.get(f"{clone.site}/api/v1/openapi.json", timeout=60).json()
    assert described["servers"] == [{"url": clone.site}]

    def mails() -> str:
        return "".join(
            path.read_text(encoding="utf-8", errors="replace") for path in (made / "mail").glob("*")
        )

    eventually(lambda: f"{clone.site}/cases/" in mails(), "a mail with a link", process)
    assert mails().count("http://localhost:") == mails().count(f"{clone.site}/")
    eventually(
        lambda: f"{clone.site}/verify/" in texts(made / "documents"),
        "a paper with its address",
        process,
    )
