"""What the room of people and organisations asks of later rooms, and what it tells them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from portal.ports import Port, Registry
from portal.types import Row

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.types import Case, Organisation, Turn, User


class SendMail(Protocol):
    """Queue one mail to an address in the caller's transaction.

    `holds_key`: its text opens an account, and is forgotten once sent.
    """

    def __call__(
        self, *, subject: str, body: str, address: str, holds_key: bool = False
    ) -> object: ...


send_mail: Port[SendMail] = Port("send_mail")
# (code, name) of each programme
programme_choices: Port[Callable[[], list[tuple[str, str]]]] = Port("programme_choices")
# the organisation's cases that the person sees and that are not over, with the applicant's turn
open_cases: Port[Callable[[User, Organisation], list[tuple[Case, Turn | None]]]] = Port(
    "open_cases"
)
# model label → row → the cases that its acts decide about
hanging_cases: Registry[Callable[[Row], QuerySet[Case]]] = Registry(
    "cases that hang on a row without one"
)
organisation_changed: Registry[Callable[[Organisation], None]] = Registry(
    "listener for a changed organisation"
)
roles_changed: Registry[Callable[[User], None]] = Registry("listener for a person's changed roles")
