"""What this room fills in elsewhere."""

from portal import ports
from portal.cases import visibility
from portal.correspondence import mails, post, talk


def register() -> None:
    ports.erasures.add("portal_correspondence.Message", ("case", {"body": ""}))
    ports.erasures.add(
        "portal_correspondence.Mail", ("case", {"subject": "", "body": "", "address": ""})
    )
    ports.turn_sources.add("correspondence", talk.SOURCE)
    ports.issue_notice.add("mails", mails.mails)
    ports.issue_notice.add("letters", mails.letters)
    ports.send_mail.add("mail", post.send)
    ports.case_panels.add(
        "talk",
        ports.Panel(
            "portal/correspondence/panel.html", talk.panel, kinds=(), readers=visibility.WORKERS
        ),
    )
