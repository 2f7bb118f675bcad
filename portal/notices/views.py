"""Notices: the paper, and the public page where anyone who holds one can verify it."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _lazy

from portal import jptext
from portal.cases.models import Reading
from portal.notices import public
from portal.notices.access import notice_for
from portal.notices.models import Notice
from portal.notices.paper import kept
from portal.notices.ports import draw_notice
from portal.types import SignedIn
from portal.ui.forms import Text
from portal.ui.limits import CHECKS, PAPERS, limited
from portal.workflow.access import anyone, signed_in
from portal.workflow.papers import answer


class CodeForm(forms.Form):
    number = Text(
        label=_lazy("文書番号"),
        max_length=40,
        required=False,
        help_text=_lazy(
            "通知書の右上に書いてある番号です（例：札経産第12号）。入れると、番号と合っているかも確かめます。"
        ),
    )
    code = Text(
        label=_lazy("確認番号"),
        max_length=30,
        help_text=_lazy("通知書の下に書いてある、4文字ずつの番号です。"),
    )


@signed_in
@limited(PAPERS)
def paper(request: SignedIn, pk: int) -> HttpResponse:
    """The PDF; drawn on the spot where its job has not run yet."""
    notice = notice_for(request.user, pk)
    if request.user.is_office:
        Reading.note(request.user, "notice.paper", notice.case, f"notice:{pk}")
    name = f"{notice.title}_{notice.case.number}.pdf"
    return answer(
        request,
        "notice",
        notice,
        lambda: draw_notice.value(notice),
        name=name,
        kept=lambda: kept(notice),
    )


@anyone
@limited(CHECKS)
def verify(request: HttpRequest) -> HttpResponse:
    """Type the code of a paper."""
    form = CodeForm(request.GET or None)
    if form.is_valid():
        plain = "".join(sign for sign in form.cleaned_data["code"].upper() if sign.isalnum())
        code = "-".join(plain[n : n + 4] for n in range(0, 16, 4))
        found = Notice.objects.filter(code=code).exclude(facts={}).first()
        typed = jptext.search_key(form.cleaned_data["number"])
        if found and typed in ("", jptext.search_key(found.number)):
            return redirect("notice_twin", code=code)
        if found:
            form.add_error(
                "number",
                _lazy(
                    "確認番号の通知書は、この文書番号のものではありません。書き写し違いでなければ、その通知書は本物ではないかもしれません。"
                ),
            )
        else:
            form.add_error(
                "code",
                _lazy(
                    "この番号の通知書は見つかりません。0とO、1とIは使っていません。もう一度確かめてください。"
                ),
            )
    return render(
        request, "portal/notices/verify.html", {"form": form}, status=422 if form.errors else 200
    )


@anyone
@limited(PAPERS)
def twin(request: HttpRequest, code: str) -> HttpResponse:
    """What tells a true paper from a false one; not what the paper says."""
    notice = Notice.objects.filter(code=code).exclude(facts={}).select_related("case").first()
    if notice is None:
        raise Http404
    return render(
        request,
        "portal/notices/twin.html",
        {
            "notice": notice,
            "facts": notice.facts,
            "issuer": public.issuer(notice),
            "addressee": public.addressee(notice),
            "sums": public.sums(notice),
        },
    )
