"""What opens a letter to whoever reads it, and how its office is reached."""

from collections.abc import Iterable

from portal.cases.models import Case
from portal.cases.ports import Private


def of_notices(case: Case) -> Iterable[Private]:
    for notice in case.notices.exclude(facts={}):
        yield Private(text=notice.code, kind="code")
        yield Private(text=notice.facts.get("phone", ""), kind="office")
