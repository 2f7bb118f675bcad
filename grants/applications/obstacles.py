"""Why an application may not take its next step: what is open in its formal check, or not yet due."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from grants.applications.ports import promised
from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import Organisation
from portal.cases.models import DRAFT

if TYPE_CHECKING:
    from grants.applications.models import Application, Check


def not_to_begin(
    call: Call, organisation: Organisation, received_at: datetime | None, *, on_paper: bool
) -> list[str]:
    """Why no application begins: one is live, or it came outside the intake (`received_at`, or now)."""
    live = call.applications.live().filter(case__organisation=organisation)
    if not organisation.is_proved:  # a stranger's draft and the firm's paper do not stop each other
        live = live.filter(case__on_paper=on_paper)
    there = live.first()
    if there and not call.stated.several:
        return [_("この公募には、すでに申請があります（%(number)s）。") % {"number": there.case}]
    if call.is_open_at(received_at or clock.arrived()):
        return []
    if on_paper:
        return [_("受け取った日時が、この公募の受付期間に入っていません。")]
    if call.is_paused:
        return [_("いまは受付を一時停止しています。再開をお待ちください。")]
    return [_("いまは受付期間の外です。")]


def filed_already(application: "Application") -> list[str]:
    """Why a draft stays one: what its firm's people began before they proved it, and what the counter
    typed in meanwhile, are not both handed in.
    """
    call, case = application.call, application.case
    others = call.applications.live().filter(case__organisation=case.organisation_id)
    filed = others.exclude(pk=application.pk).exclude(state=DRAFT).first()
    if filed is None or call.stated.several:
        return []
    return [_("この公募には、すでに申請があります（%(number)s）。") % {"number": filed.case}]


def above_promised(application: "Application", yen: int) -> list[str]:
    """Why so much is not awarded: a room knows that it was promised less."""
    return [reason for asks in promised.values() for reason in asks(application, yen)]


def open_defects(application: "Application") -> list[str]:
    n = sum(defect.resolved_at is None for defect in application.defects.all())
    return (
        [
            _("直っていない不備が%(n)s件あります。取り消すか、申請者の補正を待つと押せます。")
            % {"n": n}
        ]
        if n
        else []
    )


def no_defect(application: "Application") -> list[str]:
    if any(defect.resolved_at is None for defect in application.defects.all()):
        return []
    return [_("不備が1件もありません。直していただきたい所に「不備にする」を付けてください。")]


def unchecked(application: "Application") -> list[str]:
    names = "、".join(
        str(row.get_kind_display()) for row in application.checks.all() if not row.result
    )
    return [_("確認が終わっていません：%(names)s") % {"names": names}] if names else []


def open_findings(application: "Application") -> list[str]:
    """Why a check with a finding stops the application until somebody decided to go on."""
    found = [row for row in application.checks.all() if row.is_open_finding]
    hits = [row for row in found if row.is_hit]
    told = [
        (
            [row for row in found if row not in hits],
            _(
                "「気になる点あり」の確認が残っています：%(names)s。確かめ直して「問題なし」とするか、記録した人とは別の職員が、理由を書いて進めると決めてください。"
            ),
        ),
        (
            hits,
            _(
                "「気になる点あり」の確認が残っています：%(names)s。照会の結果によるもので、「問題なし」には書き換えられません。進めるかどうかは決裁者が判断します。"
            ),
        ),
    ]
    return [text % {"names": _named(rows)} for rows, text in told if rows]


def _named(rows: Iterable["Check"]) -> str:
    return "、".join(str(row.get_kind_display()) for row in rows)


def awaited_papers(application: "Application") -> list[str]:
    """Why it is not accepted before the papers are there that were to follow."""
    rows = [row for row in application.late_papers.all() if not row.is_set_aside]
    awaited = "、".join(row.name for row in rows if row.came_at is None)
    checked = "、".join(row.name for row in rows if row.came_at and not row.is_taken)
    told = [
        (
            awaited,
            _(
                "あとから出す書類が、まだ届いていません：%(names)s。届くのを待つか、理由を書いて「求めない」としてください。"
            ),
        ),
        (
            checked,
            _(
                "あとから届いたファイルを確認しています：%(names)s。少し待って、もう一度押してください。"
            ),
        ),
    ]
    return [text % {"names": names} for names, text in told if names]


def halted(application: "Application") -> list[str]:
    """The same for those who do not read the ledger: what was found is not for them."""
    if not any(row.is_open_finding for row in application.checks.all()):
        return []
    text = _(
        "%(case)sは、確かめることが残っているため止まっています。申請の担当に確かめてください。"
    )
    return [text % {"case": application.case}]


def not_due(application: "Application") -> list[str]:
    over = application.correct_by and clock.today() > application.correct_by
    return [] if over else [_("補正の期限を過ぎると、期限切れとして扱えます。")]
