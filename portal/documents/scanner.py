"""Virus scan by clamd's INSTREAM.

Anything but a clean answer means unscanned or infected, never clean.
"""

import socket
import struct

from django.conf import settings

from portal import events
from portal.events import Event


class ScannerDown(Exception):
    """The configured scanner gave no usable answer; the file stays pending and the job tries again."""


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(30)
        link.connect(address)
        return link
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=30)


def scan(data: bytes) -> str:
    """ "clean", "infected", or "unscanned" where no scanner is configured. Raises ScannerDown."""
    if not settings.CLAMD_ADDRESS:
        return "unscanned"
    try:
        with _connect(settings.CLAMD_ADDRESS) as link:
            link.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), 65536):
                chunk = data[start : start + 65536]
                link.sendall(struct.pack("!I", len(chunk)) + chunk)
            link.sendall(struct.pack("!I", 0))
            answer = link.recv(4096)
    except OSError as error:
        events.log(Event.SCANNER_AWAY, code=type(error).__name__)
        raise ScannerDown(str(error)) from error
    if answer.startswith(b"stream: OK"):
        return "clean"
    if b"FOUND" in answer:
        return "infected"
    events.log(Event.SCANNER_AWAY, code="answer")
    raise ScannerDown(answer.decode(errors="replace"))
