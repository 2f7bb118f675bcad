"""Writing to the other side of a case."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from portal.cases.models import Case
from portal.correspondence import talk
from portal.types import SignedIn
from portal.ui.forms import LongText
from portal.workflow.access import signed_in


class MessageForm(forms.Form):
    body = LongText(label=_lazy("送る文章"), rows=4, max_length=4000)
    internal = forms.BooleanField(label=_lazy("職員だけのメモにする"), required=False)


@require_POST
@signed_in
def write(request: SignedIn, number: str) -> HttpResponse:
    case = get_object_or_404(Case.objects.visible_to(request.user), number=number)
    form = MessageForm(request.POST)
    if form.is_valid():
        talk.write(
            case,
            body=form.cleaned_data["body"],
            by=request.user,
            internal=form.cleaned_data["internal"],
        )
        internal = request.user.is_office and form.cleaned_data["internal"]
        messages.success(request, _("メモを残しました。") if internal else _("送りました。"))
    else:
        messages.error(request, _("文章を入力してから送ってください。"))
    return redirect(f"{case.get_absolute_url()}#talk")
