"""Who reads figures: whoever runs the portal, by a token or on the machine itself."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from portal import visitor


def has_token(request: HttpRequest) -> bool:
    """`Authorization: Bearer …` with METRICS_TOKEN; nobody has it where none is set."""
    said = request.headers.get("Authorization", "")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and constant_time_compare(said, f"Bearer {wanted}")


def may_read_figures(request: HttpRequest) -> bool:
    return has_token(request) or _is_here(visitor.address(request))


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
