"""One mail: queued in the transaction of what it tells of, and handed to the server."""

import re
from collections.abc import Iterable
from smtplib import SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from portal import clock, events
from portal.accounts.models import User
from portal.cases.models import Case
from portal.correspondence import unreached
from portal.correspondence.models import Mail, new_envelope
from portal.events import Event
from portal.workflow.door import defer

FOR_GOOD = 500  # answers of a mail server from here on are its last word (RFC 5321)
STATUS = re.compile(r"5\.\d{1,3}\.\d{1,3}")


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

    Raises what the server raised, after noting it for the case page. An address that the server
    refuses for good is not tried again.
    """
    fault: OSError | ValueError | None = None
    with transaction.atomic():
        mail = (
            Mail.objects.select_for_update(of=("self",), no_key=True)
            .select_related("to")
            .get(pk=mail_id)
        )
        if mail.state in (Mail.WAITING, Mail.GATHERED, Mail.UNREACHED, "sent") or mail.held_at:
            return
        mail.attempts += 1
        mail.address = mail.to.email if mail.to else mail.address
        mail.envelope = mail.envelope or new_envelope()
        try:
            _message(mail).send()
        except (OSError, ValueError) as error:  # of the server, or of the mail's own headers
            if (status := _refused_for_good(error)) is not None:
                unreached.mark(mail, status)
                return
            mail.state, mail.error, fault = "failed", type(error).__name__, error
            events.log(Event.MAIL_FAILED, of=mail, code=mail.error, attempt=mail.attempts)
        else:
            mail.state, mail.error, mail.sent_at = "sent", "", clock.now()
            mail.body = "" if mail.holds_key else mail.body
        mail.save()
    if fault is not None:
        raise fault


def _refused_for_good(error: Exception) -> str | None:
    """The status of an answer that will be the same at every try, such as "5.1.1"; else None."""
    if not isinstance(error, SMTPRecipientsRefused):
        return None
    answers = [*error.recipients.values()]
    if not answers or any(code < FOR_GOOD for code, _said in answers):
        return None
    found = STATUS.search(answers[0][1].decode("ascii", "replace"))
    return found.group() if found else ""


def _message(mail: Mail) -> EmailMessage:
    """The same Message-ID on every attempt: where an answer was lost, the receiving side can tell
    it is the same mail. What comes back goes to the mailbox that the job reads.
    """
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": f"<{mail.envelope}@{host}>",
        "From": settings.DEFAULT_FROM_EMAIL,
        "Auto-Submitted": "auto-generated",  # no answer of a machine to a machine (RFC 3834)
    }
    return EmailMessage(
        " ".join(mail.subject.split()),  # a header is one line
        mail.body,
        settings.BOUNCE_ADDRESS or settings.DEFAULT_FROM_EMAIL,
        to=[mail.address],
        headers=headers,
    )
