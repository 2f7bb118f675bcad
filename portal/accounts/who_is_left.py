"""Who is left for what once a role of the office ends: said before it is ended, and to whom."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import StaffRole
from portal.types import Text

# role → (how many people it takes, what cannot be done by fewer), the fewest first
NEEDED: dict[str, tuple[tuple[int, Text], ...]] = {
    "programme_officer": (
        (1, _lazy("申請を受け付けて起案する制度担当が、いなくなります。")),
        (2, _lazy("一人が入力した紙の申請を受理する、もう一人の制度担当がいなくなります。")),
    ),
    "reviewer": ((1, _lazy("採点する審査員が、いなくなります。")),),
    "approver": ((1, _lazy("同じ職位から上で起案を決裁できる人が、いなくなります。")),),
    "inspector": ((1, _lazy("実績を検査する検査員が、いなくなります。")),),
    "finance_officer": (
        (1, _lazy("口座を確認し、支払いを命じる経理担当が、いなくなります。")),
        (
            2,
            _lazy(
                "経理担当が一人になります。口座の確認と支払いの命令、予算の変更の提案と確認は、一人ではできません。"
            ),
        ),
    ),
    "accounting_officer": (
        (1, _lazy("支払いの命令を確かめて支払う会計管理者が、いなくなります。")),
    ),
    "challenge_owner": ((1, _lazy("課題を書き、提案と組む課題担当が、いなくなります。")),),
    "concierge": ((1, _lazy("相談に答えるデジタルコンシェルジュが、いなくなります。")),),
    "auditor": ((1, _lazy("記録を読む監査の担当が、いなくなります。")),),
    "administrator": (
        (1, _lazy("管理者が、いなくなります。")),
        (
            2,
            _lazy(
                "管理者が一人になります。役割や代決者の提案を確認できる人がいなくなり、運用者がコマンドで確認するまで、新しい役割は効きません。"
            ),
        ),
    ),
}


def beside(ended: StaffRole, held: Iterable[StaffRole]) -> set[int]:
    """Who of `held` does as much as one role, wherever that holds: keys of people."""
    return {
        other.person_id
        for other in held
        if other.pk != ended.pk
        and other.role == ended.role
        and ended.lies_in(other)
        and _rank(other) >= _rank(ended)
    }


def undone_without(ended: StaffRole, held: Iterable[StaffRole]) -> Text:
    """What nobody can do any more in its scope once the role ends, as a sentence, or "".

    `held`: the roles that hold then.
    """
    left = len(beside(ended, held))
    return next((said for people, said in NEEDED[ended.role] if left < people), "")


def _rank(role: StaffRole) -> int:
    """How high it decides; one without a rank is below all."""
    return [name for name, _label in StaffRole.RANKS].index(role.rank) if role.rank else -1
