"""A contact who has no account stops the mails about a case by a link that each of them carries."""

import hashlib
from collections.abc import Collection

from django.core import signing
from django.db import transaction
from django.urls import reverse

from portal import clock
from portal.cases.models import Case
from portal.correspondence.models import Mail

SALT = "portal.correspondence.stopping"


def address_for(case: Case, address: str) -> str:
    """The page on which whoever reads a mail at `address` stops them; the same one in each mail."""
    said = signing.Signer(salt=SALT).sign_object([case.pk, _print(address)])
    return reverse("mails_stop", args=[said])


def opened_by(said: str) -> list[Mail]:
    """The mails to whoever the link was sent to; none for a link that is not ours."""
    try:
        case, printed = signing.Signer(salt=SALT).unsign_object(said)
    except signing.BadSignature:
        return []
    sent = Mail.objects.filter(case=case, to=None)
    return [mail for mail in sent if _print(mail.address) == printed]


@transaction.atomic
def stop(mails: Collection[Mail]) -> None:
    """No more mails about this case to that address; what waits to be sent is sent still."""
    Mail.objects.filter(pk__in=[mail.pk for mail in mails], stopped_at=None).update(
        stopped_at=clock.now()
    )


def of_cases(cases: Collection[int]) -> set[tuple[int, str]]:
    """(case, address in small letters) of whoever stopped their mails: one query, none without cases."""
    if not cases:
        return set()
    rows = Mail.objects.filter(case__in=cases, stopped_at__isnull=False)
    return {
        (case, address.lower()) for case, address in rows.values_list("case", "address") if case
    }


def _print(address: str) -> str:
    return hashlib.sha256(address.lower().encode()).hexdigest()[:32]
