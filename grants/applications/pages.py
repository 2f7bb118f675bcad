"""What the two sides see of an application on the case page."""

from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.applications import comparing, correcting, drafts, formal, secrecy
from grants.applications.attempts import STOPPED
from grants.applications.correct_forms import DefectForm
from grants.applications.deciding import too_early, too_late
from grants.applications.forms import CheckForm
from grants.applications.models import Application, Check, Defect
from grants.applications.obstacles import open_findings
from grants.applications.turns import TO_DECIDE, application_of, due_on
from grants.programmes.models import said
from portal import clock, ports
from portal.accounts.models import User
from portal.accounts.permissions import NOBODY
from portal.cases import visibility
from portal.cases.models import Case
from portal.documents.models import Document
from portal.documents.reading import readable
from portal.ui.templatetags import ui
from portal.workflow.door import actions

STEPS = ("submitted", "accepted", "reviewed", "awarded", "project", "report", "fixed", "paid")


def of(case: Any) -> Application:
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


def draft_url(case: Any) -> str:
    return reverse("application_tasks", args=[case.number])


def applicant(case: Any, user: Any) -> dict[str, Any]:
    """Turn, sentence, road, money: what the applicant's page shows first."""
    application = of(case)
    version, beyond = application.last_version, later(case)
    documents = list(readable(case, user))
    return {
        "application": application,
        "call": application.call,
        "say": beyond[1] if beyond else application.info.say,
        "due": due_on(application),
        "overdue": correcting.is_overdue(application),
        "office": said(application.call.stated.office),
        "phone": application.call.stated.phone,
        "defects": list(application.defects.filter(resolved_at=None))
        if application.state == "returned"
        else [],
        "paid": sum(paid(case) for paid in ports.money_paid.values())
        if application.state == "awarded"
        else 0,
        "road": road(application, beyond[0] if beyond else 0),
        "actions": [a for a in actions(user, application) if a.spec.name == "withdraw"],
        "version": version,
        "documents": documents,
        "said": handed_in(application, version, documents, user),
        "notices": list(case.notices.all()),
        "standard_days": application.call.stated.periods.standard_days,
        "may_order": application.state == "awarded"
        and application.call.stated.pays
        and (beyond is None or beyond[0] == 4),
        "undecided": application.state
        in (
            "submitted",
            "returned",
            "accepted",
            "under_review",
            "reviewed",
            "selected",
            "waitlisted",
        ),
        "award": getattr(application, "award_row", None)
        if application.state == "awarded"
        else None,
        "others": ports.other_calls["calls"](application.call)
        if application.state in ("rejected", "lapsed", "inadmissible")
        else [],
    }


def handed_in(
    application: Application, version: Any, documents: list[Document], user: Any
) -> list[tuple[Any, list[dict[str, Any]]]]:
    """(section, its rows as the office reads them) of the last version; none before it, nor once its time is over."""
    content = version.readable_by(user) if version else {}
    if not content:
        return []
    titles: dict[str, Any] = {
        key: drafts.title_of(application, key) for key in drafts.form_classes(application)
    }
    titles |= {"aid": application.words.asked, "documents": _("添付した書類")}
    rows = groupby(
        parts(application, content, documents), lambda row: str(row["part"]).partition(".")[0]
    )
    return [(titles.get(key, ""), list(found)) for key, found in rows]


def road(application: Application, beyond: int = 0) -> list[dict[str, Any]]:
    """The whole road with dates; done, current or to come."""
    call, stated = application.call, application.call.stated
    reached = {
        "draft": -1,
        "submitted": 1,
        "returned": 1,
        "accepted": 2,
        "under_review": 2,
        "reviewed": 3,
        "selected": 3,
        "waitlisted": 3,
        "awarded": 4,
        "concluded": 5,
    }.get(application.state, 3)
    reached = max(reached, beyond)
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


def _day(moment: Any) -> str:
    if moment is None:
        return ""
    day = moment.astimezone(clock.JST) if hasattr(moment, "hour") else moment
    return _("%(m)s月%(d)s日") % {"m": day.month, "d": day.day}


def staff(case: Any, user: Any) -> dict[str, Any]:
    """The officer's page: form beside page images, defects, ledger, acts, log."""
    application = of(case)
    versions = list(application.versions.order_by("-n")[:2])
    version = versions[0] if versions else None
    content = version.readable_by(user) if version else {}
    documents = list(readable(case, user))
    decides, works = (
        visibility.reads(user, case, roles) for roles in (visibility.DECIDERS, visibility.WORKERS)
    )
    may_check = application.state == "submitted" and user.has_role("programme_officer")
    rows = parts(application, content, documents) if version else []
    may_note = application.state in formal.CHECKED_IN and user.has_role("programme_officer")
    may_go_on = application.state in formal.CHECKED_IN and user.has_role(
        "programme_officer", "approver"
    )
    return {
        **corrected(application, versions, rows, user),
        "application": application,
        "subject": application,
        "call": application.call,
        "version": version,
        "documents": documents,
        "parts": rows,
        "actions": actions(user, application),
        "checks": list(application.checks.all()) if decides else [],
        "check_form": CheckForm(),
        "may_check": may_check,
        "may_note": may_note,
        "may_go_on": may_go_on,
        "blocked": awaited(application) if decides else [],
        "defect_form": DefectForm(),
        "repeats": formal.repeats(application) if decides else [],
        "acts": open_acts(application) if user.has_role("programme_officer", "approver") else [],
        "due": due_on(application),
        "notices": list(case.notices.all()) if works else [],
        "attempts": [a for a in application.attempts.all()[:5] if a.outcome in STOPPED]
        if application.state in ("draft", "returned")
        else [],
        "typed_in_by": typed_in_by(application) if application.on_paper else [],
    }


def typed_in_by(application: Application) -> list[str]:
    """Who of the office typed in, and who filed, what came on paper; each once, in the order of their hands on it."""
    hands = list(application.sections.order_by("saved_at").values_list("saved_by", flat=True))
    hands += application.versions.order_by("n").values_list("submitted_by", flat=True)
    office = User.objects.filter(
        pk__in=hands, staff_roles__isnull=False
    )  # then, whatever their roles are now
    names = dict(office.values_list("pk", "name"))
    return [names[pk] for pk in dict.fromkeys(hands) if pk in names]


def open_acts(application: Application) -> list[tuple[str, Any]]:
    """The acts that can be drafted on the case now; those about later rows are asked only once there is an award."""
    own = "grants_applications.Application"
    acts = [
        (n, a)
        for n, a in ports.acts.items()
        if (a.subject_model == own) is (application.state != "awarded")
    ]
    subjects: dict[Any, Any] = {}  # several acts are about one row: find it once
    found = []
    for name, act in acts:
        if act.find not in subjects:
            subjects[act.find] = (
                application if act.subject_model == own else act.find(application.case)
            )
        subject = subjects[act.find]
        if subject is not None and not act.allowed(subject):
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


def duty_subjects(case: Any) -> list[tuple[Any, str]]:
    """The call of the case and its programme: who made them and who approved them belongs to its proof."""
    application = application_of.first(case)
    if application is None:
        return []
    call = application.call
    return [(call, call.duty_subjects()[0]), (call.programme, call.programme.duty_subjects()[0])]


def later(case: Any) -> tuple[int, Any] | None:
    """How far along the road the rooms after the award see the case, and the sentence to the applicant."""
    if case.state != "awarded":
        return None
    found = [said for room in ports.later_life.values() if (said := room(case)) is not None]
    return (
        max(reversed(found), key=lambda row: row[0]) if found else None
    )  # of equals, the later room's


def version_rows(application: Application, content: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a version as they are read, its files by their names: what two versions are compared by."""
    rows = parts(application, content, [])
    titles = {d.key: said(d.name) for d in application.call.stated.documents}
    names: dict[str, list[str]] = {}
    for document in content["documents"]:
        names.setdefault(document["key"], []).append(document["name"])
    files = [
        (f"documents.{key}", titles.get(key, _("書類")), "、".join(found))
        for key, found in names.items()
    ]
    return rows + [{"part": part, "label": label, "text": text} for part, label, text in files]


def corrected(
    application: Application, versions: list[Any], rows: list[dict[str, Any]], user: Any
) -> dict[str, Any]:
    """What the last correction did: to each remark (said on its defect), to other parts, and to the sum asked for."""
    if len(versions) < 2 or application.state in ("draft", "returned"):
        return {"changes": [], "aid_change": None}
    contents = [version.readable_by(user) for version in versions]
    new, old = (version_rows(application, content) for content in contents)
    texts = [{row["part"]: row["text"] for row in found} for found in (old, new)]
    found = {remark.defect.pk: remark for remark in correcting.remarks(application)}
    for row in rows:
        for defect in row["defects"]:
            if remark := found.get(defect.pk):
                defect.became = remark.state
                defect.was, defect.now = (text.get(defect.part, "") for text in texts)
    cited = {remark.defect.part for remark in found.values()}
    sums = (contents[1]["aid"]["amount"], contents[0]["aid"]["amount"])
    changes = comparing.differences(application, contents[1], contents[0], cited)
    return {"changes": changes, "aid_change": sums if sums[0] != sums[1] else None}


def to_review(application: Application, content: dict[str, Any]) -> dict[str, Any]:
    """What the applicant is told before the corrected application goes out."""
    last = application.last_version
    found = correcting.remarks(application)
    if last is None or application.state != "returned" or not content:
        return {"remarks": found, "other_changes": [], "aid_before": None}
    cited = {remark.defect.part for remark in found}
    changes = comparing.differences(application, last.content, content, cited)
    return {
        "remarks": found,
        "other_changes": changes,
        "aid_before": last.content["aid"]["amount"],
    }


def _founded(organisation: dict[str, Any]) -> str:
    """The day as it is read; what was handed in before it was asked has none."""
    return (
        ui.day(date.fromisoformat(organisation["established_on"]))
        if organisation.get("established_on")
        else "―"
    )


def parts(
    application: Application, content: dict[str, Any], documents: list[Document]
) -> list[dict[str, Any]]:
    """The answers in the order of the form, each with its defects: what the officer marks."""
    stated = application.call.stated
    defects: dict[str, list[Any]] = {}
    for defect in application.defects.all():
        defects.setdefault(defect.part, []).append(defect)
    organisation, eligibility, plan = (
        content["organisation"],
        content["eligibility"],
        content["plan"],
    )
    number = organisation.get("corporate_number") or _("個人事業主")
    rows = [
        ("organisation.name", _("法人番号・名称"), f"{number}　{organisation['name']}"),
        (
            "organisation.address",
            _("本社"),
            f"{organisation['area_name']}　{organisation['address']}",
        ),
        (
            "organisation.industry",
            _("業種・規模"),
            _("%(industry)s　資本金 %(capital)s　従業員 %(employees)s人")
            % {
                "industry": organisation["industry_name"],
                "employees": organisation["employees"],
                "capital": f"{organisation['capital']:,}円" if organisation.get("capital") else "―",
            },
        ),
        ("organisation.established_on", _("設立日（個人事業主は開業日）"), _founded(organisation)),
        (
            "organisation.representative_name",
            _("代表者"),
            f"{organisation['representative_title']}　{organisation['representative_name']}",
        ),
    ]
    if "contact" in content:
        contact = content["contact"]
        rows.append(
            ("contact", _("担当者"), f"{contact['name']}　{contact['phone']}　{contact['email']}")
        )
    if eligibility.get("partner_name"):
        rows.append(
            ("eligibility.partner_name", _("一緒に進めるIT企業"), eligibility["partner_name"])
        )
    if eligibility.get("other_subsidies"):
        rows.append(
            ("eligibility.other_subsidies", _("ほかの補助金"), eligibility["other_subsidies"])
        )
    rows.append(("plan.title", _("事業の名称"), plan["title"]))
    rows += [
        (f"plan.q_{q.key}", said(q.label), str(plan.get(f"q_{q.key}") or "―"))
        for q in stated.questions
    ]
    for key, section in drafts.added(application).items():
        rows += [(f"{key}.{name}", label, text) for name, label, text in section.rows(content[key])]
    names = {c.key: said(c.name) for c in stated.categories}
    for n, item in enumerate(content["costs"]["items"], 1):
        label = _("経費%(n)s") % {"n": n}
        rows.append(
            (
                f"costs.items.{n}",
                label,
                f"{item['what']}　{names.get(item['category'], '')}　{item['amount']:,}円",
            )
        )
    aid = content["aid"]
    if stated.unit == "yen":
        sums = {"eligible": f"{aid['eligible']:,}", "amount": f"{aid['amount']:,}"}
        rows.append(("aid", _("経費の合計"), _("対象 %(eligible)s円　補助 %(amount)s円") % sums))
    else:
        rows.append(("aid", _("申し込む席"), _("%(n)s席") % {"n": aid["amount"]}))
    found = [
        {
            "part": part,
            "label": label,
            "text": text,
            "defects": defects.pop(part, []),
            "document": None,
        }
        for part, label, text in rows
    ]
    titles = {d.key: said(d.name) for d in stated.documents}
    sent = {row["id"] for row in content["documents"]}  # what came later belongs to later rooms
    for document in [d for d in documents if d.pk in sent]:
        part = f"documents.{document.key}"
        found.append(
            {
                "part": part,
                "label": titles.get(document.key, _("書類")),
                "text": document.name,
                "document": document,
                "defects": defects.pop(part, []),
            }
        )
    return found


def open_files(user: User, case: Case) -> Q:
    """Files follow the answers. Those of an application with secrets are opened by whoever is cleared for the secrets; who
    does not work on the case (a reviewer) reads what was handed in with the last version, not what came later.
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


def load(user: Any, pk: int) -> Application:
    """The application of a case the person may see, or 404."""
    cases = Case.objects.visible_to(user)
    return get_object_or_404(
        Application.objects.select_related("case__organisation", "call__programme"),
        pk=pk,
        case__in=cases,
    )


def keep_until(case: Any) -> date | None:
    """An application under way is open; what became of it after an award is for later rooms to say."""
    return date.max if case.closed_at is None and case.state != "awarded" else None
