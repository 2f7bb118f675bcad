"""Search over all that people remember of a case: one document a case, found by its pairs of signs.

Japanese has no spaces, and PostgreSQL's trigrams find nothing by the two signs of a surname. So a
document keeps, beside its folded text, a number for every sign, every pair and every four of
neighbouring signs in it, under an index (docs/decisions/0045-search-by-pairs-of-signs.md). What a
document says comes from the rooms (`ports.searched`).
"""

import re
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from django.db import models, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from portal import jptext
from portal.accounts.models import Membership, User
from portal.cases import turns, visibility
from portal.cases.models import Case, CaseQuerySet, SearchDocument
from portal.cases.numbers import called
from portal.cases.ports import searched
from portal.types import Json
from portal.workflow.door import defer

WORDS = 5  # of a query; further ones are left out
AT_ONCE = 200  # cases written in one transaction
_PRINT = re.compile(r"[0-9a-f]{64}")  # of a file: nobody remembers it
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[-()]+(?=\d)")


def fold(text: str) -> str:
    """A text as it is compared: folded width, case and kana, and either writing of a name, without
    spaces, and numbers without what stands between their digits.
    """
    return _BETWEEN_DIGITS.sub("", jptext.found_key(text))


def pairs(folded: str) -> set[int]:
    """A number for each sign, each pair and each four of neighbours."""
    return {number for length in (1, 2, 4) for number in _parts(folded, length)}


def _parts(folded: str, length: int) -> set[int]:
    """A number of 31 bits for each so many neighbours. Two may share a number: whoever finds by
    them looks into the text as well.
    """
    starts = range(len(folded) - length + 1)
    return {zlib.crc32(folded[n : n + length].encode()) & 0x7FFFFFFF for n in starts}


def _holds(field: str, folded: str) -> Q:
    """The text holds it. Asked by its place and not by LIKE, of which PostgreSQL believes that it
    leaves next to nothing, and then sorts half the table.
    """
    return Q(GreaterThan(StrIndex(F(field), Value(folded)), 0))


def _word(word: str, *, whole: bool) -> Q:
    """Documents that hold the word, an address in any way of writing its numbers.

    `whole`: all that the document says, else what every list shows. Parts and text are asked apart:
    what holds a form has its parts, and PostgreSQL would read the parts of each document again if
    they were asked form by form.
    """
    forms = [form for form in dict.fromkeys((fold(word), fold(jptext.address_key(word)))) if form]
    parts, held = Q(), Q()
    for form in forms:
        parts |= Q(pairs__contains=looked_up(form))
        held |= _holds("text" if whole else "head", form)
    return parts & held if whole else held


def looked_up(form: str) -> list[int]:
    """The numbers by which a word is looked up: of its longest parts, which say all that the
    shorter do. The digits of a telephone number stand in pairs in nearly every document.
    """
    length = 4 if len(form) >= 4 else min(len(form), 2)
    return sorted(_parts(form, length))


def within(cases: CaseQuerySet, text: str, user: User) -> CaseQuerySet:
    """Those of `cases`, which the person sees, that hold every word; a number alone finds its case.

    No words find a case whose applicant is hidden from the person. What somebody reads single parts
    of alone, as reviewers do, they search by what every list shows: also where another role of
    theirs, in another programme, reads whole cases.
    """
    words = text.split()[:WORDS]
    if len(words) == 1 and (exact := _numbered(words[0])):
        return cases.filter(pk__in=exact)
    works = {role.role in visibility.WORKERS for role in user.roles()}
    found = Q(pk__in=_saying(words, whole=works == {True}))
    if len(works) == 2:
        theirs = visibility.of_office(user, visibility.WORKERS)
        found |= Q(pk__in=_saying(words, whole=True)) & theirs
    return cases.filter(found).exclude(visibility.veiled(user))


def _saying(words: Sequence[str], *, whole: bool) -> "QuerySet[SearchDocument, int]":
    """The cases whose documents hold every word (`_word`)."""
    found = SearchDocument.objects.all()
    for word in words:
        found = found.filter(_word(word, whole=whole))
    return found.values_list("case", flat=True)


def _numbered(word: str) -> list[int]:
    """The case of exactly this number: at once, before a job has written what it says. A number begins
    with the letters of its programme; without any, it is a telephone's or a firm's.
    """
    number = jptext.search_key(word).upper()
    if not number.isascii() or not any(sign.isalpha() for sign in number):
        return []
    rows = Case.objects.filter(called(number), is_draft=False)
    return list(rows.values_list("pk", flat=True)[:1])


def texts(content: Json, but: Collection[str] = ()) -> Iterator[str]:
    """All words of what a form brought or a version froze; `but`: names that are left out."""
    if isinstance(content, str):
        if not _PRINT.fullmatch(content):
            yield content
    elif isinstance(content, dict):
        for name, value in content.items():
            if name not in but:
                yield from texts(value, but)
    elif isinstance(content, list):
        for value in content:
            yield from texts(value, but)


def columns(
    model: type[models.Model], *names: str, path: str = "case", **only: object
) -> Callable[[Sequence[Case]], Iterator[tuple[int, str]]]:
    """A source: these columns of a room's rows, of which `path` leads to the case; `only`: further
    conditions.
    """

    def source(cases: Sequence[Case]) -> Iterator[tuple[int, str]]:
        rows = model._default_manager.filter(**{f"{path}__in": cases}, **only)
        for pk, *said in rows.order_by("pk").values_list(path, *names):
            yield from ((pk, text) for value in said for text in texts(value))

    return source


def of_cases(cases: Sequence[Case]) -> Iterator[tuple[int, str]]:
    """What this room knows of cases, and the firm's people."""
    for case in cases:
        firm = case.organisation
        said = (
            firm.corporate_number,
            firm.address,
            jptext.address_key(firm.address),
            firm.postal_code,
            firm.phone,
            firm.representative_name,
        )
        yield from ((case.pk, text) for text in said if text)
    firms: dict[int, list[int]] = {}
    for case in cases:
        firms.setdefault(case.organisation_id, []).append(case.pk)
    people = Membership.objects.filter(organisation__in=firms, left_at=None)
    for where, name, email in people.values_list("organisation", "user__name", "user__email"):
        yield from ((pk, text) for pk in firms[where] for text in (name, email))


def head(case: Case) -> str:
    """What every list shows of a case."""
    firm = case.organisation
    said = (case.number, case.draft_number, firm.name, firm.kana, case.title)
    return "\n".join(fold(part) for part in said if part)


@transaction.atomic
def index(wanted: Collection[int]) -> None:
    """Write the documents of these cases anew, in a number of queries that does not grow with
    theirs; none of what is not handed in, or disposed of. Two who write the same wait for each
    other, so that the later one reads what the earlier did not know.
    """
    rows = Case.objects.filter(pk__in=wanted, is_draft=False, disposed_on=None)
    locked = rows.select_for_update(no_key=True, of=("self",)).order_by("pk")
    cases = list(locked.select_related("organisation"))
    said: dict[int, list[str]] = {case.pk: [] for case in cases}
    for source in searched.values():
        for pk, text in source(cases):
            said[pk].append(fold(text))
    documents = []
    for case in cases:
        top = head(case)
        text = "\n".join(dict.fromkeys([top, *said[case.pk]]))
        found = sorted({n for line in text.split("\n") for n in pairs(line)})
        documents.append(SearchDocument(case=case, head=top, text=text, pairs=found))
    SearchDocument.objects.bulk_create(
        documents,
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["head", "text", "pairs"],
    )


def missing() -> "QuerySet[Case, int]":
    """The primary keys of cases without a document, as after an upgrade."""
    rows = Case.objects.filter(is_draft=False, disposed_on=None, search_document=None)
    return rows.order_by("-pk").values_list("pk", flat=True)


def index_all(keys: Sequence[int]) -> Iterator[int]:
    """Write the documents of many cases, so many at once; gives how many are written by then."""
    for start in range(0, len(keys), AT_ONCE):
        index(keys[start : start + AT_ONCE])
        yield min(start + AT_ONCE, len(keys))


def touched(cases: Iterable[Case]) -> None:
    """What follows whenever something was done in cases: their turns at once, and what they are
    found by in a job.
    """
    rows = list(cases)
    turns.rewrite(rows)
    keys = sorted({case.pk for case in rows})
    for start in range(0, len(keys), AT_ONCE):
        defer("index_cases", cases=[*keys[start : start + AT_ONCE]])
