"""What whoever applies promises, in short: the duties that matter first, each in a sentence.

The whole text stands in the guideline; which duties a programme has, and in which words an award
binds to them, is said by its conditions.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes import announcing
from grants.programmes.models import Call
from grants.programmes.parameters import Programme
from portal import days
from portal.types import Text
from portal.ui.templatetags.ui import in_man_yen, in_yen

# duty, as `announcing.DUTIES` names it → what it asks; values by their names in `_values`
SHORT: Mapping[str, Text] = {
    "before_award": _lazy("交付決定（%(decided)s）より前に、注文・支払いをしません。"),
    "two_quotes": _lazy("税込%(quotes)sを超える注文は、2社以上から見積りを取ります。"),
    "change": _lazy("内容や経費を変えるときは、先に承認を受けます。"),
    "report": _lazy("%(ends)sまでに納品と支払いを終え、%(report)s日以内に実績を報告します。"),
    "records": _lazy("領収書などの書類を、5年間保存します。"),
    "assets": _lazy("1つ%(asset)s以上の物は、承認なしに売ったり捨てたりしません。"),
    "effect": _lazy("事業のあと%(years)s年間、効果を毎年報告します。"),
    "repayment": _lazy("決まりに反したときは、取消しや返還になることがあります。"),
}
EARLY = _lazy("事前着手届を出さずに、交付決定（%(decided)s）より前の注文・支払いをしません。")


def of(call: Call, stated: Programme) -> list[str]:
    """In the order of `SHORT`; nothing where no money follows."""
    if not stated.pays:
        return []
    held, values = announcing.enforced(stated), _values(call, stated)
    early = [str(EARLY) % values] if stated.early_start else []
    return early + [str(text) % values for name, text in SHORT.items() if name in held]


AFTER = ("records", "effect", "assets")  # that last for years after the money


def after(call: Call) -> list[str]:
    """What binds for years whoever received: to be known before one applies."""
    stated = call.stated
    held, values = announcing.enforced(stated), _values(call, stated)
    return [str(SHORT[name]) % values for name in AFTER if name in held]


def _values(call: Call, stated: Programme) -> dict[str, object]:
    return {
        "decided": _("%(day)sの予定") % {"day": days.day_said(call.decision_on)},
        "quotes": in_man_yen(stated.two_quotes_above),
        "ends": days.day_said(call.project_ends_on),
        "report": stated.periods.report_days,
        "asset": in_yen(stated.asset_limit),
        "years": stated.periods.follow_up_years,
    }
