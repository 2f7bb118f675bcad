"""Files that a form keeps itself, beside the cases' documents: looked into before the form is valid.

A field waits for what a document is checked for by a job: no form keeps a file nobody looked into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal import events, pasting
from portal.documents import apart, kinds, names, refusals, scanner
from portal.documents.inside.found import Found
from portal.documents.kinds import Unfit
from portal.events import Event
from portal.sheets import Unreadable, text_of, typed_table
from portal.types import Text
from portal.ui.alone import alone
from portal.ui.ports import cannot_draw

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    Sent: TypeAlias = UploadedFile[bytes]

MB = 1024 * 1024
NOT_NOW = _lazy(
    "いまはファイルの中身を確かめられません。数分後にもう一度お試しください。続くときは管理の担当にご連絡ください。"
)


class Checked(NamedTuple):
    """A file that may be kept: its name can be saved anywhere."""

    name: str
    data: bytes


class ScannedFile(forms.FileField):
    """A file of at most `most` megabytes without a virus; whoever reads it refuses what it is not."""

    def __init__(self, *, label: Text, help_text: Text, most: int) -> None:
        super().__init__(label=label, help_text=help_text)
        self.most = most

    def clean(self, data: Sent | None, initial: object = None) -> Checked:
        """Raises ValidationError with the sentence that every upload is refused with."""
        sent: Sent = super().clean(data, initial)
        try:
            return self.checked(sent)
        except Unfit as unfit:
            is_virus = unfit.code == "virus"
            event = Event.UPLOAD_INFECTED if is_virus else Event.UPLOAD_REFUSED
            events.log(event, code=unfit.code)
            raise forms.ValidationError(self.sentence(unfit.code)) from unfit
        except (scanner.ScannerDown, OSError) as error:
            raise forms.ValidationError(NOT_NOW) from error

    def checked(self, sent: Sent) -> Checked:
        """Raises Unfit, ScannerDown, or OSError where nothing could look into it."""
        if (sent.size or 0) > self.most * MB:
            raise Unfit("too_large")
        data = sent.read()
        if scanner.scan(data) == "infected":
            raise Unfit("virus")
        return Checked(names.clean(sent.name or "", cannot_draw.value), data)

    def sentence(self, code: str) -> str:
        return refusals.sentence(code, limit=self.most)


class CheckedFile(ScannedFile):
    """A PDF or a picture, looked into in a child process as the cases' documents are."""

    KINDS = (kinds.PDF, *kinds.PICTURES)

    def checked(self, sent: Sent) -> Checked:
        name, data = super().checked(sent)
        kind = kinds.sniff(data[: kinds.HEAD])
        if kind not in self.KINDS:
            raise Unfit("kind")
        with alone():
            found: Found = apart.examined(data, kind, apart.AWAITED)
        return Checked(names.named(name, found.content_type), found.made or data)

    def sentence(self, code: str) -> str:
        if code == "kind":
            return str(_lazy("PDFか写真（JPEG、PNG、HEIC）を選んでください。"))
        return super().sentence(code)


class SheetFile(ScannedFile):
    """The table in a workbook (xlsx, opened in a child process) or a CSV, cleaned to a text of cells
    apart by tabs; nothing where none was chosen.
    """

    def __init__(self, *, label: Text, help_text: Text, most: int) -> None:
        super().__init__(label=label, help_text=help_text, most=most)
        self.required = False
        self.widget.attrs["accept"] = ".xlsx,.csv,.tsv,.txt"

    def clean(self, data: Sent | None, initial: object = None) -> Checked:
        return super().clean(data) if data else Checked("", b"")

    def checked(self, sent: Sent) -> Checked:
        name, data = super().checked(sent)
        return Checked(name, typed_table(_cells(data)).encode())

    def sentence(self, code: str) -> str:
        if code in ("kind", "archive"):
            return str(_lazy("Excel（xlsx）かCSVのファイルを選んでください。"))
        if code in ("zip_bomb", "slow", "heavy"):
            return str(
                _lazy(
                    "大きすぎて読み取れないファイルです。取り込む表だけを新しいファイルに保存するか、表を貼り付けてください。"
                )
            )
        return super().sentence(code)


def _cells(data: bytes) -> pasting.Grid:
    """Raises Unfit, or OSError where nothing could look into it."""
    try:
        known = kinds.sniff(data[: kinds.HEAD])
    except Unfit as unfit:
        if unfit.code != "kind":
            raise
        try:
            return pasting.grid_of_csv(text_of(data))
        except Unreadable:
            raise unfit from None
    if known != kinds.OFFICE:
        raise Unfit("kind")
    with alone():
        return apart.sheet(data)
