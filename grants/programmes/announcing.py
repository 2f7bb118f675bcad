"""What a programme holds recipients to after the award, and whether the conditions of the award say so.

A duty that no condition announces binds nobody: such a programme is not approved.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.types import Text

if TYPE_CHECKING:
    from grants.programmes.parameters import Programme


def _always(_stated: "Programme") -> bool:
    return True


# duty, as a condition's `announces` names it → what it is called, and when a programme enforces it
DUTIES: Mapping[str, tuple[Text, Callable[["Programme"], bool]]] = {
    "before_award": (_lazy("交付決定の前の費用を対象外とすること"), lambda s: not s.early_start),
    "change": (_lazy("変更・中止・廃止の承認"), _always),
    "delay": (_lazy("遅れや事故の報告"), _always),
    "progress": (_lazy("状況報告"), lambda s: bool(s.periods.progress_after_days)),
    "suspension": (_lazy("一時停止の命令"), _always),
    "two_quotes": (_lazy("2社以上の見積り"), lambda s: bool(s.two_quotes_above)),
    "report": (_lazy("実績報告"), _always),
    "floor": (_lazy("額の確定のときの下限額"), lambda s: s.floor_at_fixing),
    "inspection": (_lazy("検査と立入り"), _always),
    "records": (_lazy("証拠書類の保存"), _always),
    "assets": (_lazy("財産処分の制限"), lambda s: any(c.life_years for c in s.categories)),
    "use": (_lazy("利用状況の報告"), lambda s: bool(s.periods.use_check_months)),
    "effect": (_lazy("効果の報告"), lambda s: bool(s.periods.follow_up_years)),
    "vat": (_lazy("消費税の報告と返還"), lambda s: s.tax_return),
    "other_aid": (_lazy("ほかの制度との重複の禁止"), lambda s: bool(s.excludes)),
    "assignment": (_lazy("債権譲渡の禁止"), _always),
    "succession": (_lazy("名称などの変更と承継の届出"), _always),
    "publication": (_lazy("交付の結果の公表"), _always),
    "revocation": (_lazy("取消し"), _always),
    "repayment": (_lazy("返還の命令"), _always),
    "withholding": (
        _lazy("返還を怠ったときの支払いの一時停止"),
        lambda s: bool(s.provisions.withholding),
    ),
    "set_off": (_lazy("納めない返還金との相殺"), lambda s: bool(s.provisions.set_off)),
}


def enforced(stated: "Programme") -> set[str]:
    """What the programme holds its recipients to; where no money follows, nothing."""
    if not stated.pays:
        return set()
    return {name for name, (_label, holds) in DUTIES.items() if holds(stated)}


def applies(announces: tuple[str, ...], stated: "Programme") -> bool:
    """Does a condition belong to this programme? One that announces nothing always does."""
    return not announces or not enforced(stated).isdisjoint(announces)


def unannounced(stated: "Programme") -> list[str]:
    """What is enforced and stands in no condition. Interest writes its conditions itself."""
    said = {name for condition in stated.conditions for name in condition.announces}
    missing = enforced(stated) - said
    return [str(label) for name, (label, _holds) in DUTIES.items() if name in missing]


def refusals(stated: "Programme") -> list[str]:
    """Why the programme cannot be approved."""
    missing = unannounced(stated)
    if not missing:
        return []
    return [
        _(
            "この制度で受給者に求める次のことが、交付の条件で知らされていません。交付の条件に書き、その条件が知らせる義務を選んでください：%(duties)s"
        )
        % {"duties": "、".join(missing)}
    ]
