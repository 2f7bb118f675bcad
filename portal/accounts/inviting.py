"""What goes out about an invitation: to the address that is invited, and to whoever invited when nobody
came. Unlike every other mail these name the firm and the person (docs/decisions/0139).
"""

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts import outgoing
from portal.accounts.models import Invitation, User
from portal.accounts.ports import programme_choices, send_mail
from portal.days import day_said
from portal.types import Text
from portal.workflow.outgoing import Wording

# what is said of one that opens nothing, by its standing
CLOSED: dict[str, Text] = {
    "unknown": _lazy(
        "この招待は見つかりません。メールのリンクが途中で切れていないか、確かめてください。"
    ),
    "accepted": _lazy("この招待は、もう受けられています。"),
    "taken_back": _lazy(
        "この招待は取り消されました。まだ必要なときは、もう一度招待してもらってください。"
    ),
    "lapsed": _lazy("この招待は期限が切れています。もう一度招待してもらってください。"),
    "void": _lazy(
        "招待した方が代表者でなくなったため、この招待は使えません。もう一度招待してもらってください。"
    ),
}


def facts(invitation: Invitation) -> list[tuple[str, str]]:
    """(name, value) of what whoever is invited has to know of it."""
    rows = [
        (_("事業者"), invitation.organisation.name),
        (_("招いた方"), invitation.invited_by.name),
        (_("あなたの立場"), invitation.get_role_display()),
    ]
    if invitation.role == "adviser":
        rows.append((_("任せる内容"), _terms(invitation)))
    return [*rows, (_("招待の期限"), day_said(clock.day_of(invitation.expires_at)))]


def _terms(invitation: Invitation) -> str:
    """What an adviser is entrusted with: of which programme, how far and until when."""
    terms = invitation.terms
    names = dict(programme_choices.value())
    return "、".join(
        [
            names.get(terms.get("programme_code", ""), _("すべての制度")),
            _("提出まで") if terms.get("may_submit") else _("下書きまで"),
            _("%(day)sまで") % {"day": day_said(date.fromisoformat(terms["ends_on"]))},
        ]
    )


def tell_invited(invitation: Invitation, secret: str) -> None:
    """The mail with the link, which is forgotten once it is sent."""
    with override(_language(invitation.email)):
        lines = _mailed(invitation, facts(invitation))
        if not invitation.organisation.is_proved:
            lines.append(str(UNPROVED))
        link = f"{settings.SITE_URL}{reverse('invitation', args=[secret])}"
        _send(
            invitation.email,
            outgoing.INVITATION,
            [*lines, link],
            day=day_said(clock.day_of(invitation.expires_at)),
        )


UNPROVED = _lazy(
    "この事業者が名のるとおりかどうかは、市がまだ確かめていません。知らない事業者や方からの招待は、受けないでください。"
)
NAMES = 2  # the first facts are names, as somebody typed them


def _mailed(invitation: Invitation, rows: list[tuple[str, str]]) -> list[str]:
    """The facts as a mail carries them: what a firm calls itself that nobody proved stands on the page
    alone, or the city's mails would carry any sentence to any address.
    """
    kept = rows if invitation.organisation.is_proved else rows[NAMES:]
    return [f"{name}：{value}" for name, value in kept]


def tell_taken_back(invitation: Invitation) -> None:
    with override(_language(invitation.email)):
        lines = _mailed(invitation, facts(invitation)[:NAMES])
        _send(invitation.email, outgoing.INVITATION_TAKEN_BACK, lines)


def tell_of_lapsed() -> int:
    """Tell whoever invited that nobody accepted in time, once. Returns how many mails."""
    lapsed = Invitation.objects.filter(
        accepted_at=None, taken_back_at=None, lapse_told_at=None, expires_at__lte=clock.now()
    ).select_related("organisation", "invited_by")
    told = 0
    for invitation in lapsed:
        if invitation.standing == "lapsed" and invitation.invited_by.is_active:
            _tell_lapsed(invitation)
            told += 1
        invitation.lapse_told_at = clock.now()
        invitation.save(update_fields=["lapse_told_at"])
    return told


def _tell_lapsed(invitation: Invitation) -> None:
    with override(invitation.invited_by.language):
        page = reverse("organisation_invite", args=[invitation.organisation_id])
        lines = [
            f"{_('事業者')}：{invitation.organisation.name}",
            f"{_('招いたアドレス')}：{invitation.email}",
            f"{settings.SITE_URL}{page}",
        ]
        _send(invitation.invited_by.email, outgoing.INVITATION_LAPSED, lines)


def _language(email: str) -> str:
    """Of whoever has the address; else that of the page from which it is written."""
    person = User.objects.filter(email=email).first()
    return person.language if person else get_language() or settings.LANGUAGE_CODE


def _send(address: str, words: Wording, lines: list[str], **given: str) -> None:
    send_mail.value(
        address=address,
        subject=_("【さっぽろ事業支援ポータル】%(said)s") % {"said": words.subject},
        body="\n".join([str(words.says) % given, "", *lines]),
        holds_key=True,
    )
