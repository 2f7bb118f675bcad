"""How an award ends, or becomes less, before its time: given up, cancelled for changed circumstances,
revoked in whole or in part. Whatever the recipient has above what it may have then is ordered back by
the same decision.
"""

from collections.abc import Callable

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import ReasonForm
from grants.awards.changes import ChangeRequest
from grants.awards.lowering import lower
from grants.awards.models import Award
from grants.awards.pausing import obstacles_to
from grants.awards.states import AwardState, ChangeState
from grants.budget.models import lines_of, spent
from grants.payments import paying, settling
from grants.recovery import broken, collecting, hearing, outgoing
from grants.recovery.hearing import HearingForm
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act
from portal.types import Given
from portal.ui.forms import Yen
from portal.ui.templatetags.ui import in_yen
from portal.workflow.door import perform, send_out

# the transition of each ending → why money comes back
GROUNDS = {"abandon": "abandoned", "cancel": "circumstances", "revoke": "revoked"}


class EndingForm(ReasonForm):
    """Nobody is at fault: of an advance, what was done for it may be kept."""

    kept = Yen(
        label=_lazy("返さなくてよい額（円）"),
        required=False,
        help_text=_lazy(
            "概算払をした案件で、それまでに行った事業の分として認める額です。空けておくと、支払った額の全部の返還を命じます。"
        ),
    )


class RevokeForm(HearingForm):
    """The ground, what was broken, how the recipient was heard and whether it is at fault."""

    broken = forms.MultipleChoiceField(
        label=_lazy("反した条件（通知書に、条と載ります）"), widget=forms.CheckboxSelectMultiple
    )
    with_surcharge = forms.BooleanField(
        label=_lazy("加算金を付ける（受給者に責任があるとき）"), required=False
    )
    field_order = ("reason", "broken")


class PartForm(RevokeForm):
    amount = Yen(label=_lazy("取り消す額（円）"))


def locks(award: Award) -> list[models.Model]:
    return [award, *lines_of(award.application.call, award.frame)]


def _kept(given: Given) -> int:
    return int(given.get("kept") or 0)


def kept_misfits(award: Award, given: Given) -> list[str]:
    """Nobody keeps more than it got, and may have."""
    most = max(min(settling.received(award), award.payable), 0)
    if _kept(given) <= most:
        return []
    return [_("返さなくてよい額は、支払った%(most)s円までです。") % {"most": f"{most:,}"}]


def preview(name: str) -> Callable[[Award, Given], list[tuple[str, str, str]]]:
    def rows(award: Award, given: Given) -> list[tuple[str, str, str]]:
        target = AwardState.of(award.specs()[name].target).label
        back = award.payable - spent(award.case)
        return [
            (_("状態"), str(award.info.label), str(target)),
            (_("予算に戻る額"), "", in_yen(max(back, 0))),
            *_ordered(award, _kept(given), given),
            *_broken(award, given),
            *hearing.shown(award, given),
            (_("理由"), "", str(given.get("reason", ""))),
        ]

    return rows


def _broken(award: Award, given: Given) -> list[tuple[str, str, str]]:
    return [(_("反した条件"), "", row.said) for row in broken.chosen(award, given)]


def _ordered(award: Award, payable: int, given: Given) -> list[tuple[str, str, str]]:
    """What is ordered back once the recipient may have `payable` yen."""
    back = collecting.excess(award, payable)
    if back <= 0:
        return []
    surcharge = _("あり") if given.get("with_surcharge") else _("なし")
    return [(_("返還を命じる額"), "", in_yen(back)), (_("加算金"), "", surcharge)]


def run(name: str) -> Callable[..., None]:
    def effect(award: Award, *, by: User, given: Given, approval: Approval) -> None:
        """End the award; what was paid and may not be kept is ordered back in the same transaction."""
        award = perform(
            award,
            name,
            by=by,
            reason=given["reason"],
            kept=_kept(given),
            broken=given.get("broken"),
            **hearing.kept(given),
        )
        asked = ChangeRequest.objects.filter(
            award=award, kind="abandon", state=ChangeState.SUBMITTED
        ).first()
        if asked is not None and name == "abandon":
            perform(asked, "approve", by=by)
        collecting.order(
            award,
            ground=GROUNDS[name],
            reason=given["reason"],
            by=by,
            with_surcharge=name == "revoke" and bool(given.get("with_surcharge")),
        )

    return effect


def _choices(award: Award) -> dict[str, list[tuple[str, str]]]:
    return broken.choices(award) | hearing.choices(award)


def revoke_misfits(award: Award, given: Given) -> list[str]:
    return [*broken.misfits(award, given), *hearing.misfits(award, given)]


def part_obstacles(award: Award) -> list[str]:
    if award.state not in Award.LIVE:
        return [_("「%(state)s」の状態ではできません。") % {"state": award.info.label}]
    return paying.under_way(award)


def part_misfits(award: Award, given: Given) -> list[str]:
    """Why the part cannot be revoked: it is nothing, or all that the recipient may have; or what was
    broken binds nobody.
    """
    wrong = revoke_misfits(award, given)
    if 0 < int(given["amount"]) < award.payable:
        return wrong
    return [
        *wrong,
        _(
            "取り消す額は、1円以上、受給者が受け取れる額（%(most)s円）より少なくしてください。全部のときは「交付決定の取消し」で起案します。"
        )
        % {"most": f"{award.payable:,}"},
    ]


def part_preview(award: Award, given: Given) -> list[tuple[str, str, str]]:
    left = award.payable - int(given["amount"])
    return [
        (_("受給者が受け取れる額"), in_yen(award.payable), in_yen(left)),
        *_ordered(award, left, given),
        *_broken(award, given),
        *hearing.shown(award, given),
        (_("理由"), "", given["reason"]),
    ]


def part_effect(award: Award, *, by: User, given: Given, approval: Approval) -> None:
    """The award keeps its state; what it may have becomes less, and what is above it comes back."""
    lower(award, int(given["amount"]), by=by, reason=given["reason"])
    collecting.order(
        award,
        ground="partly",
        reason=given["reason"],
        by=by,
        with_surcharge=bool(given.get("with_surcharge")),
        lowered=int(given["amount"]),
    )
    send_out(
        award,
        outgoing.PART_REVOKED,
        amount=int(given["amount"]),
        reason=given["reason"],
        broken=given.get("broken"),
        **hearing.kept(given),
    )
    settling.close_settled([award], by=by)


ABANDON = Act(
    label=_lazy("廃止の承認"),
    subject_model="grants_awards.Award",
    form=EndingForm,
    own=("kept",),
    effect=run("abandon"),
    preview=preview("abandon"),
    obstacles=obstacles_to("abandon"),
    check=kept_misfits,
    locks=locks,
    notice="abandonment",
    find=paying.award_with_money,
)
CANCEL = Act(
    label=_lazy("事情の変更による取消し"),
    subject_model="grants_awards.Award",
    form=EndingForm,
    own=("kept",),
    effect=run("cancel"),
    preview=preview("cancel"),
    obstacles=obstacles_to("cancel"),
    check=kept_misfits,
    locks=locks,
    notice="revocation",
    find=paying.award_with_money,
)
REVOKE = Act(
    label=_lazy("交付決定の取消し"),
    subject_model="grants_awards.Award",
    form=RevokeForm,
    own=("broken", *hearing.FIELDS),
    choices=_choices,
    check=revoke_misfits,
    effect=run("revoke"),
    preview=preview("revoke"),
    obstacles=obstacles_to("revoke"),
    locks=locks,
    notice="revocation",
    find=paying.award_with_money,
)
REVOKE_PART = Act(
    label=_lazy("交付決定の一部の取消し"),
    subject_model="grants_awards.Award",
    form=PartForm,
    own=("broken", *hearing.FIELDS, "amount"),
    choices=_choices,
    effect=part_effect,
    preview=part_preview,
    sum_of=lambda _award, given: int(given.get("amount") or 0),
    obstacles=part_obstacles,
    locks=locks,
    notice="partial_revocation",
    find=paying.award_with_money,
    check=part_misfits,
)
