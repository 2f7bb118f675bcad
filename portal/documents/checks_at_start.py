"""`check --deploy`: what a production of this portal may not lack."""

from django.conf import settings
from django.core.checks import Error


def scanner_is_set(**_options: object) -> list[Error]:
    if settings.CLAMD_ADDRESS:
        return []
    return [
        Error(
            "CLAMD_ADDRESS is not set: uploads would never be scanned for viruses.",
            id="documents.E001",
        )
    ]


def storage_is_shared(**_options: object) -> list[Error]:
    """Files that lie on one machine are missing on the others."""
    if settings.S3_BUCKET or settings.MACHINES == 1:
        return []
    return [
        Error(
            "S3_BUCKET is not set: each machine would keep files that the others do not have."
            " Where there is one machine alone, say so: MACHINES=1.",
            id="documents.E003",
        )
    ]


def not_a_demonstration(**_options: object) -> list[Error]:
    if not settings.DEMO:
        return []
    return [Error("DEMO is on: anyone could sign in as anyone.", id="documents.E002")]
