"""What this room keeps of a person, for that person."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.cases.models import Case
from portal.correspondence.kinds import NEWS, OWN_KINDS, WAYS
from portal.correspondence.models import Mail, MailChoice, Message


def messages(user: User) -> Iterator[Sequence[object]]:
    """What they wrote for a firm, in the cases that they still see."""
    seen = Case.objects.visible_to(user).values("pk")
    rows = Message.objects.filter(author=user, side="applicant", internal=False, case__in=seen)
    for row in rows.select_related("case"):
        yield row.case.number, row.sent_at, row.body


def mails(user: User) -> Iterator[Sequence[object]]:
    for row in Mail.objects.filter(to=user, state__in=("sent", Mail.UNREACHED)).order_by(
        "-sent_at"
    ):
        yield row.sent_at, row.address or user.email, row.subject


def choices(user: User) -> Iterator[Sequence[object]]:
    """How they wish to be written to, where they chose anything."""
    ways = dict(WAYS)
    for row in MailChoice.objects.filter(person=user):
        chosen = {NEWS: row.news} if user.is_office else {**row.own, NEWS: row.news}
        for kind, way in chosen.items():
            about = OWN_KINDS[kind].label if kind in OWN_KINDS else _("新しい公募のお知らせ")
            yield about, ways[way]
