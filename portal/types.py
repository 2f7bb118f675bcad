"""The types that every room speaks in.

Some models stand above rooms whose signatures name them, such as that of people. As foreign keys
reach it through `settings.AUTH_USER_MODEL`, signatures reach these models through this module.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeGuard, Union

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django_stubs_ext import StrPromise

    from portal.accounts.models import Organisation as Organisation
    from portal.accounts.models import User as User
    from portal.cases.models import Case as Case
    from portal.cases.models import Turn as Turn

# Whoever opens a page: signed in or not.
Visitor: TypeAlias = Union["User", "AnonymousUser"]

# A text to show: as it is, or translated when it is shown.
Text: TypeAlias = Union[str, "StrPromise"]

# What a JSON column or file holds.
Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

# What a form is filled with: what was sent, or nothing yet.
Sent: TypeAlias = Mapping[str, str] | None

# What a page gives to its template.
Context: TypeAlias = dict[str, object]

# A row of a room above the one that calls. The function that is called was registered by that room,
# and names the model itself; no common type of all models would let it.
Row: TypeAlias = Any

# What a form brought, by name, each as its field cleans it. The method of a transition that it is
# given to names and types what it takes.
Given: TypeAlias = dict[str, Any]

# What a field lets people choose from: each value with its words.
Choices: TypeAlias = Sequence[tuple[str, Text]]


class SignedIn(HttpRequest):
    """A request as `signed_in` and `staff` (portal.workflow.access) hand it on: somebody has signed
    in.
    """

    user: "User"


def is_signed_in(request: HttpRequest) -> TypeGuard[SignedIn]:
    return request.user.is_authenticated


class MakesTurn(Protocol):
    """A row that makes a turn: a life cycle, or a row beside one."""

    @property
    def subject_key(self) -> str: ...

    @property
    def state_since(self) -> datetime | None: ...
