"""The acts about money back beside the endings of awards: order back what is above, waive; and their papers."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import ReasonForm
from grants.applications.papers import frame, yen
from grants.awards.models import Award, award_of
from grants.awards.states import AwardState
from grants.payments import paying
from grants.recovery import collecting, endings
from grants.recovery.models import Recovery
from portal import fiscal
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act
from portal.cases.models import Case
from portal.types import Given
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


def find_open(case: Case) -> Recovery | None:
    return Recovery.objects.owed().filter(case=case).select_related("award", "case").first()


def waive_preview(recovery: Recovery, given: Given) -> list[tuple[str, str, str]]:
    """The principal that is let go, as the notice says it; what is left also grows with each day."""
    return [
        (_("免除する額"), in_yen(recovery.owed()["left"]), in_yen(0)),
        (_("うち返還額（元本）"), "", in_yen(_not_come(recovery))),
        (_("理由"), "", given["reason"]),
    ]


def _not_come(recovery: Recovery) -> int:
    """Yen of the principal that did not come in."""
    return recovery.principal - recovery.principal_back


def waive_effect(recovery: Recovery, *, by: User, given: Given, approval: Approval) -> None:
    recovery = perform(recovery, "waive", by=by, reason=given["reason"])
    paying.close_settled([Award.objects.get(pk=recovery.award_id)], by=by)


# -- papers ----------------------------------------------------------------------------------------
def recovery_facts(recovery: Recovery, **_given: object) -> dict[str, object]:
    """補助金返還命令書."""
    award = recovery.award
    items = [
        ["補助事業の名称", award.application.title],
        ["返還の理由", f"{dict(Recovery.GROUNDS)[recovery.ground]}\n{recovery.reason}"],
        ["返還額", yen(recovery.principal)],
        ["納期限", fiscal.era(recovery.due_on)],
    ]
    if recovery.with_surcharge:
        items.append(
            [
                "加算金",
                "\n".join(
                    f"{fiscal.era(part.on)}に受け取った{part.amount:,}円について、その日から納付の日までの日数に応じ、年10.95パーセントの割合を乗じた額"
                    for part in recovery.instalments_back
                ),
            ]
        )
    items.append(
        [
            "延滞金",
            "納期限の翌日から納付の日までの日数に応じ、未納額に年10.95パーセントの割合を乗じた額",
        ]
    )
    return frame(
        award.application,
        title="補助金返還命令書",
        body="次のとおり補助金の返還を命じますので、納期限までに納付してください。",
        body_en="You are ordered to return the subsidy as follows by the due date.",
        items=items,
        small=award.stated.appeal_text,
    )


def waiver_facts(recovery: Recovery, *, reason: str = "", **_given: object) -> dict[str, object]:
    return frame(
        recovery.award.application,
        title="補助金返還免除通知書",
        body="次のとおり補助金の返還を免除しましたので、通知します。",
        body_en="The return of the subsidy has been waived as follows.",
        items=[
            ["免除した額", yen(_not_come(recovery))],
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
    find=award_of,
)
WAIVE = Act(
    label=_lazy("返還の免除"),
    subject_model="grants_recovery.Recovery",
    form=ReasonForm,
    effect=waive_effect,
    preview=waive_preview,
    obstacles=lambda _recovery: [],
    locks=lambda r: [r.award, r],
    notice="waiver",
    find=find_open,
)
