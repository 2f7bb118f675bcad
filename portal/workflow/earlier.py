"""What was said, and is written over or taken away by who may: its words stay in the record of the case,
for the office to read (docs/decisions/0136-what-is-written-over-stays-in-the-record.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop, override

from portal.audit.record import record_about
from portal.types import Text
from portal.workflow.graph import LifeCycle

if TYPE_CHECKING:
    from portal.types import User


def keep_earlier(
    row: LifeCycle, what: Text, words: Iterable[Text], *, by: User, of: str = ""
) -> None:
    """Record `words`, as they stood, before they go; nothing where nothing stood. `what` they are;
    `of`: the model, where it is not the row's (a reviewer reads what happened to the row alone).
    """
    with override("ja"):
        said = [str(text) for text in words if text]
        text = "　".join([str(what), *said])
    if said:
        record_about(
            row,
            f"{of or row._meta.model_name}.earlier",
            by=by,
            capacity=by.capacity_for(row),
            label=gettext_noop("書き換える前の内容を、記録に残しました"),
            text=text,
        )
