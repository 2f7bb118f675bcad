"""What this room fills in elsewhere."""

from portal.health import certificate, own
from portal.health.ports import probes


def register() -> None:
    probes.add_all(own.PROBES)
    probes.add_all(certificate.PROBES)
