"""What the two sides see of an application on the case page."""

from datetime import date, datetime
from itertools import groupby
from typing import TypedDict

from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.applications import comparing, correcting, drafts, secrecy
from grants.applications.answers import Answer, parts
from grants.applications.content import Content
from grants.applications.models import Application, ApplicationVersion, Check, Defect
from grants.applications.ports import later_life, money_paid
from grants.applications.states import EDITABLE, REFUSED, UNDECIDED, ApplicationState
from grants.applications.turns import application_of, due_on
from grants.programmes import catalogue
from grants.programmes.models import said
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import NOBODY
from portal.cases import visibility
from portal.cases.models import Case
from portal.documents.models import Document
from portal.documents.reading import readable
from portal.types import Context, Text
from portal.workflow.door import actions

STEPS = ("submitted", "accepted", "reviewed", "awarded", "project", "report", "fixed", "paid")


class Step(TypedDict):
    """A step of the road: done, current (`now`) or to come."""

    name: Text
    when: str
    done: bool
    now: bool


def of(case: Case) -> Application:
    """The application of a case with what its page shows, in few queries."""
    application: Application = (
        Application.objects.select_related("call__programme", "case__organisation")
        .prefetch_related(
            Prefetch("defects", Defect.objects.select_related("raised_by")),
            Prefetch("checks", Check.objects.select_related("checked_by", "go_on_by")),
        )
        .get(case=case)
    )
    application.case = case
    application_of.about.keep(case, [application])
    return application


def draft_url(case: Case) -> str:
    return reverse("application_tasks", args=[case.number])


def applicant(case: Case, user: User) -> Context:
    """Turn, sentence, road, money: what the applicant's page shows first."""
    application = of(case)
    version, beyond = application.last_version, later(case)
    is_returned = application.state == ApplicationState.RETURNED
    is_awarded = application.state == ApplicationState.AWARDED
    is_refused = application.state in REFUSED
    documents = list(readable(case, user))
    return {
        "application": application,
        "call": application.call,
        "say": beyond[1] if beyond else application.info.say,
        "is_yours": application.state in EDITABLE,
        "is_returned": is_returned,
        "is_submitted": application.state == ApplicationState.SUBMITTED,
        "is_waitlisted": application.state == ApplicationState.WAITLISTED,
        "is_refused": is_refused,
        "is_awarded": is_awarded,
        "due": due_on(application),
        "overdue": correcting.is_overdue(application),
        "office": said(application.call.stated.office),
        "phone": application.call.stated.phone,
        "defects": list(application.defects.filter(resolved_at=None)) if is_returned else [],
        "paid": money_paid.value(case) if is_awarded else 0,
        "road": road(application, beyond[0] if beyond else 0),
        "actions": [a for a in actions(user, application) if a.spec.name == "withdraw"],
        "version": version,
        "documents": documents,
        "said": handed_in(application, version, documents, user),
        "notices": list(case.notices.all()),
        "standard_days": application.call.stated.periods.standard_days,
        "may_order": is_awarded
        and application.call.stated.pays
        and (beyond is None or beyond[0] == 4),
        "undecided": application.state in UNDECIDED,
        "award": getattr(application, "award_row", None) if is_awarded else None,
        "others": catalogue.others(application.call) if is_refused else [],
    }


def handed_in(
    application: Application,
    version: ApplicationVersion | None,
    documents: list[Document],
    user: User,
) -> list[tuple[Text, list[Answer]]]:
    """(section, its rows as the office reads them) of the last version.

    There are none before it, nor once its time is over.
    """
    content = version.readable_by(user) if version else {}
    if not content:
        return []
    titles: dict[str, Text] = {
        key: drafts.title_of(application, key) for key in drafts.form_classes(application)
    }
    titles |= {"aid": application.words.asked, "documents": _("添付した書類")}
    rows = groupby(
        parts(application, content, documents), lambda row: str(row["part"]).partition(".")[0]
    )
    return [(titles.get(key, ""), list(found)) for key, found in rows]


def road(application: Application, beyond: int = 0) -> list[Step]:
    """The whole road with dates; done, current or to come."""
    call, stated = application.call, application.call.stated
    reached = max(ApplicationState.of(application.state).place, beyond)
    when = {0: _day(application.arrived_at)}
    if stated.pays:
        when[3] = _("%(day)sの予定") % {"day": _day(call.decision_on)}
        when[4] = _("%(day)sまで") % {"day": _day(call.project_ends_on)}
        when[5] = _("終えて%(n)s日以内") % {"n": stated.periods.report_days}
    names = [(name, when.get(n, "")) for n, name in enumerate(application.words.road)]
    due = due_on(application)
    if due and reached in (1, 2, 3):
        names[reached] = (names[reached][0], _("%(day)sまで") % {"day": _day(due)})
    return [
        {"name": name, "when": when, "done": n < reached, "now": n == reached}
        for n, (name, when) in enumerate(names)
    ]


def _day(moment: date | None) -> str:
    if moment is None:
        return ""
    day = clock.day_of(moment) if isinstance(moment, datetime) else moment
    return _("%(m)s月%(d)s日") % {"m": day.month, "d": day.day}


def duty_subjects(case: Case) -> list[tuple[Text, str]]:
    """The call of the case and its programme: who made and approved them belongs to its proof."""
    application = application_of.first(case)
    if application is None:
        return []
    call = application.call
    programme = call.programme
    return [(str(call), call.duty_subjects()[0]), (str(programme), programme.duty_subjects()[0])]


def later(case: Case) -> tuple[int, Text] | None:
    """How far the rooms after the award see the case on its road, and what they tell the applicant."""
    if case.state != ApplicationState.AWARDED:
        return None
    found = [said for room in later_life.values() if (said := room(case)) is not None]
    # of equals, the later room's
    return max(reversed(found), key=lambda row: row[0]) if found else None


def to_review(application: Application, content: Content) -> Context:
    """What the applicant is told before the corrected application goes out."""
    last = application.last_version
    found = correcting.remarks(application)
    if last is None or application.state != ApplicationState.RETURNED or not content:
        return {"remarks": found, "other_changes": [], "aid_before": None}
    cited = {remark.defect.part for remark in found}
    changes = comparing.differences(application, last.content, content, cited)
    return {
        "remarks": found,
        "other_changes": changes,
        "aid_before": last.content["aid"]["amount"],
    }


def open_files(user: User, case: Case) -> Q:
    """Files follow the answers.

    Those of an application with secrets are opened by whoever is cleared for the secrets; who does
    not work on the case (a reviewer) reads what was handed in with the last version, not what came
    later.
    """
    if not user.is_office or visibility.reads(user, case, secrecy.CLEARED):
        return Q()
    application = application_of.first(case)
    version = application.last_version if application is not None else None
    if version is None:
        return Q()
    if secrecy.marks(version.content) and not version.is_cleared(user):
        return NOBODY
    if visibility.reads(user, case, visibility.WORKERS):
        return Q()
    return Q(pk__in=[row["id"] for row in version.content["documents"]])


def load(user: User, pk: int) -> Application:
    """The application of a case the person may see, or 404."""
    cases = Case.objects.visible_to(user)
    return get_object_or_404(
        Application.objects.select_related("case__organisation", "call__programme"),
        pk=pk,
        case__in=cases,
    )


def keep_until(case: Case) -> date | None:
    """An application under way is open; what became of it after an award is for later rooms to say."""
    return date.max if case.closed_at is None and case.state != ApplicationState.AWARDED else None
