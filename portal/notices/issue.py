"""Issue a notice inside the transition that decides: number and facts are frozen there, the paper is drawn later."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop, override

from portal import clock, fiscal, ports
from portal.accounts.models import User
from portal.cases.models import Case, NumberSeries
from portal.documents import store
from portal.notices.models import Notice
from portal.workflow.door import begin, defer, perform


def issue(kind: str, subject: Any, *, by: User, **given: Any) -> Notice:
    """Number, freeze and store a notice of `kind` about `subject`; its PDF and mail follow as jobs."""
    year = fiscal.fiscal_year(clock.today())
    with override("ja"):  # the legal text is Japanese, whoever presses the button
        facts = ports.notice_kinds[kind].facts(subject, **given)
        facts.setdefault("title", str(ports.notice_kinds[kind].title))
        facts["date"] = fiscal.era(clock.today())
    number = f"札経産第{NumberSeries.take(f'notice-{year}')}号（{fiscal.era_fiscal_year(year)}）"
    case = subject.case
    notice = begin(
        Notice,
        by=by,
        case=case,
        kind=kind,
        number=number,
        code=store.verification_code(),
        facts=facts | {"number": number},
    )
    defer("draw_notice", notice_id=notice.pk)
    if ports.notice_kinds[kind].to_applicant:
        ports.issue_notice["tell"](case, "applicant", gettext_noop("通知書をお送りしました"))
    return notice


def draw(notice: Notice) -> Notice:
    """Draw and keep the paper, then mark the notice delivered; a second call changes nothing."""
    if notice.file_id:
        return notice
    file = store.put(ports.notice_drawers["paper"](notice), prefix="notices")
    return perform(notice, "deliver", by=User.objects.system(), file=file)


def load(user: Any, pk: int) -> Notice:
    """A notice of a case the person may see, or 404."""
    cases = Case.objects.visible_to(user)
    return get_object_or_404(Notice.objects.select_related("case"), pk=pk, case__in=cases)


def empty(case: Any) -> None:
    """Empty the notices of a case whose time is over: number, kind and state stay, what they said and their papers go."""
    notices = Notice.objects.filter(case=case)
    files = [row.file for row in notices.exclude(file=None).select_related("file") if row.file is not None]
    notices.update(facts={}, file=None)
    store.forget(files)
