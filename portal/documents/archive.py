"""The originals of a case for its ZIP."""

from typing import Any

from portal.cases.models import Case
from portal.documents import store


def files(case: Case, _user: Any) -> list[tuple[str, bytes]]:
    documents = case.documents.filter(removed_at=None).select_related("file")
    return [(f"documents/{d.key}_{d.name}", store.read(d.file)) for d in documents if d.file.is_open_to_others]
