"""`make bench`: multiply some hundred simulated cases by SQL copy, measure pages,
and write docs/benchmarks.md.

Runs in a PostgreSQL cluster of its own (.data/bench, or beside the others as root). Sizes may be
given as arguments.
"""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
import bench_deciding  # noqa: E402  beside this file
import bench_money  # noqa: E402
import bench_statistics  # noqa: E402

if TYPE_CHECKING:
    from django.test import Client

os.environ["DATA_DIR"] = str(
    ROOT / ".data" / "bench-files"
)  # beside the demonstration, never among its documents
os.environ.update(
    {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "EMBEDDED_CLUSTER": "bench",
        "LOG_LEVEL": "CRITICAL",
    }
)
BASE, SIZES = 200, (2_000, 20_000, 200_000)


def timed(call: Callable[[], object], times: int = 15) -> float:
    """Median seconds of `times` calls after one to warm up."""
    call()
    spans = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        spans.append(time.perf_counter() - start)
    return statistics.median(spans)


def measure(client: Client, path: str) -> tuple[int, float]:
    """(queries, median seconds) of a page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        if client.get(path).status_code != 200:
            raise SystemExit(f"{path} does not open")
    return len(queries), timed(lambda: client.get(path))


def exported(client: Client) -> tuple[float, int]:
    """(seconds, peak bytes allocated by Python) of streaming the whole list."""
    tracemalloc.start()
    start = time.perf_counter()
    for _chunk in client.get("/cases/export.csv"):
        pass
    span, peak = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return span, peak


def bank_file(count: int) -> float:
    """Seconds to check and write a file of `count` transfers, names converted from full-width kana."""
    from datetime import date

    from grants.payments import zengin

    place = zengin.Place("0116", "ﾎﾂｶｲﾄﾞｳ", "101", "ﾎﾝﾃﾝ", "1", "1234567")
    sender = zengin.Sender("9900000001", "ｻﾂﾎﾟﾛｼ", place)
    start = time.perf_counter()
    transfers = [
        zengin.Transfer(
            place, zengin.holder(f"カブシキガイシャ　フィクティシャス{n}"), 100_000 + n, str(n)
        )
        for n in range(count)
    ]
    zengin.write(sender, date(2027, 3, 10), transfers)
    return time.perf_counter() - start


def corporations(count: int) -> tuple[float, int]:
    """(seconds, peak bytes of the process) of importing `count` fictitious corporations,
    CP932 without header.
    """
    from portal.registry.corporate_number import fictitious

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corporations.csv"
        with path.open("w", encoding="cp932") as file:
            for n in range(1, count + 1):
                file.write(
                    f"{n},{fictitious(n)},01,0,2025-07-25,2025-07-25,株式会社架空{n},,301,北海道,札幌市中央区,架空{n}丁目,,01,101,"
                    "0600000,,,,,,,2025-07-25,1,,,,,カクウ,0\n"
                )
        start = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, "manage.py", "import_corporations", str(path)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _pid, code, usage = os.wait4(child.pid, 0)
        if code:
            raise SystemExit("the import of corporations failed")
        return time.perf_counter() - start, usage.ru_maxrss * 1024


def main() -> None:
    from portal import embedded

    embedded.begin("bench")
    only = next(
        (name for name in ("statistics", "catalogue") if name in sys.argv[1:]), ""
    )  # printed, not written
    sizes = [int(text) for text in sys.argv[1:] if text.isdigit()] or list(SIZES)
    import django

    django.setup()
    import bench_catalogue
    import bench_copies
    import bench_lists
    from django.conf import settings

    static = settings.STORAGES["staticfiles"]
    assert isinstance(static, dict)
    static["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"  # nothing is collected
    )
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from portal.accounts.models import User
    from portal.notices.models import Notice
    from reports.papers.notice import draw
    from tools.demonstration import year

    rows: list[tuple[str, ...]] = []
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    start = time.perf_counter()
    call_command("migrate", verbosity=0)
    rows.append(("migrate, empty database", "", "", f"{time.perf_counter() - start:.1f} s", "10 s"))
    call_command("createcachetable")
    call_command("load_reference", verbosity=0)
    year.run(BASE // 4 if only else BASE, 1)
    call_command("index_cases", verbosity=0, stdout=io.StringIO())
    if only != "catalogue":
        rows += bench_statistics.rows(
            Client(), measure, int(os.environ.get("BENCH_AWARDS", "1000000"))
        )
    if only == "catalogue":
        rows += bench_catalogue.rows()
    if only:
        print("\n".join(" | ".join(row) for row in rows))
        embedded.Cluster("bench").stop()
        return
    notice = (
        Notice.objects.filter(kind="award").select_related("case").first()
        or Notice.objects.select_related("case")[0]
    )
    start = time.perf_counter()
    for _ in range(1000):
        draw(notice)
    rows.append(
        ("1,000 notices drawn, one core", "", "", f"{time.perf_counter() - start:.1f} s", "10 s")
    )
    rows.append(
        ("bytes of a bank file", "10,000 payments", "", f"{bank_file(10_000):.2f} s", "1 s")
    )
    client = Client()
    client.force_login(User.objects.get(email="kitagawa@demo.example"))
    rows += import_rows(int(os.environ.get("BENCH_CORPORATIONS", "100000")))
    thousand = None
    done = 0
    for size in sizes:
        copies = size // BASE - 1
        bench_copies.multiply(done + 1, copies)
        done = max(done, copies)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        rows += bench_lists.rows(measure, size)
        span, peak = exported(client)
        thousand = thousand or peak
        rows.append(
            (
                "export, streamed",
                f"{size:,}",
                "",
                f"{span:.1f} s, peak +{max(peak - thousand, 0) / 2**20:.0f} MB",
                "20,000 in 5 s, +50 MB",
            )
        )
        print(f"{size:,} done", flush=True)
    rows += bench_catalogue.rows()
    rows += money_rows(client)  # last: it adds rows of its own, which must not be copied
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    write(rows, out.getvalue().strip())
    embedded.Cluster("bench").stop()


def money_rows(client: Client) -> list[tuple[str, ...]]:
    """The second half, over the copied cases."""
    from django.db import connection

    from portal.accounts.models import User

    client.force_login(User.objects.get(email="nomura@demo.example"))
    page = bench_money.book_of(20_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    queries, span = measure(client, page)
    found = [("budget book of a line", "20,000 awards", str(queries), f"{span:.3f} s", "0.15 s")]
    queries, span = measure(client, "/payments/execution/")
    found.append(("execution and forecast", "20,000 awards", str(queries), f"{span:.3f} s", ""))
    client.force_login(User.objects.get(email="kitagawa@demo.example"))
    found.append(
        (
            "amounts fixed by one act",
            "1,000 awards",
            "",
            f"{bench_money.fixings(1_000):.1f} s",
            "10 s",
        )
    )
    span = bench_money.result_of_the_bank(10_000)
    return [
        *found,
        *bench_deciding.rows(),
        ("a bank's result taken in by the job", "10,000 payments", "", f"{span:.0f} s", "60 s"),
    ]


def import_rows(most: int) -> list[tuple[str, ...]]:
    """Speed at 12,000 rows; memory of `most` rows beside that of a thousand."""
    _span, little = corporations(1_000)
    span, _peak = corporations(12_000)
    found = [("import of corporations", "12,000 rows", "", f"{span:.1f} s", "10 s")]
    span, much = corporations(most)
    return [
        *found,
        (
            "import of corporations",
            f"{most:,} rows",
            "",
            f"{span:.0f} s, peak +{(much - little) / 2**20:.0f} MB over 1,000 rows",
            "+50 MB",
        ),
    ]


def write(rows: list[tuple[str, ...]], audit: str) -> None:
    head = ("what", "cases", "queries", "measured", "wanted")
    lines = ["| " + " | ".join(row) + " |" for row in (head, ("---",) * 5, *rows)]
    text = (
        "# Benchmarks\n\nWritten by `make bench` on two cores; machines differ, so read the ratios.\n\n"
        + "\n".join(lines)
        + "\n"
    )
    text += f"\nAudit over the copied rows: {audit}\n" if audit else ""
    (ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
