"""`check --deploy`: what is erased is known beside the backups."""

from django.conf import settings
from django.core.checks import Error


def backups_have_a_place(**_options: object) -> list[Error]:
    if settings.BACKUPS:
        return []
    return [
        Error(
            "BACKUPS is not set: what is erased would be noted nowhere, and a restore would bring it back.",
            id="backups.E001",
        )
    ]
