"""What a session has shown of its person."""

import time

from django.test import Client

METHODS = "account_authentication_methods"  # as the sign-in library keeps them


def mailed_code(client: Client) -> None:
    """As whoever typed the code of the mail: a second kind of proof beside the password."""
    session = client.session
    session[METHODS] = [*session[METHODS], {"method": "code", "at": time.time()}]
    session.save()
