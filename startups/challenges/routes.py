"""本格導入への道すじ: the routes from a pilot to a contract that a challenge may name.

Parameters for planning, never legal advice.

Sources: 地方自治法施行令 167条の2第1項 (随意契約) and its 別表第5 as amended in April 2025 (令和7年政令第94号), 地方自治法
234条; the cities' own rules decide in each case. Number 4 asks for the procedure of the city's rules of contracts:
what is to be bought is made public before, and with whom and why the contract was made after it.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _lazy

from portal.registry.codes import SAPPORO
from portal.types import Text


@dataclass(frozen=True)
class Route:
    """A way to a contract: its name, the provision it rests on, and what it asks for. `publishes`: with
    whom and why the contract was made is made public, too.
    """

    key: str
    label: Text
    cite: str
    text: Text
    tests: tuple[tuple[str, Text], ...]  # (key, what must be confirmed and by which paper)
    publishes: bool = False


OPEN_SPEC = ("open_spec", _lazy("仕様に、特定の会社だけが満たせる条件がない"))
PRICE = ("price", _lazy("価格が妥当だと説明できる（見積り、ほかの自治体の例）"))
ROUTES = (
    Route(
        "trial_order",
        _lazy("トライアル発注（新商品・新役務の認定）"),
        "地方自治法施行令 第167条の2第1項第4号",
        _lazy("市長の認定を受けた新しい商品や役務を、競争によらずに契約する方法です。"),
        (
            ("certified", _lazy("市長の認定を受けている（認定の番号と日）")),
            ("in_force", _lazy("契約の日が、認定の期間の中にある")),
            ("different", _lazy("いまある商品や役務と、はっきり違う価値がある")),
            ("useful", _lazy("市町村の仕事に役立つことが、実証の計測値で分かる")),
            ("plan", _lazy("生産や提供の計画、資金の計画に無理がない")),
            (
                "announced",
                _lazy(
                    "発注の見通しと、契約の内容・相手の決め方・申込みの方法を、契約の前に公表した（契約規則の手続）"
                ),
            ),
            PRICE,
        ),
        publishes=True,
    ),
    Route(
        "proposal",
        _lazy("公募型プロポーザル"),
        "地方自治法施行令 第167条の2第1項第2号",
        _lazy(
            "提案を公募し、審査で契約の相手を選ぶ方法です。実証に参加した会社が選ばれるとは限りません。"
        ),
        (
            ("unfit", _lazy("価格だけの競争に適さない理由を、書面に残した")),
            OPEN_SPEC,
            ("window", _lazy("公募の期間と質問の機会が、十分にある")),
            ("judges", _lazy("審査委員の構成と、利益相反のないことを確かめた")),
            ("evidence", _lazy("実証の結果を、すべての応募者が読める")),
            PRICE,
        ),
    ),
    Route(
        "small_amount",
        _lazy("少額の随意契約"),
        "地方自治法施行令 第167条の2第1項第1号",
        _lazy("予定価格が自治体の定める額を超えないときに、見積りを比べて契約する方法です。"),
        (
            ("quotes", _lazy("2者以上から見積りを取った（取れないときは、その理由）")),
            ("whole", _lazy("同じ仕事を、額を下げるために分けていない")),
            OPEN_SPEC,
            PRICE,
        ),
    ),
    Route(
        "tender",
        _lazy("一般競争入札"),
        "地方自治法 第234条",
        _lazy("仕様を公表し、入札で契約の相手を決める方法です。"),
        (
            OPEN_SPEC,
            ("window", _lazy("公告の期間が、規則のとおりにある")),
            ("evidence", _lazy("実証の結果を、すべての応札者が読める")),
            PRICE,
        ),
    ),
)
BY_KEY = {route.key: route for route in ROUTES}


@dataclass(frozen=True)
class ContractKind:
    """A row of 別表第5: the most yen at which a contract of this kind may be planned without competition, in
    designated cities and in other municipalities; each city's own rule may be lower.
    """

    key: str
    label: Text
    designated: int
    other: int


CONTRACT_KINDS = (
    ContractKind("service", _lazy("委託・役務の提供など"), 2_000_000, 1_000_000),
    ContractKind("purchase", _lazy("物品などの買入れ"), 3_000_000, 1_500_000),
    ContractKind("lease", _lazy("物品の借入れ（リース・レンタル）"), 1_500_000, 800_000),
    ContractKind("work", _lazy("工事・製造の請負"), 4_000_000, 2_000_000),
)
KINDS_BY_KEY = {kind.key: kind for kind in CONTRACT_KINDS}
DESIGNATED = (SAPPORO,)  # 指定都市


def small_amount_limit(kind: str, municipality_code: str) -> int:
    """少額随契の上限: the most yen of a contract by small amount. Raises KeyError for an unknown kind."""
    row = KINDS_BY_KEY[kind]
    return row.designated if municipality_code in DESIGNATED else row.other
