"""The page and the file of what the portal keeps of whoever is signed in."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts import own_data
from portal.types import SignedIn
from portal.ui.limits import EXPORTS, limited
from portal.workflow.access import proves_to_read, signed_in


@signed_in
def own_data_page(request: SignedIn) -> HttpResponse:
    found = [
        (table, own_data.said(table, rows[: own_data.SHOWN]), len(rows))
        for table, rows in own_data.tables(request.user)
    ]
    context = {"tables": found, "shown": own_data.SHOWN}
    return render(request, "portal/accounts/own_data.html", context)


@require_safe
@proves_to_read
@signed_in
@limited(EXPORTS)
def own_data_copy(request: SignedIn) -> HttpResponse:
    """The whole as a file, after the person proved once more to be the one."""
    answer = JsonResponse(own_data.as_json(request.user), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer
