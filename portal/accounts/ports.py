"""What the room of people and organisations asks of later rooms."""

from __future__ import annotations

from typing import Protocol

from portal.ports import Port


class SendMail(Protocol):
    """Queue one mail to an address in the caller's transaction.

    `holds_key`: its text opens an account, and is forgotten once sent.
    """

    def __call__(
        self, *, subject: str, body: str, address: str, holds_key: bool = False
    ) -> object: ...


send_mail: Port[SendMail] = Port("send_mail")
