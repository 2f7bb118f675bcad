"""What the log says of who comes in, as the sign-in library and Django tell of it."""

from collections.abc import Callable

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_login_failed
from django.dispatch import Signal

from portal import events
from portal.accounts.models import User
from portal.events import Event

# signal → its line; whose password was wrong is not said: what was typed is all there is to it
LINES: tuple[tuple[Signal, Event, str], ...] = (
    (user_login_failed, Event.SIGN_IN_FAILED, "password"),
    (mfa.authentication_failed, Event.SIGN_IN_FAILED, "second_factor"),
    (account.user_logged_in, Event.SIGNED_IN, ""),
    (account.user_signed_up, Event.ACCOUNT_MADE, ""),
    (account.password_set, Event.PASSWORD_CHANGED, ""),
    (account.password_changed, Event.PASSWORD_CHANGED, ""),
    (account.password_reset, Event.PASSWORD_RESET, ""),
    (mfa.authenticator_added, Event.SECOND_FACTOR_ADDED, ""),
    (mfa.authenticator_removed, Event.SECOND_FACTOR_REMOVED, ""),
    (mfa.authenticator_reset, Event.SECOND_FACTOR_RESET, ""),
)


def listen() -> None:
    for signal, event, code in LINES:
        signal.connect(_line(event, code), weak=False, dispatch_uid=f"log of {event.title} {code}")


def _line(event: Event, code: str) -> Callable[..., None]:
    def write(*, user: User | None = None, **_given: object) -> None:
        events.log(event, user=user.pk if user is not None else None, code=code)

    return write
