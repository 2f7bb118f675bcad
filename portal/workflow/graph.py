"""A life cycle on one page: the decorator of its transitions, its states, and the abstract model
that carries both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypedDict, TypeVar, Unpack

import django_fsm
from django.apps import apps
from django.db import models

from portal import clock
from portal.types import Given, Row, Text
from portal.workflow.outgoing import Outgoing

if TYPE_CHECKING:
    from portal.types import Case, User

M = TypeVar("M", bound=Callable[..., None])
L = TypeVar("L", bound="LifeCycle")
Asked = TypeVar("Asked", contravariant=True)

UNBORN = ""


class Permission(Protocol[Asked]):
    """Who may: reasons for one row (empty = may), and a Q for a set of rows."""

    def reasons(self, user: User, obj: Asked, /) -> list[str]: ...

    def q(self, user: User) -> models.Q: ...


@dataclass(frozen=True)
class Requirement(Generic[Asked]):
    """What must be true of a row: `reasons(obj)` says what is missing (empty = met); `q` the same
    for a set of rows; `locks(obj)`: other rows that it asks about, which stand still meanwhile.
    """

    name: str
    reasons: Callable[[Asked], list[str]]
    q: models.Q = field(default_factory=models.Q)
    locks: Callable[[Asked], Iterable[models.Model]] = lambda _obj: ()


@dataclass(frozen=True)
class State:
    """How a state is called and whose turn it makes. word: as it is stored; tone: you, city, good,
    care, stop or rest (the badge).
    """

    word: str
    label: Text
    applicant: Text
    tone: str = "rest"
    side: str = ""
    role: str = ""
    todo: Text = ""
    days: int | None = None  # business days until it is due, when no date of its own is set
    say: Text = ""  # the one plain sentence to the applicant


class States(models.TextChoices):
    """The states of a life cycle: each member is the word that is stored, and knows its `State`.

    What holds of several states (live, undecided, ended) stands beside them as a set with a name.
    """

    info: State

    def __new__(cls, info: State) -> Self:
        member = str.__new__(cls, info.word)
        member._value_ = info.word
        member.info = info
        return member

    @classmethod
    def of(cls, word: str) -> Self:
        """The state that is stored as `word`; KeyError where the life cycle has none."""
        return cls[cls._value2member_map_[word].name]

    @property
    def label(self) -> Text:
        return self.info.label


@dataclass(frozen=True)
class Spec:
    """What a transition declares.

    `locks(obj, given)`: further rows to lock; `reason`: "", "optional" or "required".
    """

    name: str
    sources: tuple[str, ...]
    target: str
    label: Text
    done: Text
    permission: Permission[Row]
    requirements: tuple[Requirement[Row], ...] = ()
    reason: str = ""
    form: str = ""
    duty: str = ""
    # a duty that is asked as if it were done, and not noted: who may not do it may not do this either
    asks: str = ""
    tone: str = "line"
    internal: bool = False
    unsaid: tuple[str, ...] = ()  # what is given and not repeated in the record
    # the person proves once more who they are, on the page of the transition
    sensitive: bool = False
    locks: Callable[[Row, Given], Iterable[models.Model]] = lambda _obj, _given: ()

    @property
    def asked_duty(self) -> str:
        return self.duty or self.asks


class Declared(TypedDict, total=False):
    """What a transition may declare beside what each must: the further fields of `Spec`."""

    requirements: tuple[Requirement[Row], ...]
    reason: str
    form: str
    duty: str
    asks: str
    tone: str
    internal: bool
    unsaid: tuple[str, ...]
    sensitive: bool
    locks: Callable[[Row, Given], Iterable[models.Model]]


_inside: ContextVar[bool] = ContextVar("inside_perform", default=False)


def _only_inside(_instance: object) -> bool:
    return _inside.get()


def transition(
    *,
    source: str | Iterable[str],
    target: str,
    label: Text,
    done: Text,
    permission: Permission[Row],
    **declared: Unpack[Declared],
) -> Callable[[M], M]:
    """Declare a transition of the field `state`. Only `portal.workflow.door` can run it."""
    # plain words, as a row brings them from the database
    sources = (str(source),) if isinstance(source, str) else tuple(map(str, source))
    target = str(target)

    def wrap(method: M) -> M:
        spec = Spec(method.__name__, sources, target, label, done, permission, **declared)
        wrapped: M = django_fsm.transition(
            field="state",
            source=list(sources),
            target=target,
            conditions=[_only_inside],
            custom={"spec": spec},
        )(method)
        wrapped.spec = spec  # type: ignore[attr-defined]
        return wrapped

    return wrap


class Living(models.QuerySet[L]):
    """Rows of a life cycle that names `LIVE`."""

    def live(self) -> Self:
        """Those that go on: in one of the states that the model names in `LIVE`."""
        return self.filter(state__in=self.model.LIVE)


class LifeCycle(models.Model):
    """A row with a life cycle.

    Subclasses have `state = state_field()`, STATES, and perhaps `case`.
    """

    state: models.CharField[str, str]  # each subclass's own field
    version = models.PositiveIntegerField(default=0)
    state_since = models.DateTimeField(null=True)

    STATES: type[States]
    # in which it goes on: what may be there once at a time, and what others wait for. A model that
    # is never asked for it names none
    LIVE: tuple[States, ...]
    # by the name of the transition: the paper and the mails that it sends out
    OUTGOING: Mapping[str, Outgoing] = {}
    # what the sides that hear of it are called in docs/life_cycles.md
    SIDES: Mapping[str, str] = {"applicant": "申請者", "office": "市"}
    lock_rank = 500
    # who of the office hears of it while it makes nobody's turn; "": the role of its kind of case
    office_role = ""

    class Meta:
        abstract = True

    @classmethod
    @cache
    def specs(cls) -> dict[str, Spec]:
        found = (
            getattr(getattr(cls, name, None), "spec", None)
            for name in dir(cls)
            if not name.startswith("_")
        )
        return {spec.name: spec for spec in found if isinstance(spec, Spec)}

    @property
    def info(self) -> State:
        return self.STATES.of(self.state).info

    @property
    def act_facts(self) -> Sequence[tuple[Text, str]]:
        """What the page of each of its acts says it is about, beside its name: (label, value)."""
        return ()

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def state_day(self) -> date:
        """The day on which it came into its state: from when a side has been holding it."""
        return clock.day_of(self.state_since or clock.now())

    @property
    def audit_chain(self) -> str:
        case_id = getattr(self, "case_id", None)
        return f"case:{case_id}" if case_id else f"{self._meta.model_name}:{self.pk}"

    @property
    def subject_key(self) -> str:
        return f"{self._meta.model_name}:{self.pk}"

    def touched_cases(self) -> list[Case]:
        """The cases whose turns hang on this row, and in which an interest forbids its duties: its
        own where it has one.
        """
        case = getattr(self, "case", None)
        return [] if case is None else [case]

    def duty_subjects(self) -> list[str]:
        """On what the duties of design are kept apart: the case, else the row itself."""
        return [self.audit_chain]

    def address_for(self, _user: User) -> str:
        """Where a person reads about the row: on its own page, else on its case's.

        A row whose page is open to one side says so.
        """
        own = getattr(self, "get_absolute_url", None)
        if own is not None:
            return str(own())
        return str(getattr(self, "case").get_absolute_url())  # noqa: B009  the subclass's field

    @property
    def told_as(self) -> str:
        """How mails name the row, where it is in no case."""
        return str(self)

    @property
    def told_values(self) -> dict[str, object]:
        """The values that the mails about its transitions name, as %(name)s."""
        return {}

    def hearers(self, _side: str) -> list[User]:
        """Who of a side hears what goes out about a row without a case; of any other row its case
        knows.
        """
        return []

    def born(self, by: User, given: Given) -> None:
        """What a new row brings with it, after it was saved."""

    def mirror(self) -> None:
        """Bring what other rows repeat of this one (the case's list columns) up to date, after each
        transition.
        """

    @classmethod
    def mirror_all(cls, rows: Sequence[Self]) -> None:
        """The same of many rows; where it asks the database, a room may say how at once."""
        for row in rows:
            row.mirror()


def state_field() -> models.CharField[str, str]:
    field: models.CharField[str, str] = django_fsm.FSMField(
        default=UNBORN, max_length=24, protected=True, db_index=True
    )
    return field


def state_check(states: type[States], name: str) -> models.CheckConstraint:
    """No row is stored in a state that its graph does not have (nor unborn)."""
    return models.CheckConstraint(condition=models.Q(state__in=sorted(states.values)), name=name)


def life_cycles() -> list[type[LifeCycle]]:
    """Every concrete model with a life cycle, in the order of the rooms."""
    return [model for model in apps.get_models() if issubclass(model, LifeCycle)]
