"""What a draft asks of the rooms that know what is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeAlias, TypedDict, TypeVar

from django.db.models import Model, prefetch_related_objects
from django.utils.translation import gettext as _

from portal.ports import Port, Registry
from portal.types import Given, Row, Text

if TYPE_CHECKING:
    from django.forms import Form

    from portal.approvals.models import Approval
    from portal.cases.ports import Section
    from portal.types import Case, User

S = TypeVar("S", bound=Model)
S_contra = TypeVar("S_contra", bound=Model, contravariant=True)

# what a preview shows of one thing: its name, as it is, as it will be
Change: TypeAlias = tuple[str, str, str]


class Effect(Protocol[S_contra]):
    """What an act does to its row once it is approved."""

    def __call__(
        self, subject: S_contra, /, *, by: User, given: Given, approval: Approval
    ) -> object: ...


class EffectOnAll(Protocol[S_contra]):
    """The effect of an act on many rows at once."""

    def __call__(
        self, rows: Sequence[tuple[S_contra, Given]], *, by: User, approval: Approval
    ) -> object: ...


def subject_of(case: Case) -> Row:
    return case.subject


def _sum_of_case(subject: object) -> int:
    case: Case | None = getattr(subject, "case", None)
    return 0 if case is None else case.amount or 0


@dataclass(frozen=True, kw_only=True)
class Draw:
    """What a draft takes of one line of the budget: what is left of it now and what all rows
    together need, in its unit (yen, places); less than 0 gives back.
    """

    line: str
    left: int
    need: int
    unit: Text

    def frozen(self) -> dict[str, str | int]:
        """As an approval keeps it once it is over."""
        return {"line": self.line, "left": self.left, "need": self.need, "unit": str(self.unit)}

    @property
    def after(self) -> int:
        return self.left - self.need

    @property
    def is_short(self) -> bool:
        return self.need > 0 > self.after


@dataclass(frozen=True, kw_only=True)
class Act(Generic[S]):
    """What the office decides, drafted into an Approval and executed on approval, all rows or none.

    `form`: class of the form for one row; `preview(subject, given)`: rows of (what, before, after);
    `effect(subject, by, given)`: performs and begins; `locks(subject)`: rows it will touch, in any
    order. `obstacles(subject)`: why it cannot be drafted now. `check(subject, given)`: why what
    the form brought does not fit the subject, asked when drafted and when decided.
    """

    label: Text
    subject_model: str
    form: type[Form]
    effect: Effect[S]
    preview: Callable[[S, Given], list[Change]]
    obstacles: Callable[[S], list[str]]
    locks: Callable[[S], Sequence[Model]] = lambda _subject: []
    notice: str = ""
    # the transition of its subject that it performs, where that has another name than the act
    performs: str = ""
    # the fields of its form that each row says by itself; the others may be said once for all rows
    own: tuple[str, ...] = ()
    # what fields of a row's own form choose among, where that hangs on the row (`asks_each`)
    choices: Callable[[S], Mapping[str, Iterable[tuple[str, Text]]]] = lambda _subject: {}
    # does what a row's letter says hang on its row alone?
    is_by_row: bool = True
    # the row of a case that the act is about, or None
    find: Callable[[Case], S | None] = subject_of
    # what is prefetched with the cases before `find`, and with the rows that it found, so that
    # many are drafted and decided in few queries
    finds: tuple[str, ...] = ()
    reads: tuple[str, ...] = ("case",)
    # finds for all rows at once, and keeps with them, what cannot be prefetched
    fill: Callable[[list[S]], None] = lambda _rows: None
    # (rows of (subject, given), by, approval): instead of `effect`, on all rows at once
    effect_all: EffectOnAll[S] | None = None
    # (subject, all rows of the draft): instead of `obstacles`, where the other rows count
    among: Callable[[S, list[S]], list[str]] | None = None
    # the subjects in the order in which they are drafted and executed
    order: Callable[[list[S]], list[S]] = list
    check: Callable[[S, Given], list[str]] = lambda _subject, _given: []
    # what was said of a row and says nothing about it, as a sentence; "" where all of it is heard.
    # Said once for all rows it must be heard by one of them.
    unheard: Callable[[S, Given], str] = lambda _subject, _given: ""
    # what a row's own form begins with, where each row says something by itself (`asks_each`)
    proposes: Callable[[S], Given] = lambda _subject: {}
    # the provision under which it is decided, as the draft's form proposes it
    basis: Callable[[S], str] = lambda _subject: ""
    # what all rows together take of the budget, line by line
    draws: Callable[[Sequence[tuple[S, Given]]], list[Draw]] = lambda _rows: []

    # yen that it decides about for one row, where a rule asks who decides such a sum (専決)
    sum_of: Callable[[S, Given], int] = lambda subject, _given: _sum_of_case(subject)

    @property
    def asks_each(self) -> bool:
        """Must each row say something by itself?"""
        return any(self.form.base_fields[name].required for name in self.own)

    def subjects(self, cases: Sequence[Case]) -> list[S | None]:
        """The row of each case that the act is about; None for a case of another kind."""
        prefetch_related_objects(cases, *self.finds)
        found = [self.find(case) for case in cases]
        return [
            row if row is not None and row._meta.label == self.subject_model else None
            for row in found
        ]

    def read(self, rows: list[S]) -> list[S]:
        """The rows, with what the act asks of each."""
        prefetch_related_objects(rows, *self.reads)
        self.fill(rows)
        return rows

    def overdrawn(self, rows: Sequence[tuple[S, Given]]) -> list[str]:
        """Why the budget does not reach for all rows together; empty where it does."""
        return [
            _(
                "「%(line)s」の残りが足りません。残り%(left)s%(unit)sに対し、この起案で%(need)s%(unit)s要ります。"
            )
            % {"line": d.line, "left": f"{d.left:,}", "need": f"{d.need:,}", "unit": d.unit}
            for d in self.draws(rows)
            if d.is_short
        ]

    def misfits(self, rows: list[tuple[Row, Given]]) -> list[str]:
        """What the forms brought that does not fit its row, each with the case named; empty where
        all fits.
        """
        return [
            f"{subject.case}: {reason}"
            for subject, given in rows
            for reason in self.check(subject, given)
        ]

    def refusals(self, subject: S, rows: list[S]) -> list[str]:
        """Why the act cannot be drafted on `subject` together with `rows`; empty when it can."""
        return self.among(subject, rows) if self.among is not None else self.obstacles(subject)


acts: Registry[Act[Row]] = Registry("act")
# person and cases → what is to be looked at before one is decided, each a sentence: by case
concerns: Registry[Callable[[User, Sequence[Case]], dict[int, list[str]]]] = Registry(
    "source of concerns"
)


class Document(TypedDict):
    """A 起案用紙 as plain facts; `lines` stand under its title, `foot` on each page."""

    title: str
    number: str
    lines: Sequence[str]
    sections: Sequence[Section]
    foot: str


# a 起案用紙 → its PDF
draw_document: Port[Callable[[Document], bytes]] = Port("draw_document")
