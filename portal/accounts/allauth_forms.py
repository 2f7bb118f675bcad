"""allauth's forms, with addresses and one-time codes read as people type them."""

import struct
from collections.abc import Callable
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as social
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from portal import parsing
from portal.accounts import factors, guesses, passwords, security, unconfirmed
from portal.accounts.models import User
from portal.ui import limits


class Folding(forms.Form):
    """Addresses and one-time codes may be typed in full width, codes with spaces: joined to
    allauth's own forms.

    Each of those takes arguments of its own, and none has types.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.data, dict) and self.is_bound:
            typed = self.data.copy()
            for name, read in FOLDED.items():
                if isinstance(text := typed.get(self.add_prefix(name)), str):
                    typed[self.add_prefix(name)] = read(text)
            self.data = typed


FOLDED: dict[str, Callable[[str], str]] = {
    "login": parsing.email,
    "email": parsing.email,
    "code": lambda text: parsing.folded(text).replace(" ", "").replace("-", ""),
}


class SignIn(Folding, account.LoginForm): ...  # type: ignore[misc]


class Anew(Folding):
    """Takes an address for an account: one that nobody confirmed is in nobody's way. Here, since the
    library asks in `clean_email` whether the address has an account.
    """

    def clean_email(self) -> str:
        unconfirmed.give_way(self.cleaned_data["email"])
        return str(super().clean_email())  # type: ignore[misc]


class Counted(Anew):
    """A sign-up, which sends a mail to the address that is typed, whether or not it has an account:
    who asks too often is refused. What comes back with faults sends none, and is not counted.
    """

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        if not self.errors:
            guesses.count_mail(context.request, self.cleaned_data["email"])
        return cleaned


class SocialSignUp(Counted, social.SignupForm): ...  # type: ignore[misc]


class Chosen(Folding):
    """Somebody chooses a password: what it has to be is said in one sentence, not rule by rule."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password1"].help_text = passwords.NotGuessable().get_help_text()


class ChangePassword(Chosen, account.ChangePasswordForm): ...  # type: ignore[misc]


class SetPassword(Chosen, account.SetPasswordForm): ...  # type: ignore[misc]


class ResetPasswordByKey(Chosen, account.ResetPasswordKeyForm): ...  # type: ignore[misc]


class SignUp(Chosen, Counted, account.SignupForm):  # type: ignore[misc]
    account_already_exists: bool

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """For an address that has an account the password is hashed as well, and thrown away: else
        the time of the answer would tell who has one.
        """
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        saved: tuple[User | None, HttpResponse | None]
        try:
            with transaction.atomic():
                saved = super().try_save(request)
        except IntegrityError:  # of two who sign up at once with one address the first has it
            self.account_already_exists = True
            saved = super().try_save(request)
        return saved


class Mailed(Folding):
    """Sends a mail to the address that is typed: who asks too often is refused."""

    def clean_email(self) -> str:
        guesses.count_mail(context.request, self.cleaned_data["email"])
        return str(super().clean_email())  # type: ignore[misc]


class AddEmail(Mailed, Anew, account.AddEmailForm): ...  # type: ignore[misc]


class ResetPassword(Mailed, account.ResetPasswordForm): ...  # type: ignore[misc]


class RequestLoginCode(Mailed, account.RequestLoginCodeForm): ...  # type: ignore[misc]


class Coded(Folding):
    """Takes a code of a second factor. Tries are counted as passwords are, in place of the library's
    own count: there whoever knows a password locked its owner out.
    """

    user: User

    def clean_code(self) -> str:
        request, email = context.request, self.user.email
        by_mail = "mail" in factors.kinds_of(request, self.user)
        guesses.count(request, email, of=":code", by_mail=by_mail)
        try:
            code = str(super().clean_code())  # type: ignore[misc]
        except forms.ValidationError:
            if guesses.may_warn(request, email):
                security.warn(self.user)
            raise
        guesses.count(request, email, -1, of=":code", by_mail=by_mail)
        return code


class TriedInAll(Folding):
    """Tries of a code by mail are counted in the database: the library counts in the session, which
    all that are sent at once read as it was.
    """

    expected_code: str

    def clean_code(self) -> str:
        request = context.request
        named = f"{request.session.session_key}:{self.expected_code}"
        left, _seconds = limits.used(request, limits.LOGIN_CODE_TRIES, named=named)
        if left < 0:
            raise get_adapter().validation_error("incorrect_code")
        return str(super().clean_code())  # type: ignore[misc]


class ConfirmLoginCode(TriedInAll, account.ConfirmLoginCodeForm): ...  # type: ignore[misc]


class ConfirmAddress(TriedInAll, account.ConfirmEmailVerificationCodeForm): ...  # type: ignore[misc]


class Authenticate(Coded, mfa.AuthenticateForm): ...  # type: ignore[misc]


class Reauthenticate(Coded, mfa.ReauthenticateForm): ...  # type: ignore[misc]


class ActivateTOTP(Folding, totp.ActivateTOTPForm): ...  # type: ignore[misc]


# what the library's reading of a key's answer ends with where no key ever answered so
UNREADABLE = (AttributeError, LookupError, RuntimeError, TypeError, ValueError, struct.error)


class Passkey(forms.Form):
    """Takes the answer of a passkey, which a script fills in: one that cannot be read came from no
    browser, and is a bad request.
    """

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except UNREADABLE as odd:
            raise BadRequest from odd


class AddPasskey(Passkey, webauthn.AddWebAuthnForm): ...  # type: ignore[misc]


class PasskeyAsSecond(Passkey, webauthn.AuthenticateWebAuthnForm): ...  # type: ignore[misc]


class SignInByPasskey(Passkey, webauthn.LoginWebAuthnForm): ...  # type: ignore[misc]


class ReauthenticateByPasskey(Passkey, webauthn.ReauthenticateWebAuthnForm): ...  # type: ignore[misc]
