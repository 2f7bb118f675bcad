"""What a mail server says of a mail that it could not deliver, or not yet (RFC 3464), read as data."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser, HeaderParser

FAILED, DELAYED, ARRIVED = "failed", "delayed", "arrived"
# `Action` of RFC 3464 → what it means for us; "expanded" says nothing about any one address
ACTIONS = {"failed": FAILED, "delayed": DELAYED, "delivered": ARRIVED, "relayed": ARRIVED}
_ENVELOPE = re.compile(r"<([0-9a-f]{32})@[^<>\s]{1,255}>")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Report:
    """`envelope`: of the mail it is about, as its Message-ID names it; `became`: one of the three;
    `status`: as "5.1.1", "" where none is readable.
    """

    envelope: str
    became: str
    status: str


def read(raw: bytes) -> Report | None:
    """None for whatever is no report about a mail of ours: an answer of somebody who is away, a mail
    from anybody, a text that breaks the parser.
    """
    try:
        return _read(BytesParser().parsebytes(raw))
    except (LookupError, RecursionError, TypeError, ValueError):
        return None


def _read(mail: Message) -> Report | None:
    is_report = mail.get_content_type() == "multipart/report"
    if not is_report or str(mail.get_param("report-type") or "").lower() != "delivery-status":
        return None
    parts = [*_messages(mail)]
    said = [told for part in parts for told in _said(part)]
    envelope = next((found for part in parts if (found := _envelope(part))), "")
    if not said or not envelope:
        return None
    # a mail of ours goes to one address; of several, the worst is said
    became, status = min(said, key=lambda told: (FAILED, DELAYED, ARRIVED).index(told[0]))
    return Report(envelope, became, status)


def _messages(mail: Message) -> Iterator[Message]:
    """The parts of a mail, the blocks of a report, or the one mail inside another."""
    inside = mail.get_payload()
    if isinstance(inside, list):
        yield from (each for each in inside if isinstance(each, Message))


def _said(part: Message) -> Iterator[tuple[str, str]]:
    """(what became of it, status) of each address that a part names."""
    if part.get_content_type() != "message/delivery-status":
        return
    for block in _messages(part):
        became = ACTIONS.get(str(block.get("Action", "")).strip().lower())
        status = _STATUS.search(str(block.get("Status", "")))
        if became is not None:
            yield became, status.group() if status else ""


def _envelope(part: Message) -> str:
    """From the Message-ID of the mail that came back, whole or its head alone."""
    head: Message | None = None
    if part.get_content_type() == "message/rfc822":
        head = next(_messages(part), None)
    elif part.get_content_type() == "text/rfc822-headers":
        text = part.get_payload(decode=True)
        if isinstance(text, bytes):
            head = HeaderParser().parsestr(text.decode("ascii", "replace"))
    found = _ENVELOPE.search(str(head.get("Message-ID", ""))) if head is not None else None
    return found.group(1) if found else ""
