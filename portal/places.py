"""Where this clone keeps what it makes.

The standard library only: `make clean` asks before anything is installed.
"""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".data"
ENVIRONMENT = (
    "environment"  # in a cluster's folder: what a process that works on it is started with
)
SHARED = Path("/var/lib/sapporo-grants-portal")
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def of_root() -> Path:
    """The folder of this clone's clusters where it was run as root: PostgreSQL refuses to run as
    root, and `nobody` may not read the clone.
    """
    return SHARED / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]


def cluster(name: str) -> Path:
    """The folder of a cluster by name, of the user who asks."""
    return (of_root() if AS_ROOT else DATA) / name
