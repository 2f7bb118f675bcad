"""The task list of a draft: every section with its state, and what is missing in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from grants.applications import calculation, drafts, instead, officer_list
from grants.applications.check_ledger import typed_officers
from grants.applications.models import Application
from portal.documents.handing_in import named
from portal.documents.models import Document


@dataclass(frozen=True)
class Task:
    """One line of the task list. state: done, care, partial, fix, remark, empty or locked."""

    key: str
    group: str
    label: str
    state: str
    note: str = ""

    @property
    def is_done(self) -> bool:
        return self.state in ("done", "care")


def tasks(application: Application) -> list[Task]:
    """The task list: every section with what is missing in words, and at the end the submission."""
    stated = application.stated
    every = [
        Task(
            "organisation",
            _("申し込む方"),
            _("事業者の情報"),
            *_form_state(application, "organisation"),
        ),
        Task("contact", _("申し込む方"), _("担当者と連絡先"), *_form_state(application, "contact")),
        Task(
            "officers",
            _("申し込む方"),
            officer_list.title(application),
            *_officers_state(application),
        ),
        Task(
            "eligibility",
            _("申し込む方"),
            _("対象になるかの確認"),
            *_eligibility_state(application),
        ),
        Task("plan", _("事業の計画"), _("計画と効果"), *_form_state(application, "plan")),
        *[
            Task(key, str(s.group), str(s.label), *_form_state(application, key))
            for key, s in drafts.added(application).items()
        ],
        Task(
            "costs",
            _("お金"),
            _("経費の一覧"),
            *(_costs_state(application) if stated.unit == "yen" else ("done", "")),
        ),
        Task(
            "consent",
            _("書類"),
            _("登記と納税の確認への同意"),
            *_form_state(application, "consent"),
        ),
        Task("documents", _("書類"), _("添付する書類"), *_documents_state(application)),
    ]
    left_out = {"costs"} if stated.unit == "seats" else set()
    if all(rule.rule != "antisocial" for rule in stated.rules):
        left_out.add("officers")  # the list is for that inquiry alone
    if not stated.documents:
        left_out.add("documents")
    rows = [task for task in every if task.key not in left_out]
    ready = all(row.is_done for row in rows)
    note = "" if ready else _("上の項目がすべて終わると開きます")
    rows.append(
        Task(
            "review",
            _("確認と提出"),
            _("内容を見直して提出する"),
            "empty" if ready else "locked",
            note,
        )
    )
    return rows


def _form_state(application: Application, key: str) -> tuple[str, str]:
    form = drafts.form_of(application, key)
    if not form.is_bound:
        return "empty", ""
    if form.is_valid():
        return "done", ""
    asked = {name for name, field in form.fields.items() if field.required}
    faults = form.errors.as_data()
    blank = {
        name
        for name in asked & set(faults)
        if all(error.code == "required" for error in faults[name])
    }
    if wrong := set(form.errors) - blank:
        return "fix", _("直すところが%(n)s件あります") % {"n": len(wrong)}
    return "partial", _("%(all)s項目のうち%(n)s項目まで入力しました") % {
        "all": len(asked),
        "n": len(asked) - len(blank),
    }


def _officers_state(application: Application) -> tuple[str, str]:
    found = typed_officers(application)
    return (
        ("done", _("%(n)s人。暗号化して保管しています") % {"n": found.people})
        if found and found.people
        else ("empty", "")
    )


def _eligibility_state(application: Application) -> tuple[str, str]:
    state, note = _form_state(application, "eligibility")
    if state != "done":
        return state, note
    open_ones = [finding for finding in drafts.eligibility(application) if finding.tone != "good"]
    if open_ones:
        return "care", _("%(what)sについて、確認が残っています（このまま提出できます）") % {
            "what": open_ones[0].what
        }
    return "done", ""


def _costs_state(application: Application) -> tuple[str, str]:
    form, items = drafts.form_of(application, "costs"), drafts.items_of(application)
    if not form.is_bound:
        return "empty", ""
    faults = sum(bool(row.errors) for row in items.forms if row.has_changed()) + len(form.errors)
    if faults:
        return "fix", _("直すところが%(n)s件あります") % {"n": faults}
    if not items.is_valid():
        return "partial", _("経費を1つ以上入力してください")
    if why := calculation.unpaid(application):
        return "fix", " ".join(why)
    return "done", ""


def _documents_state(application: Application) -> tuple[str, str]:
    sent = Document.objects.sent().filter(case=application.case).select_related("file")
    if refused := [document for document in sent if document.file.refusal]:
        return "fix", _("受け付けられなかったファイルがあります：%(names)s") % {
            "names": named(refused)
        }
    if missing := instead.missing(application):
        names = "、".join(missing)
        return "partial" if sent else "empty", _("残り：%(names)s") % {"names": names}
    if any(document.file.is_being_checked for document in sent):
        return "done", _("ファイルを確認しています（ふつう数秒。ほかの項目へ進めます）")
    return "done", instead.promised(application, sent)
