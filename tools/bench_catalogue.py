"""The catalogue with thousands of calls, each with parameters of its own,
copied by SQL from one announced call.
"""

from collections.abc import Callable

from django.db import connection
from django.test import Client

from portal.accounts.models import User

CALLS = 3_000
LIGHT = "/verify/"  # a page with a form of one field: what any page of ours costs on this machine
PAGES = (
    ("first page", "/", "", 12),
    ("public list", "/programmes/", "", 12),
    ("search with filters", "/programmes/?q=補助&size=50&open=on", "", 12),
    ("jGrants list", "/exp/v1/public/subsidies?keyword=補助", "", 12),
    ("staff list", "/staff/programmes/", "kitagawa@demo.example", 12),
)


def rows(measure: Callable[[Client, str], tuple[int, float]]) -> list[tuple[str, ...]]:
    """(what, calls, queries, measured, wanted) of each page over CALLS calls."""
    _copy(CALLS)
    _queries, light = measure(Client(), LIGHT)
    found: list[tuple[str, ...]] = []
    for name, path, person, limit in PAGES:
        client = Client()
        if person:
            client.force_login(User.objects.get(email=person))
        queries, span = measure(client, path)
        wanted = f"{limit} queries, 0.15 s"
        found.append(
            (
                f"catalogue: {name}",
                f"{CALLS:,} calls",
                str(queries),
                f"{span:.3f} s ({span / light:.1f} × a light page)",
                wanted,
            )
        )
    return found


def _copy(count: int) -> None:
    """Calls up to `count`, with intake periods; half of them open.

    Every copy's parameters differ in its name.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(column_name::text) FROM information_schema.columns"
            " WHERE table_name = 'grants_programmes_call' AND column_name <> 'id'"
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
            " generate_series(1, %s - (SELECT count(*) FROM grants_programmes_call)) k",
            [count],
        )
        cursor.execute(
            "INSERT INTO grants_programmes_intakeperiod (n, opens_at, closes_at, call_id)"
            " SELECT 1, now() - interval '10 days',"
            " now() + CASE WHEN id %% 2 = 0 THEN 1 ELSE -1 END * interval '5 days', id"
            " FROM grants_programmes_call c WHERE NOT EXISTS"
            " (SELECT FROM grants_programmes_intakeperiod p WHERE p.call_id = c.id)".replace(
                "%%", "%"
            )
        )
        cursor.execute("ANALYZE")
