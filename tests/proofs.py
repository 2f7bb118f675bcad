"""What a session has shown of its person."""

import re
import time

from django.core.mail import EmailMessage
from django.test import Client

METHODS = "account_authentication_methods"  # as the sign-in library keeps them
CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b|\b[A-Z0-9]{6}\b")


def code_of(mail: EmailMessage) -> str:
    """The code that a mail brings."""
    found = CODE.search(str(mail.body))
    assert found, mail.body
    return found.group()


def mailed_code(client: Client) -> None:
    """As whoever typed the code of the mail: a second kind of proof beside the password."""
    session = client.session
    session[METHODS] = [*session[METHODS], {"method": "code", "at": time.time()}]
    session.save()
