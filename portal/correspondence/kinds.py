"""Which mails are which, and which of them a person may have gathered for the morning, or go without."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _lazy

from portal.types import Choices, Text
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

AT_ONCE, DIGEST, NEVER = "at_once", "digest", "never"
WAYS: Choices = [
    (AT_ONCE, _lazy("そのつど受け取る")),
    (DIGEST, _lazy("開庁日の朝に1通にまとめて受け取る")),
    (NEVER, _lazy("受け取らない")),
]


@dataclass(frozen=True)
class OwnKind:
    """A kind of mail about one's own applications (`Wording.kind`), and the ways in which it may come."""

    label: Text
    hint: Text
    ways: tuple[str, ...]


# all other mails about a case always come at once: what the law asks to be told (notices, decisions),
# and whatever asks something of its reader by a day
OWN_KINDS: Mapping[str, OwnKind] = {
    "message": OwnKind(
        _lazy("市からの連絡"),
        _lazy("期限の近い用件は、まとめることを選んでも、そのつど届きます。"),
        (AT_ONCE, DIGEST),
    ),
    "reminder": OwnKind(
        _lazy("期限の前のお知らせ"),
        _lazy("期限の日と、期限を過ぎたときのお知らせは、受け取らないことを選んでも届きます。"),
        (AT_ONCE, NEVER),
    ),
    "progress": OwnKind(
        _lazy("手続きの進み具合（受理、検査の終わりなど）"),
        _lazy("することがないお知らせです。いまの状況は、申請のページでいつでも見られます。"),
        (AT_ONCE, DIGEST, NEVER),
    ),
    "receipt": OwnKind(
        _lazy("受け付けたことのお知らせ（提出の控えなど）"),
        _lazy("受付票は、申請のページでいつでも開けます。"),
        (AT_ONCE, DIGEST, NEVER),
    ),
}
SOON = 2  # working days: what is to be done by then is told at once, whatever it is


def may_wait(kind: str, due_on: date | None, today: date, workdays: Workdays) -> bool:
    """May the mail wait for the morning, where its reader wishes so?"""
    return KINDS[kind].may_wait and not is_soon(due_on, today, workdays)


def is_soon(due_on: date | None, today: date, workdays: Workdays) -> bool:
    return due_on is not None and due_on <= workdays.add(today, SOON)


def own_way(
    wished: Mapping[str, str], kind: str, due_on: date | None, today: date, workdays: Workdays
) -> str:
    """By which way a mail of a kind about one's own application comes."""
    way = wished.get(kind, AT_ONCE) if kind in OWN_KINDS else AT_ONCE
    return AT_ONCE if way == DIGEST and is_soon(due_on, today, workdays) else way
