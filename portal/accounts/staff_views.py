"""Staff and their roles: given and taken on screen, handed over in bulk, every change audited."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import clock
from portal.accounts import people, security
from portal.accounts.forms import HandOverForm, RoleForm, SessionsForm, StaffForm
from portal.accounts.models import StaffRole, User
from portal.accounts.views import programmes, verified
from portal.types import Given, SignedIn
from portal.workflow.access import proves_again, staff
from portal.workflow.writing import press, write


@staff("administrator")
@proves_again
def role_list(request: SignedIn) -> HttpResponse:
    form = RoleForm(
        request.POST or None, programmes=programmes(), initial={"starts_on": clock.today()}
    )
    roles = StaffRole.objects.select_related("person", "municipality", "granted_by").order_by(
        "person__name", "-starts_on"
    )
    return write(
        request,
        form,
        lambda data: people.grant_role(by=request.user, **data),
        template="portal/accounts/roles.html",
        context={"roles": roles, "today": clock.today(), "programmes": dict(programmes())},
        done=_("役割を付けました。"),
        then="role_list",
    )


@require_POST
@staff("administrator")
@proves_again
def role_end(request: SignedIn, pk: int) -> HttpResponse:
    role = get_object_or_404(StaffRole, pk=pk)
    return press(
        request,
        lambda: people.end_role(role, by=request.user),
        back="role_list",
        done=_("役割を外しました。いまから効きます。"),
    )


@staff("administrator")
@proves_again
def hand_over(request: SignedIn) -> HttpResponse:
    """All roles of many people at once, as each April: every pair or none."""
    form = HandOverForm(request.POST or None)

    @transaction.atomic
    def save(data: Given) -> list[StaffRole]:
        return [
            role
            for giver, receiver in data["pairs"]
            for role in people.hand_over(giver, receiver, by=request.user, on=data["on"])
        ]

    return write(
        request,
        form,
        save,
        template="portal/accounts/hand_over.html",
        context={},
        done=lambda passed: _("%(n)s件の役割を引き継ぎました。") % {"n": len(passed)},
        then="role_list",
    )


@staff("administrator")
@proves_again
def staff_new(request: SignedIn) -> HttpResponse:
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = User.objects.create_user(**form.cleaned_data)
        verified(user)
        messages.success(
            request,
            _("職員を登録しました。本人が「パスワードを忘れた方」からパスワードを決めます。"),
        )
        return redirect("role_list")
    return render(
        request,
        "portal/accounts/staff_new.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@staff("administrator")
@proves_again
def sessions_end(request: SignedIn) -> HttpResponse:
    """End every session of an account that its owner has lost, and give its address back."""
    form = SessionsForm(request.POST or None)
    return write(
        request,
        form,
        lambda data: security.end_sessions(by=request.user, **data),
        template="portal/accounts/sessions_end.html",
        context={},
        done=lambda person: _("%(name)s さんのログインをすべて終わらせました。") % {"name": person},
        then="sessions_end",
    )
