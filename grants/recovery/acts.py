"""The acts about money back beside the endings of awards: order back what is above, waive; and their papers."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import ReasonForm
from grants.applications.papers import frame, yen
from grants.awards.lowering import restore
from grants.awards.models import Award
from grants.awards.states import AwardState
from grants.payments import paying
from grants.payments.states import PaymentState
from grants.recovery import collecting, deferring, endings
from grants.recovery.models import Recovery
from portal import fiscal
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act
from portal.cases.models import Case
from portal.types import Given
from portal.ui.forms import LongText
from portal.ui.templatetags.ui import in_yen
from portal.workflow.door import perform

# the state of an award → why money comes back, and the words of the order
WHY = {
    AwardState.ACTIVE: ("partly", "交付決定の一部を取り消したため"),
    AwardState.SUSPENDED: ("partly", "交付決定の一部を取り消したため"),
    AwardState.AMOUNT_FIXED: ("surplus", "受け取った額が、確定した額を超えたため"),
    AwardState.CLOSED: ("surplus", "受け取った額が、受け取れる額を超えたため"),
    AwardState.WITHDRAWN: ("withdrawn", "交付の決定の後に、申請が取り下げられたため"),
    AwardState.ABANDONED: ("abandoned", "補助事業を廃止したため"),
    AwardState.CANCELLED: ("circumstances", "事情の変更により、交付の決定を取り消したため"),
    AwardState.REVOKED: ("revoked", "交付の決定を取り消したため"),
}


class OrderForm(forms.Form):
    with_surcharge = forms.BooleanField(
        label=_lazy("加算金を付ける（交付決定の取消しで、受給者に責任があるとき）"), required=False
    )


def order_obstacles(award: Award) -> list[str]:
    if collecting.excess(award) > 0:
        return []
    return [_("受け取れる額を超えて支払った案件で、まだ返還を命じていないときに起案できます。")]


def order_misfits(award: Award, given: Given) -> list[str]:
    ground, _words = WHY[AwardState.of(award.state)]
    if given.get("with_surcharge") and ground in Recovery.NO_FAULT:
        return [_("受給者に責任のない返還には、加算金を付けられません。")]
    return []


def order_preview(award: Award, given: Given) -> list[tuple[str, str, str]]:
    return [
        (_("受給者が受け取れる額"), "", in_yen(award.payable)),
        (_("支払った額"), "", in_yen(paying.received(award))),
        (_("返還を命じる額"), "", in_yen(collecting.excess(award))),
        (_("加算金"), "", _("あり") if given.get("with_surcharge") else _("なし")),
    ]


def order_effect(award: Award, *, by: User, given: Given, approval: Approval) -> None:
    ground, words = WHY[AwardState.of(award.state)]
    collecting.order(
        award,
        ground=ground,
        reason=words,
        by=by,
        with_surcharge=bool(given.get("with_surcharge")),
    )


WAIVER_GROUNDS = {
    "council": _lazy("議会の議決（地方自治法96条1項10号）"),
    "decree": _lazy("履行延期をした債権の免除（地方自治法施行令171条の7）"),
    "ordinance": _lazy("条例の定め"),
}
CANCEL_GROUNDS = {
    "error": _lazy("命令の内容に誤りがあった（改めて命じます）"),
    "void": _lazy("もとの決定がなくなった（返還を求めません）"),
}


class WaiveForm(ReasonForm):
    ground = forms.ChoiceField(
        label=_lazy("免除の根拠"), choices=[*WAIVER_GROUNDS.items()], widget=forms.RadioSelect
    )
    proof = LongText(
        label=_lazy("根拠を示す資料"),
        rows=2,
        max_length=600,
        help_text=_lazy("議決の日と議案の番号、延期から経った年数と資力の調査、条例の条など。"),
    )
    field_order = ("ground", "proof", "reason")


class CancelForm(ReasonForm):
    ground = forms.ChoiceField(
        label=_lazy("取消しの根拠"), choices=[*CANCEL_GROUNDS.items()], widget=forms.RadioSelect
    )
    proof = LongText(label=_lazy("誤りなどを示す資料"), rows=2, max_length=600)
    field_order = ("ground", "proof", "reason")


def find_open(case: Case) -> Recovery | None:
    return next((row for row in collecting.rows_of.all(case) if row.state in Recovery.OWED), None)


def waive_misfits(recovery: Recovery, given: Given) -> list[str]:
    """令171条の7 lets go only of what was deferred."""
    if given["ground"] == "decree" and not recovery.agreed.exists():
        return [_("施行令171条の7による免除は、履行延期をした返還だけが対象です。")]
    return []


def waive_preview(recovery: Recovery, given: Given) -> list[tuple[str, str, str]]:
    """The principal that is let go, as the notice says it; what is left also grows with each day."""
    return [
        (_("免除する額"), in_yen(recovery.owed()["left"]), in_yen(0)),
        (_("うち返還額（元本）"), "", in_yen(_not_come(recovery))),
        (_("免除の根拠"), "", str(WAIVER_GROUNDS[str(given["ground"])])),
        (_("根拠を示す資料"), "", str(given["proof"])),
        (_("理由"), "", given["reason"]),
    ]


def _not_come(recovery: Recovery) -> int:
    """Yen of the principal that did not come in."""
    return recovery.principal - recovery.principal_back


def waive_effect(recovery: Recovery, *, by: User, given: Given, approval: Approval) -> None:
    recovery = perform(recovery, "waive", by=by, reason=given["reason"], ground=given["ground"])
    paying.close_settled([Award.objects.get(pk=recovery.award_id)], by=by)


def cancel_obstacles(recovery: Recovery) -> list[str]:
    return [_("納付の記録があるため、取り消せません。")] if recovery.came_back else []


def cancel_misfits(recovery: Recovery, given: Given) -> list[str]:
    """An order that follows from an ending or a fixing stays owed while that stands."""
    if given["ground"] == "void" and not recovery.lowered:
        return [
            _(
                "この返還は、交付決定の取消しや額の確定によるものです。もとの決定が続くあいだは、命令の誤りとしてだけ取り消せます。"
            )
        ]
    return []


def cancel_preview(recovery: Recovery, given: Given) -> list[tuple[str, str, str]]:
    return [
        (_("返還を命じた額"), in_yen(recovery.principal), in_yen(0)),
        (_("取消しの根拠"), "", str(CANCEL_GROUNDS[str(given["ground"])])),
        (_("誤りなどを示す資料"), "", str(given["proof"])),
        (_("理由"), "", given["reason"]),
    ]


def cancel_effect(recovery: Recovery, *, by: User, given: Given, approval: Approval) -> None:
    """Where the decision behind it fell away too, the recipient may have the sum again."""
    award = Award.objects.select_related("application__call", "case").get(pk=recovery.award_id)
    if given["ground"] == "void":
        restore(award, recovery.lowered, by=by, reason=given["reason"])
    perform(recovery, "cancel", by=by, reason=given["reason"])


# -- papers ----------------------------------------------------------------------------------------
HOW_TO_PAY = "納入通知書の調定番号を示して、指定金融機関または収納代理金融機関で納めてください。"


def recovery_facts(recovery: Recovery, **_given: object) -> dict[str, object]:
    """補助金返還命令書."""
    award = recovery.award
    items = [
        ["補助事業の名称", award.application.title],
        ["交付決定", _decision(award)],
        ["交付決定額", yen(award.awarded_amount)],
        *([["確定額", yen(award.fixed_amount)]] if award.fixed_amount is not None else []),
        ["支払った額", yen(_paid(award))],
        ["返還の理由", f"{dict(Recovery.GROUNDS)[recovery.ground]}\n{recovery.reason}"],
        ["返還額", yen(recovery.principal)],
        ["納期限", fiscal.era(recovery.due_on)],
        ["納める方法", HOW_TO_PAY],
    ]
    if recovery.with_surcharge:
        items.append(
            [
                "加算金",
                "\n".join(
                    award.stated.interest.surcharge_said(
                        f"{fiscal.era(part.on)}に受け取った{part.amount:,}円について"
                    )
                    for part in recovery.instalments_back
                ),
            ]
        )
    items.append(["延滞金", _late(award)])
    return frame(
        award.application,
        title="補助金返還命令書",
        body="次のとおり補助金の返還を命じますので、納期限までに納付してください。",
        body_en="You are ordered to return the subsidy as follows by the due date.",
        items=items,
        small=award.stated.appeal_text,
    )


def _late(award: Award) -> str:
    return award.stated.interest.arrears_said("納期限の翌日")


def _decision(award: Award) -> str:
    """The day and the number of the award's notice."""
    notice = award.case.notices.filter(kind="award").order_by("issued_at").first()
    number = f"　{notice.number}" if notice is not None else ""
    return f"{fiscal.era(award.awarded_on)}{number}"


def _paid(award: Award) -> int:
    return sum(row.amount for row in award.payments.all() if row.state == PaymentState.PAID)


def slip_facts(recovery: Recovery, **_given: object) -> dict[str, object]:
    """納入通知書: how much is to be paid, until when and how (地方自治法 231条, 施行令 154条)."""
    year = fiscal.era_fiscal_year(fiscal.fiscal_year(recovery.ordered_on))
    return frame(
        recovery.award.application,
        title="納入通知書",
        body="次の額を、納期限までに納めてください。",
        body_en="Please pay the sum below by the due date.",
        items=[
            ["調定番号", recovery.number],
            ["年度", year],
            ["納める理由", f"補助金の返還（{dict(Recovery.GROUNDS)[recovery.ground]}）"],
            ["納める額", yen(recovery.principal)],
            ["納期限", fiscal.era(recovery.due_on)],
            ["納める方法", HOW_TO_PAY],
            ["延滞金", _late(recovery.award)],
            ["根拠", "地方自治法第231条、地方自治法施行令第154条"],
        ],
        small="納めた日に加算金や延滞金があるときは、その額を後日お知らせします。",
    )


def cancelled_facts(recovery: Recovery, *, reason: str = "", **_given: object) -> dict[str, object]:
    """補助金返還命令取消通知書."""
    return frame(
        recovery.award.application,
        title="補助金返還命令取消通知書",
        body="次の補助金の返還の命令を取り消しましたので、通知します。この命令による納付は、しないでください。",
        body_en="The order below to return the subsidy has been cancelled. Please do not pay it.",
        items=[
            ["補助事業の名称", recovery.award.application.title],
            ["命じた日", fiscal.era(recovery.ordered_on)],
            ["調定番号", recovery.number],
            ["返還額", yen(recovery.principal)],
            ["取消しの理由", reason],
        ],
    )


def waiver_facts(
    recovery: Recovery, *, reason: str = "", ground: str = "", **_given: object
) -> dict[str, object]:
    return frame(
        recovery.award.application,
        title="補助金返還免除通知書",
        body="次のとおり補助金の返還を免除しましたので、通知します。",
        body_en="The return of the subsidy has been waived as follows.",
        items=[
            ["補助事業の名称", recovery.award.application.title],
            ["調定番号", recovery.number],
            ["免除した額", yen(_not_come(recovery))],
            ["免除の根拠", str(WAIVER_GROUNDS.get(ground, ""))],
            ["理由", reason],
        ],
    )


ORDER_BACK = Act(
    label=_lazy("返還の命令"),
    subject_model="grants_awards.Award",
    form=OrderForm,
    effect=order_effect,
    preview=order_preview,
    obstacles=order_obstacles,
    check=order_misfits,
    locks=endings.locks,
    notice="recovery",
    find=paying.award_with_money,
)
WAIVE = Act(
    label=_lazy("返還の免除"),
    subject_model="grants_recovery.Recovery",
    form=WaiveForm,
    effect=waive_effect,
    preview=waive_preview,
    obstacles=lambda _recovery: [],
    check=waive_misfits,
    locks=lambda r: [r.award, r],
    notice="waiver",
    find=find_open,
)
CANCEL_ORDER = Act(
    label=_lazy("返還命令の取消し"),
    subject_model="grants_recovery.Recovery",
    form=CancelForm,
    effect=cancel_effect,
    preview=cancel_preview,
    obstacles=cancel_obstacles,
    check=cancel_misfits,
    locks=lambda r: [*endings.locks(r.award), r],
    notice="order_cancelled",
    find=find_open,
)
DEFER = Act(
    label=_lazy("返還の履行延期"),
    subject_model="grants_recovery.Recovery",
    form=deferring.DeferForm,
    own=("plan",),
    effect=deferring.effect,
    preview=deferring.preview,
    obstacles=lambda _recovery: [],
    check=deferring.misfits,
    locks=lambda r: [r.award, r],
    notice="deferral",
    find=find_open,
)
