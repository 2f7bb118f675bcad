"""The staff lists: inbox by turns, and all cases. Constant numbers of queries, filtered in the database."""

from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from portal import clock
from portal.accounts.permissions import any_of, prefixed, staff_scope
from portal.cases.models import Case, Turn


def office_q(user: Any) -> Q:
    """Turns this person may take: theirs by name, or their role's within its scope while nobody has them by name."""
    by_role = [
        Q(side="office", person=None, role=role.role) & prefixed(staff_scope(role), "case")
        for role in user.roles()
        if role.role != "administrator"
    ]
    return any_of(by_role) | Q(side="office", person=user)


def visible_turns(user: Any) -> QuerySet[Turn]:
    roles = [role for role in user.roles() if role.role != "administrator"]
    scope = any_of([prefixed(staff_scope(role), "case") for role in roles])
    return Turn.objects.filter(Q(case__is_draft=False) & (scope | Q(person=user)))


def by_tab(user: Any) -> dict[str, QuerySet[Turn]]:
    turns, mine = visible_turns(user), office_q(user)
    soon = clock.today() + timedelta(days=3)
    return {
        "mine": turns.filter(mine),
        "applicant": turns.filter(side="applicant"),
        "others": turns.filter(side="office").exclude(mine),
        "soon": turns.filter(mine, due_on__lte=soon),
    }


def narrowed(turns: QuerySet[Turn], data: dict[str, Any]) -> QuerySet[Turn]:
    """The turns that the filter form leaves, in its order."""
    if data.get("programme"):
        turns = turns.filter(case__programme_code=data["programme"])
    if data.get("municipality"):
        turns = turns.filter(case__municipality_codes__contains=[data["municipality"].pk])
    if data.get("q"):
        turns = turns.filter(case__in=Case.objects.search(data["q"]))
    order = ["since"] if data.get("order") == "age" else [F("due_on").asc(nulls_last=True), "since"]
    return turns.select_related("case__organisation", "person").order_by(*order, "pk")


def cases(user: Any, data: dict[str, Any]) -> QuerySet[Case]:
    found = Case.objects.visible_to(user)
    if data.get("q"):
        found = found.search(data["q"])
    for name, lookup in (("programme", "programme_code"), ("state", "state")):
        if data.get(name):
            found = found.filter(**{lookup: data[name]})
    if data.get("municipality"):
        found = found.filter(municipality_codes__contains=[data["municipality"].pk])
    return found.select_related("organisation", "assigned_to").order_by("-opened_at", "-pk")
