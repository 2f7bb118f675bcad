"""`check --deploy`: keys that nobody can guess, each for one thing."""

from django.conf import settings
from django.core.checks import Error

SHORTEST = 32  # signs
FEWEST = 12  # different ones; of as many random letters and digits there are 24 as a rule
SAID = ("sample", "insecure", "changeme", "example", "password", "secretkey", "0123456789")


def keys_are_strong(**_options: object) -> list[Error]:
    """Those in use; one that is set aside was looked at while it was in use."""
    return [
        Error(f"{name}: {fault}. {REMEDY}", id="accounts.E001")
        for name in (
            "SECRET_KEY",
            "FIELD_KEY",
            *(["METRICS_TOKEN"] if settings.METRICS_TOKEN else []),
        )
        if (fault := weakness(getattr(settings, name)))
    ]


REMEDY = "Make one: python -c 'import secrets; print(secrets.token_urlsafe(64))'"


def weakness(key: str) -> str:
    """Why somebody could guess it; empty where nobody could."""
    if len(key) < SHORTEST:
        return f"shorter than {SHORTEST} signs"
    if len(set(key)) < FEWEST:
        return f"fewer than {FEWEST} different signs"
    if any(word in key.lower().replace("-", "").replace("_", "") for word in SAID):
        return "a sample"
    return ""


def keys_differ(**_options: object) -> list[Error]:
    signs = {settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS}
    seals = {settings.FIELD_KEY, *settings.FIELD_KEY_FALLBACKS}
    if not signs & seals:
        return []
    return [
        Error(
            "A key stands both among SECRET_KEY and FIELD_KEY: one that becomes known would open both.",
            id="accounts.E002",
        )
    ]
