"""Nothing of a production crosses a network in the clear: what is not on its own machine is reached
over TLS, with its certificate checked.
"""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal.environment import host_or_socket


class Way(NamedTuple):
    """`host`: a name, an address or the path of a socket; empty where the way is not used."""

    setting: str
    host: str
    is_tls: bool
    remedy: str


def to_database(url: str) -> Way:
    part = urlsplit(url)
    # by any other word libpq takes each certificate, or none at all
    is_tls = dict(parse_qsl(part.query)).get("sslmode") == "verify-full"
    remedy = "Put ?sslmode=verify-full&sslrootcert=/path/of/the/authority.pem behind the address."
    return Way("DATABASE_URL", host_or_socket(part), is_tls, remedy)


def to_address(setting: str, url: str) -> Way:
    part = urlsplit(url)
    return Way(setting, part.hostname or "", part.scheme == "https", "Give an https address.")


def to_mail(host: str, is_tls: bool) -> Way:
    return Way("SMTP_TLS", host, is_tls, "Set SMTP_TLS=1.")


def to_mailbox(url: str) -> Way:
    part = urlsplit(url)
    return Way("BOUNCE_MAILBOX", part.hostname or "", part.scheme == "pops", "Give pops://….")


def to_scanner(address: str) -> Way:
    host = address if address.startswith("/") else address.rpartition(":")[0].strip("[]")
    remedy = "clamd knows no TLS: run it here, or give the near end of a tunnel (127.0.0.1:3310)."
    return Way("CLAMD_ADDRESS", host, False, remedy)


def is_here(host: str) -> bool:
    """True for what never leaves this machine."""
    if host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def demand_tls(ways: Iterable[Way]) -> None:
    """Raise ImproperlyConfigured, with what to do, for the first way that is open to others."""
    for way in ways:
        if way.host and not way.is_tls and not is_here(way.host):
            raise ImproperlyConfigured(
                f"{way.setting}: {way.host} is another machine and would be reached in the clear. {way.remedy}"
            )
