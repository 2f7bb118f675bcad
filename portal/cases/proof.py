"""Four eyes proved: for a case, who did each duty of a pair, and that nobody did both or acted with
an interest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from portal.cases.models import Case, Interest
from portal.cases.ports import duty_subjects
from portal.together import together
from portal.types import Text
from portal.workflow.duties import LABELS, PAIRS, Clash, excepted
from portal.workflow.models import Duty

# two persons; one person did both; one did, as an exception allowed then; not both done yet
APART, TOGETHER, EXCEPTED, OPEN = (
    "apart",
    "together",
    "excepted",
    "open",
)


@dataclass(frozen=True)
class Row:
    """A pair of duties on one subject: its label, the duties' names, who did each, and the verdict."""

    subject: Text
    first: Text
    second: Text
    did_first: tuple[Duty, ...]
    did_second: tuple[Duty, ...]

    @cached_property
    def verdict(self) -> str:
        both = [
            (one, two)
            for one in self.did_first
            for two in self.did_second
            if one.person_id == two.person_id
        ]
        if both:
            return EXCEPTED if all(_is_excepted(*pair) for pair in both) else TOGETHER
        return APART if self.did_first and self.did_second else OPEN


def _is_excepted(one: Duty, two: Duty) -> bool:
    """Did an exception allow it when the later of the two was done?"""
    first, second = sorted((one, two), key=lambda duty: duty.at)
    clash = Clash(second.subject, first.duty, second.duty)
    return clash in excepted([clash], second.at)


def pairs(subjects: Iterable[tuple[Text, str]], done: Iterable[Duty]) -> list[Row]:
    """A row per subject and pair whose first duty was done: without it (no scoring, nothing typed in
    at the counter) the second has nothing to be apart from.

    `done`: rows of Duty, in the order of time.
    """
    rows = list(done)
    found = []
    for label, subject in subjects:
        for first, second in PAIRS:
            one, two = (
                tuple(d for d in rows if (d.subject, d.duty) == (subject, name))
                for name in (first, second)
            )
            if one:
                found.append(Row(label, LABELS[first], LABELS[second], one, two))
    return found


@dataclass(frozen=True)
class Interested:
    """Someone with a declared interest, and the duties they did after declaring it (there may be
    none).
    """

    interest: Interest
    duties: tuple[str, ...]


def of_case(case: Case) -> tuple[list[Row], list[Interested]]:
    """The proof of a case: its pairs, and its declared interests."""
    with together() as ask:
        sources = [source(ask, case) for source in duty_subjects.values()]
    subjects = [pair for said in sources for pair in said()]
    done = Duty.objects.filter(subject__in=[subject for _label, subject in subjects])
    with together() as ask:
        rows = ask(done.select_related("person").order_by("at", "pk"))
        interests = ask(case.interests.select_related("person").order_by("declared_at"))
    interested = [
        Interested(
            row,
            tuple(
                str(LABELS[d.duty])
                for d in rows
                if d.person_id == row.person_id and d.at > row.declared_at
            ),
        )
        for row in interests
    ]
    return pairs(subjects, rows), interested
