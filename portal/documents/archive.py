"""The originals of a case for its ZIP."""

from collections.abc import Callable
from functools import partial

from portal.accounts.models import User
from portal.cases.models import Case
from portal.documents import store
from portal.documents.reading import readable


def files(case: Case, user: User) -> list[tuple[str, Callable[[], bytes]]]:
    return [
        (
            f"documents/{'earlier/' if document.is_earlier else ''}"
            f"{document.key}_{document.download_name}",
            partial(store.read, document.file),
        )
        for document in readable(case, user)
        if document.file.is_open_to_others
    ]
