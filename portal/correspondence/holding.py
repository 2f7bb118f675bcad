"""Mails that stood in the queue of a database that was restored: they may have gone out since, so they
are held until somebody lets them go.
"""

from collections.abc import Collection

from django.db import transaction

from portal import clock
from portal.correspondence.models import Mail, MailQuerySet
from portal.workflow.door import defer

ON_THEIR_WAY = ("queued", "failed", Mail.WAITING)


@transaction.atomic
def hold() -> int:
    """Hold whatever is on its way; how many."""
    on_their_way = Mail.objects.filter(state__in=ON_THEIR_WAY, held_at=None)
    return on_their_way.update(held_at=clock.now())


def held() -> MailQuerySet:
    return Mail.objects.exclude(held_at=None).select_related("case").order_by("pk")


@transaction.atomic
def let_go(numbers: Collection[int]) -> int:
    """Send them after all, those of a digest with the next one; how many of them were held."""
    rows = list(held().select_for_update(of=("self",), no_key=True).filter(pk__in=numbers))
    for mail in rows:
        mail.held_at = None
        mail.save(update_fields=["held_at"])
        if mail.state != Mail.WAITING:
            defer("send_mail", mail_id=mail.pk)
    return len(rows)
