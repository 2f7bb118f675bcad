"""あとから出す書類: what was promised when an application was handed in. Until such a paper is there, or an
officer sets it aside with a reason, the application is not accepted.
"""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.applications import instead, outgoing
from grants.applications.content import Content
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.applications.versions import LatePaper
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Applicant, demand
from portal.audit.record import record_about
from portal.cases.lookups import OfCase
from portal.documents.models import Document
from portal.ui.templatetags import ui
from portal.workflow.door import lock, tell, touch
from portal.workflow.errors import Forbidden, NotReady

# states in which it may come: the formal check, and what the firm is asked to correct
OPEN_IN = (ApplicationState.SUBMITTED, ApplicationState.RETURNED)

late_of = OfCase(
    lambda: LatePaper.objects.select_related("application__call", "set_aside_by"),
    "application__case",
)


def open_ones(application: Application) -> list[LatePaper]:
    """Those that may be handed in now: what came can be added to until the application is accepted."""
    if application.state not in OPEN_IN:
        return []
    return [row for row in application.late_papers.all() if not row.is_set_aside]


@transaction.atomic
def receive(application: Application, key: str, sent: Collection[Document], *, by: User) -> bool:
    """These files, sent just now, are handed in, and read by the office as such. False where nothing is
    awaited any more: then they are no files of the case.
    """
    lock([application.case, application])
    fresh = Application.objects.select_related("case").get(pk=application.pk)
    new = Document.objects.filter(case=fresh.case, key=key, pk__in=[row.pk for row in sent])
    if key not in {row.key for row in open_ones(fresh)}:
        new.update(removed_at=clock.now(), removed_by=by)
        return False
    new.update(frozen=True)
    touch(fresh.case)
    return True


def take_over(application: Application, content: Content) -> None:
    """The papers that follow are those that this version promises; what an officer set aside stays so."""
    said = content.get("instead", [])
    days = {row["key"]: row["until"] for row in said if row["way"] == "later"}
    rows = LatePaper.objects.filter(application=application)
    rows.filter(set_aside_at=None).exclude(key__in=days).delete()
    moved = {(row.key, row.first_until) for row in rows if row.is_moved}
    for key, until in days.items():
        day = date.fromisoformat(until)
        if (key, day) in moved:
            continue  # said before the day was moved
        LatePaper.objects.update_or_create(
            application=application,
            key=key,
            defaults={"until": day, "first_until": None, "moved_because": ""},
        )


def may_move(paper: LatePaper) -> bool:
    """Once, while its day has not passed, to a later one that its programme still allows."""
    is_open = paper.application.state == ApplicationState.SUBMITTED and paper.is_awaited
    return is_open and not paper.is_over and not paper.is_moved and last_day(paper) > paper.until


def last_day(paper: LatePaper) -> date:
    """The last day that may be promised today; the day itself, where its programme allows none."""
    stated = paper.application.stated.documents
    wanted = next((doc for doc in stated if doc.key == paper.key), None)
    return instead.last_day(wanted) if wanted and wanted.later_days else paper.until


@transaction.atomic
def move(paper: LatePaper, until: date, because: str, *, by: User) -> None:
    """It comes by a later day; the office hears why. Raises Forbidden, or NotReady where that may not be
    said, or not again.
    """
    application = paper.application
    if reasons := Applicant(submitting=True).reasons(by, application):
        raise Forbidden("\n".join(reasons))
    lock([application.case, application])
    fresh = LatePaper.objects.select_related("application__case", "application__call").get(
        pk=paper.pk
    )
    if not may_move(fresh):
        raise NotReady(_("この書類の日は、もう変えられません。担当にご相談ください。"))
    if not fresh.until < until <= last_day(fresh):
        words = {"first": ui.day(fresh.until), "last": ui.day(last_day(fresh))}
        raise NotReady(_("%(first)sより後で、%(last)sまでの日にしてください。") % words)
    fresh.first_until, fresh.until, fresh.moved_because = fresh.until, until, because
    fresh.save(update_fields=["first_until", "until", "moved_because"])
    record_about(
        fresh.application,
        "late_paper.move",
        by=by,
        capacity=by.capacity_for(fresh.application.case),
        label=gettext_noop("あとから出す書類の日を、一度だけ後にしました"),
        key=fresh.key,
        because=because,
    )
    touch(fresh.application.case)
    tell(fresh.application.case, "office", outgoing.LATE_MOVED, by=by)


@transaction.atomic
def set_aside(paper: LatePaper, *, by: User, reason: str) -> None:
    """Not asked for any more. Raises Forbidden, or NotReady where it came meanwhile."""
    application = paper.application
    demand(by, application, "programme_officer")
    lock([application.case, application])
    paper.refresh_from_db()
    fresh = LatePaper.objects.select_related("application__case").get(pk=paper.pk)
    if fresh.application.state != ApplicationState.SUBMITTED or not fresh.is_awaited:
        raise NotReady(_("この書類は、もう待っていません。案件のページを確かめてください。"))
    fresh.set_aside_at, fresh.set_aside_by, fresh.set_aside_reason = clock.now(), by, reason
    fresh.save(update_fields=["set_aside_at", "set_aside_by", "set_aside_reason"])
    record_about(
        fresh.application,
        "late_paper.set_aside",
        by=by,
        capacity="office",
        label=gettext_noop("あとから出す書類を、求めないことにしました"),
        key=fresh.key,
        because=reason,
    )
    touch(fresh.application.case)
