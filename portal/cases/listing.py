"""The staff lists: inbox by turns, and all cases.

Constant numbers of queries, filtered in the database.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import any_of, prefixed, staff_scope
from portal.cases import columns, search, visibility
from portal.cases.forms import NOBODY
from portal.cases.models import Case, Reading, Turn
from portal.types import Given, Row


def office_q(user: User) -> Q:
    """Turns this person may take: theirs by name, or their role's within its scope while nobody has
    them by name.
    """
    by_role = [
        Q(side="office", person=None, role=role.role) & prefixed(staff_scope(role), "case")
        for role in user.roles()
        if role.role != "administrator"
    ]
    return any_of(by_role) | Q(side="office", person=user)


def visible_turns(user: User) -> QuerySet[Turn]:
    """Turns in the cases the person sees, and their own by name: the page of such a turn may be all
    of a case that is open to them.
    """
    scope = prefixed(visibility.of_office(user) & ~visibility.veiled(user), "case")
    turns = Turn.objects.filter(Q(case__is_draft=False) & (scope | Q(person=user)))
    return turns.exclude(prefixed(visibility.interested(user), "case"))


def tabs(user: User) -> dict[str, Q]:
    """What each tab of the inbox holds of the visible turns; "today" is no tab but the figure above
    them.
    """
    mine, today = office_q(user), clock.today()
    return {
        "mine": mine,
        "applicant": Q(side="applicant"),
        "others": Q(side="office") & ~mine,
        "soon": mine & Q(due_on__lte=today + timedelta(days=3)),
        "today": mine & Q(due_on__lte=today),
    }


def counts(turns: QuerySet[Turn], conditions: dict[str, Q]) -> dict[str, int]:
    """All counts of the inbox in one pass over the turns."""
    return turns.aggregate(
        **{name: Count("pk", filter=condition) for name, condition in conditions.items()}
    )


def narrowed(turns: QuerySet[Turn], data: Given, user: User) -> QuerySet[Turn]:
    """The turns that the filter form leaves, in its order."""
    if data.get("programme"):
        turns = turns.filter(case__programme_code=data["programme"])
    if data.get("municipality"):
        turns = turns.filter(case__municipality_codes__contains=[data["municipality"].pk])
    if data.get("q"):
        turns = turns.filter(case__in=search.within(Case.objects.all(), data["q"], user))
    order = ["since"] if data.get("order") == "age" else [F("due_on").asc(nulls_last=True), "since"]
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
    for name, lookup in (("programme", "programme_code"), ("state", "state")):
        if data.get(name):
            found = found.filter(**{lookup: data[name]})
    if data.get("municipality"):
        found = found.filter(municipality_codes__contains=[data["municipality"].pk])
    for name, condition in _BY_VALUE.items():
        if data.get(name) not in (None, ""):
            found = found.filter(condition(data[name]))
    found = found.select_related("organisation", "assigned_to")
    return columns.ordered(found, data.get("order") or "")


def morning(day: date) -> datetime:
    """When a day begins in Sapporo."""
    return datetime.combine(day, time.min, tzinfo=clock.JST)


def _within(year: str) -> Q:
    """Handed in within a fiscal year."""
    return Q(
        submitted_at__gte=morning(date(int(year), 4, 1)),
        submitted_at__lt=morning(date(int(year) + 1, 4, 1)),
    )


# name of a filter → what it asks of a case, by its value
_BY_VALUE: dict[str, Callable[[Row], Q]] = {
    "officer": lambda pk: Q(assigned_to=None if pk == NOBODY else int(pk)),
    "year": _within,
    "call": lambda words: Q(call_label__icontains=words),
    "since": lambda day: Q(submitted_at__gte=morning(day)),
    "until": lambda day: Q(submitted_at__lt=morning(day + timedelta(days=1))),
    "least": lambda yen: Q(amount__gte=yen),
    "most": lambda yen: Q(amount__lte=yen),
    "open_only": lambda wanted: Q(closed_at=None) if wanted else Q(),
}


MOST = 1_000  # found by a search: further ones are not counted


def counted(rows: QuerySet[Row], data: Given) -> int | None:
    """How many a search found, at most one more than `MOST`; None where nothing was searched, and
    the list may count by itself.
    """
    return rows.order_by()[: MOST + 1].count() if data.get("q") else None


def readings(user: User, data: Given) -> QuerySet[Reading]:
    """What the office opened of the cases that the person sees, and took out of no single one;
    newest first.
    """
    seen = Case.objects.visible_to(user)
    rows = Reading.objects.filter(Q(case=None) | Q(case__in=seen))
    if person := data.get("person"):
        rows = rows.filter(person__name__contains=person)
    if number := data.get("number"):
        rows = rows.filter(case__in=search.within(seen, number, user))
    return rows.select_related("person", "case__organisation")
