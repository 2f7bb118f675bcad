"""Who is a small or medium-sized firm: the size table by trade, and who counts as a large firm all
the same (みなし大企業).

Sources: 中小企業基本法 2条 with its correspondence to the industry classification (日本標準産業分類); for rubber,
software and inns the wider limits of 中小企業等経営強化法施行令 2条; the six tests as the national schemes word
them in their 交付規程.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _lazy

from portal.types import Sent, Text


@dataclass(frozen=True)
class Size:
    """An SME has at most this capital (yen) or at most so many employees."""

    capital: int
    employees: int


LIMITS = {
    "manufacturing": Size(300_000_000, 300),
    "rubber": Size(300_000_000, 900),
    "software": Size(300_000_000, 300),
    "wholesale": Size(100_000_000, 100),
    "service": Size(50_000_000, 100),
    "hotel": Size(50_000_000, 200),
    "retail": Size(50_000_000, 50),
    "other": Size(300_000_000, 300),
}

# middle groups, first and last → class. Whatever stands in no row is "other".
TRADES = (
    ("06", "32", "manufacturing"),  # construction and manufacturing
    ("38", "38", "service"),  # broadcasting
    ("42", "49", "manufacturing"),  # transport
    ("50", "55", "wholesale"),
    ("56", "61", "retail"),
    ("70", "74", "service"),  # leasing, research, professional services
    ("76", "77", "retail"),  # food and drink
    ("78", "96", "service"),
)


@dataclass(frozen=True)
class Trade:
    """A part of a middle group that has a class of its own. `key`: its code in the classification, or
    the middle group with a dash for the rest of it.
    """

    key: str
    name: Text
    size: str


# middle groups of which not all is of one class → their parts, the rest last
SPLIT: dict[str, tuple[Trade, ...]] = {
    "19": (
        Trade("191", _lazy("自動車・航空機用のタイヤ・チューブの製造"), "manufacturing"),
        Trade("1931", _lazy("工業用ベルトの製造"), "manufacturing"),
        Trade("19-", _lazy("それ以外のゴム製品の製造"), "rubber"),
    ),
    "39": (
        Trade("391", _lazy("ソフトウェア業"), "software"),
        Trade("3921", _lazy("情報処理サービス業"), "software"),
        Trade("39-", _lazy("情報提供サービス業など、それ以外の情報サービス業"), "service"),
    ),
    "41": (
        Trade("411", _lazy("映像情報制作・配給業"), "service"),
        Trade("412", _lazy("音声情報制作業"), "service"),
        Trade("415", _lazy("広告制作業"), "service"),
        Trade("416", _lazy("映像・音声・文字情報制作に附帯するサービス業"), "service"),
        Trade("41-", _lazy("新聞業、出版業"), "other"),
    ),
    "69": (
        Trade("693", _lazy("駐車場業"), "service"),
        Trade("69-", _lazy("不動産の賃貸、貸家・貸間、不動産の管理"), "other"),
    ),
    "75": (
        Trade("751", _lazy("旅館・ホテル、簡易宿所、下宿"), "hotel"),
        Trade("75-", _lazy("それ以外の宿泊業（会社の宿泊所、キャンプ場など）"), "service"),
    ),
    "79": (
        Trade("791", _lazy("旅行業"), "other"),
        Trade("79-", _lazy("それ以外の生活関連サービス業（冠婚葬祭など）"), "service"),
    ),
}


def parts_of(industry: str | None) -> tuple[Trade, ...]:
    """What is asked further of a middle group; empty where all of it is of one class."""
    return SPLIT.get(industry or "", ())


def classes(industry: str, part: str | None = None) -> tuple[str, ...]:
    """The classes that a firm of a middle group may be of: one, unless the group is split and nobody
    said which part of it is meant.
    """
    if parts := parts_of(industry):
        known = [trade.size for trade in parts if trade.key == part]
        return tuple(known or dict.fromkeys(trade.size for trade in parts))
    found = (name for first, last, name in TRADES if first <= industry <= last)
    return (next(found, "other"),)


def within(size: Size, capital: int | None, employees: int | None) -> bool:
    return (capital is not None and capital <= size.capital) or (
        employees is not None and employees <= size.employees
    )


INVESTORS = _lazy("中小企業投資育成株式会社と投資事業有限責任組合は、大企業に数えません。")

# みなし大企業: a small firm that meets one of these counts as large; "yes" means it is met
LARGE_TESTS: dict[str, Text] = {
    "large_half": _lazy("1社の大企業が、株式や出資の2分の1以上を持っていますか"),
    "large_two_thirds": _lazy("大企業が、合わせて株式や出資の3分の2以上を持っていますか"),
    "large_officers": _lazy("役員の半分以上が、大企業の役員か職員を兼ねていますか"),
    "large_chain": _lazy("上の3つのどれかに当てはまる会社が、株式や出資のすべてを持っていますか"),
    "large_chain_officers": _lazy(
        "上の3つのどれかに当てはまる会社の役員か職員が、役員のすべてを占めていますか"
    ),
    "large_income": _lazy("直近3年の課税所得の平均が、年15億円を超えていますか"),
}
# of which the last asks about the firm itself; what is asked of somebody without shares and officers
OF_LARGE_FIRMS = tuple(LARGE_TESTS)[:-1]
OF_A_PERSON = ("large_income",)
# asked before those about large firms: "no" to it is "no" to each of them
FIRST = "large_firms"
ANY_LARGE_FIRM = _lazy("大企業との関係（株式や出資、役員の兼務）")
ANY = [
    ("no", _lazy("大企業の出資も、役員の兼務もない")),
    ("yes", _lazy("ある、または分からない")),
]
BESIDE_FIRST = dict.fromkeys(OF_LARGE_FIRMS, (FIRST, ("yes",)))


def with_first(data: Sent) -> Sent:
    """What was sent, with the question before the others answered as those are, where it was not asked."""
    if data is None or FIRST in data or not all(data.get(name) for name in OF_LARGE_FIRMS):
        return data
    is_met = any(data[name] == "yes" for name in OF_LARGE_FIRMS)
    return {**{name: data[name] for name in data}, FIRST: "yes" if is_met else "no"}
