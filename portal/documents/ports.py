"""What the room of files asks of later rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from portal.ports import Registry

if TYPE_CHECKING:
    from django.db.models import Q

    from portal.documents.models import Document, Holder
    from portal.types import Case, User

# (user, case) → Q on its documents: what somebody who does not work on the case may open
open_files: Registry[Callable[[User, Case], Q]] = Registry("narrowing of files")
# (user, case, documents): names them anew where their own would tell whose they are
file_names: Registry[Callable[[User, Case, Sequence[Document]], None]] = Registry("names of files")
# hears, in the transaction, of the keys of files that are forgotten
forgotten: Registry[Callable[[Sequence[str]], None]] = Registry("hearer of forgotten files")
# the models whose rows hold files that people sent, by what a file calls its rows there
holders: Registry[type[Holder]] = Registry("kind of holders of files")
# where else an object of this SHA-256 may lie: its pieces. Raises FileNotFoundError, or what that place does
copies: Registry[Callable[[str], Iterator[bytes]]] = Registry("place with copies of files")
