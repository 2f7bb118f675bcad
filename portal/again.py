"""How often work in the background is tried again: one kind for each thing that work may wait for.

Between two tries the wait doubles, from a few seconds (most faults are over at once) up to the
longest: a service that comes back after a day finds its work within that time. Every job names its
kind; docs/deployment.md lists them.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _lazy
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from portal.types import Text


@dataclass(frozen=True, kw_only=True)
class Kind(BaseRetryStrategy):
    """A kind of work. `times`: how often it is tried again; `over`: how long all waits take
    together, up to one more of the longest. `left`: what is left undone once it has failed for
    good.
    """

    name: str
    first: timedelta = timedelta()
    longest: timedelta = timedelta()
    times: int = 0
    over: timedelta = timedelta()
    left: Text

    @property
    def waits(self) -> list[timedelta]:
        """Before each further try."""
        found, wait = [], self.first
        for _n in range(self.times):
            found.append(wait)
            wait = min(wait * 2, self.longest)
        return found

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """`job.attempts`: how often it was tried again already."""
        if job.attempts >= self.times:
            return None
        return RetryDecision(retry_in={"seconds": int(self.waits[job.attempts].total_seconds())})


# Mail server, virus scanner, the place of backups: away for a long weekend, and nobody there to see it.
OUTSIDE = Kind(
    name="outside",
    first=timedelta(seconds=10),
    longest=timedelta(hours=1),
    times=104,
    over=timedelta(days=4),
    left=_lazy(
        "メールが届いていないか、ファイルが検査されていないか、消去の控えが書かれていません。"
    ),
)
# Papers and page images: the storage is away, or the drawing itself is wrong, which time does not
# mend. Somebody waits for them, so it is known the next day.
DRAWING = Kind(
    name="drawing",
    first=timedelta(seconds=10),
    longest=timedelta(hours=1),
    times=32,
    over=timedelta(days=1),
    left=_lazy("通知書などのPDFか、書類のページの画像ができていません。"),
)
# Looking into what was sent: whoever sent it waits before the form, so it is tried soon and often.
CHECKING = Kind(
    name="checking",
    first=timedelta(seconds=5),
    longest=timedelta(minutes=2),
    times=724,
    over=timedelta(days=1),
    left=_lazy("送られたファイルが「確認しています」のままで、提出ができません。"),
)
# What only reads and writes the database: it restarts, or somebody holds a lock for long.
DATABASE = Kind(
    name="database",
    first=timedelta(seconds=10),
    longest=timedelta(minutes=10),
    times=17,
    over=timedelta(hours=2),
    left=_lazy("案件の番、振込結果の取り込み、統計の集計のどれかが、途中で止まっています。"),
)
# Once a day: until the next day would come too late for what a day is counted by.
DAILY = Kind(
    name="daily",
    first=timedelta(minutes=1),
    longest=timedelta(hours=1),
    times=11,
    over=timedelta(hours=6),
    left=_lazy("その日の分が行われていません。次の日の分は、いつもの時刻に始まります。"),
)
# Every few minutes, or every hour: the next turn does it.
OFTEN = Kind(name="often", left=_lazy("次の回が、残りを行います。"))

KINDS = (OUTSIDE, DRAWING, CHECKING, DATABASE, DAILY, OFTEN)
