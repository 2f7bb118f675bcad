"""補正: remark by remark, what was changed, what was answered in words, and what nobody has touched."""

from dataclasses import dataclass, replace
from typing import Literal, Protocol, TypedDict, cast

from django.db import transaction
from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.applications import comparing, officer_list, rules, task_list
from grants.applications.content import Content
from grants.applications.cost_forms import ItemForm, Items
from grants.applications.forms import SectionForm
from grants.applications.freezing import readable_content
from grants.applications.instead import Choice
from grants.applications.models import Application, Defect
from grants.applications.reusing import Offer
from grants.applications.states import ApplicationState
from grants.applications.task_list import Task
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Applicant
from portal.audit.record import record
from portal.documents import store
from portal.documents.models import Document
from portal.types import Context
from portal.workflow.door import lock
from portal.workflow.errors import Forbidden, NotReady

Touched = Literal["changed", "answered", "untouched"]


@dataclass(frozen=True)
class Remark:
    """A defect that was sent, and what became of the part it cites since it was sent last."""

    defect: Defect
    state: Touched

    @property
    def section(self) -> str:
        return rules.section_of(self.defect.part)

    @property
    def fields(self) -> tuple[str, ...]:
        return rules.fields_of(self.defect.part)


class Remarked(Protocol):
    """A field of a form, or a form of a set, beside which remarks are shown."""

    remarks: list[Remark]


class FileRow(TypedDict):
    """A row of the documents' page: a document that is asked for, with the files that came."""

    key: str
    name: str
    hint: str
    required: bool | str  # or "sometimes", which `need` says beside its name
    files: list[Document]
    error: str | None
    remarks: list[Remark]
    again: list[Offer]
    beside: str  # the template of what may be said in the stead of a file
    choice: Choice | None
    later: Form | None
    elsewhere: Form | None
    issued: Form | None  # the day on which it was issued


def remarks(application: Application) -> list[Remark]:
    """Open remarks that were sent, against what stands there now.

    That is the draft while it may be corrected, else what was handed in last.
    """
    rows = application.defects.filter(resolved_at=None, sent_at__isnull=False).select_related(
        "version", "raised_by"
    )
    defects = list(rows)
    if not defects:
        return []
    versions = list(application.versions.order_by("-n")[:2])
    if application.state == ApplicationState.RETURNED or len(versions) < 2:
        content, unread = readable_content(application, live_documents(application))
        return [
            Remark(defect, touched(defect, versions[0].content, content, unread))
            for defect in defects
        ]
    return [
        Remark(defect, touched(defect, versions[1].content, versions[0].content, set()))
        for defect in defects
    ]


def live_documents(application: Application) -> list[Document]:
    return list(Document.objects.live().filter(case=application.case).select_related("file"))


@transaction.atomic
def take_out(application: Application, document: Document, *, by: User) -> None:
    """Take a file out of the draft. Raises NotReady where the draft is closed, or its correction late."""
    lock([application.case, application])
    fresh = Application.objects.get(pk=application.pk)
    if not fresh.is_editable:
        raise NotReady(_("すでに提出しています。ここでは書き換えられません。"))
    if is_overdue(fresh):
        raise NotReady(_("補正の期限を過ぎているため、書類は外せません。担当にご連絡ください。"))
    store.remove(document, by=by)


def touched(defect: Defect, before: Content, content: Content, unread: set[str]) -> Touched:
    """Compared with the version that was sent back.

    A section that cannot be read yet counts as not touched; words count where the part is as it
    was.
    """
    section = rules.section_of(defect.part)
    if section not in unread and rules.part_changed(before, content, defect.part):
        return "changed"
    worded = (
        defect.answer and defect.worded_at and defect.sent_at and defect.worded_at >= defect.sent_at
    )
    return "answered" if worded else "untouched"


def said_untouched(remark: Remark) -> str:
    text = _("「%(part)s」の指摘がまだそのままです。直すか、直さない理由を書いてください。")
    return text % {"part": remark.defect.part_label}


@transaction.atomic
def answer(application: Application, n: int, text: str, *, by: User) -> Defect:
    """Keep the applicant's answer in words to remark `n`; an empty text takes it back.

    Raises Forbidden, NotReady.
    """
    if reasons := Applicant().reasons(by, application) if not by.is_office else []:
        raise Forbidden(*reasons)
    fresh = Application.objects.select_for_update(no_key=True, of=("self",)).get(pk=application.pk)
    defect = fresh.defects.filter(n=n, resolved_at=None, sent_at__isnull=False).first()
    if fresh.state != ApplicationState.RETURNED or defect is None:
        raise NotReady(_("この指摘には、いまは答えられません。"))
    # after what it answers, whatever the clock said then
    defect.answer, defect.worded_at = text, max(clock.now(), defect.sent_at or clock.now())
    defect.save(update_fields=["answer", "worded_at"])
    record(
        chain=f"case:{application.case_id}",
        action="defect.answer",
        subject=application.subject_key,
        by=by,
        capacity="counter" if by.is_office else by.capacity_for(application),
        label=gettext_noop("指摘に言葉で答えました"),
        n=n,
        text=text,
    )
    return defect


def tasks(application: Application) -> list[Task]:
    """The task list, where a section with a remark that nobody has touched is not done."""
    rows = task_list.tasks(application)
    if application.state != ApplicationState.RETURNED:
        return rows
    found = remarks(application)
    marked = [
        _with_remarks(task, [remark for remark in found if remark.section == task.key])
        for task in rows
    ]
    if any(task.state == "remark" for task in marked):
        note = _("上の項目がすべて終わると開きます")
        marked[-1] = replace(marked[-1], state="locked", note=note)
    return marked


def _with_remarks(task: Task, found: list[Remark]) -> Task:
    left = sum(remark.state == "untouched" for remark in found)
    if left and task.is_done:
        return replace(
            task, state="remark", note=_("市からの指摘が%(n)s件残っています") % {"n": left}
        )
    if found and not left and task.state == "done":
        return replace(task, note=_("市からの指摘に答えました"))
    return task


def tasks_ok(application: Application, key: str) -> bool:
    """True when nothing is left to mend in this section."""
    return next((task.is_done for task in tasks(application) if task.key == key), False)


def beside(
    application: Application, key: str, form: SectionForm, items: Items | None
) -> list[Remark]:
    """Put the section's remarks on the controls they speak of (`remarks`).

    Returns those that speak of no single one.
    """
    found = remarks(application) if application.state == ApplicationState.RETURNED else []
    left = []
    for remark in [remark for remark in found if remark.section == key]:
        field = next((form.fields[name] for name in remark.fields if name in form.fields), None)
        row = _row(items, remark.defect.part)
        if field is None and row is None:
            left.append(remark)
            continue
        place = cast(Remarked, field or row)  # neither knows of remarks; the templates do
        place.remarks = [*getattr(place, "remarks", []), remark]
    return left


def _row(items: Items | None, part: str) -> ItemForm | None:
    """The form of the cost item that a part cites, while it is there."""
    if items is None or not part.startswith("costs.items."):
        return None
    n = int(part.removeprefix("costs.items."))
    return items.forms[n - 1] if n <= len(items.forms) else None


def on_documents(application: Application, rows: list[FileRow]) -> list[Remark]:
    """Put remarks on the rows of the documents' page; returns those about no row of it."""
    found = remarks(application) if application.state == ApplicationState.RETURNED else []
    known = {f"documents.{row['key']}" for row in rows}
    for row in rows:
        row["remarks"] = [
            remark for remark in found if remark.defect.part == f"documents.{row['key']}"
        ]
    return [
        remark
        for remark in found
        if remark.section == "documents" and remark.defect.part not in known
    ]


def is_overdue(application: Application) -> bool:
    """True from the day after the one by which the correction was due."""
    due = application.correct_by
    return (
        application.state == ApplicationState.RETURNED and due is not None and clock.today() > due
    )


def to_review(application: Application, content: Content) -> Context:
    """What the applicant is told before the corrected application goes out."""
    last = application.last_version
    found = remarks(application)
    is_anew = application.state == ApplicationState.RETURNED or application.is_amending
    if last is None or not is_anew or not content:
        return {"remarks": found, "other_changes": [], "aid_before": None}
    cited = {remark.defect.part for remark in found}
    changes = comparing.differences(application, last.content, content, cited)
    changes += officer_list.change(application)
    return {
        "remarks": found,
        "other_changes": changes,
        "aid_before": last.content["aid"]["amount"],
    }
