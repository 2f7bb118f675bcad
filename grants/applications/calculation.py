"""The live calculation beside the cost table: the sum written out, and the checks that advise."""

from django.utils.translation import gettext as _

from grants.applications import drafts, rules
from grants.applications.models import Application
from grants.programmes import choosing
from grants.programmes.models import said
from portal.documents.models import Document
from portal.types import Context
from portal.ui.templatetags.ui import in_man_yen, in_yen

VENDORS = 2  # who are asked for a quotation of what `rules.needs_two_quotes` names


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
        what, verdict = (
            (_("補助下限額"), _("届いていません"))
            if result.eligible
            else (_("費用の組み合わせ"), _("補助されません"))
        )
        notes.append(
            ("care", what, verdict, " ".join(choosing.unpaid_words(stated, frame_key, totals)))
        )
    either = _("補助額の見込みは%(yen)sです。どちらにするかは、何のための枠かで選んでください。")
    notes += [
        (
            "good",
            _("ほかの枠"),
            _("%(name)sにも申し込めます") % {"name": other.name},
            either % {"yen": in_man_yen(other.amount)},
        )
        for other in choosing.as_well(stated, frame_key, totals)
    ]
    return {
        "rows": [(said(c.name), totals[c.key]) for c in stated.categories if c.key in totals],
        "aid": result,
        "notes": notes,
        "rate": _("%(d)s分の%(n)s") % {"d": chosen.rate.denominator, "n": chosen.rate.numerator},
        "unit": stated.rounding_unit,
        "cap": chosen.cap,
        "supposed": "" if drafts.chosen_frame(application) else said(chosen.name),
        "cut": sum(totals.values()) - result.eligible,
    }


def unpaid(application: Application) -> list[str]:
    """Why the costs as typed bring no aid, and what would do; nothing where they bring some."""
    stated, items = application.stated, drafts.cost_sums(application)
    frame, year, months = drafts.frame_terms(application)
    if not items or rules.amount(stated, frame, items, year=year, months=months).amount:
        return []
    return choosing.unpaid_words(stated, frame, rules.by_category(items))


def quotes_to_look_over(application: Application) -> Context:
    """What the look-over says of quotations: how many are asked for, and how many files stand there.

    One quotation may hold several costs, so two vendors' files do for all of them. Where it takes
    several costs to come above the limit, it asks whether they are one order.
    """
    attached = Document.objects.live().filter(case=application.case, key="quote").count()
    return {
        "second_quotes": second_quotes(application),
        "quotes_attached": attached,
        "quotes_asked": VENDORS,
        "one_order": one_order(application) if attached < VENDORS else "",
    }


def one_order(application: Application) -> str:
    """What the costs would come to if they were ordered together, where that asks for a second vendor."""
    items = drafts.cost_sums(application)
    if not rules.may_be_one_order(application.stated, items):
        return ""
    names = "".join(f"「{item['what'] or '―'}」" for item in items)
    return _("%(names)sを合わせると、税込%(sum)s円です。") % {
        "names": names,
        "sum": f"{rules.with_tax(items):,}",
    }


def second_quotes(application: Application) -> list[str]:
    """For which items a second, unrelated vendor has to be asked."""
    said_so = _(
        "「%(what)s」は税込%(sum)s円です。取引関係のない2社から、同じ仕様の見積書をご用意ください。"
    )
    return [
        said_so % {"what": item["what"] or "―", "sum": f"{rules.with_tax([item]):,}"}
        for item in drafts.cost_sums(application)
        if rules.needs_two_quotes(application.stated, item)
    ]
