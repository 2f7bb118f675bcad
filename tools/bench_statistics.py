"""The statistics' part of `make bench`: all tables of a release from a million awards,
beside what pandas needs to load them; pages, API, workbook, import.

As a program: `bench_statistics.py tables N` and `… load N` print seconds and bytes as JSON; each
runs as a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from django.test import Client

    from reports.statistics.pipeline.frames import Frames

ROOT = Path(__file__).resolve().parent.parent
YEARS, PROGRAMMES = range(2017, 2027), [f"p{n}" for n in range(8)]


def made_up(awards: int) -> dict[str, pd.DataFrame]:
    """Frames as `reports.statistics.pipeline.frames` reads them:
    `awards` awards and a fifth as many refusals, with steps, spans, payments and reports.
    """
    import numpy as np
    import pandas as pd

    from reports.statistics.page.map import TILES

    rng = np.random.default_rng(1)
    n, codes = awards * 6 // 5, sorted(TILES)
    call = rng.integers(0, len(YEARS) * len(PROGRAMMES), n)  # each programme's one call a year
    year = YEARS[0] + call // len(PROGRAMMES)
    arrived = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]") + rng.integers(
        95, 300, n
    )
    arrived = arrived.astype("datetime64[ms]")
    won = np.arange(n) < awards
    category = pd.Categorical.from_codes
    places = rng.integers(0, 21, n)
    requested = rng.integers(100, 5000, n) * 1000

    def whole(values: np.ndarray) -> pd.api.extensions.ExtensionArray:
        return pd.array(values, dtype="Int64")

    applications = pd.DataFrame(
        {
            "id": whole(np.arange(n)),
            "case": whole(np.arange(n)),
            "firm": whole(rng.integers(0, n * 2 // 3, n)),
            "form": category((rng.random(n) < 0.1).astype(int), ["corporation", "sole_proprietor"]),
            "call": category(call, [f"c{k}" for k in range(len(YEARS) * len(PROGRAMMES))]),
            "programme": category(call % len(PROGRAMMES), PROGRAMMES),
            "kind": category(np.zeros(n, int), ["subsidy"]),
            "fiscal_year": whole(year),
            "round": whole(np.ones(n, int)),
            "funder": category(np.zeros(n, int), ["011002"]),
            "area": category(places, codes),
            "municipality": category(places, codes),
            "industry": category(rng.integers(0, 18, n), list("ABCDEFGHIJKLMNOPQR")),
            "employees": whole(rng.integers(1, 400, n)),
            "established_on": (np.datetime64("1985-01-01") + rng.integers(0, 11000, n)).astype(
                "datetime64[ms]"
            ),
            "arrived_on": arrived,
            "state": category((~won).astype(int), ["awarded", "rejected"]),
            "frame": category(np.zeros(n, int), ["f"]),
            "requested": whole(requested),
        }
    )
    k = np.arange(awards)
    decided = arrived[:awards] + rng.integers(10, 60, awards).astype("timedelta64[D]")
    rows = pd.DataFrame(
        {
            "id": whole(k),
            "application": whole(k),
            "case": whole(k),
            "call": whole(call[:awards]),
            "frame": category(np.zeros(awards, int), ["f"]),
            "state": category(rng.integers(0, 2, awards), ["active", "closed"]),
            "awarded": whole(requested[:awards]),
            "fixed": whole(requested[:awards]),
            "awarded_on": decided,
            "fixed_on": decided,
            "ends_on": decided,
            "number": [""] * awards,
            "name": [""] * awards,
            "corporate_number": [""] * awards,
            "address": [""] * awards,
        }
    )
    steps = [
        ("submitted", arrived, n),
        ("accepted", arrived + np.timedelta64(5, "D"), n),
        ("awarded", decided, awards),
        ("fixed", decided, awards),
    ]
    names = [name for name, _days, _m in steps]
    count = sum(m for _name, _days, m in steps)
    step = pd.DataFrame(
        {
            "case": whole(np.concatenate([np.arange(m) for _n, _d, m in steps])),
            "step": category(np.repeat(np.arange(4), [m for _n, _d, m in steps]), names),
            "at": np.concatenate([d for _n, d, _m in steps])
            .astype("datetime64[s]")
            .astype("int64")
            .astype(float),
            "first": np.concatenate([d for _n, d, _m in steps]),
            "last": np.concatenate([d for _n, d, _m in steps]),
            "times": whole(np.ones(count, int)),
            "advised": whole((rng.random(count) < 0.1).astype(int)),
        }
    )
    begin = arrived.astype("datetime64[s]").astype("int64").astype(float)
    held = pd.DataFrame(
        {
            "case": whole(np.tile(np.arange(n), 2)),
            "side": category(np.repeat([0, 1], n), ["applicant", "office"]),
            "begin": np.concatenate([begin, begin + 3e5]),
            "end": np.concatenate([begin + 3e5, begin + 9e5]),
        }
    )
    paid = pd.DataFrame(
        {
            "award": whole(k[::2]),
            "case": whole(k[::2]),
            "amount": whole(requested[:awards:2]),
            "paid_on": decided[::2],
        }
    )
    reports = k[::10]
    figures = {
        name: whole(rng.integers(10**6, 10**8, len(reports)))
        for name in (
            "sales",
            "profit",
            "personnel",
            "depreciation",
            "base_profit",
            "base_personnel",
            "base_depreciation",
        )
    }
    figures |= {
        name: whole(rng.integers(1, 300, len(reports)))
        for name in ("employees", "base_employees", "hours_saved", "teleworkers")
    }
    filed = pd.DataFrame(
        {
            "award": whole(reports),
            "case": whole(reports),
            "kind": category(np.arange(len(reports)) % 2, ["use", "effect"]),
            "period": whole(np.ones(len(reports), int)),
            "in_use": category(np.zeros(len(reports), int), ["yes"]),
            **figures,
        }
    )
    return {
        "applications": applications,
        "awards": rows,
        "steps": step,
        "holdings": held,
        "payments": paid,
        "filings": filed,
        "areas": pd.DataFrame({"area": codes, "municipality": codes}),
    }


def whole_frames(made: dict[str, pd.DataFrame]) -> Frames:
    """`made` with the frames it lacks, empty, as a portal without such rows has them."""
    from reports.statistics.pipeline import frames

    empty = {
        name: getattr(frames, name)().iloc[:0]
        for name in frames.Frames.__dataclass_fields__
        if name not in made
    }
    return frames.Frames(**empty, **made)


def tables_of(awards: int) -> dict[str, float]:
    from reports.statistics.pipeline.tables import Parameters, tables

    found = whole_frames(made_up(awards))
    start = time.perf_counter()
    made = tables(found, Parameters(2026))
    span = time.perf_counter() - start
    return {
        "seconds": span,
        "rows": sum(map(len, made.values())),
        "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def load(awards: int) -> dict[str, float]:
    """Seconds that pandas needs for the same columns by its own reader, and that our COPY needs."""
    import io
    import warnings

    import pandas as pd
    from django.db import connection

    from reports.statistics.pipeline.columns import CATEGORY, DAY, FLOAT, INT, TEXT, typed

    kinds = {"i": INT, "u": INT, "f": FLOAT, "M": DAY, "O": TEXT}
    sql = {INT: "bigint", FLOAT: "double precision", DAY: "date", TEXT: "text", CATEGORY: "text"}
    made, spans = made_up(awards), {"pandas": 0.0, "copy": 0.0}
    for name, frame in made.items():
        of = {
            column: CATEGORY
            if str(frame[column].dtype) == "category"
            else kinds[frame[column].dtype.kind]
            for column in frame
        }
        with connection.cursor() as cursor:
            wanted = ", ".join(f'"{column}" {sql[kind]}' for column, kind in of.items())
            cursor.execute(
                f"DROP TABLE IF EXISTS bench_{name}; CREATE UNLOGGED TABLE bench_{name} ({wanted})"
            )
            with cursor.copy(f"COPY bench_{name} FROM STDIN (FORMAT csv)") as copy:
                for first in range(0, len(frame), 200_000):
                    copy.write(
                        frame.iloc[first : first + 200_000]
                        .to_csv(index=False, header=False)
                        .encode()
                    )
            cursor.execute(f"ANALYZE bench_{name}")
    rows = list(made)
    kept = {
        name: {
            column: CATEGORY
            if str(made[name][column].dtype) == "category"
            else kinds[made[name][column].dtype.kind]
            for column in made[name]
        }
        for name in rows
    }
    made.clear()
    for name in rows:
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pandas would rather be given SQLAlchemy
            pd.read_sql_query(f"SELECT * FROM bench_{name}", connection.connection)
        spans["pandas"] += time.perf_counter() - start
        start = time.perf_counter()
        out = io.BytesIO()
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY bench_{name} TO STDOUT (FORMAT csv)") as copy,
        ):
            for block in copy:
                out.write(block)
        typed(out.getvalue(), kept[name])
        spans["copy"] += time.perf_counter() - start
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE bench_{name}")
    return spans


def child(what: str, awards: int) -> dict[str, float]:
    answer = subprocess.run(
        [sys.executable, __file__, what, str(awards)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stdout
    found: dict[str, float] = json.loads(answer.splitlines()[-1])
    return found


def rows(
    client: Client, measure: Callable[[Client, str], tuple[int, float]], awards: int
) -> list[tuple[str, ...]]:
    from reports.statistics.models import Release
    from reports.statistics.releasing import files

    made, loaded = child("tables", awards), child("load", awards)
    took, pandas, copied = made["seconds"], loaded["pandas"], loaded["copy"]
    found = [
        (
            "all tables of a release",
            f"{awards:,} awards",
            "",
            f"{took:.1f} s, {took / pandas:.2f} × pandas' loading ({pandas:.0f} s),"
            f" {took / copied:.1f} × our COPY ({copied:.1f} s)",
            "2 × pandas' loading",
        ),
        (
            "memory of it, frames included",
            f"{awards:,} awards",
            "",
            f"{made['bytes'] / 2**30:.2f} GB",
            "1.5 GB",
        ),
    ]
    for name, path, goal in (
        ("public dashboard", "/statistics/", "5 queries, 0.05 s"),
        ("API list", "/api/v1/calls", "0.03 s"),
        ("jGrants list", "/exp/v1/public/subsidies?keyword=補助金", "0.03 s"),
    ):
        queries, span = measure(client, path)
        found.append((name, "", str(queries), f"{span:.3f} s", goal))
    kept = Release.objects.current()[0].tables.get(name="awards")
    many = (kept.rows * (20_000 // max(len(kept.rows), 1) + 1))[:20_000]
    start = time.perf_counter()
    files.as_xlsx(
        files.Table(
            "awards", kept.columns, many, {"as_of": "2026-11-01T00:00:00+09:00", "release": "x"}
        )
    )
    found.append(
        ("workbook (XLSX)", "20,000 rows", "", f"{time.perf_counter() - start:.1f} s", "3 s")
    )
    return [
        *found,
        (
            "import of others' awards",
            "30,000 rows",
            "",
            f"{outside(30_000):.1f} s",
            "seconds",
        ),
    ]


def outside(count: int) -> float:
    from portal.registry.corporate_number import fictitious
    from reports.statistics.imports.subsidies import import_awards

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "awards.csv"
        with path.open("w", encoding="utf-8") as file:
            csv.writer(file).writerows(
                [
                    fictitious(n + 1),
                    f"株式会社架空{n}",
                    "北海道札幌市北区1",
                    "2024-05-01",
                    "補助",
                    str(n - 500),
                    "",
                    "経済産業省",
                ]
                for n in range(count)
            )
        start = time.perf_counter()
        report = import_awards(path)
        assert report.stored == count
        return time.perf_counter() - start


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    print(json.dumps({"tables": tables_of, "load": load}[sys.argv[1]](int(sys.argv[2]))))
