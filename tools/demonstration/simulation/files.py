"""A file that somebody sent, as its check leaves it."""

from portal.accounts.models import User
from portal.cases.models import Case
from portal.documents import checking, receiving
from portal.documents.inside.main import examined
from portal.documents.models import Document


def attach(
    case: Case, *, key: str, name: str, data: bytes, by: User, internal: bool = False
) -> Document:
    """Received, and looked into at once and without a child: we made it ourselves."""
    kind = receiving.sniff(data)
    document = receiving.receive(
        case, key=key, name=name, data=data, kind=kind, by=by, internal=internal
    )
    checking.take(document.file, examined(data, kind))
    document.refresh_from_db()
    return document
