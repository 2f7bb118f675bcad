"""The second proof of whoever acts for a firm: asked where an act weighs, offered once to everybody.

The pages that ask are marked `two_factors` or `to_hand_in`; every act that takes who may hand in asks
(`takes_who_hands_in`, decision 0107); those of the sign-in library on which one changes by
what one is known are in `OWN_PROOFS`, or a password alone would open a second proof of one's own
making. A session has shown enough where two kinds of proof are
in it, the latest at most half an hour ago. Whoever has no device is sent a code by mail just then,
so that nobody is kept out on the last day. A password that was set by a mail is for some days no
other proof than that mailbox, but for handing in (`to_hand_in`). The office shows its second factor at each sign-in.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import update_wrapper
from typing import TypeVar, cast

from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.core.internal.httpkit import add_query_params
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock, events
from portal.accounts import outgoing, security, shown_codes
from portal.accounts.models import SignIn, User
from portal.accounts.permissions import Applicant, Either
from portal.accounts.ports import APPLY_TO, send_mail
from portal.events import Event
from portal.types import Row, SignedIn
from portal.ui import limits
from portal.workflow.errors import NotReady
from portal.workflow.graph import Permission
from portal.workflow.sent_forms import NotDone

LASTS = timedelta(minutes=30)  # a proof; and an act that waits for one keeps its moment as long
CODE_MINUTES = 10  # what ASVS 5.0 allows a code by mail (6.5.5)
# what the sign-in library calls a way → the kind of proof it is; two of one kind are one proof
KINDS = {"password": "password", "code": "mail", "mfa": "device", "socialaccount": "provider"}
OWN_PROOFS = frozenset(
    {
        "account_change_password",
        "account_email",
        "account_set_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_deactivate_totp",
        "mfa_download_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "socialaccount_connections",
    }
)
MAILBOX_DAYS = timedelta(days=3)  # in which whose mailbox it is notices a new password
_CODE, _PRESSED = "second_factor_code", "second_factor_pressed"
_HANDS_IN = "second_factor_to_hand_in"  # whether what waits for a proof hands in


# -- what a session has shown -----------------------------------------------------------------------
def kinds(request: SignedIn, *, hands_in: bool = False) -> set[str]:
    """The kinds of proof in this session, as they count for an act (`hands_in`: `to_hand_in`)."""
    return kinds_of(request, request.user, hands_in=hands_in)


def kinds_of(request: HttpRequest, user: User, *, hands_in: bool = False) -> set[str]:
    """The same of somebody who is still signing in."""
    records = get_authentication_records(request, user)
    shown = {KINDS[row["method"]] for row in records if row.get("method") in KINDS}
    if "password" in shown and not hands_in and is_password_of_mailbox(user):
        return shown - {"password"} | {"mail"}
    return shown


def is_password_of_mailbox(user: User) -> bool:
    """Whether the password was set by a mail so lately that it shows nothing but the mailbox. Not of
    the office, nor of whoever replaces a lost device: a mail is how their password begins, and without
    a device no page of theirs opens.
    """
    if user.is_office or user.factor_lost_at is not None:
        return False
    since = clock.now() - MAILBOX_DAYS
    return user.sign_ins.filter(how=SignIn.RESET, worked=True, at__gt=since).exists()


def are_shown(request: SignedIn, *, hands_in: bool = False) -> bool:
    """Whether this session has shown two factors, lately."""
    if request.user.is_office and is_mfa_enabled(request.user):
        return True
    records = get_authentication_records(request, request.user)
    whole = any(row.get("passwordless") for row in records)  # a passkey checks its owner as well
    latest = max((float(row["at"]) for row in records), default=0.0)
    return (
        whole or len(kinds(request, hands_in=hands_in)) > 1
    ) and time.time() - latest < LASTS.total_seconds()


def helps(request: SignedIn, kind: str) -> bool:
    """Whether this kind of proof would be a second one for what waits: a code by mail is none of
    whoever came in by the same mailbox alone.
    """
    own = kinds(request, hands_in=bool(request.session.get(_HANDS_IN)))
    return not own or len(own | {kind}) > 1


def days_of_mailbox(request: SignedIn) -> int:
    """For how many days a password that was set by a mail is none beside that mail; 0 where this
    person's is one.
    """
    waits_for_days = not request.session.get(_HANDS_IN) and is_password_of_mailbox(request.user)
    return MAILBOX_DAYS.days if waits_for_days else 0


# -- where it is asked ------------------------------------------------------------------------------
Answer = Callable[[], HttpResponseBase]
V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def two_factors(view: V) -> V:
    """Ask whoever sends this page's form for a second proof, once; what was typed waits, and then
    goes on by itself under the moment at which it was pressed. Below the word that says who may
    enter.
    """
    return _asking(view, asked)


def to_hand_in(view: V) -> V:
    """The same of a page that hands in: whoever forgot the password on the last day is kept out by no
    day of waiting, and what somebody else handed in is taken back.
    """
    return _asking(view, asked_to_hand_in)


def to_hand_in_once(is_right: Callable[..., bool]) -> Callable[[V], V]:
    """`to_hand_in` of a page that first says what its form still lacks: `is_right`, of what the view
    is given, says that it would act.
    """
    return lambda view: _asking(view, asked_to_hand_in, is_right)


def _always(*_args: object, **_given: object) -> bool:
    return True


def _asking(
    view: V,
    ask: Callable[[SignedIn, Answer], HttpResponseBase],
    acts: Callable[..., bool] = _always,
) -> V:
    def wrapped(request: SignedIn, *args: object, **given: object) -> HttpResponseBase:
        def answer() -> HttpResponseBase:
            return view(request, *args, **given)

        asks = request.method == "POST" and acts(request, *args, **given)
        return ask(request, answer) if asks else answer()

    update_wrapper(wrapped, view)
    wrapped.two_factors = True  # type: ignore[attr-defined]  # for the test that asks for it
    return cast(V, wrapped)


def asked(request: SignedIn, answer: Answer, *, hands_in: bool = False) -> HttpResponseBase:
    """The answer to a form, once its sender has shown two factors: for views of which not every form
    asks.
    """
    at = _pressed_at(request)
    if not are_shown(request, hands_in=hands_in):
        request.session[_PRESSED] = [_print(request), at.timestamp()]
        return asked_first(request, hands_in=hands_in)
    request.session.pop(_PRESSED, None)
    with clock.arriving(at):
        return answer()


def asked_to_hand_in(request: SignedIn, answer: Answer) -> HttpResponseBase:
    return asked(request, answer, hands_in=True)


def takes_who_hands_in(permission: Permission[Row]) -> bool:
    """Whether an act of a firm is one of those that not every person of it may do."""
    options = permission.options if isinstance(permission, Either) else (permission,)
    return any(isinstance(option, Applicant) and option.submitting for option in options)


def asked_first(request: SignedIn, *, hands_in: bool = False) -> NotDone:
    """The page of the second proof; what was sent is kept in the session meanwhile.

    Every page that asks who one is goes on with what is kept, past the middleware: for views that ask
    by themselves (`two_factors`).
    """
    request.session[_HANDS_IN] = hands_in
    now = reverse("second_factor_now")
    suspend_request(request, now)
    # by its path alone: the library goes on with nothing whose address has a query
    return NotDone(add_query_params(now, {"next": request.path}))


def asked_before(request: SignedIn, page: str) -> HttpResponseRedirect:
    """To the page of the second proof, and from there to `page`: nothing waits."""
    request.session[_HANDS_IN] = False
    return HttpResponseRedirect(add_query_params(reverse("second_factor_now"), {"next": page}))


def waiting_since(request: SignedIn) -> datetime | None:
    """When what waits for a proof was pressed; None where nothing waits any longer."""
    kept = request.session.get(_PRESSED)
    at = datetime.fromtimestamp(kept[1], UTC) if kept else None
    return at if at is not None and clock.now() - at < LASTS else None


def _pressed_at(request: SignedIn) -> datetime:
    """Of this very form, word for word: when it was pressed first."""
    since = waiting_since(request)
    is_it = since is not None and request.session[_PRESSED][0] == _print(request)
    return since if since is not None and is_it else clock.arrived()


def _print(request: HttpRequest) -> str:
    return hashlib.sha256(f"{request.path}?{request.POST.urlencode()}".encode()).hexdigest()


# -- a code by mail ---------------------------------------------------------------------------------
def send_code(request: SignedIn) -> None:
    """Mail six digits to the person; they are good for this session, once. Raises limits.TooOften."""
    limits.spend(request, limits.CODES)
    code = f"{secrets.randbelow(10**6):06}"
    number = secrets.token_hex(8)
    until = clock.now() + timedelta(minutes=CODE_MINUTES)
    request.session[_CODE] = [number, _hashed(number, code), until.timestamp()]
    words = outgoing.CODE
    send_mail.value(
        address=request.user.email,
        subject=_("【さっぽろ事業支援ポータル】%(said)s") % {"said": words.subject},
        body=str(words.says) % {"code": code, "n": CODE_MINUTES},
        holds_key=True,
    )
    shown_codes.keep(request, code)


def is_code_sent(request: SignedIn) -> bool:
    until: float = request.session.get(_CODE, ["", "", 0.0])[2]
    return clock.now().timestamp() < until


def enter_code(request: SignedIn, typed: str) -> None:
    """Take the code of the mail: from then on the session has shown it.

    Raises NotReady for a wrong one, and for one that is over or tried too often.
    """
    if not is_code_sent(request):
        raise NotReady(_("確認コードの期限が切れました。もう一度、コードを送ってください。"))
    number, hashed, _until = request.session[_CODE]
    left, _seconds = limits.used(request, limits.CODE_TRIES, named=number)
    if left >= 0 and hmac.compare_digest(hashed, _hashed(number, typed)):
        del request.session[_CODE]
        record_authentication(request, request.user, method="code", email=request.user.email)
        security.renew(request, request.user)
        return
    events.log(Event.SIGN_IN_FAILED, user=request.user.pk, code="second_proof")
    security.note(request, request.user, "code", worked=False)
    if left > 0:
        raise NotReady(_("確認コードが違います。あと%(n)s回入力できます。") % {"n": left})
    del request.session[_CODE]
    raise NotReady(
        _("確認コードを決められた回数まちがえました。もう一度、コードを送ってください。")
    )


def _hashed(number: str, code: str) -> str:
    text = f"{number}:{code}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()


# -- the offer --------------------------------------------------------------------------------------
def offered(request: HttpRequest, response: HttpResponseBase, user: User) -> HttpResponseBase:
    """After a sign-in: once, the page that offers a second factor to whoever has none and acts for
    firms; it leads on to where `response` would have.
    """
    if user.factor_offered_at is not None or user.is_office or is_mfa_enabled(user):
        return response
    if APPLY_TO in request.session:  # on the way to an application: at the next sign-in
        return response
    user.factor_offered_at = clock.now()
    user.save(update_fields=["factor_offered_at"])
    then = response.get("Location", reverse("home"))
    return HttpResponseRedirect(add_query_params(reverse("second_factor_offer"), {"next": then}))
