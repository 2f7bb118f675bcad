"""Everything a portal stands on, begun here and ended here: a cluster, web, workers, storage and mail.

All of it listens on 127.0.0.1, lies in one folder, and is gone afterwards.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from portal import places
from portal.embedded import Cluster
from tools.faults import jumping, processes
from tools.faults.post import Post
from tools.faults.processes import Process
from tools.faults.proxy import Proxy
from tools.faults.storage import BUCKET, REGION, Storage

ROOT = places.ROOT
MANAGE = [sys.executable, str(ROOT / "manage.py")]
COMES_UP = 60  # seconds


@dataclass
class Rig:
    folder: Path
    cluster: Cluster
    storage: Storage
    post: Post
    proxy: Proxy
    web: Process
    workers: dict[str, Process]
    env: dict[str, str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.proxy.port}"

    @property
    def clock(self) -> Path:
        return self.folder / "clock"

    @property
    def lasting(self) -> dict[str, Process]:
        return {"web": self.web, **self.workers}

    def dead(self) -> list[str]:
        """Which ended, though nobody ended it for good."""
        return [name for name, process in self.lasting.items() if not process.is_alive]

    def move_clock(self, seconds: int) -> None:
        jumping.move(self.clock, seconds)

    def begin(self) -> None:
        """Once the database is prepared."""
        for process in self.lasting.values():
            process.begin()
        self.wait_for_web()

    def begin_web(self) -> None:
        self.web.begin()
        self.wait_for_web()

    def wait_for_web(self) -> None:
        """Straight, past the proxy."""
        url = "http://{}:{}/health/live".format(*self.proxy.target)
        until = time.monotonic() + COMES_UP
        while time.monotonic() < until:
            try:
                if requests.get(url, timeout=2).ok:
                    return
            except requests.RequestException:
                time.sleep(0.2)
        raise RuntimeError("the web server does not answer")

    def checked(self) -> str:
        """What the portal's own check of the storage says."""
        done = subprocess.run(
            [*MANAGE, "reconcile_documents"],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    # -- the cluster ------------------------------------------------------------------------------
    def postmaster(self) -> int:
        """Of our own cluster: what its folder says, compared with what the process was started with."""
        found = (self.cluster.data / "postmaster.pid").read_text().splitlines()
        pid = int(found[0])
        started = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        if str(self.cluster.data) not in started:
            raise RuntimeError(f"process {pid} is not our cluster")
        return pid

    def kill_cluster(self) -> None:
        pid = self.postmaster()
        below = list(processes.below(pid))
        for each in (pid, *below):
            processes.send(each, signal.SIGKILL)
        for each in (pid, *below):
            processes.gone(each)

    def begin_cluster(self) -> None:
        """On the port that it had, by which everybody knows it."""
        self.cluster.url()


@contextmanager
def running(seed: int) -> Iterator[Rig]:
    """What a campaign works on; it ends with the block, and nothing is left."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    cluster = Cluster(f"faults-{os.getpid()}")
    rig = None
    try:
        rig = _made(folder, cluster, seed)
        yield rig
    finally:
        if rig is not None:
            for process in rig.lasting.values():
                process.kill()  # nothing of it is needed any more
            rig.proxy.end()
            rig.post.end()
            rig.storage.end()
        cluster.stop()
        shutil.rmtree(cluster.home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _made(folder: Path, cluster: Cluster, seed: int) -> Rig:
    storage, post = Storage(), Post()
    web_port = _free_port()
    proxy = Proxy(("127.0.0.1", web_port), seed)
    (folder / "clock").write_text("0")
    env = _environment(folder, storage, post, proxy) | {"DATABASE_URL": cluster.url()}
    gunicorn = f"-m gunicorn portal.wsgi --config gunicorn.conf.py --bind 127.0.0.1:{web_port}"
    web = [sys.executable, *gunicorn.split(), "--workers", "2", "--threads", "3"]
    work = {
        queue: Process(
            [*MANAGE, "work", "--queues", queue, "--concurrency", "2"],
            env,
            folder / f"{queue}.log",
            ROOT,
        )
        for queue in ("default", "files")
    }
    process = Process([*web, "--log-level", "warning"], env, folder / "web.log", ROOT)
    return Rig(folder, cluster, storage, post, proxy, process, work, env)


def _environment(folder: Path, storage: Storage, post: Post, proxy: Proxy) -> dict[str, str]:
    ours = {
        "DJANGO_SETTINGS_MODULE": "tools.faults.settings",
        "PYTHONPATH": str(ROOT),
        "FAULTS_CLOCK": str(folder / "clock"),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEY": secrets.token_urlsafe(48),
        "DEMO": "1",
        "SITE_URL": f"http://127.0.0.1:{proxy.port}",
        "DATA_DIR": str(folder / "data"),
        "TMPDIR": str(folder),
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": storage.endpoint,
        "S3_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(post.port),
        "LOG_LEVEL": "WARNING",
    }
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"} | ours


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
