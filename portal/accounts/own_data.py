"""What the portal keeps of a person, for that person: the law on the protection of personal
information (個人情報の保護に関する法律 76条) gives everybody a right to it, and nobody should have to write for
what can be shown.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import User
from portal.accounts.ports import OwnTable, own_tables
from portal.days import day_said, moment_said
from portal.types import Json, Text

SHOWN = 50  # rows of each table on the page; the file has all

Line = Sequence[object]


def tables(user: User) -> list[tuple[OwnTable, list[Line]]]:
    """Each table that has rows, with all of them."""
    found = [(table, list(table.rows(user))) for table in own_tables.values()]
    return [(table, rows) for table, rows in found if rows]


def said(table: OwnTable, rows: list[Line]) -> list[list[tuple[Text, str]]]:
    """The rows as the page shows them: (name of the column, text)."""
    return [
        [(name, _said(value)) for name, value in zip(table.head, row, strict=True)] for row in rows
    ]


def _said(value: object) -> str:
    if isinstance(value, datetime):
        return moment_said(value)
    if isinstance(value, date):
        return day_said(value)
    return "―" if value is None else str(value)


def as_json(user: User) -> dict[str, Json]:
    """Heading of each table → its rows, by name of the column."""
    return {
        str(table.label): [
            {str(name): _plain(value) for name, value in zip(table.head, row, strict=True)}
            for row in rows
        ]
        for table, rows in tables(user)
    }


def _plain(value: object) -> Json:
    if isinstance(value, datetime):
        return value.astimezone(clock.JST).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | int | None) else str(value)


# -- the tables of this room -----------------------------------------------------------------------
def account(user: User) -> Iterator[Line]:
    yield _("お名前"), user.name
    for address in EmailAddress.objects.filter(user=user).order_by("pk"):
        yield _("メールアドレス"), address.email
    for former in user.former_addresses.order_by("left_at"):
        yield _("以前のメールアドレス"), former.email
    if user.office:
        yield _("所属"), user.office
    yield _("登録した日時"), user.date_joined


def firms(user: User) -> Iterator[Line]:
    for row in user.memberships.select_related("organisation").order_by("joined_at"):
        yield row.organisation.name, row.get_role_display(), row.joined_at, row.left_at
    for mandate in user.delegations.select_related("organisation").order_by("starts_on"):
        yield mandate.organisation.name, _("代理人"), mandate.starts_on, mandate.ends_on


def roles(user: User) -> Iterator[Line]:
    for role in user.staff_roles.order_by("starts_on"):
        yield role.get_role_display(), role.starts_on, role.ended


def sign_ins(user: User) -> Iterator[Line]:
    for row in user.sign_ins.all():
        ways: list[Text] = row.ways
        outcome = _("成功") if row.worked else _("失敗")
        yield row.at, outcome, "、".join(str(way) for way in ways), row.network
