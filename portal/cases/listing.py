"""The staff lists: inbox by turns, and all cases.

Constant numbers of queries, filtered in the database.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar, overload

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    F,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import any_of, prefixed, staff_scope
from portal.cases import columns, kept_apart, labels, search, visibility
from portal.cases.forms import NOBODY
from portal.cases.models import Case, Reading, Turn
from portal.cases.ports import (
    case_filter_parts,
    shared_names,
    shared_sums,
    turn_notes,
    turn_sums,
)
from portal.ports import Registry
from portal.registry import seats, trades
from portal.together import Ask
from portal.types import Given, Row, Text
from portal.ui import paging

T = TypeVar("T")


def _in_cases(condition: Q) -> Q:
    """Turns of the cases that meet the condition, without a join for what a turn carries itself."""
    return prefixed(condition, "case", Turn.CARRIED)


def office_q(user: User) -> Q:
    """Turns this person may take: their role's within its scope, while nobody else has them by name;
    and what asks for them without a role.
    """
    own = Q(person=user)
    asked = _of_roles(user) & (Q(person=None) | own) | own & Q(role="")
    return Q(side="office") & asked


def _of_roles(user: User) -> Q:
    """Turns of the person's roles, each within its scope."""
    return any_of(
        [
            Q(role=role.role) & _in_cases(staff_scope(role))
            for role in user.roles()
            if role.role != "administrator"
        ]
    )


def visible_turns(user: User) -> QuerySet[Turn]:
    """Turns in the cases the person works on, and those by name in a role that they hold there: the
    page of such a turn may be all of a case that is open to them. A reviewer is told what is asked of
    reviewers, of them or of any, as on the page of the case: not what the others do, nor what follows.
    """
    worked_on = _in_cases(visibility.of_office(user, visibility.WORKERS) & ~visibility.veiled(user))
    reviewed = _in_cases(visibility.of_office(user, ("reviewer",)) & ~visibility.veiled(user))
    own = Q(person=user) | Q(side="office", person=None, role="reviewer")
    by_name = Q(person=user) & _of_roles(user)
    turns = Turn.objects.filter(Q(is_draft=False) & (worked_on | reviewed & own | by_name))
    turns = turns.exclude(visibility.of_closed_matters(user))
    return turns.exclude(_in_cases(visibility.interested(user)))


def tabs(user: User) -> dict[str, Q]:
    """What each tab of the inbox holds of the visible turns; "today" is no tab but the figure above
    them.
    """
    mine, today = office_q(user) & ~kept_apart.forbidden(user), clock.today()
    later = Q(opens_at__gt=clock.now())
    now = mine & (Q(opens_at=None) | ~later)
    return {
        "mine": now,
        "applicant": Q(side="applicant"),
        "others": Q(side="office") & ~mine,
        "soon": now & Q(due_on__lte=today + timedelta(days=3)),
        "later": mine & later,
        "today": now & Q(due_on__lte=today),
    }


def said(count: int) -> str:
    """A figure as `counts` found it."""
    return f"{MOST:,}+" if count > MOST else f"{count:,}"


def one_a_draft(turns: QuerySet[Turn]) -> QuerySet[Turn]:
    """Of the turns that one draft makes of its cases for one person, the first."""
    person = Coalesce("person", 0)
    same = turns.alias(whose=person).filter(
        is_shared=True, subject=OuterRef("subject"), whose=OuterRef("whose"), pk__lt=OuterRef("pk")
    )
    return turns.alias(whose=person).exclude(Q(is_shared=True) & Exists(same))


def fill_shared(ask: Ask, page: Iterable[Turn], turns: QuerySet[Turn]) -> Callable[[], None]:
    """Say of each draft on a page about how many cases it is and which one names it, what it decides
    about them in yen, and since when the one that waits longest has been lying.
    """
    shared = {(turn.subject, turn.person_id): turn for turn in page if turn.is_shared}
    if not shared:
        return lambda: None
    of_these = turns.filter(is_shared=True, subject__in={subject for subject, _who in shared})
    groups = of_these.order_by().values_list("subject", "person")
    keys = _keys(shared)
    cases = Case.objects.filter(pk__in=of_these.order_by().values("case"))
    rows = ask(groups.annotate(n=Count("pk"), oldest=Min("since")))
    sums = {name: each(ask, keys[name], cases) for name, each in _of(shared_sums, keys)}
    called = {name: each(ask, keys[name], cases) for name, each in _of(shared_names, keys)}

    def fill() -> None:
        yen, names = _by_subject(sums), _by_subject(called)
        for subject, person, n, oldest in rows:
            if (turn := shared.get((subject, person))) is not None:
                turn.cases, turn.whole_sum, turn.since = n, yen.get(subject), oldest
                turn.case = names.get(subject, turn.case)

    return fill


def fill_sums(ask: Ask, page: Iterable[Turn], reader: User) -> Callable[[], None]:
    """Say to a reader of each turn that is about a sum of its own which one: a claim, and not what was decided; and
    of what the office has to look at again, what that answers.
    """
    rows = list(page)
    keys = _keys((turn.subject, None) for turn in rows if turn.subject)
    sums = {name: each(ask, keys[name]) for name, each in _of(turn_sums, keys)}
    notes = {name: each(ask, keys[name], reader) for name, each in _of(turn_notes, keys)}

    def fill() -> None:
        yen, back = _by_subject(sums), _by_subject(notes)
        for turn in rows:
            if turn.subject.partition(":")[0] in sums:
                turn.whole_sum = yen.get(turn.subject)
            turn.came_back = back.get(turn.subject, "")

    return fill


def _keys(shared: Iterable[tuple[str, int | None]]) -> dict[str, set[int]]:
    """Model → primary keys of the rows that make these turns."""
    keys: dict[str, set[int]] = {}
    for subject, _person in shared:
        model, _colon, key = subject.partition(":")
        keys.setdefault(model, set()).add(int(key))
    return keys


def _of(found: Registry[T], keys: Collection[str]) -> list[tuple[str, T]]:
    """What of a registry is about these models."""
    return [(name, found[name]) for name in keys if name in found]


def _by_subject(said: Mapping[str, Callable[[], dict[int, T]]]) -> dict[str, T]:
    return {f"{name}:{key}": of for name, say in said.items() for key, of in say().items()}


HEAD = ("mine", "today")  # which figures the head of the inbox says, whatever its filters leave


def counts(
    turns: QuerySet[Turn], conditions: dict[str, Q], every: QuerySet[Turn] | None
) -> tuple[dict[str, int], dict[str, int]]:
    """All counts of the inbox in one query, none further than one above `MOST`: of each tab, and of its
    head, which are those of `every` turn where a filter leaves some out.
    """
    wanted = {name: turns.order_by().filter(condition) for name, condition in conditions.items()}
    if every is not None:
        wanted |= {f"all {name}": every.filter(conditions[name]) for name in HEAD}
    found = paging.counted(wanted, MOST)
    return found, {name: found.get(f"all {name}", found[name]) for name in HEAD}


def narrowed(turns: QuerySet[Turn], data: Given, user: User) -> QuerySet[Turn]:
    """The turns that the filter form leaves, in its order."""
    if data.get("programme"):
        turns = turns.filter(programme_code=data["programme"])
    if data.get("municipality"):
        turns = turns.filter(municipality_codes__contains=[data["municipality"].pk])
    if data.get("q"):
        found = search.within(Case.objects.all(), data["q"], user).order_by()
        keys = list(
            found.values_list("pk", flat=True)[: MOST + 1]
        )  # looked for once, for every tab
        turns = turns.filter(case__in=keys if len(keys) <= MOST else found)
    return _told(turns, data)


def narrows(data: Given) -> bool:
    """Does the filter form leave anything out?"""
    return any(data.get(name) for name in ("q", "programme", "municipality"))


def _told(turns: QuerySet[Turn], data: Given) -> QuerySet[Turn]:
    order = ["since"] if data.get("order") == "age" else ["stands_on", "since"]
    return turns.select_related("case__organisation", "person").order_by(*order, "pk")


def chosen(user: User, numbers: list[str]) -> list[Case]:
    """The cases of these numbers that the person may see, in that order."""
    place = {number: n for n, number in reversed(list(enumerate(numbers)))}
    found = Case.objects.visible_to(user).filter(number__in=numbers).select_related("organisation")
    return sorted(found, key=lambda case: place[case.number])


def cases(user: User, data: Given) -> QuerySet[Case]:
    found = Case.objects.visible_to(user)
    if data.get("q"):
        found = search.within(found, data["q"], user)
    if data.get("programme"):
        found = found.filter(programme_code=data["programme"])
    if data.get("municipality"):
        found = found.filter(municipality_codes__contains=[data["municipality"].pk])
    for name, condition in _BY_VALUE.items():
        if data.get(name) not in (None, ""):
            found = found.filter(condition(data[name]))
    for name, part in case_filter_parts.items():
        if data.get(name):
            read = visibility.of_office(user, part.readers)
            found = found.filter(part.cases(data[name]) & read)
    return _shown(found, data)


def _shown(cases: QuerySet[Case], data: Given) -> QuerySet[Case]:
    rows = cases.select_related("organisation", "assigned_to")
    return columns.ordered(rows, data.get("order") or "")


def one_of(keys: QuerySet[Row, Row]) -> Func:
    """`pk__in` with the keys as an array, which PostgreSQL finds before it plans how to look them up."""
    return Func(
        F("pk"),
        ArraySubquery(keys),
        arg_joiner=" = ANY(",
        template="%(expressions)s)",
        output_field=BooleanField(),
    )


@dataclass(frozen=True)
class Sorted(Sequence[T]):
    """The rows of a list, read a page at a time. Their keys alone are sorted and cut; what is shown
    beside them is read of the page, and not of thousands that a word was found in or that lie before
    it. `first`: the keys are there before PostgreSQL looks for what is shown.
    """

    rows: QuerySet[Row, T]
    shown: Callable[[QuerySet[Row, T]], QuerySet[Row, T]]
    first: bool = False

    @overload
    def __getitem__(self, cut: int) -> T: ...

    @overload
    def __getitem__(self, cut: slice) -> list[T]: ...

    def __getitem__(self, cut: int | slice) -> T | list[T]:
        if isinstance(cut, int):
            return self.rows[cut]
        keys = self.rows.select_related(None).values("pk")[cut]
        wanted = Q(one_of(keys)) if self.first else Q(pk__in=keys)
        return list(self.shown(self.rows.model._default_manager.filter(wanted)))

    def __len__(self) -> int:
        return self.rows.count()


def looked_up(rows: QuerySet[Case], data: Given) -> tuple["Figures", paging.Found[Case]]:
    """What words found, in the order of the list and no further than one above `MOST`: looked for
    once, for the page and for the figures beside it.
    """
    sums = rows.select_related(None).values_list("pk", "applied_amount", "awarded_amount")
    hits = list(sums[: MOST + 1])
    applied, awarded = (sum(hit[n] or 0 for hit in hits) for n in (1, 2))
    found = paging.Found(
        [pk for pk, *_sums in hits], lambda keys: _shown(Case.objects.filter(pk__in=keys), data)
    )
    return Figures.of(len(hits), MOST, applied, awarded), found


def sorted_cases(rows: QuerySet[Case], data: Given) -> Sorted[Case]:
    return Sorted(rows, lambda page: _shown(page, data))


def sorted_turns(rows: QuerySet[Turn], data: Given) -> Sorted[Turn]:
    """The keys of the page come first: what a person may take costs so much, as PostgreSQL reckons
    it, that reading every turn beside it looks like nothing.
    """
    return Sorted(rows, lambda page: _told(page, data), first=True)


def morning(day: date) -> datetime:
    """When a day begins in Sapporo."""
    return datetime.combine(day, time.min, tzinfo=clock.JST)


def within(year: str, moment: str = "submitted_at") -> Q:
    """Handed in, or what another `moment` of a case says, within a fiscal year in Sapporo's time."""
    first, next_year = (morning(date(int(year) + n, 4, 1)) for n in (0, 1))
    return Q((f"{moment}__gte", first), (f"{moment}__lt", next_year))


# name of a filter → what it asks of a case, by its value
_BY_VALUE: dict[str, Callable[[Row], Q]] = {
    "state": lambda state: Q(state=state, ended_as="") | Q(ended_as=state),
    "officer": lambda pk: Q(assigned_to=None if pk == NOBODY else int(pk)),
    "year": within,
    "decided": lambda year: within(year, "decided_at"),
    "trade": lambda chosen: Q(organisation__trade_code__in=trades.within(chosen)),
    "seat": lambda chosen: Q(organisation__seat_code__in=seats.within(chosen)),
    "call": lambda words: Q(call_label__in=labels.with_words(words)),
    "since": lambda day: Q(submitted_at__gte=morning(day)),
    "until": lambda day: Q(submitted_at__lt=morning(day + timedelta(days=1))),
    "least": lambda yen: Q(amount__gte=yen),
    "most": lambda yen: Q(amount__lte=yen),
    "open_only": lambda wanted: Q(closed_at=None) if wanted else Q(),
}


MOST = 1_000  # found by a search: further ones are neither counted nor added up
MANY = 10_000  # the same of the list of cases by its filters alone
# a draft has neither: its sum is in no total
SUMS = (_lazy("申請額の合計（提出された案件）"), _lazy("決定額の合計（交付が決まった案件）"))


@dataclass(frozen=True)
class Figures:
    """How many cases a list has, at most one more than `most`, and what was applied for in those that
    were handed in, and decided in those that were awarded; no sums of a list that was not counted
    to its end.
    """

    count: int
    most: int
    sums: list[tuple[Text, int]]

    @classmethod
    def of(cls, count: int, most: int, applied: int, awarded: int) -> "Figures":
        sums: list[tuple[Text, int]] = list(zip(SUMS, (applied, awarded), strict=True))
        return cls(count, most, sums if count <= most else [])

    @property
    def is_too_many(self) -> bool:
        return self.count > self.most


def figures(rows: QuerySet[Case], first: Sequence[Case] | None = None) -> Figures:
    """Of a list without words. One query for all of it; none where `first`, the first page and one
    row more, is the whole list.
    """
    if first is not None and len(first) <= paging.PER_PAGE:
        applied = sum(case.applied_amount or 0 for case in first)
        awarded = sum(case.awarded_amount or 0 for case in first)
        return Figures.of(len(first), MANY, applied, awarded)
    cut = rows.order_by().select_related(None)[: MANY + 1]
    found = cut.aggregate(
        rows=Count("pk"),
        applied=Sum("applied_amount", default=0),
        awarded=Sum("awarded_amount", default=0),
    )
    return Figures.of(found["rows"], MANY, found["applied"], found["awarded"])


def readings(user: User, data: Given) -> QuerySet[Reading]:
    """What the office opened of the cases that the person sees, and took out of no single one;
    newest first. The rule of `visible_to` is asked of each row's case, so that a page reads no
    further than its rows.
    """
    seen = Case.objects.visible_to(user)
    rows = Reading.objects.filter(Q(case=None) | prefixed(visibility.seen(user), "case"))
    if person := data.get("person"):
        rows = rows.filter(person__name__contains=person)
    if until := data.get("until"):
        rows = rows.filter(at__lt=morning(until + timedelta(days=1)))
    if number := data.get("number"):
        rows = rows.filter(case__in=search.within(seen, number, user))
    return rows.select_related("person", "case__organisation")
