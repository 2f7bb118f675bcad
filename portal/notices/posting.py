"""Notices on paper: which wait to be posted, and who posted them when."""

from collections.abc import Callable, Collection

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal import clock
from portal.accounts.models import User
from portal.audit.record import record
from portal.cases.models import Case
from portal.cases.ports import Beside
from portal.notices.models import Notice
from portal.notices.states import NoticeState
from portal.together import Ask

POSTERS = ("programme_officer", "challenge_owner")


def waiting(user: User) -> "QuerySet[Notice]":
    """Drawn, for an application that came on paper, and not posted yet: of the cases that the person
    keeps.
    """
    cases = Case.objects.visible_to(user, by=POSTERS).filter(on_paper=True, disposed_on=None)
    drawn = Notice.objects.filter(state=NoticeState.DELIVERED, posted_at=None)
    return drawn.filter(case__in=cases.order_by().values("pk"))


@transaction.atomic
def posted(user: User, keys: Collection[int]) -> int:
    """These have left the house, by the person's hand. How many there were: another may have been
    quicker.
    """
    held = waiting(user).filter(pk__in=keys).select_for_update(of=("self",), no_key=True)
    rows = list(held.select_related("case").order_by("pk"))
    for notice in rows:
        notice.posted_at, notice.posted_by = clock.now(), user
        record(
            chain=f"case:{notice.case_id}",
            action="notice.post",
            label=gettext_noop("通知書を郵送しました"),
            subject=notice.subject_key,
            by=user,
            capacity=user.capacity_for(notice),
            number=notice.number,
        )
    Notice.objects.bulk_update(rows, ["posted_at", "posted_by"])
    return len(rows)


def beside(user: User, ask: Ask) -> Callable[[], Beside | None]:
    if not user.has_role(*POSTERS):
        return lambda: None
    n = ask.count(waiting(user))
    return lambda: _said(n())


def _said(n: int) -> Beside | None:
    if not n:
        return None
    return Beside(
        text=_("郵送を待っている通知書が%(n)s通あります。") % {"n": n},
        link=_("印刷して、発送を記録する"),
        url=reverse("notices_to_post"),
    )
