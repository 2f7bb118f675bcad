"""A calendar file (RFC 5545): days and moments with a text and an address each. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from portal.clock import JST

# summer time ended in Japan in 1951
TOKYO = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Tokyo",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0900",
    "TZOFFSETTO:+0900",
    "TZNAME:JST",
    "END:STANDARD",
    "END:VTIMEZONE",
)
MORNING = 9  # o'clock, when one is reminded of a whole day
REFRESH = "PT6H"  # how often whoever subscribes looks for what is new


def calendar(
    events: Iterable[tuple[str, date, str, str]],
    *,
    now: datetime,
    name: str = "",
    days_before: Sequence[int] = (),
) -> str:
    """Events (unique name, day or aware moment, text, address), lines ended by CRLF and folded at 75
    octets. `name`: of a calendar that one subscribes to; `days_before`: when one is reminded.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sapporo//Grants Portal//JA"]
    if name:
        lines += _folded(f"X-WR-CALNAME:{_plain(name)}")
        lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}", f"X-PUBLISHED-TTL:{REFRESH}"]
    lines += TOKYO
    for key, at, text, address in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{key}@sapporo-grants-portal",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            _begins(at),
            *_folded(f"SUMMARY:{_plain(text)}"),
            *_folded(f"URL:{address}"),
        ]
        for days in days_before:
            lines += [
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                *_folded(f"DESCRIPTION:{_plain(text)}"),
                f"TRIGGER:-PT{_hours_before(at, days)}H",
                "END:VALARM",
            ]
        lines.append("END:VEVENT")
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _begins(at: date) -> str:
    if isinstance(at, datetime):
        return f"DTSTART;TZID=Asia/Tokyo:{at.astimezone(JST):%Y%m%dT%H%M%S}"
    return f"DTSTART;VALUE=DATE:{at:%Y%m%d}"


def _hours_before(at: date, days: int) -> int:
    """A day begins at midnight: one is reminded of it in the morning."""
    morning = 0 if isinstance(at, datetime) else MORNING
    return int((timedelta(days=days) - timedelta(hours=morning)) / timedelta(hours=1))


def _plain(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return "\\n".join(escaped.splitlines())


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
