"""Which mails to the office are which, and which of them a person may have gathered for the morning."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _lazy

from portal.types import Text
from portal.workdays import Workdays


@dataclass(frozen=True)
class MailKind:
    label: Text
    may_wait: bool


KINDS: Mapping[str, MailKind] = {
    # name                 what it is about                                  may wait for the morning
    "case": MailKind(_lazy("案件で起きたこと（提出、連絡、決定など）"), True),
    "asked": MailKind(_lazy("決裁・審査・意見など、あなたに頼まれたこと"), True),
    "waiting": MailKind(_lazy("確認を待つ提案（役割、予算、閉庁日など）"), True),
    "overdue": MailKind(_lazy("期限を過ぎた案件"), False),
    "failed": MailKind(_lazy("止まった処理"), False),
    "account": MailKind(_lazy("あなたのログインと役割"), False),
}
NEWS = "news"  # to whom it may fit, office or not; each says whether it waits (`MailChoice.news`)
SOON = 2  # working days: what is to be done by then is told at once, whatever it is


def may_wait(kind: str, due_on: date | None, today: date, workdays: Workdays) -> bool:
    """May the mail wait for the morning, where its reader wishes so?"""
    is_soon = due_on is not None and due_on <= workdays.add(today, SOON)
    return KINDS[kind].may_wait and not is_soon
