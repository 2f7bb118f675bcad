"""A short campaign of a few faults, whole: the rig itself, with people at work."""

import os
import subprocess
import sys
from pathlib import Path

from portal import places

FAULTS = (
    "a web process is killed",
    "the database is killed",
    "the storage loses what it is given",
    "the mail server asks to come again",
    "jobs are done again",
)
SECONDS = 40


def test_a_short_campaign_is_whole(tmp_path: Path) -> None:
    only = [word for name in FAULTS for word in ("--only", name)]
    log = tmp_path / "log"
    command = [sys.executable, "-m", "tools.faults", "--minutes", f"{SECONDS / 60:.2f}", *only]
    done = subprocess.run(
        [*command, "--people", "3", "--seed", "1", "--log", str(log)],
        cwd=places.ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(places.ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    told = log.read_text()
    assert done.returncode == 0, told + done.stderr[-2000:]
    assert "0 violations" in told
    assert "fault 1:" in told
