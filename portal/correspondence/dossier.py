"""What is bound into the whole of a case of its conversation."""

from portal.accounts.models import User
from portal.cases.dossier import listed
from portal.cases.models import Case
from portal.cases.ports import Section
from portal.correspondence.models import Message
from portal.ui.templatetags import ui


def messages(case: Case, _user: User) -> list[Section]:
    """Both sides' messages and the memos among staff, the oldest first."""
    rows = Message.objects.filter(case=case).select_related("author")
    return listed("連絡とメモ", [(_head(row), row.body) for row in rows])


def _head(row: Message) -> str:
    memo = "（庁内メモ）" if row.internal else ""
    return f"{ui.short_moment(row.sent_at)}\n{row.author.name}{memo}"
