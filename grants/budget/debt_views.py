"""The page of 債務負担行為: what may be promised of later years, and its proposals."""

from typing import TYPE_CHECKING

from django import forms
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from grants.budget import owing
from grants.budget.debts import DebtAct
from grants.budget.models import CHANGERS, BudgetLine
from grants.budget.panels import READERS
from grants.programmes.models import Programme
from grants.programmes.states import ProgrammeState
from portal import clock, fiscal
from portal.accounts.models import User
from portal.registry.models import Municipality
from portal.types import Sent, SignedIn
from portal.ui.forms import Text, Year, Yen
from portal.workflow.access import staff
from portal.workflow.errors import Forbidden
from portal.workflow.writing import press, write

if TYPE_CHECKING:
    ChoiceOfProgramme = forms.ModelChoiceField[Programme]
else:
    ChoiceOfProgramme = forms.ModelChoiceField


class ProgrammeChoice(ChoiceOfProgramme):
    """One of the programmes in force, without the number of its revision."""

    def label_from_instance(self, obj: Programme) -> str:
        return str(obj.name)


class DebtForm(forms.Form):
    """What the council resolved: for which programme, of which later year, up to how much."""

    programme = ProgrammeChoice(
        Programme.objects.filter(state=ProgrammeState.APPROVED).order_by("order"),
        label=_lazy("制度"),
        empty_label=None,
    )
    town = forms.ModelChoiceField(
        Municipality.objects.all(),
        label=_lazy("支払う市町村"),
        required=False,
        empty_label=_lazy("制度のとおり"),
    )
    fiscal_year = Year(label=_lazy("決定する年度（西暦）"))
    spent_in = Year(label=_lazy("支払う年度（西暦）"))
    limit_amount = Yen(label=_lazy("限度額（円）"), least=1)
    ground = Text(label=_lazy("根拠（議決の日、事項）"), max_length=120)

    def __init__(self, data: Sent = None) -> None:
        year = fiscal.fiscal_year(clock.today())
        super().__init__(data, initial={"fiscal_year": year, "spent_in": year + 1})


@staff(*READERS)
def debt_list(request: SignedIn) -> HttpResponse:
    """Each with what calls hold of it; finance officers propose one here."""
    may_write = request.user.has_role(*CHANGERS)
    if request.method == "POST" and not may_write:
        raise Forbidden(_("経理担当の職務です。"))

    def context() -> dict[str, object]:
        return {"rows": _rows(request.user), "may_write": may_write}

    if not may_write:
        return render(request, "grants/budget/debts.html", context())
    return write(
        request,
        DebtForm(request.POST or None),
        lambda typed: owing.propose(
            typed["programme"],
            fiscal_year=typed["fiscal_year"],
            spent_in=typed["spent_in"],
            limit_amount=typed["limit_amount"],
            ground=typed["ground"],
            municipality_codes=[typed["town"].pk] if typed["town"] else [],
            by=request.user,
        ),
        template="grants/budget/debts.html",
        context=context,
        done=_("提案しました。別の職員が確認すると、公募回で使えます。"),
        then=reverse("debt_list"),
        once=True,
    )


def _rows(user: User) -> list[tuple[DebtAct, str, int]]:
    """(act, name of its programme, yen that calls hold of it), without proposals that were closed."""
    debts = owing.seen_by(user, *READERS).select_related("proposed_by")
    held = dict(
        BudgetLine.objects.exclude(debt=None)
        .order_by()
        .values_list("debt")
        .annotate(n=Sum("appropriated"))
    )
    names = {p.code: p.name for p in Programme.objects.filter(state=ProgrammeState.APPROVED)}
    return [
        (debt, names.get(debt.programme_code, debt.programme_code), held.get(debt.pk, 0))
        for debt in debts
        if debt.is_confirmed or debt.closed_at is None
    ]


@require_POST
@staff(*CHANGERS)
def debt_confirm(request: SignedIn, pk: int) -> HttpResponse:
    debt = get_object_or_404(owing.seen_by(request.user, *CHANGERS), pk=pk)
    return press(
        request,
        lambda: owing.confirm(debt, by=request.user),
        back=reverse("debt_list"),
        done=_("確認しました。公募回で使えます。"),
    )


@require_POST
@staff(*CHANGERS)
def debt_take_back(request: SignedIn, pk: int) -> HttpResponse:
    debt = get_object_or_404(owing.seen_by(request.user, *CHANGERS), pk=pk)
    return press(
        request,
        lambda: owing.take_back(debt, by=request.user),
        back=reverse("debt_list"),
        done=_("提案を取り下げました。"),
    )
