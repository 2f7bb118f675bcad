"""The settings of files: where documents and backups lie, and how the storage is reached.

Part of portal/settings.py, which takes them over as they stand.
"""

from pathlib import Path

from botocore.config import Config

from portal import places
from portal.environment import env

DATA_DIR = Path(env("DATA_DIR", str(places.DATA)))
S3_BUCKET = env("S3_BUCKET", "")
# on how many web and workers run: without a bucket, files lie on the machine that took them
MACHINES = int(env("MACHINES", "2"))
S3_ENDPOINT = env("S3_ENDPOINT_URL", "").rstrip("/")
# threads of a process that may wait for the storage at the same time
STORAGE_AT_ONCE = int(env("STORAGE_AT_ONCE", "2"))
# of every bucket, that of the backups too
S3_OPTIONS = {
    "endpoint_url": S3_ENDPOINT or None,
    "region_name": env("S3_REGION", "ap-northeast-1"),
    # seconds, and how often in all: a hanging storage gives a thread back after a quarter of a minute
    "client_config": Config(
        connect_timeout=3,
        read_timeout=8,
        retries={"total_max_attempts": 2, "mode": "standard"},
        signature_version="s3v4",
        tcp_keepalive=True,
    ),
    "default_acl": None,
    "querystring_auth": True,
}
# where browsers send files to, straight; empty: through the portal
S3_DIRECT_ORIGIN = (S3_ENDPOINT or f"https://{S3_BUCKET}.s3.amazonaws.com") if S3_BUCKET else ""
DOCUMENTS = (
    {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {**S3_OPTIONS, "bucket_name": S3_BUCKET, "file_overwrite": False},
    }
    if S3_BUCKET
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "documents", "file_permissions_mode": 0o600},
    }
)
# a folder, or s3://bucket/prefix: where backups lie, and what was erased is noted beside them
BACKUPS = env("BACKUPS", "")
# the folder of pg_dump and pg_restore, which must be of the server's version; empty: they are looked for
PG_BIN = env("PG_BIN", "")
