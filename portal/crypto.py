"""Encryption of fields at rest (AES-128-CBC with HMAC, by Fernet) under FIELD_KEY of the
environment; what lies under one of FIELD_KEY_FALLBACKS opens, too.
"""

import base64
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def _fernet(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))


def _all() -> MultiFernet:
    """The first seals; each of them opens."""
    return MultiFernet(
        [_fernet(key) for key in (settings.FIELD_KEY, *settings.FIELD_KEY_FALLBACKS)]
    )


def seal(value: object) -> bytes:
    return _all().encrypt(json.dumps(value, ensure_ascii=False).encode())


def unseal(sealed: bytes) -> object:
    """The value as it was sealed; who sealed it knows its type.

    Raises cryptography.fernet.InvalidToken when it was sealed under a key that is not set or changed.
    """
    value: object = json.loads(_all().decrypt(bytes(sealed)))
    return value


def resealed(sealed: bytes) -> bytes:
    """The same value under FIELD_KEY; what lies under it already comes back as it is.

    Raises cryptography.fernet.InvalidToken as `unseal` does.
    """
    try:
        _fernet(settings.FIELD_KEY).decrypt(sealed)
    except InvalidToken:
        return _all().rotate(sealed)
    return sealed
