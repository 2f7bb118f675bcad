"""Why something is withheld, as the ordinance of a municipality says it, and until when is decided.

The table that a municipality brought into force (`tables.py`) holds for its requests; where there
is none, the shipped one does.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.types import Text
from portal.workdays import Workdays


@dataclass(frozen=True)
class Ground:
    """`code`: as it is kept with what is withheld; `clause`: where the ordinance says so ("" = nobody
    has read it there); `name`; `why`: the sentence of the copy's annex.
    """

    code: str
    clause: str
    name: Text
    why: Text

    @property
    def said(self) -> str:
        head = f"{self.clause}　{self.name}" if self.clause else str(self.name)
        return f"{head}。{self.why}"

    @property
    def row(self) -> tuple[str, str, str, str]:
        return self.code, self.clause, str(self.name), str(self.why)


# 計画値: the kinds of 札幌市情報公開条例 (平成11年条例第41号) in words of ours. Nobody has read its clauses for
# the portal: the office enters them as its table
SHIPPED = (
    Ground(
        "person",
        "",
        _lazy("個人に関する情報"),
        _lazy("特定の個人が識別される、又は個人の権利利益を害するおそれがあるため"),
    ),
    Ground(
        "firm",
        "",
        _lazy("法人等に関する情報"),
        _lazy("法人等や事業を営む個人の、競争上の地位などの正当な利益を害するおそれがあるため"),
    ),
    Ground(
        "deliberation",
        "",
        _lazy("審議、検討等に関する情報"),
        _lazy("率直な意見の交換や意思決定の中立性が損なわれるおそれがあるため"),
    ),
    Ground(
        "affairs",
        "",
        _lazy("事務又は事業に関する情報"),
        _lazy("事務や事業の適正な遂行に支障を及ぼすおそれがあるため"),
    ),
)

# what a room knows (`portal.cases.ports.Private.kind`) → the ground that is proposed for it
# or what is found by its form. A fingerprint tells whether a guess of what is withheld is right, and a
# code opens the paper to anyone: neither is of a person, both undo the withholding
PROPOSED = {
    "person": "person",
    "account": "firm",
    "secret": "firm",
    "reviewer": "affairs",
    "code": "affairs",
    "fingerprint": "affairs",
    "undecided": "deliberation",
}

# 「請求のあった日の翌日から起算して14日以内」:
# https://www.city.sapporo.jp/somu/kokai/jozukai.html (2020-10-30)
WITHIN = timedelta(days=14)
SOON = timedelta(days=4)  # before its last day a request is said to be urgent


def due(received_on: date, workdays: Workdays) -> date:
    """The last day on which is decided, unless that day is put off. A term that would end on a
    closed day ends on the next open one (民法 142条).
    """
    return workdays.next_open(received_on + WITHIN)


def misfits(grounds: Collection[Ground]) -> list[str]:
    """What is wrong with a table: one of the grounds that masks are proposed with is missing from
    it, or two have one name.
    """
    codes, names = {ground.code for ground in grounds}, [str(ground.name) for ground in grounds]
    reasons = [
        _("「%(name)s」に当たる理由は消せません。黒塗りの案に使います。") % {"name": ground.name}
        for ground in SHIPPED
        if ground.code in PROPOSED.values() and ground.code not in codes
    ]
    if len(set(names)) < len(names):
        reasons.append(_("同じ名前の理由が2つあります。"))
    return reasons


def of_rows(rows: Iterable[tuple[str, str, str, str]]) -> list[Ground]:
    """As they come back from the database; what was shipped is said in the reader's language."""
    return [Ground(code, clause, _lazy(name), _lazy(why)) for code, clause, name, why in rows]
