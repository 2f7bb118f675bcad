"""allauth's forms, with addresses and one-time codes read as people type them."""

from collections.abc import Callable
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms

from portal import reading


class Folding(forms.Form):
    """Addresses and one-time codes may be typed in full width, codes with spaces: joined to allauth's own forms."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.is_bound:
            self.data = self.data.copy()
            for name, read in FOLDED.items():
                if isinstance(text := self.data.get(self.add_prefix(name)), str):
                    self.data[self.add_prefix(name)] = read(text)


FOLDED: dict[str, Callable[[str], str]] = {
    "login": reading.email,
    "email": reading.email,
    "code": lambda text: reading.folded(text).replace(" ", "").replace("-", ""),
}


class SignIn(Folding, account.LoginForm): ...


class SignUp(Folding, account.SignupForm): ...


class AddEmail(Folding, account.AddEmailForm): ...


class ResetPassword(Folding, account.ResetPasswordForm): ...


class Authenticate(Folding, mfa.AuthenticateForm): ...


class Reauthenticate(Folding, mfa.ReauthenticateForm): ...


class ActivateTOTP(Folding, totp.ActivateTOTPForm): ...
