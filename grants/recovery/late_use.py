"""違約金: what was acquired with the aid was used later than promised. Where the programme states a rate,
what the recipient may have becomes less by decision, and that is ordered back.
"""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.awards.lowering import lower
from grants.awards.models import Award
from grants.payments import paying, settling
from grants.programmes.interest import percent_said
from grants.recovery import collecting, endings, hearing
from grants.recovery.hearing import HearingForm
from grants.recovery.ports import used_late
from grants.recovery.states import RecoveryState
from portal import clock
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act
from portal.days import day_said
from portal.types import Given
from portal.ui.forms import Day
from portal.ui.templatetags.ui import in_yen


class LateUseForm(HearingForm):
    promised = Day(label=_lazy("使い始める期限"))
    used = Day(label=_lazy("使い始めた日"))
    field_order = ("promised", "used", *hearing.FIELDS, "reason")

    def clean(self) -> Given:
        """A draft keeps texts."""
        data = super().clean() or {}
        days = {name: data[name] for name in ("promised", "used") if data.get(name)}
        return data | {name: day.isoformat() for name, day in days.items()}


def proposed(award: Award) -> Given:
    """The days, as the report of use says them."""
    found = used_late.value(award)
    return {} if found is None else {"promised": str(found[0]), "used": str(found[1])}


def _days(given: Given) -> tuple[date, date]:
    return date.fromisoformat(given["promised"]), date.fromisoformat(given["used"])


def fine(award: Award, given: Given) -> int:
    """Yen: of what the recipient has, for each day after the promised one until it was used."""
    promised, used = _days(given)
    most = max(min(settling.received(award), award.payable), 0)
    asked = award.stated.interest.late_use(most, (used - promised).days)
    return min(asked, most)


def obstacles(award: Award) -> list[str]:
    if not award.stated.interest.late_use_rate:
        return [_("この制度には、使用が遅れたときの違約金の定めがありません。")]
    if award.state not in Award.FIXED:
        return [_("「%(state)s」の状態ではできません。") % {"state": award.info.label}]
    stands = award.recoveries.filter(ground="late_use").exclude(state=RecoveryState.CANCELLED)
    if stands.exists():
        return [_("使用の遅れによる違約金は、すでに命じています。")]
    return paying.under_way(award)


def misfits(award: Award, given: Given) -> list[str]:
    promised, used = _days(given)
    if not award.awarded_on <= promised < used <= clock.today():
        return [
            _("期限は交付の決定の日以後、使い始めた日は期限より後で今日までの日にしてください。")
        ]
    if not fine(award, given):
        return [_("違約金の額が、1円に満ちません。")]
    return hearing.misfits(award, given)


def preview(award: Award, given: Given) -> list[tuple[str, str, str]]:
    promised, used = _days(given)
    return [
        (_("使い始める期限"), "", day_said(promised)),
        (_("使い始めた日"), "", day_said(used)),
        (_("遅れた日数"), "", _("%(n)s日") % {"n": (used - promised).days}),
        (_("年の割合"), "", f"{percent_said(award.stated.interest.late_use_rate)}%"),
        (_("返還を命じる額"), "", in_yen(fine(award, given))),
        *hearing.shown(award, given),
        (_("理由"), "", given["reason"]),
    ]


def effect(award: Award, *, by: User, given: Given, approval: Approval) -> None:
    yen, (promised, used) = fine(award, given), _days(given)
    law = award.stated.interest
    reason = f"{given['reason']}\n{law.late_use_told(promised, used, yen)}"
    lower(award, yen, by=by, reason=reason)
    collecting.order(
        award, ground="late_use", reason=reason, by=by, lowered=yen, heard=hearing.kept(given)
    )


LATE_USE = Act(
    label=_lazy("使用の遅れによる違約金"),
    subject_model="grants_awards.Award",
    form=LateUseForm,
    own=("promised", "used", *hearing.FIELDS),
    choices=hearing.choices,
    proposes=proposed,
    effect=effect,
    preview=preview,
    obstacles=obstacles,
    check=misfits,
    locks=endings.locks,
    notice="recovery",
    find=paying.award_with_money,
    sum_of=lambda award, given: fine(award, given) if given.get("used") else 0,
)
