"""本格導入への道すじ: the routes from a pilot to a contract that a challenge may name. Parameters for planning, never legal advice.

Sources: 地方自治法施行令 167条の2第1項 (随意契約), 地方自治法 234条; the cities' own rules decide in each case.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Route:
    """A way to a contract: its name, the provision it rests on, and what it asks for."""

    key: str
    label: Any
    cite: str
    text: Any


ROUTES = (
    Route("trial_order", _("トライアル発注（新商品・新役務の認定）"), "地方自治法施行令 第167条の2第1項第4号",
          _("市長の認定を受けた新しい商品や役務を、競争によらずに契約する方法です。")),
    Route("proposal", _("公募型プロポーザル"), "地方自治法施行令 第167条の2第1項第2号",
          _("提案を公募し、審査で契約の相手を選ぶ方法です。実証に参加した会社が選ばれるとは限りません。")),
    Route("small_amount", _("少額の随意契約"), "地方自治法施行令 第167条の2第1項第1号",
          _("予定価格が自治体の定める額を超えないときに、見積りを比べて契約する方法です。")),
    Route("tender", _("一般競争入札"), "地方自治法 第234条",
          _("仕様を公表し、入札で契約の相手を決める方法です。")),
)  # fmt: skip
BY_KEY = {route.key: route for route in ROUTES}
