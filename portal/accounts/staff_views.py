"""Staff and their roles: given and taken on screen, handed over in bulk, every change audited."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import clock
from portal.accounts import people
from portal.accounts.forms import HandOverForm, RoleForm, StaffForm
from portal.accounts.models import StaffRole, User
from portal.accounts.views import programmes, verified
from portal.types import SignedIn
from portal.workflow.access import proves_again, staff
from portal.workflow.errors import Refused


@staff("administrator")
@proves_again
def role_list(request: SignedIn) -> HttpResponse:
    form = RoleForm(
        request.POST or None, programmes=programmes(), initial={"starts_on": clock.today()}
    )
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            people.grant_role(data.pop("person"), data.pop("role"), by=request.user, **data)
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("役割を付けました。"))
            return redirect("role_list")
    roles = StaffRole.objects.select_related("person", "municipality", "granted_by").order_by(
        "person__name", "-starts_on"
    )
    context = {
        "form": form,
        "roles": roles,
        "reasons": reasons,
        "today": clock.today(),
        "programmes": dict(programmes()),
    }
    return render(
        request,
        "portal/accounts/roles.html",
        context,
        status=422 if form.errors or reasons else 200,
    )


@require_POST
@staff("administrator")
@proves_again
def role_end(request: SignedIn, pk: int) -> HttpResponse:
    try:
        people.end_role(get_object_or_404(StaffRole, pk=pk), by=request.user)
    except Refused as refused:
        messages.error(request, "".join(refused.reasons))
    else:
        messages.success(request, _("役割を外しました。いまから効きます。"))
    return redirect("role_list")


@staff("administrator")
@proves_again
def hand_over(request: SignedIn) -> HttpResponse:
    """All roles of many people at once, as each April: every pair or none."""
    form = HandOverForm(request.POST or None)
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                passed = [
                    role
                    for giver, receiver in form.cleaned_data["pairs"]
                    for role in people.hand_over(
                        giver, receiver, by=request.user, on=form.cleaned_data["on"]
                    )
                ]
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("%(n)s件の役割を引き継ぎました。") % {"n": len(passed)})
            return redirect("role_list")
    return render(
        request,
        "portal/accounts/hand_over.html",
        {"form": form, "reasons": reasons},
        status=422 if form.errors or reasons else 200,
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
