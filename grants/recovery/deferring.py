"""履行延期 (地方自治法施行令 171条の6): the parts in which money comes back later, as they are typed, and the
act that agrees to them.
"""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.recovery.models import LaterRequest, Recovery
from grants.recovery.states import LaterState
from portal import clock, parsing
from portal.accounts.models import User
from portal.accounts.permissions import Applicant
from portal.approvals.models import Approval
from portal.closures import calendars
from portal.days import day_said
from portal.interest import PaidIn
from portal.parsing import Doubt, Unclear
from portal.types import Given
from portal.ui.forms import LongText
from portal.ui.templatetags.ui import in_yen
from portal.workflow.door import begin, perform
from portal.workflow.errors import NotReady

GROUNDS = {
    "means": _lazy("資力がないか、それに近い（第1号）"),
    "at_once": _lazy("一時に納めることが難しく、延ばすほうが徴収に有利（第2号）"),
    "disaster": _lazy("災害、盗難その他の事故（第3号）"),
    "good_faith": _lazy("返還金で、一時に納めることが難しく、特に誠意がある（第4号）"),
}
NOT_TO_COME = _lazy("納める日は、今日より後の日にしてください。")
# the decree names no limit but for who has no means (令171条の7: let go after ten years)
FAR = timedelta(days=3653)
TOO_FAR = _lazy("納める日は、今日から10年以内の日にしてください。")


def parts_of(text: str) -> list[PaidIn]:
    """One part a line: its day, then yen, in any spelling. Raises ValidationError naming the line."""
    found = []
    for n, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        day, _gap, amount = parsing.folded(line).rpartition(" ")
        try:
            part = PaidIn(parsing.day(day), parsing.yen(amount))
            if not part.amount:
                raise Unclear(Doubt.NO_NUMBER)
        except Unclear as unclear:
            raise forms.ValidationError(
                _("%(n)s行目を読み取れません。「2027年1月29日 50000」のように書いてください。"),
                params={"n": n},
            ) from unclear
        found.append(part)
    return found


class PlanForm(forms.Form):
    """A form with a `plan`: one part a line."""

    def clean_plan(self) -> str:
        text = str(self.cleaned_data["plan"])
        parts_of(text)
        return text


class DeferForm(PlanForm):
    ground = forms.ChoiceField(
        label=_lazy("延期の理由（地方自治法施行令171条の6第1項）"),
        choices=[*GROUNDS.items()],
        widget=forms.RadioSelect,
    )
    reason = LongText(label=_lazy("事情と、それを示す資料"), rows=3, max_length=1000)
    plan = LongText(
        label=_lazy("納める日と額"),
        rows=4,
        max_length=2000,
        help_text=_lazy(
            "1行に1回ずつ、日と額（円）を書きます。例：2027年1月29日 50000。合計は、まだ納められていない返還額と同じにします。閉庁日を書くと、次の開庁日が納める日になります。"
        ),
    )


def agreed(recovery: Recovery, given: Given) -> list[PaidIn]:
    """The parts as they fall due: on a day on which the office is open (地方自治法 4条の2第4項)."""
    office = calendars.of_case(recovery.case)
    return [PaidIn(office.next_open(part.on), part.amount) for part in parts_of(str(given["plan"]))]


class LaterForm(PlanForm):
    """What a firm asks for that cannot pay in time."""

    reason = LongText(
        label=_lazy("納期限までに納められない事情"),
        rows=4,
        max_length=1000,
        help_text=_lazy("収入や資金繰りの状況を書いてください。資料は、市から改めてお願いします。"),
    )
    plan = LongText(
        label=_lazy("納められる日と額"),
        rows=3,
        max_length=1000,
        help_text=_lazy(
            "1行に1回ずつ、日と額（円）を書きます。例：2027年1月29日 50000。合計は、まだ納められていない返還額と同じにします。閉庁日を書くと、次の開庁日が納める日になります。"
        ),
    )

    def clean_plan(self) -> str:
        text = super().clean_plan()
        if are_over(parts_of(text)):
            raise forms.ValidationError(NOT_TO_COME)
        if are_far(parts_of(text)):
            raise forms.ValidationError(TOO_FAR)
        return text


def are_over(parts: list[PaidIn]) -> bool:
    return any(part.on <= clock.today() for part in parts)


def are_far(parts: list[PaidIn]) -> bool:
    return any(part.on > clock.today() + FAR for part in parts)


def to_split(recovery: Recovery) -> int:
    """Yen of the principal still to come: what the parts add up to. Interest is paid beside them."""
    return recovery.principal - recovery.principal_back


def next_amount(recovery: Recovery) -> int:
    """Yen that are to come next: of what was agreed in parts the next one, else all that is left."""
    left = recovery.owed()["left"]
    if not recovery.agreed.all():
        return left
    day_after = recovery.next_due + timedelta(days=1)
    part = recovery.plans[-1].due_before(day_after) - recovery.principal_back
    return min(part, left) if part > 0 else left


def misfits(recovery: Recovery, given: Given) -> list[str]:
    """Why the parts do not fit what is left: a day that is not to come, days that do not follow one
    another, another sum.
    """
    parts, left = agreed(recovery, given), to_split(recovery)
    days = [part.on for part in parts]
    found = []
    if are_over(parts_of(str(given["plan"]))):
        found.append(str(NOT_TO_COME))
    if are_far(parts_of(str(given["plan"]))):
        found.append(str(TOO_FAR))
    if is_withdrawn(recovery, given):
        found.append(
            _(
                "申請者は、この事情による申し出を取り下げています。申請者に確かめ、起案し直すときは事情を書き直してください。"
            )
        )
    if sorted(set(days)) != days:
        found.append(_("納める日は、早い順に、同じ日がないように書いてください。"))
    if (total := sum(part.amount for part in parts)) != left:
        found.append(
            _("分けた額の合計（%(total)s円）が、残りの返還額（%(left)s円）と違います。")
            % {"total": f"{total:,}", "left": f"{left:,}"}
        )
    return found


def is_withdrawn(recovery: Recovery, given: Given) -> bool:
    """Are the words those of a request that its firm took back while the draft went round?"""
    last = max(recovery.later_requests.all(), key=lambda row: row.pk, default=None)
    is_back = last is not None and last.state == LaterState.WITHDRAWN
    return is_back and last is not None and given.get("reason") == last.reason


def preview(recovery: Recovery, given: Given) -> list[tuple[str, str, str]]:
    owed = recovery.owed()
    parts = agreed(recovery, given)
    rows = [
        (_("%(n)s回目") % {"n": n}, day_said(part.on), in_yen(part.amount))
        for n, part in enumerate(parts, 1)
    ]
    return [
        (_("残りの返還額"), "", in_yen(to_split(recovery))),
        (_("今日までの加算金（別に納めます）"), "", in_yen(owed["surcharge"])),
        (_("今日までの延滞金（残ります）"), "", in_yen(owed["arrears"])),
        *rows,
        (_("延期の理由"), "", str(GROUNDS[str(given["ground"])])),
        (_("事情と、それを示す資料"), "", str(given["reason"])),
    ]


def effect(recovery: Recovery, *, by: User, given: Given, approval: Approval) -> None:
    perform(
        recovery,
        "defer",
        by=by,
        reason=str(given["reason"]),
        ground=str(given["ground"]),
        parts=agreed(recovery, given),
    )


# -- a firm asks for it -----------------------------------------------------------------------------
def may_ask(user: User, recovery: Recovery) -> bool:
    """Who acts for the firm, while something is left; at the counter the officer drafts at once."""
    return (
        recovery.state in Recovery.OWED
        and not user.is_office
        and recovery.owed()["left"] > 0
        and not Applicant().reasons(user, recovery)
    )


def asked(recovery: Recovery) -> LaterRequest | None:
    """What waits for an answer."""
    return next((row for row in recovery.later_requests.all() if row.is_live), None)


def proposed(recovery: Recovery) -> Given:
    """What a draft begins with: as the firm asked for it."""
    request = asked(recovery)
    return {"plan": request.as_typed, "reason": request.reason} if request else {}


def ask(recovery: Recovery, *, reason: str, plan: str, by: User) -> LaterRequest:
    """Say to the office why one cannot pay in time and in which parts one could. No day moves by it.

    Raises NotReady where the parts do not fit what is left (`misfits`).
    """
    given: Given = {"plan": plan}
    if reasons := misfits(recovery, given):
        raise NotReady(*reasons)
    parts = agreed(recovery, given)
    return begin(LaterRequest, by=by, recovery=recovery, plan=parts, reason=reason)


def moved(recovery: Recovery, plan: str) -> list[tuple[str, str]]:
    """The days on which the office is closed, each with the day that it became."""
    pairs = zip(parts_of(plan), agreed(recovery, {"plan": plan}), strict=True)
    return [(day_said(typed.on), day_said(part.on)) for typed, part in pairs if typed.on != part.on]
