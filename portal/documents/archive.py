"""The originals of a case for its ZIP."""

from typing import Any

from portal.cases.models import Case
from portal.documents import store
from portal.documents.models import Document


def files(case: Case, user: Any) -> list[tuple[str, bytes]]:
    documents = Document.objects.live().open_to(user).filter(case=case).select_related("file")
    return [(f"documents/{d.key}_{d.name}", store.read(d.file)) for d in documents if d.file.is_open_to_others]
