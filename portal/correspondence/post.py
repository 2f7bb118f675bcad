"""One mail: queued in the transaction of what it tells of, and handed to the server."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from portal import clock, events
from portal.accounts.models import User
from portal.cases.models import Case
from portal.correspondence.models import Mail
from portal.events import Event
from portal.workflow.door import defer


def queue(mails: Iterable[Mail]) -> None:
    """Store mails in the caller's transaction and hand over those that do not wait for the morning."""
    for mail in Mail.objects.bulk_create(mails):
        if mail.state != Mail.WAITING:
            defer("send_mail", mail_id=mail.pk)


def framed(text: str) -> str:
    """What stands around the words to the office: it is no customer of its own."""
    return _(
        "%(text)s\n\n"
        "このメールは送信専用で、返信は届きません。案件についてのやりとりは、案件のページに残してください。\nさっぽろ事業支援ポータル（職員への通知）"
    ) % {"text": text}


def signed(text: str) -> str:
    """What stands around the words to a firm, or to anybody, beside the cases."""
    return _(
        "%(text)s\n\nこのメールは送信専用です。\n札幌市 経済観光局 さっぽろ事業支援ポータル"
    ) % {"text": text}


def linked(text: str, link: str) -> str:
    """What the office reads about a case, and where."""
    return _("%(text)s\n\n案件を開く（職員のログインが必要です）\n%(link)s") % {
        "text": text,
        "link": link,
    }


@transaction.atomic
def send(
    *,
    subject: str,
    body: str,
    case: Case | None = None,
    to: User | None = None,
    address: str = "",
    holds_key: bool = False,
) -> Mail:
    """Queue one mail in the caller's transaction.

    `holds_key`: its text opens an account, and is forgotten once sent.
    """
    mail = Mail.objects.create(
        case=case,
        to=to,
        address=address,
        subject=subject[:200],
        body=body,
        holds_key=holds_key,
        queued_at=clock.now(),
    )
    defer("send_mail", mail_id=mail.pk)
    return mail


def deliver(mail_id: int) -> None:
    """Hand one mail to the server, once: a second run waits for the first and finds it sent.

    Raises what the server raised, after noting it for the case page.
    """
    fault: OSError | ValueError | None = None
    with transaction.atomic():
        mail = (
            Mail.objects.select_for_update(of=("self",), no_key=True)
            .select_related("to")
            .get(pk=mail_id)
        )
        if mail.state in (Mail.WAITING, Mail.GATHERED, "sent"):
            return
        mail.attempts += 1
        try:
            _message(mail).send()
        except (OSError, ValueError) as error:  # of the server, or of the mail's own headers
            mail.state, mail.error, fault = "failed", type(error).__name__, error
            events.log(Event.MAIL_FAILED, of=mail, code=mail.error, attempt=mail.attempts)
        else:
            mail.state, mail.error, mail.sent_at = "sent", "", clock.now()
            mail.body = "" if mail.holds_key else mail.body
        mail.save()
    if fault is not None:
        raise fault


def _message(mail: Mail) -> EmailMessage:
    """The same Message-ID on every attempt: where an answer was lost, the receiving side can tell
    it is the same mail.
    """
    host = urlsplit(settings.SITE_URL).hostname
    headers = {"Message-ID": f"<mail-{mail.pk}.{int(mail.queued_at.timestamp())}@{host}>"}
    subject = " ".join(mail.subject.split())  # a header is one line
    return EmailMessage(
        subject, mail.body, to=[mail.to.email if mail.to else mail.address], headers=headers
    )
