"""`make bench`: the office's lists, the page of a case, and search by each thing that a person
remembers, each for people who see more or less.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from allauth.mfa.totp.internal.auth import TOTP
from bench_copies import STEP, numbers_of
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils.http import urlencode

from grants.reviews.models import Review
from portal import clock
from portal.accounts.demo import totp_secret
from portal.accounts.models import Delegation, Organisation, StaffRole, User
from portal.cases.columns import COLUMNS
from portal.cases.models import Case
from portal.ui.models import Use
from tools.demonstration.people import address

if TYPE_CHECKING:
    from collections.abc import Mapping

    Measure = Callable[[Client, str], tuple[int, float]]

EBETSU = "012173"
CLIENTS = 200  # firms of the adviser who is measured
REVIEWS = 120  # of a reviewer as there are some
LIST, PAGE, FOUND = "12 queries", "20 queries", "12 queries, 0.15 s"


def rows(measure: Measure, size: int) -> Iterator[tuple[str, ...]]:
    """(what, cases, queries, measured, wanted) of each page."""
    clients = {name: _signed_in(person) for name, person in _people().items()}
    for what, who, path, wanted in (*_lists(), *_searches()):
        client = clients[who]
        Use.objects.all().delete()  # nobody searches as often as this
        queries, span = measure(client, path)
        touched = buffers(partial(client.get, path))
        busy = processor(partial(client.get, path))
        told = f"{span:.3f} s, {busy:.3f} s of processor, {touched:,} buffers"
        yield (f"{what} ({who})", f"{size:,}", str(queries), told, wanted)


def buffers(call: Callable[[], object]) -> int:
    """Pages of 8 kB that the database touched for it: unlike time, the same whatever else runs."""
    before = _touched()
    call()
    return _touched() - before


def processor(call: Callable[[], object], times: int = 3) -> float:
    """Seconds that Python and its backend, on this machine, took of the processor: the best of several."""
    return min(spans_of(call, times))


def spans_of(call: Callable[[], object], times: int) -> list[float]:
    """The same of each of `times` calls, in their order."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    spans = []
    for _ in range(times):
        before = time.process_time() + _on_cpu(backend)
        call()
        spans.append(time.process_time() + _on_cpu(backend) - before)
    return spans


def _on_cpu(backend: Path) -> float:
    return int(backend.read_text().split()[0]) / 1e9


def _touched() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()"
        )
        found: int = cursor.fetchone()[0]
    return found


def _signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def read(each: int = 3) -> None:
    """Every case was opened so often, by one officer after the other: a base of few days has no such rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO portal_cases_reading (person_id, case_id, what, subject, at)
            SELECT people.ids[1 + (c.id + n) %% array_length(people.ids, 1)], c.id, 'case.open', '',
              c.opened_at + n * interval '1 hour'
            FROM portal_cases_case c, generate_series(1, %s) n,
              (SELECT array_agg(DISTINCT person_id) AS ids FROM portal_accounts_staffrole) people
            WHERE NOT c.is_draft
              AND c.id NOT IN (SELECT case_id FROM portal_cases_reading WHERE case_id IS NOT NULL)""",
            [each],
        )


def _people() -> Mapping[str, User]:
    """Who looks: two who see one programme, of these one the cases in their own hand alone; one who
    sees a municipality with few cases.
    """
    code = (
        Case.objects.filter(kind="application").order_by("pk").values_list("programme_code")[0][0]
    )
    narrow = _officer("bench-programme", programme_code=code)
    alone = _officer("bench-own", programme_code=code, assigned_only=True)
    town = _officer("bench-town", municipality_id=EBETSU)
    if not Case.objects.filter(assigned_to=alone).exists():
        of_programme = Case.objects.filter(programme_code=code, is_draft=False)
        of_programme.alias(digit=F("pk") % 10).filter(digit=7).update(assigned_to=alone)
    names = {
        **{"all": "officer", "approver": "director", "money": "accountant", "auditor": "auditor"},
        **{"reviewer": "reviewer", "accounting": "accounting_officer", "keeper": "administrator"},
    }
    office = {who: User.objects.get(email=address(name)) for who, name in names.items()}
    firm = _copied_awarded().organisation
    person = User.objects.filter(memberships__organisation=firm, memberships__left_at=None)[0]
    adviser = _adviser("bench-adviser", narrow)
    people = {"programme": narrow, "own": alone, "town": town, "firm": person, "adviser": adviser}
    people["few reviews"] = _reviewer("bench-reviewer", office["reviewer"])
    return {**office, **people}


def _copied_awarded() -> Case:
    copied = Case.objects.filter(pk__gt=STEP, is_draft=False, state="awarded")
    return copied.select_related("organisation").order_by("pk")[0]


def _adviser(name: str, granted_by: User) -> User:
    """Who advises as many firms, whatever the size of the base."""
    person, is_new = User.objects.get_or_create(email=address(name), defaults={"name": name})
    if is_new:
        firms = Organisation.objects.filter(pk__gt=STEP, cases__is_draft=False).order_by("pk")
        today = clock.today()
        Delegation.objects.bulk_create(
            Delegation(
                adviser=person,
                organisation_id=pk,
                starts_on=today,
                ends_on=today + timedelta(days=300),
                granted_by=granted_by,
            )
            for pk in firms.values_list("pk", flat=True).distinct()[:CLIENTS]
        )
    return person


def _reviewer(name: str, of: User) -> User:
    """Who has as many reviews as a person reads, whatever the size of the base."""
    person = _officer(name, role="reviewer")
    if not Review.objects.filter(reviewer=person).exists():
        some = Review.objects.filter(reviewer=of, state="scored").order_by("-pk")
        keys = list(some.values_list("pk", flat=True)[:REVIEWS])
        Review.objects.filter(pk__in=keys).update(reviewer=person)
    return person


def _officer(name: str, role: str = "programme_officer", **scope: object) -> User:
    person, is_new = User.objects.get_or_create(email=address(name), defaults={"name": name})
    if is_new:
        TOTP.activate(person, totp_secret(name))
        StaffRole.objects.create(
            person=person,
            role=role,
            **scope,
            starts_on=clock.today(),
            granted_by=User.objects.get(email=address("administrator")),
        )
    return person


def _lists() -> Iterator[tuple[str, str, str, str]]:
    """(what, who looks, address, wanted)."""
    copied = Case.objects.filter(pk__gt=STEP).order_by("pk")
    case, awarded = copied.filter(state="submitted")[0], _copied_awarded()
    number = case.number
    for who in ("all", "programme", "own", "town", "approver", "money", "auditor"):
        yield "list of cases", who, "/cases/", LIST
        yield "inbox", who, "/inbox/", LIST
    for who in ("all", "programme", "own"):
        yield "inbox, others' turns", who, "/inbox/?tab=others", LIST
    for what, query in (
        ("by state", "state=submitted"),
        ("by programme and state", f"programme={case.programme_code}&state=awarded"),
        ("by year", f"year={clock.today().year}"),
        ("by call", "call=第1回"),
        ("by sum", "least=1000000"),
        ("what is open", "open_only=on"),
        ("what nobody has in hand", "officer=0"),
        ("the last page", "page=100000"),
    ):
        yield f"list of cases, {what}", "all", f"/cases/?{query}", LIST
    for column in COLUMNS:
        yield f"list of cases, sorted by {column.name}", "all", f"/cases/?order={column.name}", LIST
    yield "inbox, oldest first", "all", "/inbox/?order=age", LIST
    yield "page of a case", "all", f"/cases/{number}/", PAGE
    yield "page of an awarded case", "all", f"/cases/{awarded.number}/", PAGE
    yield "duties of a case", "auditor", f"/cases/{number}/duties/", LIST
    yield "readings of a case", "auditor", f"/cases/{number}/readings/", LIST
    yield "officers", "all", "/cases/officers/", LIST
    yield "approvals, mine", "approver", "/approvals/", LIST
    yield "approvals, every", "approver", "/approvals/?state=all", LIST
    yield "payments", "money", "/payments/", LIST
    yield "readings", "auditor", "/readings/", LIST
    yield "readings of a number", "auditor", f"/readings/?number={number}", LIST
    yield "firms", "all", "/staff/firms/", LIST
    yield "firms by name", "all", f"/staff/firms/?q={case.organisation.name}", LIST
    yield "attempts", "all", "/staff/attempts/", LIST
    yield "statistics of the office", "all", "/staff/statistics/", LIST
    for what, who, path in _beside(awarded):
        yield what, who, path, LIST


def _beside(awarded: Case) -> Iterator[tuple[str, str, str]]:
    """The lists of single rooms, and what the applicants' side opens."""
    for who in ("money", "auditor"):
        yield "what is to be returned", who, "/recoveries/"
        yield "what is late of it", who, "/recoveries/?stage=late"
    yield "payments", "accounting", "/payments/"
    yield "inbox", "accounting", "/inbox/"
    for who in ("reviewer", "few reviews"):
        yield "inbox", who, "/inbox/"
        yield "list of cases", who, "/cases/"
    yield "list of cases, by words of a call", "programme", "/cases/?call=第1回"
    for what, path in (
        ("execution and forecast", "/payments/execution/"),
        ("end of the year", "/payments/year-end/"),
        ("budget lines", "/staff/budget/"),
        ("budget book", "/staff/budget/book/"),
        ("obligations of later years", "/staff/budget/debts/"),
        ("entries for accounting", "/staff/budget/accounting/"),
    ):
        yield what, "money", path
    for what, path in (
        ("reviews", "/reviews/"),
        ("consultations", "/staff/consult/"),
        ("challenges", "/staff/challenges/"),
        ("programmes", "/staff/programmes/"),
        ("requests about one's own data", "/staff/data-requests/"),
        ("disclosures", "/disclosures/"),
        ("records that end", "/staff/disposals/"),
        ("register of what ended", "/staff/disposals/register/"),
        ("inquiries", "/staff/inquiry/"),
        ("figures by place", "/staff/statistics/?places=1"),
    ):
        yield what, "all", path
    yield "reviews", "reviewer", "/reviews/"
    yield "drafts that were sent", "all", "/approvals/?state=circulated"
    yield "drafts about a case", "all", f"/approvals/?state=all&case={awarded.number}"
    yield "the record", "auditor", "/staff/record/"
    yield "stopped jobs", "keeper", "/staff/jobs/"
    yield "roles", "keeper", "/staff/roles/"
    for who in ("firm", "adviser"):
        yield "one's own cases", who, "/my/"
        yield "first page", who, "/"
        yield "one's own data", who, "/my-data/"
        yield "one's own calendar", who, "/my/calendar/"
        yield "one's own consultations", who, "/consult/"
    firm = awarded.organisation_id
    yield "page of one's own case", "firm", f"/cases/{awarded.number}/"
    yield "one's own firm", "firm", f"/organisations/{firm}/"
    yield "what fits one's firm", "firm", f"/organisations/{firm}/fitting/"


def _searches() -> Iterator[tuple[str, str, str, str]]:
    case = _copied_awarded()
    firm = case.organisation
    phone, paper = numbers_of(case)
    for what, words in (
        ("the number of a case", case.number),
        ("the number of a paper", paper),
        ("a corporate number", firm.corporate_number or ""),
        ("a telephone number", f"{phone[:3]}-{phone[3:6]}-{phone[6:]}"),
        ("part of a firm's name", firm.name[-4:]),
        ("a surname", firm.representative_name[:2]),
        ("part of an address", firm.address[-8:]),
        ("a word of an answer", "手作業"),
        ("what every case says", "札幌"),
        ("several words", f"{firm.name} {firm.representative_name[:2]} {phone}"),
        ("what no case says", "宇宙船団"),
    ):
        for who in ("all", "programme", "own"):
            yield f"search: {what}", who, f"/cases/?{urlencode({'q': words})}", FOUND
    yield "search in the inbox", "all", f"/inbox/?{urlencode({'q': firm.name})}", FOUND
