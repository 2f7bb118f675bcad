"""The addresses that mails come back from, and that somebody saw to one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.correspondence import unreached
from portal.correspondence.talk import SPEAKERS
from portal.types import SignedIn
from portal.workflow.access import back_to, signed_in, staff
from portal.workflow.writing import press


@staff(*SPEAKERS, unreached.ADMINISTRATOR)
def unreached_list(request: SignedIn) -> HttpResponse:
    rows = unreached.failing_for(request.user).select_related("case", "to").defer("body")
    addresses = unreached.by_address(rows.order_by("-unreached_at", "-pk")[:MOST])
    return render(request, "portal/correspondence/unreached.html", {"addresses": addresses})


@require_POST
@signed_in
def mail_settle(request: SignedIn, pk: int) -> HttpResponse:
    mail = unreached.mail_for(request.user, pk)
    return press(
        request,
        lambda: unreached.settle(mail, by=request.user),
        back=back_to(request, "unreached_list" if request.user.is_office else "my_cases"),
        done=_("確かめたことを記録しました。"),
    )


MOST = 500  # mails that one page looks at, the newest ones
