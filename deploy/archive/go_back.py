#!/usr/bin/env python3
"""The database back to a minute, on its machine, as postgres:

    python3 go_back.py 2026-11-30T10:15+09:00 /var/lib/postgresql/18/main

The last base backup before that minute comes out of the archive into the folder, which must be new or
empty; PostgreSQL then reads its log up to the minute (`latest`: all there is), and the portal does what
belongs to a way back (`manage.py gone_back`). Python's own library and Barman's programs alone.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

LATEST = "latest"
# all that could be left over in a base backup from an earlier way back, so that each has one value
RECOVERY = """
restore_command = '{command}'
recovery_target_time = '{until}'
recovery_target_inclusive = on
recovery_target_timeline = '{timeline}'
recovery_target_action = promote
"""


class Refused(Exception):
    """The text says why, and what to do."""


def main(given: "list[str] | None" = None) -> int:
    parser = argparse.ArgumentParser(description="The database back to a minute.")
    parser.add_argument("moment", help=f"with its offset: 2026-11-30T10:15+09:00; or `{LATEST}`")
    parser.add_argument("folder", type=Path, help="the server's data folder, new or empty")
    parser.add_argument("--settings", type=Path, default=Path("/etc/portal-archive.env"))
    parser.add_argument("--base", default="", help="begin with this base backup")
    parser.add_argument("--timeline", default="latest", help="which one, after an earlier way back")
    asked = parser.parse_args(given)
    try:
        go_back(asked)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def go_back(asked: argparse.Namespace) -> None:
    until = moment_of(asked.moment)
    os.environ.update(settings_of(asked.settings))
    if asked.folder.is_dir() and any(asked.folder.iterdir()):
        raise Refused(f"{asked.folder} is not empty: stop the server, and move it aside.")
    base = asked.base or last_before(bases(), until)
    print(f"base backup {base}", flush=True)
    run("barman-cloud-restore", base, str(asked.folder))
    asked.folder.chmod(0o700)
    prepare(asked.folder, until, asked.settings, asked.timeline)
    said = until.isoformat() if until else LATEST
    for step in ("ARCHIVE_START", "ARCHIVE_AFTER"):
        words = [word.format(moment=said) for word in shlex.split(os.environ[step])]
        print(shlex.join(words), flush=True)
        if subprocess.run(words, check=False).returncode:
            raise Refused(f"{words[0]} failed. The server's log says how far it read its own.")


def moment_of(text: str) -> "datetime | None":
    """None: as far as the archive goes."""
    if text == LATEST:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text} is no moment, such as 2026-11-30T10:15+09:00.") from None
    if moment.tzinfo is None:
        raise Refused(f"Say {text} with its offset, such as {text}+09:00.")
    if moment > datetime.now(timezone.utc):
        raise Refused(f"{text} has not been yet.")
    return moment


def settings_of(path: Path) -> "dict[str, str]":
    """NAME=value lines, as the shell and systemd read them."""
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: "".join(shlex.split(value)) for name, _equals, value in pairs}


def bases() -> "dict[str, datetime]":
    """The base backups of the archive that were finished: name → when, the oldest first."""
    rows = json.loads(run("barman-cloud-backup-list", options=("--format", "json")))["backups_list"]
    ended = {
        row["backup_id"]: datetime.strptime(row["end_time"], "%a %b %d %H:%M:%S %Y")  # noqa: DTZ007
        for row in rows
        if row["status"] == "DONE"
    }
    # in UTC (PGTZ of the unit) and without its parts of a second
    return {
        name: end.replace(tzinfo=timezone.utc) + timedelta(seconds=1)
        for name, end in sorted(ended.items())
    }


def last_before(ended: "dict[str, datetime]", until: "datetime | None") -> str:
    fit = [name for name, end in ended.items() if until is None or end < until]
    if not fit:
        there = ", ".join(f"{name} ({end.isoformat()})" for name, end in ended.items())
        raise Refused(f"No base backup had ended by then. There are: {there or 'none'}.")
    return fit[-1]


def prepare(folder: Path, until: "datetime | None", settings: Path, timeline: str) -> None:
    command = (
        f"set -a; . {settings}; exec barman-cloud-wal-restore"
        ' --endpoint-url "$ARCHIVE_ENDPOINT" "$ARCHIVE" "$ARCHIVE_SERVER" %f %p'
    )
    with (folder / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.write(
            RECOVERY.format(
                command=command, until=until.isoformat(" ") if until else "", timeline=timeline
            )
        )
    (folder / "recovery.signal").touch()


def run(program: str, *given: str, options: "tuple[str, ...]" = ()) -> str:
    """One of Barman's programs, at the archive of the settings; what it said."""
    where = [os.environ[name] for name in ("ARCHIVE_ENDPOINT", "ARCHIVE", "ARCHIVE_SERVER")]
    done = subprocess.run(
        [program, *options, "--endpoint-url", *where, *given],
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise Refused(f"{program} failed.")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
