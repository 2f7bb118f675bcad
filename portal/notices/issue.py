"""Issue a notice inside the transition that decides: number and facts are frozen there, the paper
is drawn later.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.translation import override

from portal import clock, fiscal
from portal.accounts.models import User
from portal.cases.models import Case, NumberSeries
from portal.documents import kinds, store
from portal.notices.models import Notice
from portal.notices.ports import draw_notice
from portal.types import Given, Row
from portal.workflow.door import begin_all, defer, perform
from portal.workflow.ports import notice_kinds

# kind, what it is about, what the transition's form brought
Wanted: TypeAlias = tuple[str, Row, Given]
# what stands on a letter that is not issued yet
NO_NUMBER, NO_DAY = "（番号は発行のときに入ります）", "（日付は発行の日になります）"
OWN_SERIES = "札経産"  # the bureau's; facts of another issuer name theirs as "series"


def _book(series: str, year: int) -> str:
    """The number series of an issuer in a fiscal year."""
    return f"notice-{year}" if series == OWN_SERIES else f"notice-{year}-{series}"


@dataclass(frozen=True)
class Draft:
    """A notice as it would be issued now, without number, day and code; stored nowhere."""

    case: Case
    kind: str
    facts: Given
    number: str = NO_NUMBER
    code: str = ""

    @property
    def title(self) -> str:
        return str(self.facts["title"])

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What stands below 記, as (label, text)."""
        rows: list[tuple[str, str]] = self.facts.get("items", [])
        return rows


def drafts(wanted: Sequence[Wanted]) -> list[Draft]:
    unsaid = {"number": NO_NUMBER, "date": NO_DAY}
    return [Draft(case, kind, facts | unsaid) for kind, case, facts in _worded(wanted)]


def _worded(wanted: Sequence[Wanted]) -> list[tuple[str, Case, dict[str, object]]]:
    numbers = _cited(wanted)
    with override("ja"):  # the legal text is Japanese, whoever presses the button
        return [(kind, row.case, _facts(kind, row, given, numbers)) for kind, row, given in wanted]


def _cited(wanted: Sequence[Wanted]) -> dict[tuple[int, str], str]:
    """(case, kind) → number, of the notices that these rest on; the last one of a kind counts."""
    kinds = {cites for kind, _row, _given in wanted if (cites := notice_kinds[kind].cites)}
    if not kinds:
        return {}
    rows = Notice.objects.filter(case__in=[row.case for _kind, row, _given in wanted])
    found = rows.filter(kind__in=kinds).order_by("issued_at", "pk")
    return {
        (case, kind): number for case, kind, number in found.values_list("case", "kind", "number")
    }


def issue(wanted: Sequence[Wanted], *, by: User) -> None:
    """Number, freeze and store notices, each (kind, subject, given), inside a door; their PDFs follow
    as jobs.
    """
    today = clock.today()
    year = fiscal.fiscal_year(today)
    worded = _worded(wanted)
    counts = Counter(str(facts.get("series", OWN_SERIES)) for _kind, _case, facts in worded)
    # locked in one order
    numbers = {s: iter(NumberSeries.take(_book(s, year), counts[s])) for s in sorted(counts)}
    rows = []
    for kind, case, facts in worded:
        series = str(facts.pop("series", OWN_SERIES))
        number = f"{series}第{next(numbers[series])}号（{fiscal.era_fiscal_year(year)}）"
        facts |= {"number": number, "date": fiscal.era(today)}
        rows.append(
            {
                "case": case,
                "kind": kind,
                "number": number,
                "code": store.verification_code(),
                "facts": facts,
            }
        )
    for notice in begin_all(Notice, rows, by=by):
        defer("draw_notice", notice_id=notice.pk)


def _facts(
    kind: str, subject: Row, given: Given, numbers: dict[tuple[int, str], str]
) -> dict[str, object]:
    known = notice_kinds[kind]
    if known.cites:
        given = {**given, "cited": numbers.get((subject.case.pk, known.cites), "")}
    return {"title": str(known.title or known.label), **known.facts(subject, **given)}


def draw(notice: Notice) -> Notice:
    """Draw and keep the paper, then mark the notice delivered; a second call changes nothing."""
    if notice.file_id:
        return notice
    file = store.put_own(draw_notice.value(notice), kinds.PDF, prefix="notices")
    return perform(notice, "deliver", by=User.objects.system(), file=file)


def empty(case: Case) -> None:
    """Empty the notices of a case whose time is over: number, kind and state stay, what they said
    and their papers go.
    """
    notices = Notice.objects.filter(case=case)
    files = [
        row.file
        for row in notices.exclude(file=None).select_related("file")
        if row.file is not None
    ]
    notices.update(facts={}, file=None)
    store.forget(files)
