"""What the two sides see of an application on the case page."""

from datetime import date
from itertools import groupby

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.applications import (
    amending,
    comparing,
    correcting,
    drafts,
    formal,
    known,
    late_papers,
    road,
)
from grants.applications.answers import Answer, parts, texts_by_part
from grants.applications.attempts import STOPPED
from grants.applications.check_forms import CheckForm, GoOnForm, LedgerForm, SetAsideForm
from grants.applications.check_ledger import of_inquiry
from grants.applications.correct_forms import DefectForm
from grants.applications.deciding import too_early, too_late
from grants.applications.extensions import OF_APPLICATION, extensions_of, latest
from grants.applications.models import Application, ApplicationVersion, Check, Defect
from grants.applications.obstacles import open_findings
from grants.applications.ports import fits_instead, money_paid
from grants.applications.states import EDITABLE, NOT_GRANTED, TO_DECIDE, UNDECIDED, ApplicationState
from grants.applications.turns import application_of, due_on
from grants.applications.versions import LatePaper
from grants.programmes.models import said
from grants.programmes.steps import latest_decision
from portal.accounts.keeping import keeps_firms
from portal.accounts.models import User
from portal.accounts.permissions import Applicant
from portal.approvals.models import Approval
from portal.approvals.models.contents import in_hand, whereabouts
from portal.approvals.ports import acts
from portal.cases import visibility
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.turns import days_held
from portal.documents.models import Document
from portal.documents.reading import readable
from portal.firms import namesakes
from portal.notices.access import open_to
from portal.notices.models import notices_of
from portal.types import Context, Text
from portal.workflow import duties
from portal.workflow.door import actions
from portal.workflow.graph import LifeCycle

shown = OfCase(
    lambda: (
        Application.objects.select_related("call__programme", "case__organisation")
        .prefetch_related(
            Prefetch("defects", Defect.objects.select_related("raised_by")),
            Prefetch("checks", Check.objects.select_related("checked_by", "go_on_by")),
            "versions",
            Prefetch("late_papers", LatePaper.objects.select_related("set_aside_by")),
            "call__periods",
        )
        .annotate(
            registered_as=known.registered_as(), namesakes=known.namesakes(), **known.asks_police()
        )
    )
)
READS = (shown, notices_of, formal.firms_own, extensions_of)


def _shown(case: Case) -> Application:
    """The application of a case with what its page shows."""
    application = shown.all(case)[0]
    application.case = case
    application_of.about.keep(case, [application])
    return application


def draft_url(case: Case) -> str:
    return reverse("application_tasks", args=[case.number])


def own_word(case: Case) -> Text:
    """Of the state, to the applicant; as it is stored where its kind or what was granted has a word of
    its own.
    """
    info = ApplicationState.of(case.state).info
    with override("ja"):  # as it is stored
        is_own = case.state_label != str(info.label)
    return case.state_label if is_own else info.applicant


def applicant(case: Case, user: User) -> Context:
    """Turn, sentence, road, money: what the applicant's page shows first."""
    application = _shown(case)
    version, beyond = application.last_version, road.reached_later(case)
    is_returned = application.state == ApplicationState.RETURNED
    is_awarded = application.state == ApplicationState.AWARDED
    is_not_granted = application.state in NOT_GRANTED
    is_open = application.state in UNDECIDED or application.state in EDITABLE
    documents = list(readable(case, user))
    late = late_papers.open_ones(application)
    is_submitted = application.state == ApplicationState.SUBMITTED
    late_open = is_submitted and any(paper.is_awaited for paper in late)
    said_now = _("あとから出す書類を待っています。") if late_open else application.info.say
    return {
        "application": application,
        "call": application.call,
        "say": beyond[1] if beyond else said_now,
        "is_yours": application.state in EDITABLE,
        "is_returned": is_returned,
        "is_submitted": is_submitted,
        "may_amend": application.state == ApplicationState.SUBMITTED
        and not amending.refusals(application)
        and not Applicant().reasons(user, application),
        "is_waitlisted": application.state == ApplicationState.WAITLISTED,
        "is_not_granted": is_not_granted,
        "is_awarded": is_awarded,
        "due": due_on(application, late),
        "overdue": correcting.is_overdue(application),
        "extension": latest(case) if is_returned else None,
        "present": application.correct_by,
        "ask_at": reverse("extension_ask", args=[case.number]),
        "office": said(application.stated.office),
        "phone": application.stated.phone,
        "defects": list(application.defects.filter(resolved_at=None)) if is_returned else [],
        "paid": money_paid.value(case) if is_awarded else 0,
        "road": road.steps(application, beyond[0] if beyond else 0),
        "actions": [a for a in actions(user, application) if a.spec.name == "withdraw"],
        "version": version,
        "documents": documents,
        "said": handed_in(application, version, documents, user),
        "notices": notices_of.all(case),
        "standard_days": application.stated.periods.standard_days,
        "decided_by": _decided_by(application),
        # once it is decided, the clocks stand
        "held": days_held(case, None if is_open else application.state_since),
        "may_order": is_awarded and application.stated.pays and (beyond is None or beyond[0] == 4),
        "undecided": application.state in UNDECIDED,
        "award": getattr(application, "award_row", None) if is_awarded else None,
        "others": fits_instead.value(application) if is_not_granted else [],
        "late": late,
        "late_open": late_open,
    }


def _decided_by(application: Application) -> date | None:
    """Until when the standard time runs; where the order of arrival counts, each has its own."""
    first_come = application.stated.selection == "first_come"
    return None if first_come else latest_decision(application.call)


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


def staff(case: Case, user: User) -> Context:
    """The officer's page: form beside page images, defects, ledger, acts, log."""
    application = _shown(case)
    versions = list(application.versions.all())[:2]
    version = versions[0] if versions else None
    content = version.readable_by(user) if version else {}
    documents = list(readable(case, user))
    decides, works = (
        visibility.reads(user, case, roles) for roles in (visibility.DECIDERS, visibility.WORKERS)
    )
    is_officer = visibility.sees_as(user, case, "programme_officer")
    is_deciding = visibility.sees_as(user, case, "programme_officer", "approver")
    may_check = application.state == ApplicationState.SUBMITTED and is_officer
    rows = parts(application, content, documents) if version else []
    may_note = application.state in formal.CHECKED_IN and is_officer
    own = application.duty_subjects()
    did = duties.done(user, own) if is_officer else None
    apart = duties.conflicts(user, own, formal.ACCEPTING, did) if may_note else []
    may_go_on = application.state in (*formal.CHECKED_IN, *formal.HALTED_IN) and is_deciding
    repeats = formal.repeats(application) if decides else []
    numbers: list[str | None] = getattr(application, "namesakes", [])
    warned = known.of_namesakes(numbers) if numbers and decides else ""
    blank = [row for row in application.checks.all() if not row.result]
    may_clear = may_check and bool(blank) and not apart
    registered: str | None = getattr(application, "registered_as", None)
    waiting = drafts_about(case, user) if is_deciding else []
    asked = next((row for row in extensions_of.all(case) if row.is_live), None) if works else None
    return {
        **corrected(application, versions, rows, user),
        "application": application,
        "subject": application,
        "call": application.call,
        "version": version,
        "documents": documents,
        "parts": rows,
        "asked": asked,
        "actions": [
            *(actions(user, asked) if asked else ()),
            # a request that is open is granted instead
            *(
                a
                for a in actions(user, application, did)
                if asked is None
                or asked.about != OF_APPLICATION
                or a.spec.name != "extend_correction"
            ),
        ],
        "checks": list(application.checks.all()) if decides else [],
        "of_inquiry": of_inquiry(
            getattr(application, "is_list_sent", False),
            getattr(application, "is_inquiry_open", False),
        ),
        "check_form": CheckForm(),
        "go_on_form": GoOnForm(),
        "continues_typing": application.on_paper and application.state == ApplicationState.DRAFT,
        "may_check": may_check,
        "may_note": may_note and not apart,
        "apart": apart,
        "may_go_on": may_go_on,
        "blocked": awaited(application) if decides else [],
        "late": list(application.late_papers.all()) if works else [],
        "may_set_aside": may_check,
        "set_aside_form": SetAsideForm(),
        "defect_form": DefectForm(),
        "repeats": repeats,
        "warned": warned,
        "namesakes": namesakes.found_of(case.organisation, known.namesakes_of(case.organisation))
        if warned
        else [],
        "keeps_firms": keeps_firms(user),
        "deed": "grants/applications/asked.html"
        if asked
        else _deed(application, user, to_check=may_clear, may_go_on=may_go_on),
        "ledger": LedgerForm(
            None, blank, known.evidence(application, version, repeats, registered, warned)
        )
        if may_clear
        else None,
        "drafts": waiting,
        "acts": open_acts(application) if is_deciding and not waiting else [],
        "due": due_on(application, late_papers.open_ones(application)),
        "notices": open_to(user, case, notices_of.all(case)) if works else [],
        "attempts": [a for a in application.attempts.all()[:5] if a.outcome in STOPPED]
        if application.state in EDITABLE
        else [],
        "typed_in_by": typed_in_by(application) if application.on_paper else [],
    }


def _deed(application: Application, user: User, *, to_check: bool, may_go_on: bool) -> str:
    """What is done at the top of the page: the checks, or what is decided about a finding."""
    if to_check:
        return "grants/applications/to_check.html"
    found = [row for row in application.checks.all() if row.is_open_finding]
    is_approver = visibility.sees_as(user, application.case, "approver")
    own = [r for r in found if r.checked_by_id != user.pk and (is_approver or not r.is_hit)]
    return "grants/applications/to_decide.html" if may_go_on and own else ""


def drafts_about(case: Case, user: User) -> list[tuple[str, str]]:
    """Which draft about the case waits, and with whom; its address, for whoever may open it."""
    return [
        (
            whereabouts(draft),
            draft.get_absolute_url()
            if Approval.objects.visible_to(user).filter(pk=draft.pk).exists()
            else "",
        )
        for draft in in_hand([case]).values()
    ]


def typed_in_by(application: Application) -> list[str]:
    """Who of the office typed in, and who filed, what came on paper.

    Each is named once, in the order of their hands on it.
    """
    hands = list(application.sections.order_by("saved_at").values_list("saved_by", flat=True))
    hands += application.versions.order_by("n").values_list("submitted_by", flat=True)
    # then, whatever their roles are now
    office = User.objects.filter(pk__in=hands, staff_roles__isnull=False)
    names = dict(office.values_list("pk", "name"))
    return [names[pk] for pk in dict.fromkeys(hands) if pk in names]


def open_acts(application: Application) -> list[tuple[str, Text]]:
    """The acts that can be drafted on the case now.

    Those about later rows are asked only once there is an award.
    """
    own = "grants_applications.Application"
    if application.state in TO_DECIDE:  # each of them asks for the scores
        prefetch_related_objects([application], "reviews")
    open_now = [
        (n, a)
        for n, a in acts.items()
        if (a.subject_model == own) is (application.state != ApplicationState.AWARDED)
    ]
    # several acts are about one row: find it once
    subjects: dict[object, LifeCycle | None] = {}
    found = []
    for name, act in open_now:
        if act.find not in subjects:
            subjects[act.find] = (
                application if act.subject_model == own else act.find(application.case)
            )
        subject = subjects[act.find]
        if subject is not None and not act.obstacles(subject):
            found.append((name, act.label))
    return found


def awaited(application: Application) -> list[str]:
    """Why nothing can be decided on a case that is otherwise ready for it."""
    if application.state not in TO_DECIDE:
        return []
    return list(
        dict.fromkeys(
            [*too_early(application), *too_late(application), *open_findings(application)]
        )
    )


def corrected(
    application: Application, versions: list[ApplicationVersion], rows: list[Answer], user: User
) -> Context:
    """What the last correction did to each remark, to other parts, and to the sum asked for."""
    if len(versions) < 2 or application.state in EDITABLE:
        return {"changes": [], "aid_change": None}
    contents = [version.readable_by(user) for version in versions]
    new, old = (texts_by_part(application, content) for content in contents)
    found = {remark.defect.pk: remark for remark in correcting.remarks(application)}
    for row in rows:
        for defect in row["defects"]:
            if remark := found.get(defect.pk):
                defect.became = remark.state
                defect.was, defect.now = old.get(defect.part, ""), new.get(defect.part, "")
    cited = {remark.defect.part for remark in found.values()}
    sums = (contents[1]["aid"]["amount"], contents[0]["aid"]["amount"])
    changes = comparing.differences(application, contents[1], contents[0], cited)
    if getattr(application, "officers_came_with", None) == versions[0].n:
        changes.append((_("役員の一覧"), _("前の版の一覧"), _("出し直した一覧")))
    anew = application.amended_at is not None and application.amended_at == versions[0].submitted_at
    aid_change = sums if sums[0] != sums[1] else None
    return {"changes": changes, "aid_change": aid_change, "anew": anew}
