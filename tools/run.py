"""What `make run` does after the installation:
prepare the demonstration, then keep database, web and worker running.

What a visitor needs at once (people to sign in as, programmes, calls) is there before the first
page; the fictitious year is filled in beside the running portal, by a process that ends when all is
there, and goes on where it was stopped.
"""

import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from honcho.manager import Manager

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PYTHON = sys.executable
MANAGE = [PYTHON, str(ROOT / "manage.py")]
PREPARE = """
import os
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
from portal import places
from portal.registry.models import Branch
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
if not Branch.objects.exists():
    print("Loading reference data ...", flush=True)
    call_command("load_reference", verbosity=0)
own = "DATABASE_URL" not in os.environ
database = places.cluster("db") if own else settings.DATABASES["default"]["HOST"]
documents, mails = settings.DATA_DIR / "documents", settings.DATA_DIR / "mail"
logs = places.cluster("db") / "postgres.log"
print(f"  data: {database}   documents: {documents}   mails: {mails}   logs: here and {logs}")
if settings.DEMO:
    call_command("fill_demonstration", begin=True)
    call_command("show_demo_people")
"""
# After an installation no module is compiled yet, and compiling them is what a first start spends
# most of its time on.
WARM = """
import django; django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
import gunicorn.app.wsgiapp, gunicorn.workers.gthread, procrastinate.worker
"""


def environment(port: int) -> dict[str, str]:
    """What every process is started with; honcho gives each a PORT of its own unless told,
    and links would lead nowhere.
    """
    ours = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "EMBEDDED_CLUSTER": "db",
        "PORT": str(port),
        "SITE_URL": os.environ.get("SITE_URL") or f"http://localhost:{port}",
    }
    return dict(os.environ) | ours


def processes(port: int) -> dict[str, list[str]]:
    """Name → command of what runs as long as the portal does."""
    gunicorn = [
        "gunicorn",
        "portal.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--graceful-timeout",
        "3",
    ]  # honcho kills after 5
    lasting = {
        "web": [
            PYTHON,
            "-m",
            *gunicorn,
            "--preload",
            "--workers",
            "2",
            "--threads",
            "3",
            "--log-level",
            "warning",
        ],
        "worker": [*MANAGE, "work", "--queues", "default", "--concurrency", "1"],
        "files": [*MANAGE, "work", "--queues", "files", "--concurrency", "1"],
    }
    if "DATABASE_URL" in os.environ:
        return lasting
    return {"database": [PYTHON, "-m", "portal.embedded"]} | lasting


def is_taken(port: int) -> bool:
    """Does another program listen on this port of the loopback address?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


@contextmanager
def filling(env: dict[str, str]) -> Iterator[None]:
    """Beside what runs in the block, the fictitious year is filled in, where this is a demonstration."""
    from portal.environment import env_bool

    if not env_bool("DEMO", False):
        yield
        return
    filler = subprocess.Popen(
        ["nice", "-n", "10", *MANAGE, "fill_demonstration"],
        env=env,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            filler.send_signal(signal.SIGTERM)
        filler.wait()


def serve(port: int) -> int:
    """Run everything until one process ends or Ctrl-C; the filling ends by itself, long before."""
    env = environment(port)
    manager = Manager()
    for name, command in processes(port).items():
        manager.add_process(name, f"exec {shlex.join(command)}", env=env, cwd=str(ROOT))
    with filling(env):
        manager.loop()
    return manager.returncode or 0


def main() -> int:
    from portal import embedded

    os.chdir(ROOT)
    port = int(os.environ.get("PORT", "8000"))
    if is_taken(port):
        print(
            f"Port {port} is in use, perhaps by another `make run`. Stop that one, or: make run PORT={port + 1}"
        )
        return 1
    env = environment(port)
    print("Preparing the database ...", flush=True)
    embedded.begin()
    warming = subprocess.Popen([PYTHON, "-c", WARM], env=env)
    prepared = subprocess.run([PYTHON, "-c", PREPARE], env=env, check=False)
    warming.wait()
    if prepared.returncode:
        return 1
    site = env["SITE_URL"]
    print(f"\n  さっぽろ事業支援ポータル   {site}/   (English: {site}/en/)\n", flush=True)
    return serve(port)


if __name__ == "__main__":
    sys.exit(main())
