"""What every gunicorn of the portal shares, in production and in the demonstration; it is read from the folder of the start."""

import os
import shutil
import tempfile

# Where the processes of this gunicorn count together (portal/counting.py). A reload reads this file again
# and keeps the folder; a gunicorn that another one begot has one of its own.
_OURS = f"portal-counts-{os.getpid()}-"
if _OURS not in os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""):
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=_OURS)


def on_exit(_server: object) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


# collects a request whole before it takes a thread, and notes when it arrived
worker_class = "portal.serving.Worker"
# one JSON object a line, as the portal's own
logger_class = "portal.serving_log.Logger"
