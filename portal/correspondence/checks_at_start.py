"""`check --deploy`: mails leave the house."""

from django.conf import settings
from django.core.checks import Error


def mail_goes_out(**_options: object) -> list[Error]:
    if settings.EMAIL_HOST:
        return []
    return [
        Error(
            "SMTP_HOST is not set: mails would be written into files, and nobody would get one.",
            id="correspondence.E001",
        )
    ]
