"""The live calculation beside the cost table: the sum written out, and the checks that advise."""

from django.utils.translation import gettext as _

from grants.applications import drafts, rules
from grants.applications.models import Application
from grants.programmes.models import said
from portal.types import Context
from portal.ui.templatetags.ui import in_man_yen, in_yen


def of(application: Application) -> Context:
    """The sum written out, by the server's own formula, with the checks beside it."""
    stated = application.stated
    items = drafts.cost_sums(application)
    totals, result = rules.by_category(items), drafts.aid(application)
    frame_key = drafts.frame_terms(application)[0]
    notes = []
    for group in stated.groups:
        inside = sum(totals.get(name, 0) for name in group.categories)
        planned = sum(totals.values())
        over = planned and result.eligible < planned
        names = "・".join(said(c.name) for c in stated.categories if c.key in group.categories)
        verdict = _("上限を超えた分は対象外です") if over else _("範囲内")
        notes.append(
            (
                "care" if over else "good",
                _("%(names)sは全体の%(d)s分の%(n)sまで")
                % {"names": names, "d": group.share.denominator, "n": group.share.numerator},
                verdict,
                f"{in_yen(inside)}（{group.cite}）",
            )
        )
    limit = _("%(limit)sを超える注文") % {"limit": in_man_yen(stated.two_quotes_above)}
    notes += [
        ("care", limit, _("見積書が2社分要ります"), text) for text in second_quotes(application)
    ]
    chosen = stated.frame(frame_key)
    if items and result.amount == 0:
        notes.append(
            (
                "care",
                _("補助下限額"),
                _("届いていません"),
                _("補助額が%(floor)s円に届かないため、0円になります。")
                % {"floor": f"{chosen.floor:,}"},
            )
        )
    return {
        "rows": [(said(c.name), totals[c.key]) for c in stated.categories if c.key in totals],
        "aid": result,
        "notes": notes,
        "rate": f"{chosen.rate.denominator}分の{chosen.rate.numerator}",
        "unit": stated.rounding_unit,
        "cap": chosen.cap,
        "cut": sum(totals.values()) - result.eligible,
    }


def second_quotes(application: Application) -> list[str]:
    """For which items a second, unrelated vendor has to be asked."""
    said_so = _(
        "「%(what)s」は税込%(sum)s円です。取引関係のない2社から、同じ仕様の見積書をご用意ください。"
    )
    return [
        said_so % {"what": item["what"] or "―", "sum": f"{item['amount'] * 110 // 100:,}"}
        for item in drafts.cost_sums(application)
        if rules.needs_two_quotes(application.stated, item)
    ]
