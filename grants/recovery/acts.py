"""The acts about money back: revoke in whole or in part, order a surplus back, waive; and their papers."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import NothingToFillIn, ReasonForm
from grants.applications.papers import frame, yen
from grants.awards import endings
from grants.awards.models import Award, award_of
from grants.awards.states import AwardState
from grants.payments import paying
from grants.recovery import collecting
from grants.recovery.models import Recovery
from portal import fiscal
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act
from portal.cases.models import Case
from portal.types import Given
from portal.ui.forms import LongText, Yen
from portal.ui.templatetags.ui import in_yen
from portal.workflow.door import perform


class RevokeForm(ReasonForm):
    """The ground and whether the recipient is at fault."""

    heard = LongText(
        label=_lazy("弁明の機会と内容"),
        rows=3,
        max_length=1000,
        help_text=_lazy("いつ、だれから、どのような弁明を聞いたか。"),
    )
    with_surcharge = forms.BooleanField(
        label=_lazy("加算金を付ける（受給者に責任があるとき）"), required=False
    )


class PartForm(RevokeForm):
    amount = Yen(label=_lazy("取り消す額（円）"))


def _received(award: Award) -> int:
    return paying.received(award) - collecting.open_principal(award)


def revoke_preview(award: Award, given: Given) -> list[tuple[str, str, str]]:
    rows = [
        (_("状態"), str(award.info.label), str(AwardState.REVOKED.label)),
        (_("返還を命じる額"), "", in_yen(_received(award))),
    ]
    return [
        *rows,
        (_("加算金"), "", _("あり") if given.get("with_surcharge") else _("なし")),
        (_("理由"), "", given["reason"]),
    ]


def revoke_effect(award: Award, *, by: User, given: Given, approval: Approval) -> None:
    """Revoke the whole award; what was paid is ordered back in the same transaction."""
    perform(award, "revoke", by=by, reason=given["reason"])
    if _received(award) > 0:
        collecting.order(
            award,
            ground="revoked",
            principal=_received(award),
            reason=given["reason"],
            by=by,
            with_surcharge=bool(given.get("with_surcharge")),
        )


def part_obstacles(award: Award) -> list[str]:
    if award.state not in Award.FIXED:
        return [_("額が確定したあとの補助事業で、一部を取り消せます。")]
    return [] if _received(award) > 0 else [_("支払った額がありません。")]


def part_misfits(award: Award, given: Given) -> list[str]:
    """Why the part cannot be revoked: it is nothing, or more than the recipient still has."""
    has = _received(award)
    if 0 < int(given["amount"]) <= has:
        return []
    return [
        _("取り消す額は、1円以上、受給者の手元にある%(has)s円までにしてください。")
        % {"has": f"{max(has, 0):,}"}
    ]


def part_preview(award: Award, given: Given) -> list[tuple[str, str, str]]:
    rows = [(_("返還を命じる額"), in_yen(_received(award)), in_yen(int(given["amount"])))]
    return [
        *rows,
        (_("加算金"), "", _("あり") if given.get("with_surcharge") else _("なし")),
        (_("理由"), "", given["reason"]),
    ]


def part_effect(award: Award, *, by: User, given: Given, approval: Approval) -> None:
    """A partial revocation is a record: the award keeps its state, and its part comes back."""
    collecting.order(
        award,
        ground="partly",
        principal=int(given["amount"]),
        reason=given["reason"],
        by=by,
        with_surcharge=bool(given.get("with_surcharge")),
    )


def surplus_obstacles(award: Award) -> list[str]:
    if (
        award.state != AwardState.AMOUNT_FIXED
        or paying.surplus(award) - collecting.open_principal(award) <= 0
    ):
        return [_("概算払が確定額を超えた案件だけで起案できます。")]
    return []


def surplus_preview(award: Award, _given: Given) -> list[tuple[str, str, str]]:
    rows = [
        (_("確定額"), "", in_yen(award.fixed_amount or 0)),
        (_("支払った額"), "", in_yen(paying.received(award))),
    ]
    return [
        *rows,
        (_("返還を命じる額"), "", in_yen(paying.surplus(award))),
        (_("加算金"), "", _("なし")),
    ]


def surplus_effect(award: Award, *, by: User, given: Given, approval: Approval) -> None:
    reason = "概算払で受け取った額が確定額を超えたため"
    collecting.order(award, ground="surplus", principal=paying.surplus(award), reason=reason, by=by)


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
    return recovery.principal - sum(row.amount for row in recovery.came_in())


def waive_effect(recovery: Recovery, *, by: User, given: Given, approval: Approval) -> None:
    perform(recovery, "waive", by=by, reason=given["reason"])


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


REVOKE = Act(
    label=_lazy("交付決定の取消し"),
    subject_model="grants_awards.Award",
    form=RevokeForm,
    own=("heard",),
    effect=revoke_effect,
    preview=revoke_preview,
    obstacles=endings.obstacles_to("revoke"),
    locks=endings.locks,
    notice="revocation",
    find=award_of,
)
REVOKE_PART = Act(
    label=_lazy("交付決定の一部の取消し"),
    subject_model="grants_awards.Award",
    form=PartForm,
    own=("heard", "amount"),
    effect=part_effect,
    preview=part_preview,
    sum_of=lambda _award, given: int(given.get("amount") or 0),
    obstacles=part_obstacles,
    locks=endings.locks,
    notice="recovery",
    find=award_of,
    check=part_misfits,
)
SURPLUS = Act(
    label=_lazy("概算払の精算による返還"),
    subject_model="grants_awards.Award",
    form=NothingToFillIn,
    effect=surplus_effect,
    preview=surplus_preview,
    obstacles=surplus_obstacles,
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
