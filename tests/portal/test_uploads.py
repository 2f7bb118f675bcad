"""Every way by which a file comes into the portal, written down; each looks into what it takes."""

import re
from collections.abc import Iterator

import pikepdf
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from pikepdf import Name, String
from pytest_django import Settings

from portal.documents import apart, refusals, scanner
from portal.documents.fields import NOT_NOW, Checked, CheckedFile, ScannedFile, SheetFile
from portal.events import Event
from tests.architecture.test_house import ROOT
from tests.lines import Lines, only
from tests.portal import hostile
from tests.portal.test_hostile_files import HEIC, photo
from tools.demonstration.simulation import paper

# each field of a form that takes a file → how it looks into it
FIELDS = {
    # read as a table of words
    ("grants.budget.accounting_forms.AnswersForm", "file"): ScannedFile,
    # read as text, looked at before it takes the place of what there was
    ("grants.programmes.sketch_forms.SketchUploadForm", "file"): ScannedFile,
    ("grants.payments.forms.BankWordForm", "document"): CheckedFile,
    ("grants.payments.forms.CameBackForm", "document"): CheckedFile,
    ("grants.payments.forms.OutcomeForm", "document"): CheckedFile,
    ("grants.payments.forms.NotExecutedForm", "document"): CheckedFile,
    ("grants.payments.forms.ResultForm", "file"): ScannedFile,  # read as a table of words
    (
        "portal.documents.paste_page.PasteForm",
        "file",
    ): SheetFile,  # read as a table, a workbook in a child
}
# who reads files that a request brought, beside those fields: documents of cases, checked by a job
READ_BY = {
    "grants/budget/accounting_views.py": "the answers of the accounting system",
    "grants/programmes/sketch_file_views.py": "the file of a programme",
    "grants/payments/result_views.py": "the bank's paper about a result by hand",
    "portal/documents/intake.py": "takes them in",
    "portal/documents/paste_page.py": "hands it to PasteForm",
    "portal/ui/middleware.py": "asks their names alone",
    "portal/ui/views.py": "asks whether there are any",
    "portal/cases/views.py": "hands them to the form of a transition",
    "portal/workflow/sent_forms.py": "hashes them, to know a form that comes twice",
    "grants/payments/views.py": "hands them to ResultForm",
}
# who reads the body of a request by itself
BODIES_READ_BY: dict[str, str] = {}
PAGES = {
    "grants/budget/accounting.html",
    "grants/payments/row.html",
    "grants/programmes/sketch_file.html",
    "components/paste.html",
    "components/uploads.html",
    "grants/payments/batch.html",
    "portal/approvals/attachments.html",
    "portal/cases/do.html",
}


def _forms(above: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for form in above.__subclasses__():
        yield form
        yield from _forms(form)


def test_each_field_that_takes_a_file_is_on_the_list_and_looks_into_it() -> None:
    assert get_resolver().url_patterns  # every view, and so every form, is imported
    found = {
        (f"{form.__module__}.{form.__name__}", name): type(field)
        for form in _forms()
        if form.__module__.split(".")[0] in ("portal", "grants", "startups", "reports")
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.FileField)
    }
    assert found == FIELDS
    assert all(issubclass(kind, ScannedFile) for kind in found.values())


def _sources() -> Iterator[tuple[str, str]]:
    for package in ("portal", "grants", "startups", "reports"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text()


def test_files_of_a_request_are_read_by_these_modules_alone() -> None:
    """A field that is made while a page runs, or bytes that are read by hand, would be named here."""
    sources = dict(_sources())
    assert {name for name, text in sources.items() if re.search(r"request\.FILES\b", text)} == set(
        READ_BY
    )
    raw = r"request\.(body|read\(|stream|readlines?\()|_request\.body"
    assert {name for name, text in sources.items() if re.search(raw, text)} == set(BODIES_READ_BY)
    made = {n for n, text in sources.items() if re.search(r"forms\.(File|Image)Field", text)}
    assert made == {"portal/documents/fields.py"}
    kept = {n for n, text in sources.items() if re.search(r"models\.(File|Image)Field", text)}
    assert kept == set()


def test_the_pages_that_send_files_are_these() -> None:
    sends = re.compile(r'multipart/form-data|type="file"')
    folder = ROOT / "templates"
    assert {
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if sends.search(path.read_text())
    } == PAGES


def taken(name: str, data: bytes, *, most: int = 1) -> Checked:
    field = CheckedFile(label="書類", help_text="", most=most)
    return field.clean(SimpleUploadedFile(name, data))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (hostile.opens_with(S=Name.JavaScript, JS=String("app.alert(1)")), "active_pdf"),
        (hostile.link(S=Name.Launch, F=String("cmd.exe")), "active_pdf"),
        (hostile.pdf(hostile.attach), "attached_pdf"),
        (hostile.pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "password"),
        (b"%PDF-1.7 ...", "broken_pdf"),
        (b"\xff\xd8\xff\xe0 no picture", "broken_image"),
        (paper("x") + b"0" * 1_100_000, "too_large"),
    ],
)
def test_a_hostile_file_is_refused_in_the_usual_sentence(data: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        taken("回答.pdf", data)
    assert refused.value.messages == [refusals.sentence(code, limit=1)]


@pytest.mark.parametrize("data", [b"MZ...", b"<html>", hostile.office({}), b"PK\x03\x04"])
def test_what_is_neither_pdf_nor_picture_is_refused(data: bytes, lines: Lines) -> None:
    with pytest.raises(ValidationError, match="PDFか写真"):
        taken("回答.pdf", data)
    assert only(lines, Event.UPLOAD_REFUSED)["code"] == "kind"


def test_what_is_kept_is_what_was_found_under_a_name_that_can_be_saved() -> None:
    data = paper("x")
    assert taken("../../回答\u202e.pdf.exe", data) == ("回答.pdf", data)
    name, kept = taken("IMG_1.HEIC", HEIC)
    assert (name, kept[:3]) == ("IMG_1.jpg", b"\xff\xd8\xff")
    assert b"Exif" not in taken("a.jpg", photo(place=True)).data


def test_nothing_is_kept_that_nobody_could_look_into(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scanner that is away never means clean, and neither does a child that cannot begin."""
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    with pytest.raises(ValidationError) as refused:
        taken("回答.pdf", paper("x"))
    assert refused.value.messages == [str(NOT_NOW)]
    settings.CLAMD_ADDRESS = ""
    monkeypatch.setattr(apart, "START", "raise SystemExit")
    with pytest.raises(ValidationError) as refused:
        taken("回答.pdf", paper("x"))
    assert refused.value.messages == [str(NOT_NOW)]


def test_a_virus_is_refused_in_every_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "scan", lambda _data: "infected")
    for kind in {CheckedFile, ScannedFile, SheetFile}:
        field = kind(label="書類", help_text="", most=1)
        with pytest.raises(ValidationError) as refused:
            field.clean(SimpleUploadedFile("a.csv", b"a,b"))
        assert refused.value.messages == [refusals.sentence("virus")]
