"""News: what nobody has to know, to whom it may fit, as each of them wishes to hear of it."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import User
from portal.correspondence import digests
from portal.correspondence.kinds import DIGEST, NEWS
from portal.correspondence.models import Mail
from portal.correspondence.post import queue, signed
from portal.workflow.outgoing import Wording


def send(person: User, words: Wording, items: Sequence[str]) -> None:
    """One mail with several items, in the language that is active: at once, or kept for the morning.

    `words`: their number is n.
    """
    chosen = digests.own_choices([person]).get(person.pk)
    waits = chosen is not None and chosen.news == DIGEST
    subject = _("【さっぽろ事業支援ポータル】%(said)s") % {
        "said": str(words.subject) % {"n": len(items)}
    }
    ways = _("お知らせの受け取り方を変える：%(link)s") % {
        "link": f"{settings.SITE_URL}{reverse('news_settings')}"
    }
    body = "\n\n".join([str(words.says), *items, ways])
    mail = Mail(
        to=person,
        subject=subject[:200],
        body=body if waits else signed(body),
        kind=NEWS,
        state=Mail.WAITING if waits else "queued",
        queued_at=clock.now(),
    )
    queue([mail])
