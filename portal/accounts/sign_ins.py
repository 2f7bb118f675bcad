"""What the log and the account's owner are told of who comes in, as the sign-in library and Django
tell of it.
"""

from collections.abc import Callable, Mapping

from allauth.account import signals as account
from allauth.account.internal.flows import reauthentication
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.socialaccount import signals as social
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import Signal
from django.http import HttpRequest

from portal import events
from portal.accounts import idle, security, unconfirmed
from portal.accounts.models import FormerAddress, SignIn, User
from portal.accounts.ports import tell_taken
from portal.events import Event
from portal.types import is_signed_in

# signal → its line; whose password was wrong is not said: what was typed is all there is to it
LINES: tuple[tuple[Signal, Event, str], ...] = (
    (user_login_failed, Event.SIGN_IN_FAILED, "password"),
    (mfa.authentication_failed, Event.SIGN_IN_FAILED, "second_factor"),
    (account.login_code_rejected, Event.SIGN_IN_FAILED, "code"),
    (account.user_logged_in, Event.SIGNED_IN, ""),
    (account.user_signed_up, Event.ACCOUNT_MADE, ""),
    (account.password_set, Event.PASSWORD_CHANGED, ""),
    (account.password_changed, Event.PASSWORD_CHANGED, ""),
    (account.password_reset, Event.PASSWORD_RESET, ""),
    (mfa.authenticator_added, Event.SECOND_FACTOR_ADDED, ""),
    (mfa.authenticator_removed, Event.SECOND_FACTOR_REMOVED, ""),
    (mfa.authenticator_reset, Event.SECOND_FACTOR_RESET, ""),
)

# a way in was added, changed or taken away: every other session ends. A new password needs no row,
# since Django ends by itself what began under the old one.
WAYS_IN: tuple[Signal, ...] = (
    mfa.authenticator_added,
    mfa.authenticator_removed,
    mfa.authenticator_reset,
    account.email_changed,
    account.email_removed,
    social.social_account_added,
    social.social_account_removed,
)


# what opened the account, and does so no longer → its kind, by which a restore takes it away again
TAKEN: tuple[tuple[Signal, str], ...] = (
    (account.password_set, "password"),
    (account.password_changed, "password"),
    (account.password_reset, "password"),
    (mfa.authenticator_removed, "ways"),
    (mfa.authenticator_reset, "ways"),
    (social.social_account_removed, "ways"),
)
ADDRESS_TAKEN = (account.email_changed, account.email_removed)


# what somebody who is not signed in can leave in a session, for pages that go on with it afterwards
BEGUN_OUTSIDE = (
    reauthentication.STATE_SESSION_KEY,
    webauthn.STATE_SESSION_KEY,
    totp.SECRET_SESSION_KEY,
)


def listen() -> None:
    for signal, event, code in LINES:
        signal.connect(_line(event, code), weak=False, dispatch_uid=f"log of {event.title} {code}")

    for signal in WAYS_IN:
        signal.connect(_way_in_changed, dispatch_uid="other sessions end")
    for signal, kind in TAKEN:
        signal.connect(_taken(kind), weak=False, dispatch_uid=f"taken away: {kind}")
    for signal in ADDRESS_TAKEN:
        signal.connect(_address_taken, dispatch_uid="taken away: an address")
    mfa.authenticator_used.connect(_code_used, dispatch_uid="a code is used up")
    mfa.authenticator_added.connect(_factor_is_back, dispatch_uid="a lost factor is replaced")
    mfa.authenticator_used.connect(_proved_again, dispatch_uid="a new number")

    user_login_failed.connect(_password_failed, dispatch_uid="a wrong password")
    mfa.authentication_failed.connect(_failed("mfa"), weak=False, dispatch_uid="a wrong factor")
    account.login_code_rejected.connect(_failed("code"), weak=False, dispatch_uid="a wrong code")
    account.user_logged_in.connect(_came_in, dispatch_uid="somebody came in")
    account.password_reset.connect(_set_by_mail, dispatch_uid="a password was set by a mail")
    account.password_reset.connect(unconfirmed.reads_the_mailbox, dispatch_uid="a mail was read")
    account.email_confirmed.connect(
        unconfirmed.belongs_to_the_mailbox, dispatch_uid="a first address was confirmed"
    )
    account.email_changed.connect(_moved, dispatch_uid="an address was changed")
    for signal in (account.password_set, account.password_changed, account.password_reset):
        signal.connect(_new_password, dispatch_uid="secret addresses end")
    user_logged_in.connect(_begin, dispatch_uid="a session begins")


def _set_by_mail(*, request: HttpRequest, user: User, **_given: object) -> None:
    security.note(request, user, SignIn.RESET, worked=True)


def _line(event: Event, code: str) -> Callable[..., None]:
    def write(*, user: User | None = None, **_given: object) -> None:
        events.log(event, user=user.pk if user is not None else None, code=code)

    return write


def _password_failed(
    *, credentials: Mapping[str, str], request: HttpRequest | None = None, **_given: object
) -> None:
    person = User.objects.filter(email=str(credentials.get("email") or "").lower()).first()
    if person is not None and request is not None:
        security.note(request, person, "password", worked=False)


def _failed(how: str) -> Callable[..., None]:
    def keep(*, request: HttpRequest, user: User | None = None, **_given: object) -> None:
        if user is not None and request is not None:
            security.note(request, user, how, worked=False)

    return keep


def _came_in(*, request: HttpRequest, user: User, **_given: object) -> None:
    if request is not None:
        how = [str(told["method"]) for told in get_authentication_records(request, user)]
        security.note(request, user, ",".join(dict.fromkeys(how)), worked=True)


def _moved(*, user: User, from_email_address: EmailAddress | None = None, **_given: object) -> None:
    if from_email_address is not None:
        FormerAddress.objects.create(person=user, email=from_email_address.email)


def _begin(*, request: HttpRequest, **_given: object) -> None:
    for key in BEGUN_OUTSIDE:
        request.session.pop(key, None)
    idle.begin(request)


def _new_password(*, user: User, **_given: object) -> None:
    security.keys_end(user)


def _way_in_changed(*, request: HttpRequest | None, **_given: object) -> None:
    if request is not None and is_signed_in(request):
        security.end_others(request, request.user)


def _taken(kind: str) -> Callable[..., None]:
    def tell(
        *, user: User | None = None, socialaccount: SocialAccount | None = None, **_given: object
    ) -> None:
        person = socialaccount.user if socialaccount is not None else user
        if person is not None:
            tell_taken(kind, person.pk, person=person.pk)

    return tell


def _address_taken(*, user: User, **given: object) -> None:
    """One that was shown to be the person's: from which it changed, or which was taken out."""
    gone = given.get("from_email_address", given.get("email_address"))
    if isinstance(gone, EmailAddress) and gone.verified:
        tell_taken("address", user.pk, person=user.pk)


def _code_used(*, user: User, authenticator: Authenticator, **_given: object) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        tell_taken("ways", user.pk, person=user.pk)


def _factor_is_back(*, user: User, **_given: object) -> None:
    if user.factor_lost_at is not None:
        user.factor_lost_at = None
        user.save(update_fields=["factor_lost_at"])


def _proved_again(*, request: HttpRequest, user: User, reauthenticated: bool, **_: object) -> None:
    """By a second factor; by password: `AccountAdapter.reauthenticate`."""
    if reauthenticated:
        security.renew(request, user)
