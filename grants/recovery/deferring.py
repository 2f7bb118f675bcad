"""履行延期 (地方自治法施行令 171条の6): the parts in which money comes back later, as they are typed, and the
act that agrees to them.
"""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.recovery.models import Recovery
from portal import clock, parsing
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.days import day_said
from portal.interest import PaidIn
from portal.parsing import Unclear
from portal.types import Given
from portal.ui.forms import LongText
from portal.ui.templatetags.ui import in_yen
from portal.workflow.door import perform

GROUNDS = {
    "means": _lazy("資力がないか、それに近い（第1号）"),
    "at_once": _lazy("一時に納めることが難しく、延ばすほうが徴収に有利（第2号）"),
    "disaster": _lazy("災害、盗難その他の事故（第3号）"),
    "good_faith": _lazy("返還金で、一時に納めることが難しく、特に誠意がある（第4号）"),
}


def parts_of(text: str) -> list[PaidIn]:
    """One part a line: its day, then yen, in any spelling. Raises ValidationError naming the line."""
    found = []
    for n, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        day, _gap, amount = parsing.folded(line).rpartition(" ")
        try:
            found.append(PaidIn(parsing.day(day), parsing.yen(amount)))
        except Unclear as unclear:
            raise forms.ValidationError(
                _("%(n)s行目を読み取れません。「2027年1月31日 50000」のように書いてください。"),
                params={"n": n},
            ) from unclear
    return found


class DeferForm(forms.Form):
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
            "1行に1回ずつ、日と額（円）を書きます。例：2027年1月31日 50000。合計は、まだ納められていない返還額と同じにします。"
        ),
    )

    def clean_plan(self) -> str:
        text = str(self.cleaned_data["plan"])
        parts_of(text)
        return text


def misfits(recovery: Recovery, given: Given) -> list[str]:
    """Why the parts do not fit what is left: a day that is not to come, days that do not follow one
    another, another sum.
    """
    parts = parts_of(str(given["plan"]))
    left = recovery.principal - recovery.principal_back
    days = [part.on for part in parts]
    found = []
    if any(day <= clock.today() for day in days):
        found.append(_("納める日は、今日より後の日にしてください。"))
    if sorted(set(days)) != days:
        found.append(_("納める日は、早い順に、同じ日がないように書いてください。"))
    if (total := sum(part.amount for part in parts)) != left:
        found.append(
            _("分けた額の合計（%(total)s円）が、残りの返還額（%(left)s円）と違います。")
            % {"total": f"{total:,}", "left": f"{left:,}"}
        )
    return found


def preview(recovery: Recovery, given: Given) -> list[tuple[str, str, str]]:
    owed = recovery.owed()
    parts = parts_of(str(given["plan"]))
    rows = [
        (_("%(n)s回目") % {"n": n}, day_said(part.on), in_yen(part.amount))
        for n, part in enumerate(parts, 1)
    ]
    return [
        (_("残りの返還額"), "", in_yen(recovery.principal - recovery.principal_back)),
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
        parts=parts_of(str(given["plan"])),
    )
