"""What every page of a draft shares: who may write it, what stands around it, and where it goes on."""

from datetime import date, datetime
from functools import update_wrapper

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.applications import amending, correcting, drafts, sharing
from grants.applications.access import draft_at
from grants.applications.extensions import latest
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.programmes.models import said
from portal.cases.models import Case
from portal.cases.numbers import called
from portal.types import Context, SignedIn
from portal.ui.kept import keeps_typed
from portal.workflow.access import View, signed_in


def writes_draft(view: View) -> View:
    """A page of the draft: called with the application.

    Once it is handed in, the page says when, and where it is.
    """

    def inner(request: SignedIn, number: str, *args: object, **given: object) -> HttpResponseBase:
        application = draft_at(request, number)
        if not application.is_editable:
            return already(request, application)
        return view(request, application, *args, **given)

    update_wrapper(inner, view)
    return keeps_typed(_stands)(signed_in(inner))


def _stands(number: str, **_other: object) -> bool:
    return Application.objects.filter(case__in=Case.objects.filter(called(number))).exists()


def already(request: SignedIn, application: Application) -> HttpResponse:
    """Handed in (or ended): not an error, and nothing typed here is taken."""
    status = 200 if request.method in ("GET", "HEAD") else 409
    if "application/json" in request.headers.get("Accept", ""):
        text = _("すでに提出しています。ここでは書き換えられません。")
        return JsonResponse({"message": text, "closed": True}, status=status)
    context = {
        "application": application,
        "case": application.case,
        "call": application.call,
        "is_withdrawn": application.state == ApplicationState.WITHDRAWN,
        "tried": status == 409,
    }
    return render(request, "grants/applications/already.html", context, status=status)


def frame(application: Application) -> Context:
    """What every page of the draft shows: deadline, amount, who to ask."""
    call = application.call
    is_draft = application.state == ApplicationState.DRAFT
    return {
        "application": application,
        "case": application.case,
        "call": call,
        "is_draft": is_draft,
        "deadline": _deadline(application),
        "is_amending": application.is_amending,
        "aid": drafts.aid(application),
        "office": said(call.stated.office),
        "phone": call.stated.phone,
        "writers": {} if application.on_paper else sharing.writers(application),
        "overdue": correcting.is_overdue(application),
        "extension": latest(application.case) if application.is_returned else None,
        "present": application.correct_by,
        "ask_at": reverse("extension_ask", args=[application.case.number]),
        "closed": (is_draft and not application.on_paper and not call.is_open)
        or (application.is_amending and bool(amending.refusals(application))),
    }


def _deadline(application: Application) -> datetime | date | None:
    """Until when it is to be handed in."""
    if application.state == ApplicationState.DRAFT:
        return application.call.closes_at
    return application.amendable_until if application.is_amending else application.correct_by


def next_section(application: Application, key: str = "") -> str:
    """Where one goes on behind this section, or from the beginning: to the next one that is not done,
    and with none left to the look-over.
    """
    rows = correcting.tasks(application)
    keys = [task.key for task in rows]
    left = [task.key for task in rows[:-1] if not task.is_done and task.key != key]
    if "documents" in left and "consent" in left:  # which stands on the page of the documents
        left.remove("consent")
    behind = [k for k in left if key and keys.index(k) > keys.index(key)]
    return (behind or left or keys[-1:])[0]


def section_url(number: str, key: str) -> str:
    return reverse("application_section", args=[number, key])
