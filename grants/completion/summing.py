"""What a report comes to, and whether that is still what the inspector saw."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from grants.completion import cuts, rules
from portal.money import Aid, eligible_total, fixed
from portal.ui.templatetags.ui import in_yen

if TYPE_CHECKING:
    from grants.completion.models import CompletionReport


def aid(report: "CompletionReport", items: Iterable[rules.Item]) -> Aid:
    """The amount to be fixed by these items:
    eligible cost after the cuts that stand and caps of groups, then the formula.
    """
    rows, terms = list(items), report.award.terms
    cut = cuts.by_item(cuts.held(report.cuts.all(), rows))
    by_category = rules.by_category(rows, cut)
    return fixed(
        eligible_total(by_category, terms.group_caps),
        terms,
        report.award.payable,
        floor_at_fixing=report.award.stated.floor_at_fixing,
    )


def not_as_inspected(report: "CompletionReport") -> list[str]:
    """Why an inspected report is to be looked at anew: whatever it was that moved its sum since."""
    now, seen = aid(report, cuts.as_sent(report)).amount, report.inspected_amount
    if now == seen:
        return []
    given = {"seen": _("記録なし") if seen is None else in_yen(seen), "now": in_yen(now)}
    return [
        _(
            "検査で確かめた補助金の額（%(seen)s）と、いまの額（%(now)s）が違います。検査をやり直してください。"
        )
        % given
    ]
