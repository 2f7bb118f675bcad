"""A file as it arrives: its size and first bytes are looked at, it is stored, and a job looks into
it.
"""

import hashlib

from django.db import transaction
from django.utils.translation import gettext_noop

from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case
from portal.documents import kinds, names, store, turns
from portal.documents.kinds import Unfit
from portal.documents.models import Document
from portal.ui.ports import cannot_draw
from portal.workflow.jobs import enqueue


def sniff(data: bytes) -> str:
    """The kind of a file of allowed size. Raises Unfit."""
    store.check_size(len(data))
    return kinds.sniff(data[: kinds.HEAD])


def demand_same(data: bytes, sha256: str) -> None:
    """Raises Unfit unless the bytes are those that the browser read (`sha256`; "": not said)."""
    if sha256 and hashlib.sha256(data).hexdigest() != sha256.lower():
        raise Unfit("changed")


def name_of(name: str, kind: str) -> str:
    """The name under which a file of this sniffed kind is kept until it is looked into."""
    known = names.clean(name, cannot_draw.value)
    return names.named(known, kind) if kind in kinds.ENDINGS else known


def receive(
    case: Case,
    *,
    key: str,
    name: str,
    data: bytes,
    kind: str,
    by: User,
    expected_sha256: str = "",
    internal: bool = False,
) -> Document:
    """Store a file of this sniffed kind, tie it to the case under requirement `key`, and have it
    checked. What was refused under that key before is put away.

    The stored object is verified before the row. Raises Unfit, or OSError where the storage fails.
    """
    demand_same(data, expected_sha256)
    file = store.put(data, kind, prefix="u")
    now = clock.now()
    with transaction.atomic():
        refused = Document.objects.sent().filter(case=case, key=key).exclude(file__refusal="")
        refused.update(removed_at=now, removed_by=by)
        document = Document.objects.create(
            case=case,
            key=key,
            name=name_of(name, kind),
            file=file,
            internal=internal,
            uploaded_by=by,
            uploaded_at=now,
        )
        document.note("add", by, gettext_noop("書類を受け取りました"))
        enqueue([("check_file", {"file_id": file.pk})], priority=turns.to_be_checked(by))
    return document
