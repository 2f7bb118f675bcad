"""Every URL states who may enter, in one word above its view; a test fails the build for one that
does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, update_wrapper
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.days import moment_said
from portal.types import SignedIn, Visitor, is_signed_in
from portal.workflow.ports import opened
from portal.workflow.sent_forms import once

if TYPE_CHECKING:
    from portal.types import User

P = ParamSpec("P")
View = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=View)
Public = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Personal = Callable[Concatenate[SignedIn, P], HttpResponseBase]

# Before a sensitive act the person proves once more who they are (ASVS 5.0, 7.5.3); what they sent
# then goes on by itself.
proves_again: Callable[[View], View] = reauthentication_required(allow_get=True)
# the same where reading is what must not fall to whoever finds an open session
proves_to_read: Callable[[View], View] = reauthentication_required()
prove_again: Callable[[HttpRequest], None] = reauthentication_required(lambda _request: None)


def back_to(request: HttpRequest, otherwise: str) -> str:
    """The page of ours that a form says it came from (`next`); `otherwise` where it names none, or
    a place that is not ours.
    """
    return ours(str(request.POST.get("next") or "")) or otherwise


def ours(address: str) -> str:
    """The address, where it is a page of ours; else nothing."""
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )
    return address if is_ours else ""


@cache
def _entries() -> dict[str, str]:
    """Name of each address → who may enter, as its view is marked."""

    def entries(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
        for entry in patterns:
            yield from [entry] if isinstance(entry, URLPattern) else entries(entry.url_patterns)

    return {
        str(entry.name): getattr(entry.callback, "access", "")
        for entry in entries(get_resolver().url_patterns)
    }


def may_enter(user: Visitor, name: str) -> bool:
    """May this person open the address of this name?

    Of rows behind it the loader decides. Raises KeyError for no address of ours.
    """
    who = _entries()[name]
    if not who.startswith("staff:"):
        return who == "anyone" or user.is_authenticated
    roles = who.removeprefix("staff:").split(",")
    return bool(
        user.is_authenticated and user.is_office and (roles == ["any"] or user.has_role(*roles))
    )


def may_open(user: Visitor, address: str) -> bool:
    """`may_enter` of the page at an address of ours. Raises Resolver404 for any other."""
    return may_enter(user, str(resolve(address).url_name))


def _mark(view: V, who: str) -> V:
    view.access = who  # type: ignore[attr-defined]
    return view


def only_reads(user: User) -> bool:
    """True for whoever holds no other role than the auditor's: they read everything in their scope
    and write nothing.
    """
    held = user.roles()
    return bool(held) and all(role.role == "auditor" for role in held)


def _refuse_writing(request: SignedIn) -> None:
    """Every address but the public's asks this, unless it says that it only looks, so that no form can
    be forgotten.
    """
    if request.method not in ("GET", "HEAD", "OPTIONS") and only_reads(request.user):
        raise PermissionDenied(_("監査の役割では、見ることだけができます。書き込みはできません。"))


def anyone(view: V) -> V:
    """The public may enter."""
    return _mark(view, "anyone")


def signed_in(view: Personal[P]) -> Public[P]:
    """Anyone signed in; what they may see is decided by the loader of the page."""

    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not is_signed_in(request):
            return redirect_to_login(request.get_full_path())
        _refuse_writing(request)
        response = once(request, lambda: view(request, *args, **kwargs))
        opened.value(request, request.user, response)
        return response

    update_wrapper(wrapped, view)
    return _mark(wrapped, "signed_in")


def _closed_to(user: User) -> Exception:
    """What a page of the office answers to who is not of it: nothing is there. Whose role has ended
    knows the address, and hears so, whatever lies behind it.
    """
    said = role_ended(user)
    return PermissionDenied(said) if said else Http404()


def role_ended(user: User) -> str:
    """What somebody hears whose last role of the office has ended; "" for all others."""
    until = user.role_ended
    if until is None:
        return ""
    return _(
        "職員としての役割は%(day)sまででした。続けて職務を行うときは、管理の担当に役割を付けてもらってください。"
    ) % {"day": moment_said(until)}


def staff(*roles: str, only_looks: bool = False) -> Callable[[Personal[P]], Public[P]]:
    """Staff with one of `roles` (any staff where none is named); others get 404, staff without the
    role 403. `only_looks`: what its form asks for changes nothing, so an auditor may send it.
    """

    def decorate(view: Personal[P]) -> Public[P]:
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not is_signed_in(request):
                return redirect_to_login(request.get_full_path())
            if not request.user.is_office:
                raise _closed_to(request.user)
            if roles and not request.user.has_role(*roles):
                raise PermissionDenied(
                    _(
                        "このページを開ける役割を持っていません。必要なときは管理の担当にご相談ください。"
                    )
                )
            if not only_looks:
                _refuse_writing(request)
            response = once(request, lambda: view(request, *args, **kwargs))
            opened.value(request, request.user, response)
            return response

        update_wrapper(wrapped, view)
        return _mark(wrapped, f"staff:{','.join(roles) or 'any'}")

    return decorate
