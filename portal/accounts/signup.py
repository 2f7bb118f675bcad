"""What allauth asks of us: the name at sign-up, what a provider tells of a person, and where mail
goes out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.stages import EmailVerificationStage
from allauth.account.utils import get_next_redirect_url
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from django import forms
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import crypto, events, visitor
from portal.accounts import factors, gbizid, guesses, security, shown_codes
from portal.accounts.models import User
from portal.accounts.openid.tokens import NotBelieved
from portal.accounts.ports import send_mail
from portal.events import Event
from portal.types import Context, is_signed_in
from portal.ui.forms import check_text
from portal.ui.names import Name, check_name

if TYPE_CHECKING:
    import requests
    from allauth.socialaccount.models import SocialLogin


_UNKNOWN = "account/email/unknown_account"
# in the session of who signed up: the page that led there, until the first sign-in
CAME_FOR = "came_for"


class NameForm(forms.Form):
    """Joined to allauth's sign-up form."""

    name = Name(
        label=_lazy("お名前"), max_length=80, help_text=_lazy("登録する方ご自身のお名前です。")
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save()
        if came_for := get_next_redirect_url(request):
            request.session[CAME_FOR] = came_for


class CodeOfAddress(EmailVerificationStage):  # type: ignore[misc]  # as below
    """Waits for the code of an address, and leads nobody back to it who would rather sign in, or sign
    up with another address.
    """

    def is_resumable(self, request: HttpRequest) -> bool:
        return False


_WAITS = f"{CodeOfAddress.__module__}.{CodeOfAddress.__qualname__}"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """E-mail and password; staff are told by the middleware to add a second factor."""

    def get_login_stages(self) -> list[str]:
        theirs = f"{EmailVerificationStage.__module__}.{EmailVerificationStage.__qualname__}"
        return [_WAITS if stage == theirs else stage for stage in super().get_login_stages()]

    def format_email_subject(self, subject: str) -> str:
        """With the portal's name before it, where the library sets that of the host."""
        if subject.startswith(("【", "[")):  # a subject of our own says it
            return subject
        return _("【さっぽろ事業支援ポータル】%(subject)s") % {"subject": subject}

    def get_user_search_fields(self) -> list[str]:
        return ["email", "name"]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The page one came for before the address was confirmed by mail, once; else one's first."""
        if not is_signed_in(request):
            return reverse("home")
        came_for: str = request.session.pop(CAME_FOR, "")
        return came_for or reverse(request.user.first_page)

    def get_client_ip(self, request: HttpRequest) -> str:
        return visitor.address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        """In place of the library's own count, which holds a lock for each address and locks out
        whoever is guessed at.
        """
        guesses.count(request, credentials.get("email", ""))

    def authenticate(self, request: HttpRequest, **credentials: str) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            guesses.count(request, credentials.get("email", ""), -1)
            if not is_signed_in(request):  # a proof between two acts ends no session
                user.keep_anew(credentials["password"])
        return user

    def should_send_confirmation_mail(
        self, request: HttpRequest, email_address: object, signup: bool
    ) -> bool:
        """Who knows the password of an account that nobody confirmed has a code sent by each sign-in:
        counted like a sign-up, which its form counts.
        """
        if not signup:
            guesses.count_mail(request, str(getattr(email_address, "email", "")))
        return True

    def reauthenticate(self, user: User, password: str) -> bool:
        proved = bool(super().reauthenticate(user, password))
        if proved:
            security.renew(allauth_context.request, user)
        return proved

    def post_login(self, request: HttpRequest, user: User, **given: object) -> HttpResponseBase:
        response: HttpResponseBase = super().post_login(request, user, **given)
        response = factors.offered(request, response, user)
        guesses.remember(request, response, user.email)
        return response

    def send_mail(self, template_prefix: str, email: str, context: Context) -> None:
        """Queued like every other mail: a mail server that is down or hangs stops nobody who signs
        up.
        """
        ways = {"login_url": "account_login", "connections_url": "socialaccount_connections"}
        links = {name: f"{settings.SITE_URL}{reverse(page)}" for name, page in ways.items()}
        about = {
            "request": allauth_context.request,
            "email": email,
            "current_site": get_current_site(allauth_context.request),
        }
        message = self.render_mail(template_prefix, email, about | links | context)
        shown_codes.keep(allauth_context.request, str(context.get("code", "")))
        with transaction.atomic():
            send_mail.value(
                address=email, subject=message.subject, body=message.body, holds_key=True
            )
            # done and undone, so that the answer takes as long as for somebody who is registered
            is_heard = template_prefix != _UNKNOWN or guesses.may_tell_a_stranger(
                allauth_context.request, email
            )
            transaction.set_rollback(not is_heard)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # as above
    """Seeds of code generators and of recovery codes lie sealed in the database."""

    def encrypt(self, text: str) -> str:
        return crypto.seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return str(crypto.unseal(encrypted_text.encode()))


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # as above
    """Who comes in by GビズID: the name it gives is the person's; where it gives none, the form asks."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Context) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        found = sociallogin.account.extra_data
        name = gbizid.person_name(found.get("userinfo", found))[:80]
        try:
            user.name = check_name(check_text(name))
        except forms.ValidationError:
            user.name = ""
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Joined is an account of the provider only to that of somebody who showed two proofs, also
        where they set out before they signed in.
        """
        joins = sociallogin.state.get("process") == AuthProcess.CONNECT
        if joins and not (is_signed_in(request) and factors.are_shown(request)):
            raise ImmediateHttpResponse(redirect("socialaccount_connections"))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: object,
        error: object = None,
        exception: Exception | None = None,
        extra_context: Context | None = None,
    ) -> None:
        if isinstance(exception, NotBelieved):
            events.log(Event.PROOF_NOT_BELIEVED, code=exception.code)
        else:
            kind = type(exception).__name__ if exception else ""
            events.log(Event.PROVIDER_FAILED, code=str(error or ""), kind=kind)
        super().on_authentication_error(request, provider, error, exception, extra_context)

    def get_requests_session(self) -> requests.Session:
        """Calls to the provider of the settings, and nowhere that it leads."""
        session: requests.Session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return bool(sociallogin.user.name) and bool(
            super().is_auto_signup_allowed(request, sociallogin)
        )

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> Context:
        initial: Context = super().get_signup_form_initial_data(sociallogin)
        return initial | {"name": sociallogin.user.name}
