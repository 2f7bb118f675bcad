"""A draft of many rows asks the database no more often than one of a few: opened, sent, read, drawn and decided."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias, TypedDict

import pytest
from django.db import connection
from django.test import Client

from grants.applications.models import Application
from portal.approvals.models import Approval
from portal.workflow.door import perform
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_decisions import accepted

Execute: TypeAlias = Callable[..., object]


class Counts(TypedDict):
    form: int
    sending: int
    page: int
    document: int
    deciding: int


# queries, whatever the number of rows; of the form one for the drafts that hold a case already
COUNTS: dict[str, Counts] = {
    "award": {"form": 32, "sending": 158, "page": 59, "document": 40, "deciding": 128},
    "waitlist": {"form": 30, "sending": 152, "page": 57, "document": 36, "deciding": 122},
    "reject": {"form": 29, "sending": 149, "page": 56, "document": 34, "deciding": 107},
}


def dozen(world: World) -> tuple[Application, ...]:
    return tuple(accepted(world) for _ in range(12))


@contextmanager
def counted() -> Iterator[list[str]]:
    """What is asked of the database inside; the log of the connection would be cut off."""
    found: list[str] = []

    def note(execute: Execute, sql: str, *rest: object) -> object:
        found.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield found


@begins(dozen)
@pytest.mark.parametrize("n", [3, 12])
@pytest.mark.parametrize("act", COUNTS)
def test_a_draft_of_many_rows_asks_no_more_than_one_of_few(
    world: World, client: Client, act: str, n: int
) -> None:
    cases = [row.case for row in world.begun(dozen)[:n]]
    client.force_login(world.officer)
    client.get("/approvals/")
    with counted() as form:
        client.get("/approvals/new/", {"act": act, "case": [case.number for case in cases]})
    typed = {
        "act": act,
        "case": [case.number for case in cases],
        "title": "件名",
        "keep_years": "5",
        "decider": world.director.pk,
    }
    if act == "reject":
        typed["all-reason"] = "基準に満たないため"
    with counted() as sending:
        assert client.post("/approvals/new/", typed).status_code == 302
    approval = Approval.objects.get()
    client.force_login(world.director)
    client.get("/approvals/")
    with counted() as page:
        client.get(approval.get_absolute_url())
    with counted() as document:
        client.get(f"{approval.get_absolute_url()}document.pdf")
    with counted() as deciding:
        perform(approval, "approve", by=world.director)
    asked = Counts(
        form=len(form),
        sending=len(sending),
        page=len(page),
        document=len(document),
        deciding=len(deciding),
    )
    # of a dozen contacts one has an account: whether its person parted from the firm is asked, for all at once
    of_accounts = 1 if n == 12 else 0
    assert asked == COUNTS[act] | {"deciding": COUNTS[act]["deciding"] + of_accounts}
