"""What public pages cost the processor: made anew, answered again, and told that nothing has changed.

`python tools/bench_public.py` on a filled demonstration. Counted is the processor's time of this process,
so that whatever runs beside it changes the ratios little; the database's own is not counted.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("LOG_LEVEL", "CRITICAL")
TIMES = 30


def processor(call: Callable[[], object]) -> float:
    """Median milliseconds of the processor."""
    call()
    spans = []
    for _ in range(TIMES):
        start = time.process_time()
        call()
        spans.append(time.process_time() - start)
    return 1000 * statistics.median(spans)


def rows() -> list[tuple[str, float, float, float]]:
    """(page, milliseconds of the processor made anew, answered again, and with the version known)."""
    from django.conf import settings
    from django.test import Client

    from grants.programmes.models import Call
    from portal.ui import answered_again, furigana

    call = Call.objects.public().filter(periods__isnull=False).latest("pk")
    paths = {
        "first page": "/",
        "first page, with readings": "/",
        "list of calls": "/programmes/",
        "page of a call": call.public_url,
        "guideline of a call": call.guideline_url(),
        "statistics": "/statistics/",
        "accessibility": "/about/accessibility/",
    }
    found = []
    for name, path in paths.items():
        client = Client()
        if "readings" in name:
            client.cookies[furigana.COOKIE] = "on"
        settings.PUBLIC_PAGES_SECONDS = 0
        anew = processor(partial(client.get, path))
        settings.PUBLIC_PAGES_SECONDS = 600
        answered_again.forget()
        again = processor(partial(client.get, path))
        known = {"If-None-Match": client.get(path).get("ETag", "")}
        told = processor(partial(client.get, path, headers=known))
        found.append((name, anew, again, told))
    return found


def main() -> None:
    import django

    django.setup()
    print("| page | made anew | answered again | version known |\n| --- | --- | --- | --- |")
    for name, anew, again, told in rows():
        shares = " | ".join(f"{one:.2f} ms ({one / anew:.0%})" for one in (again, told))
        print(f"| {name} | {anew:.1f} ms | {shares} |")


if __name__ == "__main__":
    main()
