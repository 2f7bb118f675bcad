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


def not_a_demonstration(**_options: object) -> list[Error]:
    if not settings.DEMO:
        return []
    return [Error("DEMO is on: anyone could sign in as anyone.", id="documents.E002")]
