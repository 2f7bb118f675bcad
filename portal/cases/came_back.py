"""What came back after the office had sent it to be put right, as the inbox says it beside its turn."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TypeAlias

from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.days import day_said
from portal.together import Ask
from portal.types import Row

SHOWN = 60  # signs of a remark: a row of the inbox is read at a glance

Notes: TypeAlias = Callable[[Ask, Collection[int], User], Callable[[], dict[int, str]]]


def said(at: datetime | None, answers: str) -> str:
    """When it came, and to what it is the answer ("": nothing is kept of that)."""
    if at is None:
        return ""
    if not answers:
        return _("出し直し（%(day)s）") % {"day": day_said(at)}
    shown = Truncator(" ".join(answers.split())).chars(SHOWN, truncate="…")
    return _("出し直し（%(day)s）：%(remarks)sへの対応") % {"day": day_said(at), "remarks": shown}


def notes(rows: Callable[[], QuerySet[Row]], at: str, answers: str = "") -> Notes:
    """A source for `turn_notes`: `rows` that were put right, when each came, and the column of the
    reason for which it had been sent back, which the firm and all who read the case know.
    """

    def source(ask: Ask, keys: Collection[int], _reader: User) -> Callable[[], dict[int, str]]:
        columns = ("pk", at, *([answers] if answers else []))
        found = ask(rows().filter(pk__in=keys).order_by().values_list(*columns))
        return lambda: {
            pk: said(came_at, _("「%(text)s」") % {"text": reason[0]} if reason else "")
            for pk, came_at, *reason in found
        }

    return source
