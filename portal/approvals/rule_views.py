"""Pages of the rules of who decides what up to which sum (専決)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.approvals import rules
from portal.approvals.models.rules import RuleTable, in_force
from portal.approvals.rule_forms import RulesForm
from portal.approvals.ruling import EXAMPLE
from portal.registry.models import Municipality
from portal.types import SignedIn
from portal.workflow.access import proves_again, staff
from portal.workflow.writing import press, write


@staff()
def rule_list(request: SignedIn) -> HttpResponse:
    """Each municipality with the table in force, and what waits for a second pair of eyes."""
    every = list(Municipality.objects.all())
    tables = {table.municipality_id: table for table in in_force([row.pk for row in every])}
    proposals = RuleTable.objects.filter(closed_at=None).select_related(
        "municipality", "proposed_by"
    )
    return render(
        request,
        "portal/approvals/rules.html",
        {
            "ruled": [(row, tables[row.pk]) for row in every if row.pk in tables],
            "unruled": [row for row in every if row.pk not in tables],
            "proposals": [
                (table, rules.unheld(table.municipality, table.rules)) for table in proposals
            ],
        },
    )


@staff("administrator")
@proves_again
def rule_edit(request: SignedIn, code: str) -> HttpResponse:
    """A new table for one municipality: it begins with the one in force, or with the example."""
    municipality = get_object_or_404(Municipality, pk=code)
    now = in_force([code])
    return write(
        request,
        RulesForm(
            request.POST or None,
            rules=now[0].rules if now else list(EXAMPLE),
            deputy_after=now[0].deputy_after if now else None,
        ),
        lambda data: rules.propose(
            municipality, data["rules"], by=request.user, deputy_after=data["deputy_after"]
        ),
        template="portal/approvals/rules_edit.html",
        context={"municipality": municipality, "is_example": not now},
        done=_("専決の規則を提案しました。別の管理者が確認すると効きます。"),
        then="rule_list",
    )


@require_POST
@staff("administrator")
@proves_again
def rule_confirm(request: SignedIn, pk: int) -> HttpResponse:
    table = get_object_or_404(RuleTable, pk=pk)
    return press(
        request,
        lambda: rules.confirm(table, by=request.user),
        back="rule_list",
        done=_("専決の規則を確認しました。いまから効きます。"),
    )


@require_POST
@staff("administrator")
@proves_again
def rule_take_back(request: SignedIn, pk: int) -> HttpResponse:
    table = get_object_or_404(RuleTable, pk=pk)
    return press(
        request,
        lambda: rules.take_back(table, by=request.user),
        back="rule_list",
        done=_("提案を取り下げました。"),
    )
