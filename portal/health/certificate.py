"""The certificate under which visitors reach the portal: looked at each day by opening SITE_URL as a
browser does, never while somebody asks for health.
"""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from portal import clock
from portal.health.models import Certificate
from portal.health.ports import Figures, Metric, Probe

SECONDS = 10  # to connect, and for each answer
DAYS, UNSEEN = "portal_certificate_days", "portal_certificate_unseen_days"
METRICS = {
    DAYS: Metric(says="days for which the certificate of SITE_URL holds", below=3, word="ending"),
    UNSEEN: Metric(
        says="days since it was last seen, and believed by the worker", above=3, word="unseen"
    ),
}
NONE_NEEDED = {DAYS: 3650.0, UNSEEN: 0.0}  # a demonstration in the clear


def look() -> None:
    """Keep until when it holds.

    Raises OSError where nobody answers, and ssl.SSLError where a browser would not believe it: what was
    seen before then grows old.
    """
    if not settings.HTTPS:
        return
    host, port = _place()
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), SECONDS) as link,
        context.wrap_socket(link, server_hostname=host) as safe,
    ):
        told = safe.getpeercert() or {}
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)
    found = {"ends_at": ends, "seen_at": clock.now()}
    Certificate.objects.update_or_create(host=host, defaults=found)


def figures() -> Figures:
    if not settings.HTTPS:
        return {(metric, ""): figure for metric, figure in NONE_NEEDED.items()}
    host, _port = _place()
    kept = Certificate.objects.filter(host=host).first()
    if kept is None:
        return {(DAYS, ""): 0.0, (UNSEEN, ""): 3650.0}
    now, day = clock.now(), timedelta(days=1)
    return {(DAYS, ""): (kept.ends_at - now) / day, (UNSEEN, ""): (now - kept.seen_at) / day}


def _place() -> tuple[str, int]:
    part = urlsplit(settings.SITE_URL)
    return part.hostname or "", part.port or 443


PROBES = {"certificate": Probe(metrics=METRICS, ask=figures, kept=60)}
