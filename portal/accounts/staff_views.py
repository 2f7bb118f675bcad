"""Staff and their roles: proposed, confirmed and taken on screen, handed over in bulk."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import clock
from portal.accounts import people, roles, security, who_is_left
from portal.accounts.forms import HandOverForm, RoleEndForm, RoleForm, SessionsForm, StaffForm
from portal.accounts.models import RoleProposal, StaffRole
from portal.accounts.views import programmes
from portal.types import Given, SignedIn, Text
from portal.workflow.access import proves_again, staff
from portal.workflow.writing import press, write


@staff("administrator")
@proves_again
def role_list(request: SignedIn) -> HttpResponse:
    """Who holds which role, what is proposed, and a new proposal."""
    form = RoleForm(
        request.POST or None, programmes=programmes(), initial={"starts_on": clock.today()}
    )
    held = StaffRole.objects.select_related(
        "person", "municipality", "granted_by", "ended_by", "proposal__proposed_by"
    ).order_by("person__name", "-starts_on")
    in_force = list(roles.in_force_now())
    proposed = RoleProposal.objects.filter(closed_at=None).select_related(
        "person", "municipality", "proposed_by", "takes_from__person"
    )
    return write(
        request,
        form,
        lambda data: roles.propose(by=request.user, **data),
        template="portal/accounts/roles.html",
        context={
            "roles": [(role, _undone_without(role, in_force)) for role in held],
            "proposals": proposed,
            "with_both": roles.with_both(),
            "today": clock.today(),
            "programmes": dict(programmes()),
        },
        done=_("役割を提案しました。別の管理者が確認すると効きます。"),
        then="role_list",
    )


@require_POST
@staff("administrator")
@proves_again
def role_confirm(request: SignedIn, pk: int) -> HttpResponse:
    proposal = get_object_or_404(RoleProposal, pk=pk)
    return press(
        request,
        lambda: roles.confirm(proposal, by=request.user),
        back="role_list",
        done=_("役割を確認しました。始まりの日から効きます。"),
    )


@require_POST
@staff("administrator")
@proves_again
def role_take_back(request: SignedIn, pk: int) -> HttpResponse:
    proposal = get_object_or_404(RoleProposal, pk=pk)
    return press(
        request,
        lambda: roles.take_back(proposal, by=request.user),
        back="role_list",
        done=_("提案を取り下げました。"),
    )


def _undone_without(role: StaffRole, held: list[StaffRole]) -> Text:
    return who_is_left.undone_without(role, held) if role.is_in_force else ""


@staff("administrator")
@proves_again
def role_end(request: SignedIn, pk: int) -> HttpResponse:
    """Take a role away: what then nobody can do is said before, and asks a reason."""
    role = get_object_or_404(StaffRole.objects.select_related("person", "municipality"), pk=pk)
    undone = _undone_without(role, list(roles.in_force_now()))
    sent = request.POST if request.method == "POST" else None  # the list's button sends no field
    return write(
        request,
        RoleEndForm(sent, needs_reason=bool(undone)),
        lambda data: roles.end_role(role, by=request.user, **data),
        template="portal/accounts/role_end.html",
        context={"r": role, "undone": undone, "programmes": dict(programmes())},
        done=_("役割を外しました。いまから効きます。"),
        then="role_list",
    )


@staff("administrator")
@proves_again
def hand_over(request: SignedIn) -> HttpResponse:
    """All roles of many people at once, as each April: every pair or none."""
    form = HandOverForm(request.POST or None)

    @transaction.atomic
    def save(data: Given) -> list[RoleProposal]:
        return [
            proposal
            for giver, receiver in data["pairs"]
            for proposal in roles.hand_over(giver, receiver, by=request.user, on=data["on"])
        ]

    return write(
        request,
        form,
        save,
        template="portal/accounts/hand_over.html",
        context={},
        done=lambda passed: (
            _("%(n)s件の引継ぎを提案しました。別の管理者が確認すると効きます。")
            % {"n": len(passed)}
        ),
        then="role_list",
    )


@staff("administrator")
@proves_again
def staff_new(request: SignedIn) -> HttpResponse:
    form = StaffForm(request.POST or None)
    return write(
        request,
        form,
        lambda data: people.create_staff(by=request.user, **data),
        template="portal/accounts/staff_new.html",
        context={},
        done=_("職員を登録しました。本人が「パスワードを忘れた方」からパスワードを決めます。"),
        then="role_list",
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
