"""A question to the concierge that begins on another page: what it is about, and the way back there."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from grants.programmes.models import Call
from portal import days
from portal.types import SignedIn
from portal.workflow.access import ours
from startups.concierge.models import Consultation


@dataclass(frozen=True)
class Asked:
    """`begun`: what the form is filled in with; `back`: the page of ours that one came from, or none."""

    begun: dict[str, str] = field(default_factory=dict)
    back: str = ""


def of(request: SignedIn) -> Asked:
    """From the address: `partner`, the call for which an IT firm is looked for, and `next`."""
    code = request.GET.get("partner", "")[:30]
    call = Call.objects.public().filter(code=code).first() if code else None
    begun = {}
    if call is not None:
        begun["title"] = _("一緒に進めるIT企業をさがしています（%(name)s）") % {"name": call.name}
        begun["text"] = _(
            "「%(name)s」に申し込むために、一緒に進めるIT企業をさがしています。\n・いま困っていること：\n・つくりたい仕組み：\n・いつごろまでに："
        ) % {"name": call.name}
    return Asked(begun, ours(request.GET.get("next", "")))


def for_partner(call: Call, back: str) -> str:
    """The address of `of`."""
    return f"{reverse('consultation_new')}?{urlencode({'partner': call.code, 'next': back})}"


def received(asked: Consultation) -> str:
    day = days.day_said(asked.answer_by)
    return _(
        "相談を受け付けました。%(day)sまでをめどにお答えし、メールでお知らせします。書きかけの申請は、そのまま残っています。"
    ) % {"day": day}
