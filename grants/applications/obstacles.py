"""Why an application may not take its next step: what is open in its formal check, or not yet due."""

from typing import Any

from django.utils.translation import gettext as _now

from portal import clock


def open_defects(application: Any) -> list[str]:
    n = sum(defect.resolved_at is None for defect in application.defects.all())
    return (
        [
            _now("直っていない不備が%(n)s件あります。取り消すか、申請者の補正を待つと押せます。")
            % {"n": n}
        ]
        if n
        else []
    )


def no_defect(application: Any) -> list[str]:
    if any(defect.resolved_at is None for defect in application.defects.all()):
        return []
    return [_now("不備が1件もありません。直していただきたい所に「不備にする」を付けてください。")]


def unchecked(application: Any) -> list[str]:
    names = "、".join(
        str(row.get_kind_display()) for row in application.checks.all() if not row.result
    )
    return [_now("確認が終わっていません：%(names)s") % {"names": names}] if names else []


def open_findings(application: Any) -> list[str]:
    """Why a check with a finding stops the application, until it is clear or somebody else decided to go on."""
    names = "、".join(
        str(row.get_kind_display()) for row in application.checks.all() if row.is_open_finding
    )
    text = _now(
        "「気になる点あり」の確認が残っています：%(names)s。確かめ直して「問題なし」とするか、記録した人とは別の職員が、理由を書いて進めると決めてください。"
    )
    return [text % {"names": names}] if names else []


def not_due(application: Any) -> list[str]:
    over = application.correct_by and clock.today() > application.correct_by
    return [] if over else [_now("補正の期限を過ぎると、期限切れとして扱えます。")]
