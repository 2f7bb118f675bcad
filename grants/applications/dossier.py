"""What is bound into the whole of a case of an application: its versions, remarks and checks."""

from django.db.models import Prefetch

from grants.applications.answers import parts
from grants.applications.extensions import OF_APPLICATION, ExtensionRequest
from grants.applications.models import Application, ApplicationVersion, Check, Defect
from grants.applications.ports import corrections
from portal.accounts.models import User
from portal.cases.dossier import facts, listed
from portal.cases.models import Case
from portal.cases.ports import Section
from portal.documents.reading import readable
from portal.ui.templatetags import ui


def versions(case: Case, user: User) -> list[Section]:
    """Each version that was handed in, the first one first, and what was to be corrected."""
    application = _of(case)
    if application is None:
        return []
    found = [
        section
        for version in application.versions.select_related("submitted_by").order_by("n")
        for section in _version(application, version, user)
    ]
    remarks = [
        (f"不備{defect.n}　{defect.part_label}", _remark(defect))
        for defect in application.defects.all()
        if defect.sent_at
    ]
    return [
        *found,
        *listed("補正を求めたところ", remarks),
        *listed("補正の期限の延長の申し出", _extensions(application)),
        *listed("決定の理由", [("理由", application.decision_reason)]),
    ]


def _of(case: Case) -> Application | None:
    found: Application | None = (
        Application.objects.select_related("call__programme", "case__organisation")
        .prefetch_related(Prefetch("defects", Defect.objects.select_related("raised_by")))
        .filter(case=case)
        .first()
    )
    return found


def _version(application: Application, version: ApplicationVersion, user: User) -> list[Section]:
    version.application = application
    content = version.readable_by(user)
    if not content:
        return []
    rows = parts(application, content, list(readable(application.case, user)))
    at = f"{ui.short_moment(version.submitted_at)}　{version.submitted_by.name}"
    return [
        facts(
            f"{application.words.noun}　第{version.n}版",
            ("提出", at),
            *[(row["label"], row["text"]) for row in rows],
            ("照合（SHA-256）", version.sha256),
        )
    ]


def _remark(defect: Defect) -> str:
    lines = [
        f"{defect.text}（{defect.cite}）　{defect.raised_by.name}　{ui.short_moment(defect.sent_at)}",
        f"申請者：{defect.answer}" if defect.answer else "",
        f"解消：{ui.short_moment(defect.resolved_at)}" if defect.resolved_at else "",
    ]
    return "\n".join(line for line in lines if line)


def _extensions(application: Application) -> list[tuple[str, str]]:
    rows = application.extension_requests.select_related("asked_by").order_by("pk")
    return [(ui.short_moment(row.asked_at), _extension(row)) for row in rows]


def _extension(row: ExtensionRequest) -> str:
    about = "" if row.about == OF_APPLICATION else f"{corrections[row.about].label}："
    lines = [
        f"{about}{ui.day(row.asked_until)}まで　{row.reason}　{row.asked_by.name}",
        f"{row.info.label}：{row.answer}" if row.answer else str(row.info.label),
    ]
    return "\n".join(lines)


def checks(case: Case, _user: User) -> list[Section]:
    rows = Check.objects.filter(application__case=case).exclude(result="")
    return listed(
        "確認の記録",
        [
            (check.get_kind_display(), _check(check))
            for check in rows.select_related("checked_by", "go_on_by")
        ],
    )


def _check(check: Check) -> str:
    by = check.checked_by.name if check.checked_by else ""
    told = (
        f"{check.get_result_display()}　{check.evidence}\n{by}　{ui.short_moment(check.checked_at)}"
    )
    if check.go_on_by:
        told += f"\n進める判断：{check.go_on_reason}　{check.go_on_by.name}"
    return told
