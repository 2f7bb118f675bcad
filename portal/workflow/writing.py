"""A page that is one form: shown, refused with reasons, or saved and left."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.types import Given, Row, Text
from portal.workflow.errors import Refused


def write(
    request: HttpRequest,
    form: BaseForm,
    save: Callable[[Given], Row],
    *,
    template: str,
    context: Mapping[str, object],
    done: Text,
    then: Row = None,
) -> HttpResponse:
    """Save what a valid form brings and go to `then` (or to what was made); otherwise the page
    again, 422 with what is wrong.
    """
    reasons: list[str] = []
    if form.is_bound and form.is_valid():
        try:
            made = save(form.cleaned_data)
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, done)
            return redirect(then or made)
    status = 422 if form.errors or reasons else 200
    return render(request, template, {**context, "form": form, "reasons": reasons}, status=status)
