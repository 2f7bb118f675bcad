"""Writing to the other side of a case."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from portal.cases.models import Case
from portal.correspondence import talk
from portal.types import SignedIn
from portal.ui.forms import LongText
from portal.ui.limits import MESSAGES, limited
from portal.workflow.access import signed_in
from portal.workflow.writing import send


class MessageForm(forms.Form):
    body = LongText(label=_lazy("送る文章"), rows=4, max_length=4000)
    internal = forms.BooleanField(label=_lazy("職員だけのメモにする"), required=False)


@require_POST
@signed_in
@limited(MESSAGES)
def write(request: SignedIn, number: str) -> HttpResponse:
    case = get_object_or_404(Case.objects.visible_to(request.user), number=number)
    form = MessageForm(request.POST)
    if not request.user.is_office:
        del form.fields["internal"]
    return send(
        request,
        form,
        lambda given: talk.write(case, by=request.user, **given),
        title=_("文章を送る"),
        about=case,
        back=f"{case.get_absolute_url()}#talk",
        done=lambda message: _("メモを残しました。") if message.internal else _("送りました。"),
    )
