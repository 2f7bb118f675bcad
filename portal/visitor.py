"""From which address a request came: behind proxies of our own, what the outermost of them saw.

Every limit per address asks here, so that a city office behind one proxy is not everybody, and a
forged header nobody.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

IPV6_NETWORK = 64  # one household or office holds a whole network of this length


def address(request: HttpRequest) -> str:
    """The visitor's address.

    Each of TRUSTED_PROXIES adds whom it saw at the end of X-Forwarded-For; what stands before their
    entries was sent by the visitor, who may write anything there.
    """
    peer = str(request.META.get("REMOTE_ADDR") or "")
    return seen(peer, request.headers.get("X-Forwarded-For", ""))


def seen(peer: str, forwarded: str) -> str:
    """The same from the address of the connection and what X-Forwarded-For says."""
    chain = [part.strip() for part in forwarded.split(",") if part.strip()]
    if settings.TRUSTED_PROXIES and chain:
        return _plain(chain[-settings.TRUSTED_PROXIES :][0])
    return _plain(peer)


def network(request: HttpRequest) -> str:
    """What a limit counts by: the address, for IPv6 its network."""
    return network_of(address(request))


def network_of(found: str) -> str:
    if ":" not in found:
        return found
    return str(ipaddress.ip_network(f"{found}/{IPV6_NETWORK}", strict=False).network_address)


def _plain(text: str) -> str:
    """Without port and brackets; "unknown" where it is no address (a socket of the machine itself,
    or rubbish).
    """
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return "unknown"
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)
