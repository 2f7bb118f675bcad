"""Writing to the other side of a case; how the office is written to."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from portal.cases.models import Case
from portal.correspondence import digests, talk
from portal.correspondence.forms import MessageForm
from portal.correspondence.kinds import KINDS, SOON
from portal.correspondence.models import MailChoice
from portal.types import SignedIn
from portal.ui.limits import MESSAGES, limited
from portal.workflow.access import only_reads, signed_in, staff
from portal.workflow.writing import send
from portal.workflow.writing import write as write_page


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
        lambda given: talk.write(
            case, body=given["body"], by=request.user, internal=given.get("internal") == "on"
        ),
        title=_("文章を送る"),
        about=case,
        back=f"{case.get_absolute_url()}#talk",
        done=lambda message: _("メモを残しました。") if message.internal else _("送りました。"),
    )


class MailForm(forms.Form):
    when = forms.ChoiceField(
        label=_lazy("お知らせのメール"),
        choices=[
            ("at_once", _lazy("そのつど受け取る")),
            ("digest", _lazy("開庁日の朝に1通にまとめて受け取る")),
        ],
        widget=forms.RadioSelect,
    )


@staff()
def mail_settings(request: SignedIn) -> HttpResponse:
    """At once, or gathered for the morning; what is critical comes at once in any case."""
    gathers = MailChoice.objects.filter(person=request.user, gathers=True).exists()
    return write_page(
        request,
        MailForm(request.POST or None, initial={"when": "digest" if gathers else "at_once"}),
        lambda data: digests.choose(request.user, gathers=data["when"] == "digest"),
        template="portal/correspondence/mails.html",
        context={
            "kinds": KINDS.values(),
            "soon": SOON,
            "reads_only": only_reads(request.user),
        },
        done=_("メールの受け取り方を変えました。"),
        then="mail_settings",
    )


class NewsForm(forms.Form):
    when = forms.ChoiceField(
        label=_lazy("新しい公募のお知らせ"), choices=MailChoice.NEWS, widget=forms.RadioSelect
    )


@signed_in
def news_settings(request: SignedIn) -> HttpResponse:
    """How one hears of what may fit; what is about a case of one's own always comes."""
    chosen = digests.news_choices([request.user]).get(request.user.pk, "at_once")
    return write_page(
        request,
        NewsForm(request.POST or None, initial={"when": chosen}),
        lambda data: digests.choose_news(request.user, data["when"]),
        template="portal/correspondence/news.html",
        context={"reads_only": only_reads(request.user)},
        done=_("メールの受け取り方を変えました。"),
        then="news_settings",
    )
