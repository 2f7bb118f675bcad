"""Which cases a list of the office shows, told by the address of the list alone: its filters and
its order. What is done with "all that match", and the next case of the list, ask here.
"""

from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import Resolver404, resolve

from portal.accounts.models import User
from portal.accounts.ports import programme_choices
from portal.cases import listing
from portal.cases.forms import LISTS, CaseFilter, InboxFilter
from portal.cases.models import Turn
from portal.cases.ports import case_filter_parts, case_kinds, endings
from portal.types import Given, Row, Sent, Text


def programmes_of(user: User) -> list[tuple[str, str]]:
    """The programmes within the person's roles, for the filters."""
    scopes = {role.programme_code for role in user.roles()}
    found = programme_choices.value()
    return found if "" in scopes else [(code, name) for code, name in found if code in scopes]


def state_choices() -> list[tuple[str, Text]]:
    """The states of every kind of case, and how what was granted ends, for the filter; those that
    several share once.
    """
    found: dict[str, Text] = {}
    for states in (*(kind.states for kind in case_kinds.values()), *endings.values()):
        for name, label in states:
            found.setdefault(name, label)
    return list(found.items())


def inbox_form(user: User, data: Sent) -> InboxFilter:
    return InboxFilter(data or None, programmes=programmes_of(user))


def case_form(user: User, data: Sent) -> CaseFilter:
    parts = {
        name: part.field()
        for name, part in case_filter_parts.items()
        if user.has_role(*part.readers)
    }
    programmes, states = programmes_of(user), state_choices()
    return CaseFilter(data or None, user=user, programmes=programmes, states=states, parts=parts)


def turns(user: User, data: Given) -> QuerySet[Turn]:
    """The turns of a tab of the inbox."""
    tab = listing.tabs(user)[data.get("tab") or "mine"]
    visible = listing.visible_turns(user)
    return listing.one_a_draft(listing.narrowed(visible, data, user)).filter(tab)


def list_of(address: str) -> str:
    """The name of the list at an address of ours; "" for any other page."""
    try:
        name = resolve(urlsplit(address).path).url_name or ""
    except Resolver404:
        return ""
    return name if name in LISTS else ""


def numbers(user: User, address: str, most: int) -> list[str]:
    """The numbers of the cases in the first `most` rows of the list at `address`, row by row; none
    where the address is no list. One query.
    """
    name, data = list_of(address), QueryDict(urlsplit(address).query)
    found: QuerySet[Row, str]
    if name == "inbox":
        inbox = inbox_form(user, data)
        rows = turns(user, inbox.cleaned_data if inbox.is_valid() else {})
        found = rows.values_list("case__number", flat=True)
    elif name == "case_list":
        form = case_form(user, data)
        cases = listing.cases(user, form.cleaned_data if form.is_valid() else {})
        found = cases.values_list("number", flat=True)
    else:
        return []
    return list(found[:most])
