"""The acts about money back beside the endings of awards: order back what is above, waive, defer."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import ReasonForm
from grants.awards.lowering import restore
from grants.awards.models import Award
from grants.awards.states import AwardState
from grants.payments import paying, settling
from grants.recovery import collecting, deferring, endings
from grants.recovery.models import Recovery
from grants.recovery.papers import WAIVER_GROUNDS, let_go, not_come
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
        (_("支払った額"), "", in_yen(settling.received(award))),
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
        (_("免除する額"), in_yen(let_go(recovery)), in_yen(0)),
        (_("うち返還額（元本）"), "", in_yen(not_come(recovery))),
        (_("免除の根拠"), "", str(WAIVER_GROUNDS[str(given["ground"])])),
        (_("根拠を示す資料"), "", str(given["proof"])),
        (_("理由"), "", given["reason"]),
    ]


def waive_effect(recovery: Recovery, *, by: User, given: Given, approval: Approval) -> None:
    recovery = perform(recovery, "waive", by=by, reason=given["reason"], ground=given["ground"])
    settling.close_settled([Award.objects.get(pk=recovery.award_id)], by=by)


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
    sum_of=lambda award, _given: collecting.excess(award),
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
    sum_of=lambda recovery, _given: let_go(recovery),
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
    sum_of=lambda recovery, _given: recovery.principal,
)
DEFER = Act(
    label=_lazy("返還の履行延期"),
    subject_model="grants_recovery.Recovery",
    form=deferring.DeferForm,
    own=("plan", "reason"),
    proposes=deferring.proposed,
    effect=deferring.effect,
    preview=deferring.preview,
    obstacles=lambda _recovery: [],
    check=deferring.misfits,
    locks=lambda r: [r.award, r],
    notice="deferral",
    find=find_open,
    sum_of=lambda recovery, _given: not_come(recovery),
)
