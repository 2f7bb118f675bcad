"""取下げ after the decision: whoever does not agree with it withdraws within days of its notice."""

from datetime import date, timedelta

from django.db.models import Min, Q
from django.utils.translation import gettext as _

from portal import clock
from portal.cases.models import Case
from portal.closures import calendars
from portal.workdays import Workdays


def sentence(days: int) -> str:
    """What the notice says about it."""
    return (
        "この決定の内容に不服があるときは、"
        f"この通知を受け取った日から{days}日以内に申請を取り下げることができます。"
    )


def is_over(received_on: date, days: int, today: date, workdays: Workdays) -> bool:
    """The day of receipt itself is not counted (民法 140条); what would end on a closed day of the
    office ends on its next open one (142条).
    """
    return today > workdays.next_open(received_on + timedelta(days=days))


def received_on(case: Case) -> date | None:
    """When the award's notice had reached its recipient: it lay on the page of the case, and the
    first mail about it was sent; None while no mail could be.

    Where nobody is mailed, such as a firm that applied on paper, the day of the notice stands.
    """
    notice = case.notices.filter(kind="award").order_by("issued_at").first()
    if notice is None:
        return None
    firm = case.organisation_id
    mails = case.mails.filter(queued_at__gte=notice.issued_at).filter(
        Q(to__memberships__organisation=firm) | Q(to__delegations__organisation=firm)
    )
    sent_at = mails.aggregate(first=Min("sent_at"))["first"]
    if sent_at is not None:
        return max(clock.day_of(notice.issued_at), clock.day_of(sent_at))
    return None if mails.exists() else clock.day_of(notice.issued_at)


def too_late(case: Case, days: int, awarded_on: date) -> list[str]:
    """Why the award can no longer be withdrawn; empty within the days, and while nothing was
    received.
    """
    today, workdays = clock.today(), calendars.of_case(case)
    if not is_over(awarded_on, days, today, workdays):  # nobody received it before it was decided
        return []
    received = received_on(case)
    if received is None or not is_over(received, days, today, workdays):
        return []
    return [_("通知を受け取った日から%(n)s日を過ぎています。担当にご相談ください。") % {"n": days}]
