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
    seen = str(request.META.get("REMOTE_ADDR") or "")
    if settings.TRUSTED_PROXIES:
        chain = [
            part.strip()
            for part in request.headers.get("X-Forwarded-For", "").split(",")
            if part.strip()
        ]
        seen = chain[-settings.TRUSTED_PROXIES :][0] if chain else seen
    return _plain(seen)


def network(request: HttpRequest) -> str:
    """What a limit counts by: the address, for IPv6 its network."""
    found = address(request)
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
