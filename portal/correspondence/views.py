"""Writing to the other side of a case; how the office is written to."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from portal.accounts.models import User
from portal.cases.models import Case
from portal.correspondence import digests, talk
from portal.correspondence.forms import MessageForm
from portal.correspondence.kinds import AT_ONCE, KINDS, OWN_KINDS, SOON, WAYS
from portal.correspondence.models import MailChoice
from portal.types import Given, Sent, SignedIn
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
        # what its one button does, where the form is shown again
        title=_("職員だけのメモに残す") if request.POST.get("internal") == "on" else _("送る"),
        about=case,
        back=f"{case.get_absolute_url()}#talk",
        done=lambda message: _("メモを残しました。") if message.internal else _("送りました。"),
    )


class MailForm(forms.Form):
    when = forms.ChoiceField(
        label=_lazy("お知らせのメール"),
        choices=WAYS[:2],
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


class OwnMailForm(forms.Form):
    """How one hears of one's own applications, kind by kind, and of calls that may fit."""

    news = forms.ChoiceField(
        label=_lazy("新しい公募のお知らせ"), choices=WAYS, widget=forms.RadioSelect
    )

    def __init__(self, data: Sent, *, person: User) -> None:
        chosen = digests.own_choices([person]).get(person.pk) or MailChoice()
        super().__init__(data, initial={"news": chosen.news, **chosen.own})
        for name, kind in OWN_KINDS.items() if not person.is_office else ():
            self.fields[name] = forms.ChoiceField(
                label=kind.label,
                help_text=kind.hint,
                choices=[(way, label) for way, label in WAYS if way in kind.ways],
                widget=forms.RadioSelect,
                initial=AT_ONCE,
            )
        self.order_fields([*OWN_KINDS, "news"])


@signed_in
def news_settings(request: SignedIn) -> HttpResponse:
    """What always comes at once is not asked about (`kinds.OWN_KINDS`)."""

    def keep(given: Given) -> None:
        own = {name: given[name] for name in OWN_KINDS if name in given}
        digests.choose_own(request.user, news=given["news"], own=own)

    return write_page(
        request,
        OwnMailForm(request.POST or None, person=request.user),
        keep,
        template="portal/correspondence/news.html",
        context={"reads_only": only_reads(request.user)},
        done=_("メールの受け取り方を変えました。"),
        then="news_settings",
    )
