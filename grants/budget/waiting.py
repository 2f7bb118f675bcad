"""What of the budget was proposed and waits for another person, as their inbox says it."""

from collections.abc import Callable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.budget import owing
from grants.budget.access import lines_kept
from grants.budget.models import CHANGERS, BudgetChange, ClassificationProposal
from portal.accounts.models import User
from portal.cases.ports import Beside
from portal.together import Ask


def of_lines(user: User, ask: Ask) -> Callable[[], Beside | None]:
    """Changes and classifications that somebody else proposed of lines which the person may change."""
    if not user.has_role(*CHANGERS):
        return lambda: None
    lines = lines_kept(user).values("pk")
    changes = BudgetChange.objects.filter(Q(to=None) | Q(to__in=lines), line__in=lines)
    placed = ClassificationProposal.objects.filter(line__in=lines)
    counts = [
        ask.count(rows.filter(closed_at=None).exclude(proposed_by=user))
        for rows in (changes, placed)
    ]
    return lambda: _said(sum(n() for n in counts), "budget_list")


def of_debts(user: User, ask: Ask) -> Callable[[], Beside | None]:
    """The same of 債務負担行為."""
    if not user.has_role(*CHANGERS):
        return lambda: None
    n = ask.count(owing.seen_by(user, *CHANGERS).filter(closed_at=None).exclude(proposed_by=user))
    return lambda: _said(n(), "debt_list")


def _said(n: int, page: str) -> Beside | None:
    if not n:
        return None
    text = {
        "budget_list": _("予算の提案が%(n)s件、別の職員の確認を待っています。"),
        "debt_list": _("債務負担行為の提案が%(n)s件、別の職員の確認を待っています。"),
    }
    return Beside(text=text[page] % {"n": n}, link=_("確かめる"), url=reverse(page))
