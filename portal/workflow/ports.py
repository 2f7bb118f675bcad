"""What the door asks of later rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from portal.ports import Port, Registry
from portal.types import Given, Row, Text

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model, QuerySet
    from django.forms import BaseForm
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from portal.types import Case, Organisation, User
    from portal.workflow.against import Against
    from portal.workflow.duties import Clash
    from portal.workflow.gathering import Letter, LetterDraft, MailDraft, Told
    from portal.workflow.graph import LifeCycle, Requirement

L = TypeVar("L", bound="LifeCycle")
# (row, state before) of the rows of a model that changed → the cases whose turns hang on them
OfRows: TypeAlias = "Callable[[list[tuple[L, str]]], Iterable[Case]]"


class IssueNotices(Protocol):
    """Number, freeze and store notices, each (kind, subject, given)."""

    def __call__(self, wanted: Sequence[tuple[str, LifeCycle, Given]], *, by: User) -> None: ...


@dataclass(frozen=True, kw_only=True)
class KnownInterests:
    """Why a person may decide nothing: the known and declared interests, each a sentence.

    `fill`: find them for many cases at once, and keep them with each for `of_case`. `among`: in any
    of many cases, in one query.
    """

    of_case: Callable[[User, Case], list[str]]
    fill: Callable[[User, list[Case]], None]
    in_firm: Callable[[User, Organisation], list[str]]
    among: Callable[[User, QuerySet[Case]], list[str]]


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """Where a model keeps sealed values: a column, or texts of these `names` in a JSON column."""

    column: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NoticeKind:
    """A notice that a transition may issue: its name, the function (subject, **given) -> frozen
    facts, and the title of its paper where that is not its name.

    `cites`: the earlier notices that it rests on, each as its kind and what it is about (a case: the
    last one to it); where they stand is given to the function as `cited` (`portal/notices/citing.py`).
    `matter`: the kind of row that it tells of, where that is closed to some who read its case.
    """

    label: Text
    facts: Callable[..., dict[str, object]]
    title: str = ""
    matter: str = ""
    cites: Callable[[Row], Sequence[tuple[str, Row]]] = lambda _row: ()

    @property
    def heading(self) -> str:
        """What stands above its text."""
        return str(self.title or self.label)


@dataclass
class Requirements:
    """Requirements joined to a transition of a model by a later room."""

    joined: dict[tuple[type[LifeCycle], str], list[Requirement[Row]]] = field(
        default_factory=dict, init=False
    )

    def join(self, model: type[L], transition: str, requirement: Requirement[L]) -> None:
        self.joined.setdefault((model, transition), []).append(requirement)

    def of(self, model: type[LifeCycle], transition: str) -> list[Requirement[Row]]:
        return self.joined.get((model, transition), [])


@dataclass
class Touches:
    """Said by later rooms: the cases whose turns hang on rows of a model."""

    joined: dict[type[LifeCycle], list[OfRows[Row]]] = field(default_factory=dict, init=False)

    def join(self, model: type[L], cases: OfRows[L]) -> None:
        self.joined.setdefault(model, []).append(cases)

    def of(self, model: type[LifeCycle]) -> list[OfRows[Row]]:
        return self.joined.get(model, [])


issue_notices: Port[IssueNotices] = Port("issue_notices")
write_mails: Port[Callable[[Iterable[Told]], None]] = Port("write_mails")
write_letters: Port[Callable[[Iterable[Letter]], None]] = Port("write_letters")
# what would be written, stored nowhere
draft_mails: Port[Callable[[Iterable[Told]], list[MailDraft]]] = Port("draft_mails")
draft_letters: Port[Callable[[Iterable[Letter]], list[LetterDraft]]] = Port("draft_letters")
# (kind, subject, given) of each → the notices as they would be issued, stored nowhere
draft_notices: Port[Callable[[Sequence[tuple[str, LifeCycle, Given]]], Sequence[Row]]] = Port(
    "draft_notices"
)
rewrite_turns: Port[Callable[[Iterable[Case]], None]] = Port("rewrite_turns")
# asked once a page has been answered to somebody who is signed in
opened: Port[Callable[[HttpRequest, User, HttpResponseBase], None]] = Port("opened")
known_interests: Port[KnownInterests] = Port("known_interests")
# of duties that clash, those that an exception allows at a moment, and by which
# of a pair of duties at a moment: the codes of the municipalities in which one person may hold both
excepted_places: Port[Callable[[str, datetime], QuerySet[Model, str]]] = Port("excepted_places")
duties_excepted: Port[Callable[[Collection[Clash], datetime], dict[Clash, str]]] = Port(
    "duties_excepted"
)
notice_kinds: Registry[NoticeKind] = Registry("notice kind")
# kind of paper → what draws it anew from the number of its row
papers: Registry[Callable[[int], bytes]] = Registry("paper")
# a paper of this kind could not be drawn of this row; that of the row with this number was
paper_failed: Port[Callable[[str, Model], None]] = Port("paper_failed")
paper_drawn: Port[Callable[[str, int], None]] = Port("paper_drawn")
sealed_columns: Registry[Sealed] = Registry("model with sealed values")  # by model label
transition_forms: Registry[type[BaseForm]] = Registry("transition form")
# model name → (person of the office, rows) → what the acts on each (by primary key) are checked
# against, in a number of queries that does not grow with the rows; keeps what is kept of a reading
checked_against: Registry[Callable[[User, Sequence[Row]], dict[int, Against]]] = Registry(
    "model whose acts are checked against something"
)
joined_requirements = Requirements()
joined_touches = Touches()
