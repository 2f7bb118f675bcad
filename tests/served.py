"""A real server process (gunicorn) over the test's own, committed database."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a process of the portal needs to work on the test's database, with its files in `folder`."""
    needed = ("PATH", "EMBEDDED_CLUSTER", "DATABASE_URL")
    kept = {name: os.environ[name] for name in needed if name in os.environ}
    own = {
        "DJANGO_SETTINGS_MODULE": "tests.served_settings",
        "SERVED_DATABASE": str(connection.settings_dict["NAME"]),
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEY": settings.FIELD_KEY,
        "DATA_DIR": str(folder),
        "DEMO": "1",
        "PYTHONPATH": str(ROOT),
        "LOG_LEVEL": "ERROR",
    }
    return kept | own | more


@contextmanager
def running(
    folder: Path,
    *,
    workers: int = 1,
    threads: int = 2,
    files: int = 4096,
    log: Path | None = None,
    **more: str,
) -> Iterator[str]:
    """The address of a portal at work; it ends with the block.

    `files`: how many each process may open; `log`: where gunicorn writes all that it has to say;
    `more`: its environment.
    """
    port = free_port()
    base = f"http://localhost:{port}"
    command = [
        "prlimit",
        f"--nofile={files}:{files}",
        sys.executable,
        "-m",
        "gunicorn",
        "portal.wsgi",
        "--config",
        str(ROOT / "gunicorn.conf.py"),
        "--log-level",
        "info" if log else "warning",
        *(["--log-file", str(log)] if log else []),
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(workers),
        "--threads",
        str(threads),
    ]
    env = environment(folder, **{"SITE_URL": base, **more})
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        _wait(f"{base}/health/live", process)
        yield base
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str, process: subprocess.Popen[bytes], seconds: int = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended at its start"
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise AssertionError("the server does not answer")
