"""The catalogue with tens, hundreds and thousands of calls, each with parameters of its own, copied by SQL
from one announced call.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from functools import partial

from bench_lists import spans_of
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Membership, User

SIZES = (30, 300, 3_000)
LIGHT = "/verify/"  # a page with a form of one field: what any page of ours costs on this machine
OFFICER = "kitagawa@demo.example"
TIMES = 9
PAGES = (
    ("first page", "/", ""),
    ("public list", "/programmes/", ""),
    ("search with filters", "/programmes/?q=補助&size=50&open=on", ""),
    ("jGrants list", "/exp/v1/public/subsidies?keyword=補助", ""),
    ("list of the interface", "/api/v1/calls", ""),
    ("staff list", "/staff/programmes/", OFFICER),
    ("feed", "/programmes/feed.atom", ""),
    ("what fits a firm", "/organisations/{firm}/fitting/", "member"),
)
WANTED = "12 queries, 0.15 s"


def rows() -> Iterator[tuple[str, ...]]:
    """(what, calls, queries, measured, wanted) of each page at each size; none from the pages that are
    answered again.
    """
    settings.PUBLIC_PAGES_SECONDS = 0
    for size in SIZES:
        _copy(size)
        light = _busy(Client(), LIGHT)
        for name, path, who in PAGES:
            client, path = _signed_in(who, path)
            queries, busy = _queries(client, path), _busy(client, path)
            told = f"{busy:.3f} s of processor ({busy / light:.1f} × a light page)"
            yield (f"catalogue: {name}", f"{size:,} calls", str(queries), told, WANTED)


def _queries(client: Client, path: str) -> int:
    client.get(path)  # the first visit warms the session and what is read once
    with CaptureQueriesContext(connection) as found:
        if client.get(path).status_code != 200:
            raise SystemExit(f"{path} does not open")
    return len(found)


def _busy(client: Client, path: str) -> float:
    """Seconds of the processor that Python and its backend take for a page: the median of some."""
    found: list[float] = spans_of(partial(client.get, path), TIMES)
    return statistics.median(found)


def _signed_in(who: str, path: str) -> tuple[Client, str]:
    client = Client()
    if who == "member":
        member = Membership.objects.filter(left_at=None, user__is_active=True).earliest("pk")
        client.force_login(member.user)
        return client, path.format(firm=member.organisation_id)
    if who:
        client.force_login(User.objects.get(email=who))
    return client, path


def _copy(count: int) -> None:
    """Calls up to `count`, with intake periods; half of them open.

    Every copy's parameters differ in its name.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(column_name::text) FROM information_schema.columns"
            " WHERE table_name = 'grants_programmes_call' AND column_name <> 'id' AND is_generated = 'NEVER'"
        )
        columns = cursor.fetchone()[0]
        own = {
            "code": "t.code || '-' || k",
            "round_no": "1000 + k",
            "parameters": "jsonb_set(t.parameters, '{name,ja}', to_jsonb((t.parameters #>> '{name,ja}') || k))",
        }
        values = ", ".join(own.get(name, f"t.{name}") for name in columns)
        cursor.execute(
            f"INSERT INTO grants_programmes_call ({', '.join(columns)}) SELECT {values}"
            " FROM (SELECT * FROM grants_programmes_call WHERE state = 'announced' ORDER BY id LIMIT 1) t,"
            " (SELECT count(*) AS n FROM grants_programmes_call) has,"
            " generate_series(has.n + 1, %s) k",
            [count],
        )
        cursor.execute(
            "INSERT INTO grants_programmes_intakeperiod (n, opens_at, closes_at, call_id)"
            " SELECT 1, now() - interval '10 days',"
            " now() + CASE WHEN id % 2 = 0 THEN 1 ELSE -1 END * interval '5 days', id"
            " FROM grants_programmes_call c WHERE NOT EXISTS"
            " (SELECT FROM grants_programmes_intakeperiod p WHERE p.call_id = c.id)"
        )
        cursor.execute("ANALYZE")
