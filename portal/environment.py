"""Values of the environment, read for the settings; a missing or wrong one stops the start with a
sentence.
"""

import os
from functools import cache
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured

from portal import places


@cache
def demonstration() -> dict[str, str]:
    """What this clone's own PostgreSQL is reached with, from the lines `NAME=value` of the file that
    portal/embedded.py writes when it starts it.

    Empty where DATABASE_URL names another server, or where nothing was started yet.
    """
    kept = places.cluster(os.environ.get("EMBEDDED_CLUSTER", "db")) / places.ENVIRONMENT
    if "DATABASE_URL" in os.environ or not kept.exists():
        return {}
    return dict(line.split("=", 1) for line in kept.read_text(encoding="utf-8").splitlines())


def env(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, demonstration().get(name, default))
    if value is None:
        raise ImproperlyConfigured(
            f"Set {name}; docs/deployment.md says what it holds. "
            "A demonstration needs nothing set: `make run` begins one."
        )
    return value


def env_bool(name: str, default: bool) -> bool:
    value = env(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value in {"1", "true"}


# what may stand behind the ? of DATABASE_URL: how the connection is made safe and named, in the
# words of libpq
DATABASE_OPTIONS = {
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslcrl",
    "sslnegotiation",
    "channel_binding",
    "target_session_attrs",
    "application_name",
    "connect_timeout",
}


def _database_options(query: str) -> dict[str, str]:
    found = dict(parse_qsl(query, keep_blank_values=True))
    if unknown := sorted(set(found) - DATABASE_OPTIONS):
        raise ImproperlyConfigured(
            f"DATABASE_URL: unknown {', '.join(unknown)}; known are {', '.join(sorted(DATABASE_OPTIONS))}."
        )
    return found


def site_url(url: str, demonstration: bool) -> str:
    """The public address without a path; https, but for a demonstration."""
    part = urlsplit(url)
    if (
        not part.hostname
        or part.path not in ("", "/")
        or part.scheme not in ("https", *["http"] * demonstration)
    ):
        raise ImproperlyConfigured(
            "SITE_URL must look like https://portal.example (http only where DEMO is on)."
        )
    return f"{part.scheme}://{part.netloc}"


def zone(name: str) -> str:
    """The time zone of that name, where this machine knows it."""
    try:
        ZoneInfo.no_cache(name)
    except ZoneInfoNotFoundError:
        raise ImproperlyConfigured(
            f"This machine has no data of the time zone {name}: install the package tzdata."
        ) from None
    return name


def host_ports(url: str) -> set[str]:
    """What a request may name behind the host, or leave out: the port of SITE_URL alone, since links
    are made of both as they were asked for.
    """
    part = urlsplit(url)
    usual = {"https": 443, "http": 80}[part.scheme]
    port = part.port or usual
    return {str(port)} | ({""} if port == usual else set())


def host_or_socket(part: SplitResult) -> str:
    """The host; as libpq writes it, the folder of a socket stands percent-encoded in its place."""
    place = part.netloc.rpartition("@")[2].partition(":")[0]
    return unquote(place) if place.lower().startswith("%2f") else part.hostname or ""


def database(url: str) -> dict[str, object]:
    part = urlsplit(url)
    host = host_or_socket(part)
    if part.scheme not in {"postgres", "postgresql"} or not host or len(part.path) < 2:
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgresql://user:password@host:5432/name"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": part.path[1:],
        "USER": unquote(part.username or ""),
        "PASSWORD": unquote(part.password or ""),
        "HOST": host,
        "PORT": part.port or 5432,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"connect_timeout": 5, **_database_options(part.query)},
    }
