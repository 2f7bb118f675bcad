"""Why something is withheld, in the words of 札幌市情報公開条例 (平成11年条例第41号), and until when is
decided.

The numbers of its clauses are not here: nobody has checked them against the ordinance in force. The
notice of the decision cites them.
"""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _lazy

from portal.types import Text
from portal.workdays import Workdays

GROUNDS: tuple[tuple[str, Text, Text], ...] = (
    # key           what it is called            what it means
    (
        "person",
        _lazy("個人に関する情報"),
        _lazy("特定の個人が識別される、又は個人の権利利益を害するおそれがあるため"),
    ),
    (
        "firm",
        _lazy("法人等に関する情報"),
        _lazy("法人等や事業を営む個人の、競争上の地位などの正当な利益を害するおそれがあるため"),
    ),
    (
        "deliberation",
        _lazy("審議、検討等に関する情報"),
        _lazy("率直な意見の交換や意思決定の中立性が損なわれるおそれがあるため"),
    ),
    (
        "affairs",
        _lazy("事務又は事業に関する情報"),
        _lazy("事務や事業の適正な遂行に支障を及ぼすおそれがあるため"),
    ),
)
NAMES = {key: name for key, name, _why in GROUNDS}

# what a room knows (`portal.cases.ports.Private.kind`) → the ground that is proposed for it
PROPOSED = {"person": "person", "account": "firm", "secret": "firm", "reviewer": "affairs"}

# 「請求のあった日の翌日から起算して14日以内」:
# https://www.city.sapporo.jp/somu/kokai/jozukai.html (2020-10-30)
WITHIN = timedelta(days=14)
SOON = timedelta(days=4)  # before its last day a request is said to be urgent


def due(received_on: date, workdays: Workdays) -> date:
    """The last day on which is decided, unless that day is put off. A term that would end on a
    closed day ends on the next open one (民法 142条).
    """
    return workdays.next_open(received_on + WITHIN)
