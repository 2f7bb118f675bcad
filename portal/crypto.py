"""Encryption of fields at rest (AES-128-CBC with HMAC, by Fernet) under FIELD_KEY of the
environment.
"""

import base64
import hashlib
import json

from cryptography.fernet import Fernet
from django.conf import settings


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(settings.FIELD_KEY.encode()).digest()))


def seal(value: object) -> bytes:
    return _fernet().encrypt(json.dumps(value, ensure_ascii=False).encode())


def unseal(sealed: bytes) -> object:
    """The value as it was sealed; who sealed it knows its type.

    Raises cryptography.fernet.InvalidToken when it was sealed under another key or changed.
    """
    value: object = json.loads(_fernet().decrypt(bytes(sealed)))
    return value
