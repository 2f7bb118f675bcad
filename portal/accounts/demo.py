"""The demonstration's people as its sign-in page lets one in as any of them.

They are made by tools/demonstration.
"""

import base64
import hashlib
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.db.models import QuerySet

from portal.accounts.models import User

PASSWORD = "sapporo-demo-2026"  # noqa: S105  printed by `make run`; the demonstration holds no real data
DOMAIN = "demo.example"


def accounts() -> QuerySet[User]:
    return User.objects.filter(email__endswith=f"@{DOMAIN}").order_by("pk")


def totp_secret(name: str) -> str:
    digest = hashlib.sha256(f"{settings.SECRET_KEY}{name}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


def totp_code(person: User) -> str:
    """The present six digits of a demonstration person's second factor, "" where there is none."""
    if not Authenticator.objects.filter(user=person, type="totp").exists():
        return ""
    secret = totp_secret(person.email.split("@")[0])
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
