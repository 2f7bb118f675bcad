"""What this room fills in elsewhere."""

from portal import ports
from portal.accounts.ports import send_mail
from portal.cases import visibility
from portal.correspondence import mails, post, talk
from portal.workflow.ports import write_letters, write_mails


def register() -> None:
    ports.erasures.add("portal_correspondence.Message", ("case", {"body": ""}))
    ports.erasures.add(
        "portal_correspondence.Mail", ("case", {"subject": "", "body": "", "address": ""})
    )
    ports.turn_sources.add("correspondence", talk.SOURCE)
    write_mails.fill(mails.mails)
    write_letters.fill(mails.letters)
    send_mail.fill(post.send)
    ports.case_panels.add(
        "talk",
        ports.Panel(
            "portal/correspondence/panel.html", talk.panel, kinds=(), readers=visibility.WORKERS
        ),
    )
