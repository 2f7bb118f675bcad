"""Direct uploads: the browser sends a file straight to S3 and hands in a ticket; the portal takes
it in from there.

What arrived under `incoming/` is nobody's until it is taken: it is read, checked, scanned and
stored anew under a key that no browser ever learns. A file sent through the portal itself (no
JavaScript, another storage) meets the same checks.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TypedDict

from botocore.exceptions import ClientError
from django.conf import settings
from django.core import signing

from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case
from portal.documents import store
from portal.documents.contents import bucket, client, erase
from portal.documents.kinds import Unfit
from portal.documents.reach import reaching

_SALT = "portal.documents.direct"
_MINUTES = 30


def is_offered() -> bool:
    """True where the storage takes files from browsers (S3)."""
    return bool(settings.S3_DIRECT_ORIGIN)


class Ticket(TypedDict):
    """A signed POST, and what is handed in once it was sent."""

    url: str
    fields: dict[str, str]
    token: str


def ticket(case: Case, size: int, *, by: User) -> Ticket:
    """`url` and `fields` of a signed POST for one file of at most `size` bytes, and the `token` to hand
    in.
    """
    key = f"{store.INCOMING}{uuid.uuid4().hex}"
    with reaching():
        signed = client().generate_presigned_post(
            bucket(),
            key,
            Conditions=[["content-length-range", 1, size]],
            ExpiresIn=_MINUTES * 60,
        )
    token = signing.dumps([key, case.pk, by.pk, size], salt=_SALT)
    return {"url": signed["url"], "fields": signed["fields"], "token": token}


@dataclass(frozen=True)
class Arrived:
    """What was sent with a ticket, as the storage knows it: its size in bytes before any is read, and
    the mark by which nothing else is read that was put in its place since.
    """

    key: str
    size: int
    mark: str


def arrived(token: str, case: Case, *, by: User) -> Arrived:
    """What was sent with this ticket.

    Raises Unfit (forged, too old, nothing there, too large), or OSError.
    """
    try:
        key, case_pk, person_pk, most = signing.loads(
            token, salt=_SALT, max_age=timedelta(minutes=_MINUTES * 2)
        )
    except (signing.BadSignature, ValueError) as error:
        raise Unfit("ticket") from error
    if (case_pk, person_pk) != (case.pk, by.pk):
        raise Unfit("ticket")
    found = _known(key)
    if found.size > most:  # the storage should have refused it
        raise Unfit("ticket")
    store.check_size(found.size)
    return found


def read(found: Arrived) -> bytes:
    """Its bytes, as many as were weighed. Raises OSError, or Unfit where another file is there by now."""
    with reaching():
        try:
            sent = client().get_object(Bucket=bucket(), Key=found.key, IfMatch=found.mark)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("412", "PreconditionFailed"):
                raise
            raise Unfit("changed") from error
        data: bytes = sent["Body"].read()
    return data


def _known(key: str) -> Arrived:
    """Only an answer that it is not there is about what the person did."""
    with reaching():
        try:
            head = client().head_object(Bucket=bucket(), Key=key)
            return Arrived(key, int(head["ContentLength"]), head["ETag"])
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("404", "NoSuchKey", "NotFound"):
                raise
            raise Unfit("absent") from error


def forget(token: str) -> None:
    """Remove what was sent with this ticket, once it has been taken in or refused."""
    key = signing.loads(token, salt=_SALT)[0]
    erase([key])


def sweep() -> int:
    """Remove what was sent and never handed in within a day. Returns how many objects."""
    if not is_offered():
        return 0
    gone = 0
    with reaching():
        for page in (
            client()
            .get_paginator("list_objects_v2")
            .paginate(Bucket=bucket(), Prefix=store.INCOMING)
        ):
            for found in page.get("Contents", []):
                if found["LastModified"] < clock.now() - timedelta(days=1):
                    erase([found["Key"]])
                    gone += 1
    return gone
