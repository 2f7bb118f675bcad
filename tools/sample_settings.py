"""The settings of a production that exists nowhere: for `check --deploy`, and for mypy, which reads
what kinds the settings are of.
"""

import os
import secrets

SAMPLE = {
    "DATABASE_URL": "postgresql://portal:sample@database.portal.example:5432/portal?sslmode=verify-full",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "FIELD_KEY": secrets.token_urlsafe(64),
    "SITE_URL": "https://portal.example",
    "FROM_EMAIL": "portal@portal.example",
    "SMTP_HOST": "smtp.portal.example",
    "SMTP_USER": "portal",
    "SMTP_PASSWORD": "sample",
    "S3_BUCKET": "portal-documents",
    "BACKUPS": "s3://portal-backups",
    "CLAMD_ADDRESS": "127.0.0.1:3310",
    "OIDC_SERVER_URL": "https://id.portal.example",
    "OIDC_CLIENT_ID": "sample",
    "OIDC_CLIENT_SECRET": "sample",
    "DEMO": "0",
}
os.environ.update(SAMPLE)

from portal.settings import *  # noqa: E402, F403  read with the sample
