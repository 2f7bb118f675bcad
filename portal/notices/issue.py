"""Issue a notice inside the transition that decides: number and facts are frozen there, the paper
is drawn later.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import override

from portal import clock, fiscal, outage
from portal.accounts.models import User
from portal.cases.models import Case, NumberSeries
from portal.documents import kinds, store
from portal.notices import citing, letterheads
from portal.notices.citing import Cited, Wanted
from portal.notices.letterheads import Sender
from portal.notices.models import Notice, UndrawnPaper
from portal.notices.ports import draw_notice
from portal.slots import fill
from portal.types import Given, Row
from portal.workflow.door import begin_all, defer, perform, touch
from portal.workflow.ports import notice_kinds

# what stands on a letter that is not issued yet
NO_NUMBER, NO_DAY = "（番号は発行のときに入ります）", "（日付は発行の日になります）"
UNSAID = {"number": NO_NUMBER, "date": NO_DAY}
# at the foot of a letter of a demonstration; never within its sentences
PLANNED = "この見本の通知書には、確定していない値（計画値）が含まれています。"
OWN_SERIES = "札経産"  # the first one there was: its book is called by the year alone


def _book(series: str, year: int) -> str:
    """The number series of an issuer in a fiscal year."""
    return f"notice-{year}" if series == OWN_SERIES else f"notice-{year}-{series}"


@dataclass(frozen=True)
class Worded:
    """A notice in its words, and the number series of whoever it comes from."""

    kind: str
    row: Row
    facts: dict[str, object]
    series: str


@dataclass(frozen=True, kw_only=True)
class Unissued:
    """A paper without number, day and code, stored nowhere. Its `mark` and what `warns` of it stand at
    the foot of each page.
    """

    kind: str
    facts: Given
    mark: str
    warns: str
    number: str = NO_NUMBER
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Specimen(Unissued):
    """How papers of a kind look, with made-up values: about no case."""

    mark: str = "見本"
    warns: str = "見本（値は架空のもの）。通知書としての効力はありません。"


@dataclass(frozen=True, kw_only=True)
class Draft(Unissued):
    """A notice as it would be issued now."""

    case: Case
    mark: str = "案"
    warns: str = "案（決裁の前の写し）。通知書としての効力はありません。"

    @property
    def title(self) -> str:
        return str(self.facts["title"])

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What stands below 記, as (label, text)."""
        rows: list[tuple[str, str]] = self.facts.get("items", [])
        return rows


def drafts(wanted: Sequence[Wanted]) -> list[Draft]:
    same = {key: citing.NOT_YET for kind, row, _given in wanted for key in citing.keys(kind, row)}
    made = _worded(wanted, Cited(citing.stored(wanted) | same))
    return [Draft(case=it.row.case, kind=it.kind, facts=it.facts | UNSAID) for it in made]


def specimen(kind: str, told: Given) -> Specimen:
    """A paper of this kind that says what is `told`, as a row's facts would, in the programme's own
    words. Raises NotReady like a real one.
    """
    with override("ja"):
        facts = _own_words(kind, {"title": notice_kinds[kind].heading, **told})
        senders = letterheads.holding(_issuers(facts), clock.today())
        signed, _series = _signed(facts, senders)
    return Specimen(kind=kind, facts=signed | UNSAID)


def _worded(wanted: Sequence[Wanted], cited: Cited) -> list[Worded]:
    """Raises NotReady where somebody would have to sign who was not entered."""
    with override("ja"):  # the legal text is Japanese, whoever presses the button
        made = [(kind, row, _facts(kind, row, given, cited)) for kind, row, given in wanted]
        codes = {code: None for _kind, _row, facts in made for code in _issuers(facts)}
        senders = letterheads.holding(list(codes), clock.today())
        return [Worded(kind, row, *_signed(facts, senders)) for kind, row, facts in made]


def _issuers(facts: Mapping[str, object]) -> list[str]:
    """The municipalities in whose names a notice goes out; the first one numbers it."""
    found = facts["issuers"]
    return [str(code) for code in found] if isinstance(found, list) else []


def _signed(
    facts: dict[str, object], senders: Mapping[str, Sender]
) -> tuple[dict[str, object], str]:
    """With who signs it and whom to ask, if the programme does not say so; and the number series."""
    own = [senders[code] for code in _issuers(facts)]
    said = {
        "from": "\n".join(sender.signed for sender in own),
        "office": facts.get("office") or own[0].office,
        "phone": facts.get("phone") or own[0].phone,
    }
    is_planned = facts.pop("planned", False) or any(s.name == letterheads.NOBODY for s in own)
    foot = [str(facts.get("small") or ""), PLANNED] if is_planned else [facts.get("small")]
    said["small"] = "\n".join(str(line) for line in foot if line)
    return {**facts, **said}, own[0].series


def issue(wanted: Sequence[Wanted], *, by: User) -> None:
    """Number, freeze and store notices, each (kind, subject, given), inside a door; their PDFs follow
    as jobs.
    """
    known = citing.stored(wanted)
    for wave in citing.waves(wanted):
        rows = _numbered(_worded(wave, Cited(known)))
        for (kind, row, _given), numbered in zip(wave, rows, strict=True):
            told = citing.said(numbered["facts"]["date"], numbered["number"])
            known |= dict.fromkeys(citing.keys(kind, row), told)
        for notice in begin_all(Notice, rows, by=by):
            defer("draw_notice", notice_id=notice.pk)


def _numbered(worded: Sequence[Worded]) -> list[Given]:
    today = clock.today()
    year = fiscal.fiscal_year(today)
    counts = Counter(made.series for made in worded)
    # locked in one order; a later wave takes from the books that the first one holds
    numbers = {s: iter(NumberSeries.take(_book(s, year), counts[s])) for s in sorted(counts)}
    rows = []
    for made in worded:
        number = f"{made.series}第{next(numbers[made.series])}号（{fiscal.era_fiscal_year(year)}）"
        rows.append(
            {
                "case": made.row.case,
                "kind": made.kind,
                "number": number,
                "code": store.verification_code(),
                "facts": made.facts
                | {"of": made.row.subject_key, "number": number, "date": fiscal.era(today)},
            }
        )
    return rows


def _facts(kind: str, subject: Row, given: Given, cited: Cited) -> dict[str, object]:
    known = notice_kinds[kind]
    if known.cites(subject):
        given = {**given, "cited": cited}
    told = known.facts(subject, **given)
    return _own_words(kind, {"title": known.heading, **told})


def _own_words(kind: str, facts: dict[str, object]) -> dict[str, object]:
    """What a programme adds to the standard words of this kind: `wordings` of the facts, by kind, with
    the `slots` that they may name. Both are gone once the words are made.
    """
    said, known = facts.pop("wordings", {}), facts.pop("slots", {})
    own = said.get(kind) if isinstance(said, dict) else None
    if not own or not isinstance(known, dict):
        return facts
    values = known | {"standard": str(facts["body"])}
    notes = [str(facts.get("small") or ""), fill(own["note"], values)]
    return {
        **facts,
        "form": own["form"],
        "body": fill(own["body"] or "{standard}", values),
        "small": "\n".join(filter(None, notes)),
    }


def draw(notice: Notice) -> Notice:
    """Draw and keep the paper, then mark the notice delivered; a second call changes nothing."""
    if notice.file_id:
        return notice
    try:
        paper = draw_notice.value(notice)
    except outage.AWAY:  # no fault of the paper
        raise
    except Exception:
        fails(notice)
        raise
    file = store.put_own(paper, kinds.PDF, prefix="notices")
    return perform(notice, "deliver", by=User.objects.system(), file=file)


@transaction.atomic
def fails(notice: Notice) -> None:
    """The office of the case has a turn by it, until it is drawn."""
    if Notice.objects.filter(pk=notice.pk, file=None, undrawn_at=None).update(
        undrawn_at=clock.now()
    ):
        touch(notice.case)


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
    UndrawnPaper.objects.filter(case=case).delete()
    store.forget(files)
