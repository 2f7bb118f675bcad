"""Used later than promised: what the report of use says of the day on which it began. Where the programme
states a fine (違約金), the office drafts it, or says why not.
"""

from collections.abc import Callable, Iterable
from datetime import date

from django.utils.translation import gettext as _

from grants.awards.models import Award
from grants.followup.models import Filing
from grants.followup.signals import Signal
from grants.followup.states import FilingState
from portal.days import day_said

KEY = "late_use"  # of its signal, which is set aside with a reason; and of the order's ground
SAYS = (FilingState.SUBMITTED, FilingState.ACCEPTED)


def late(award: Award, filings: Callable[[], Iterable[Filing]]) -> tuple[date, date] | None:
    """(the last day of the project, the first day of use), where that is later; None also where the
    programme asks no fine, which reads no filings.
    """
    if not award.stated.interest.late_use_rate:
        return None
    told = [row.content.get("started_on") for row in filings() if row.state in SAYS]
    used = max((date.fromisoformat(day) for day in told if day), default=award.project_ends_on)
    return (award.project_ends_on, used) if used > award.project_ends_on else None


def of_award(award: Award) -> tuple[date, date] | None:
    return late(award, award.filings.all)


def signal(promised: date, used: date) -> Signal:
    why = _(
        "利用状況の報告では、使い始めた日（%(used)s）が、事業の期間の終わり（%(promised)s）より後です。違約金を起案してください。求めないときは、その理由を残してください。"
    )
    said = why % {"used": day_said(used), "promised": day_said(promised)}
    return Signal(KEY, _("使用の遅れ"), said)
