"""The deciding desk's part of `make bench`: one draft of many awards, opened, sent, read, drawn and
decided.

The rows are copies of one simulated application, as it was before its decision.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bench_money import copies

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from portal.cases.models import Case


def decidable(count: int) -> list[Case]:
    """Copies of an application that can be awarded, each with its own firm, and money for all."""
    from grants.applications.deciding import too_early, too_late
    from grants.applications.models import Application
    from grants.applications.states import ApplicationState
    from grants.budget.models import book, lines_of
    from portal.accounts.models import Organisation, User
    from portal.registry.corporate_number import fictitious

    awarded = Application.objects.filter(state=ApplicationState.AWARDED, waiting_rank=None)
    template = next(
        (
            row
            for row in awarded.select_related("case", "call")
            if row.stated.unit == "yen" and not too_early(row) + too_late(row)
        ),
        None,
    )
    if template is None or template.last_version is None:
        raise SystemExit("the base has no application that can be awarded")
    start = 3 * 10**9 + Organisation.objects.count()
    firms = copies(
        template.case.organisation,
        count,
        corporate_number=[fictitious(start + n) for n in range(count)],
    )
    keys = [firm.pk for firm in firms]
    for member in template.case.organisation.memberships.filter(left_at=None):
        copies(member, count, organisation_id=keys)
    numbers = [f"BENCH-{start + n}" for n in range(count)]
    drafts = [f"BENCH-D{start + n}" for n in range(count)]
    cases: list[Case] = copies(
        template.case,
        count,
        organisation_id=keys,
        number=numbers,
        receipt_number=numbers,
        draft_number=drafts,
    )
    made = copies(template, count, case_id=[case.pk for case in cases], state="accepted")
    of_these = [row.pk for row in made]
    copies(template.last_version, count, application_id=of_these)
    for check in template.checks.all():
        copies(check, count, application_id=of_these)
    finance = User.objects.get(email="nomura@demo.example")
    for line in lines_of(template.call, template.frame):
        need = count if line.unit == "slots" else count * (template.requested_amount or 0)
        book(line, "appropriation", need, by=finance, note="bench")
    return cases


def rows(count: int = 400) -> list[tuple[str, ...]]:
    """Queries and seconds of each step with one draft of `count` awards: those that passed, and
    those of this process's processor, without the database.
    """
    from django.db import connection
    from django.test import Client

    from grants.awards.models import Award
    from portal.approvals.models import Approval
    from portal.workflow.door import perform
    from tools.demonstration.people import staff

    cases, people, client = decidable(count), staff(), Client()
    numbers = [case.number for case in cases]
    asked = {"act": "award", "case": numbers}
    typed = {**asked, "title": "bench", "keep_years": "5", "decider": people["director"].pk}
    found: list[tuple[str, ...]] = []

    def timed(what: str, target: str, act: Callable[[], object]) -> None:
        asked = 0

        def counted(execute: Callable[..., object], *query: object) -> object:
            nonlocal asked
            asked += 1
            return execute(*query)

        start, worked = time.perf_counter(), time.process_time()
        with connection.execute_wrapper(counted):
            act()
        span, work = time.perf_counter() - start, time.process_time() - worked
        said = f"{span:.2f} s ({work:.2f} s of processor)"
        found.append((what, f"{count} awards", str(asked), said, target))

    def ok(answer: HttpResponseBase, status: int) -> None:
        if answer.status_code != status:
            raise SystemExit(f"answered {answer.status_code}")

    client.force_login(people["officer"])
    client.get("/approvals/")
    timed(
        "the form of one draft",
        "1 s",
        lambda: ok(client.get("/approvals/new/", asked), 200),
    )
    timed("its sending", "10 s", lambda: ok(client.post("/approvals/new/", typed), 302))
    approval = Approval.objects.latest("pk")
    address = approval.get_absolute_url()
    client.force_login(people["director"])
    timed("its page", "1 s", lambda: ok(client.get(address), 200))
    timed("its document (PDF)", "5 s", lambda: ok(client.get(f"{address}document.pdf"), 200))
    perform(approval, "send_back", by=people["director"], reason="bench")
    client.force_login(people["officer"])
    timed("its form, put right", "1 s", lambda: ok(client.get(f"{address}edit/"), 200))
    approval = perform(approval, "circulate", by=people["officer"])
    timed("its decision", "30 s", lambda: perform(approval, "approve", by=people["director"]))
    done = Award.objects.filter(case__in=[case.pk for case in cases]).count()
    if done != count:
        raise SystemExit(f"only {done} of {count} were awarded")
    return found
