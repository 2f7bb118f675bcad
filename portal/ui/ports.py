"""What the frame of the pages asks of later rooms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.ports import Port, Registry
from portal.types import Text

if TYPE_CHECKING:
    from portal.types import User


@dataclass(frozen=True, kw_only=True)
class Menu:
    """An entry of the office's menu, for those who `may_see` it."""

    label: Text
    url_name: str
    may_see: Callable[[User], bool]


menus: Registry[Menu] = Registry("menu")
# a text → its signs that no paper can show, each once
cannot_draw: Port[Callable[[str], str]] = Port("cannot_draw")
