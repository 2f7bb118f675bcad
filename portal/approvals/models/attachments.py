"""添付: the files that a draft carries, and what is asked of them before anybody agrees to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import User
from portal.audit.record import record
from portal.cases.models import Case
from portal.documents import names, store, turns
from portal.documents.models import Holder, StoredFile
from portal.workflow.errors import NotReady
from portal.workflow.jobs import enqueue

if TYPE_CHECKING:
    from portal.approvals.models.approval import Approval

MOST = 20  # files of one draft
MOST_BYTES = 5 * settings.UPLOAD_MAX_BYTES  # of all of them together
MB = 1024 * 1024


class Attachment(Holder):
    """A file that its drafter put to a draft.

    `sha256`: of the file as it was first put into circulation; from then on the row stays, only no
    longer current once it is taken off. `file`: None once it is gone: taken off before anybody else
    was asked, or erased when its time was over.
    """

    approval = models.ForeignKey(
        "portal_approvals.Approval", models.PROTECT, related_name="attachments"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="attachments")
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["pk"]

    @property
    def is_open(self) -> bool:
        return self.file is not None and self.file.is_open_to_others

    @property
    def download_name(self) -> str:
        return names.named(self.name, self.file.content_type) if self.file else self.name

    def note(self, what: str, by: User, label: str, **more: str) -> None:
        """Without its name: events of a draft are not erased with a case."""
        record(
            chain=self.approval.audit_chain,
            action=f"attachment.{what}",
            subject=f"attachment:{self.pk}",
            by=by,
            capacity="office",
            label=label,
            sha256=self.file.sha256 if self.file else self.sha256,
            **more,
        )


def limits_said() -> dict[str, int]:
    """The limits as sentences name them, in megabytes where they are sizes."""
    return {"n": MOST, "each": settings.UPLOAD_MAX_BYTES // MB, "all": MOST_BYTES // MB}


def add(approval: Approval, sent: Sequence[tuple[str, StoredFile]], by: User) -> None:
    """Put files to a draft, (name, file) each, and have them checked. Raises NotReady beyond the
    limits.
    """
    files = [row.file for row in approval.files if row.file is not None]
    size = sum(file.size for file in [*files, *[file for _name, file in sent]])
    if len(files) + len(sent) > MOST or size > MOST_BYTES:
        raise NotReady(
            _("添付は%(n)s個まで、合計%(all)sMBまでです。いらないものを外してから足してください。")
            % limits_said()
        )
    for name, file in sent:
        Attachment.objects.create(approval=approval, name=name, file=file, uploaded_by=by)
        enqueue([("check_file", {"file_id": file.pk})], priority=turns.to_be_checked(by))


def remove(approval: Approval, pk: int, by: User) -> None:
    """Take a file off a draft: what nobody else was asked about yet is gone, what was circulated stays
    as what was agreed to then.
    """
    row = next((row for row in approval.files if row.pk == pk), None)
    if row is None:
        raise NotReady(_("この添付は、もう外されています。"))
    row.removed_at, row.removed_by = clock.now(), by
    gone = row.file
    if not row.sha256:
        row.name, row.file = "", None
    row.save()
    if row.file is None and gone is not None:
        store.forget([gone])


def unready(approval: Approval) -> list[str]:
    """Why it cannot be circulated with its files: each is to be looked into, and found clean."""
    files = [(row.name, row.file) for row in approval.files if row.file is not None]
    refused = [name for name, file in files if file.refusal]
    checked = [name for name, file in files if file.is_being_checked]
    unscanned = [name for name, file in files if file.is_taken and not file.is_open_to_others]
    said = [
        (refused, _("受け付けられなかった添付があります：%(names)s。外してください。")),
        (
            checked,
            _(
                "添付を確かめています：%(names)s。ふつうは数秒で終わります。少し待って、もう一度回してください。"
            ),
        ),
        (unscanned, _("ウイルス検査を待っている添付があります：%(names)s。済むまで回せません。")),
    ]
    return [text % {"names": "、".join(found)} for found, text in said if found]


def keep(approval: Approval) -> None:
    """Keep the hashes of what is put into circulation."""
    rows = [row for row in approval.files if row.file is not None and not row.sha256]
    for row in rows:
        row.sha256 = row.file.sha256 if row.file else ""
    Attachment.objects.bulk_update(rows, ["sha256"])


def moved(approval: Approval) -> list[str]:
    """Why nobody can agree to it or decide it: its files are not those that were circulated."""
    if all(row.is_open and row.file and row.file.sha256 == row.sha256 for row in approval.files):
        return []
    return [
        _(
            "回議に回したあとで、添付が変わっています。起案者に差し戻して、回し直してもらってください。"
        )
    ]


def destroy(case: Case) -> None:
    """Erase the files of drafts whose last case's time is over: what tells of several is kept as long
    as the longest of them. A draft about the end of records keeps its own.
    """
    gone = _over(Attachment.objects.filter(approval__items__case=case, file__isnull=False), case)
    files = [row.file for row in gone if row.file is not None]
    Attachment.objects.filter(pk__in=[row.pk for row in gone]).update(name="", file=None)
    store.forget(files)


def _over(rows: models.QuerySet[Attachment], case: Case) -> Iterable[Attachment]:
    kept = Case.objects.filter(disposed_on=None).exclude(pk=case.pk)
    rows = rows.exclude(approval__act="dispose").exclude(approval__items__case__in=kept)
    return list(rows.select_related("file").distinct())
