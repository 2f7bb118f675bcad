"""A calendar file (RFC 5545): moments with a text and an address each. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime

from portal.clock import JST


def calendar(events: Iterable[tuple[str, datetime, str, str]], *, now: datetime) -> str:
    """Events (unique name, moment, text, address), lines ended by CRLF and folded at 75 octets."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sapporo//Grants Portal//JA"]
    for name, at, text, address in events:
        plain = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
        plain = "\\n".join(plain.splitlines())
        lines += [
            "BEGIN:VEVENT",
            f"UID:{name}@sapporo-grants-portal",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;TZID=Asia/Tokyo:{at.astimezone(JST):%Y%m%dT%H%M%S}",
            *_folded(f"SUMMARY:{plain}"),
            f"URL:{address}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _folded(line: str) -> list[str]:
    """A content line cut to at most 75 octets, never inside a letter."""
    rows: list[str] = []
    row = ""
    for letter in line:
        if len((row + letter).encode()) > (75 if not rows else 74):
            rows.append(row)
            row = ""
        row += letter
    rows.append(row)
    return [rows[0], *[f" {rest}" for rest in rows[1:]]]
