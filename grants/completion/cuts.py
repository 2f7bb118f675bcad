"""対象外の額: what officers cut from the items of a report, and whether each cut still hangs on the item
that it was made from.

A cut stands while its item is what it was then: what, category and yen. Only what stands is taken off, so
nothing is ever cut down in silence; what does not is laid before an officer, and nothing goes on until then.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from grants.awards.states import AwardState
from grants.completion.rules import Finding, Item
from portal.approvals.turns import is_circulated

if TYPE_CHECKING:
    from grants.completion.models import CompletionReport, Cut

GONE = 1_000  # after every item


@dataclass(frozen=True)
class Held:
    """A cut beside the item that has its key now (None: none has)."""

    cut: "Cut"
    item: Item | None
    stands: bool

    @property
    def n(self) -> int:
        """The number of its item in the report; 0 where it is gone."""
        return self.item.n if self.item else 0


def held(cuts: Iterable["Cut"], items: Iterable[Item]) -> list[Held]:
    """The cuts in the order of their items, as they were made."""
    by_key = {item.key: item for item in items}
    pairs = [(cut, by_key.get(cut.key)) for cut in cuts]
    kept = [(cut, item, item is not None and cut.is_of(item)) for cut, item in pairs]
    sums = Counter[str]()
    for cut, _item, is_same in kept:
        sums[cut.key] += cut.amount if is_same else 0
    found = [
        Held(cut, item, item is not None and is_same and sums[cut.key] <= item.amount)
        for cut, item, is_same in kept
    ]
    return sorted(found, key=lambda row: (row.n or GONE, row.cut.pk))


def by_item(rows: Iterable[Held]) -> dict[int, int]:
    """Number of an item → yen cut from it, by the cuts that stand."""
    found = Counter[int]()
    for row in rows:
        if row.stands:
            found[row.n] += row.cut.amount
    return dict(found)


def as_sent(report: "CompletionReport") -> list[Item]:
    """The items as they were handed in last."""
    return [Item.of(n, row) for n, row in enumerate(report.content.get("items", []), 1)]


def unsettled(report: "CompletionReport") -> list[str]:
    """Why a report that was handed in can neither be inspected nor fixed: a cut lost its item."""
    if all(row.stands for row in held(report.cuts.all(), as_sent(report))):
        return []
    return [
        _(
            "対象外の額に、付けたときと経費の内容が違うものがあります。付け直すか、取り消してください。"
        )
    ]


def closed(report: "CompletionReport") -> list[str]:
    """Why nothing of what is taken off can be looked at anew now."""
    if report.award.state != AwardState.ACTIVE:
        return [_("額が確定したあとは変えられません。")]
    if is_circulated(report.case):
        return [
            _("起案が回議中なので変えられません。起案者に差し戻してもらってから変えてください。")
        ]
    return []


def findings(rows: Iterable[Held], names: Mapping[str, str]) -> list[Finding]:
    """One of each cut that does not stand; `names`: category → what it is called."""
    return [
        Finding("stop", row.n, _("対象外の額の付け直し"), row.cut.cite, why(row, names))
        for row in rows
    ]


def why(row: Held, names: Mapping[str, str]) -> str:
    """What became of the item of a cut that does not stand."""
    cut, item = row.cut, row.item
    given = {"yen": f"{cut.amount:,}"}
    if not cut.item_amount:  # of a report that was handed in anew before items had keys
        said = _("実績報告が出し直される前に、%(yen)s円を対象外としました。")
    else:
        given["then"] = _of(cut.what, names.get(cut.category, cut.category), cut.item_amount)
        if item is None:
            said = _("%(yen)s円を対象外とした経費（%(then)s）がなくなりました。")
        else:
            given["now"] = _of(item.what, names.get(item.category, item.category), item.amount)
            said = _(
                "%(yen)s円を対象外とした経費が、付けたときの%(then)sから、%(now)sに変わりました。"
            )
    after = _("市の担当が付け直すか取り消すまで、検査と額の確定には進みません。")
    return said % given + after


def _of(what: str, category: str, yen: int) -> str:
    return _("「%(what)s」（%(category)s、%(yen)s円）") % {
        "what": what,
        "category": category,
        "yen": f"{yen:,}",
    }
