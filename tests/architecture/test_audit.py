"""`make audit` finds a library with a known weakness, and takes silence for no answer."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tools.audit import LOCKED, ROOT, audit

HASH = "sha256:" + "0" * 64
WEAK = {
    "id": "PYSEC-0000-1",
    "summary": "made up for this test",
    "modified": "2026-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "weak", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.0.1"}]}],
        }
    ],
}


class List(BaseHTTPRequestHandler):
    """A list of weaknesses that knows one."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = {("weak", "1.0.0"): {"vulns": [WEAK]}}
        body = json.dumps(known.get((asked["package"]["name"], asked["version"]), {})).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def source() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), List) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


def locked(folder: Path, *libraries: str) -> list[Path]:
    path = folder / "some.lock"
    path.write_text("".join(f"{library} --hash={HASH}\n" for library in libraries))
    return [path]


def test_a_weak_library_is_named_with_the_version_that_mends_it(
    source: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert audit(locked(tmp_path, "sound==2.0", "weak==1.0.0"), source) == 1
    said = capfd.readouterr().out
    assert "PYSEC-0000-1" in said
    assert "1.0.1" in said
    assert "sound" not in said
    assert audit(locked(tmp_path, "sound==2.0", "weak==1.0.1"), source) == 0


def test_a_list_that_does_not_answer_is_no_pass(tmp_path: Path) -> None:
    assert audit(locked(tmp_path, "sound==2.0"), "http://127.0.0.1:9/v1/query") != 0


def test_every_lock_file_is_audited() -> None:
    assert {path.name for path in ROOT.glob("*.lock")} == set(LOCKED)
