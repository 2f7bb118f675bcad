"""Accounts whose address nobody has shown to be theirs: what was set before is thrown away when the
owner comes in, and the account gives way to a new sign-up (docs/decisions/0102).
"""

from datetime import timedelta

from allauth.account import app_settings
from allauth.account.internal.flows.email_verification import verify_email_indirectly
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import User
from portal.accounts.ports import tell_taken

# as long as a code may hold, the last one that can be sent again too
HELD = timedelta(
    seconds=settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT
    * (1 + app_settings.EMAIL_VERIFICATION_MAX_RESEND_COUNT)
)
# where the code is typed in the browser that signed up; every other way shows the mailbox alone
_BY_ITS_OWN_CODE = "account_email_verification_sent"
_BY_A_NEW_PASSWORD = "account_reset_password_from_key"  # noqa: S105  # the name of a page


def belongs_to_the_mailbox(
    *, request: HttpRequest, email_address: EmailAddress, **_given: object
) -> None:
    """An account gets its first confirmed address. Where that was shown otherwise than in the browser
    that signed up, whoever set what opens the account may be somebody else: it opens nothing more.
    """
    person: User = email_address.user
    page = request.resolver_match.url_name if request.resolver_match else ""
    others = EmailAddress.objects.filter(user=person, verified=True).exclude(pk=email_address.pk)
    if others.exists():
        return
    if page == _BY_ITS_OWN_CODE:
        _signed_up_here(request, person)
        return
    SocialAccount.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    if page != _BY_A_NEW_PASSWORD:
        person.set_unusable_password()
    person.sign_outs += 1
    person.save()
    tell_taken("ways", person.pk, person=person.pk)
    messages.warning(
        request,
        _(
            "この登録のメールアドレスは、いま初めて確かめられました。別の人が登録したおそれがあるため、以前に設定されたパスワードとGビズIDのつながりは取り消しました。登録されたお名前もお確かめください。"
        ),
    )


def _signed_up_here(request: HttpRequest, person: User) -> None:
    """Whoever signed up in this browser chose the password and typed the code: what this session has
    shown is both, and no page asks for either again just after.
    """
    if person.has_usable_password():
        for method in ("password", "code"):
            record_authentication(request, person, method=method)


def reads_the_mailbox(*, request: HttpRequest, user: User, **_given: object) -> None:
    """Who set a new password came by a mail: that shows the address, where none was shown before."""
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        verify_email_indirectly(request, user, user.email)


@transaction.atomic
def give_way(email: str) -> None:
    """An account of this address that nobody confirmed while its code held is no more: somebody signs
    up, or adds the address, anew.
    """
    confirmed = EmailAddress.objects.filter(verified=True).values("user")
    never = EmailAddress.objects.filter(email=email.lower(), verified=False)
    list(never.select_for_update())
    old = User.objects.filter(
        email=email.lower(),
        last_login=None,
        is_system=False,
        date_joined__lt=clock.now() - HELD,
        pk__in=never.values("user"),
    )
    for person in old.exclude(pk__in=confirmed).select_for_update(of=("self",)):
        try:
            with transaction.atomic():
                person.delete()
        except ProtectedError:
            continue  # something hangs on it: the login code leads its owner in
