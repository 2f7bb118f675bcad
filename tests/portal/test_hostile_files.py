"""Uploads are hostile: what is taken, what is refused and in which words, and that nothing a file does reaches the worker."""

import io
import os
import socket
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, TestCase
from pikepdf import Dictionary, Name, String
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from grants.applications import drafts, instead, submit
from grants.applications.attempts import STOPPED
from portal import clock
from portal.audit.models import Event as AuditEvent
from portal.documents import apart, checking, jobs, kinds, receiving, refusals, store
from portal.documents.apart import Limits
from portal.documents.handing_in import BeingChecked
from portal.documents.inside import drawing
from portal.documents.inside.found import Found
from portal.documents.inside.main import examined
from portal.documents.kinds import DOCX, JPEG, PDF, PNG, XLSX, Unfit
from portal.documents.models import Document, StoredFile
from portal.events import Event
from portal.workflow.errors import NotReady
from tests.conftest import World, check_files
from tests.lines import Lines, of, only
from tests.portal import hostile, misbehaving
from tests.portal.hostile import (
    annotated,
    defaulted,
    field,
    fields,
    link,
    office,
    opens_with,
    pdf,
    relation,
    sheet,
    typed_as,
    word,
)
from tools.demonstration.simulation import paper

HEIC = (Path(__file__).parent / "samples" / "photo.heic").read_bytes()
EXCEL = "xl/workbook.xml"
KEYWORD, CITY = 25, 90  # of IPTC
NO_PRINTING = pikepdf.Permissions(
    print_lowres=False, print_highres=False, extract=False, modify_other=False
)


def photo(*, turned: bool = False, place: bool = False, mode: str = "JPEG") -> bytes:
    """60 × 40, red on the left."""
    image, out, exif = Image.new("RGB", (60, 40), "red"), io.BytesIO(), Image.Exif()
    image.paste((0, 0, 255), (30, 0, 60, 40))
    if turned:
        exif[0x0112] = 6
    if place:
        exif.get_ifd(0x8825)[1] = "N"
    if mode == "MPO":  # two in one file, as some cameras write them
        image.save(out, mode, save_all=True, append_images=[image])
    else:
        image.save(out, mode, exif=exif)
    return out.getvalue()


def placed(code: int) -> bytes:
    """A photograph with one word of IPTC."""
    word = b"\x1c\x02" + bytes([code]) + b"\x00\x07Sapporo"
    block = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + len(word).to_bytes(4) + word
    data = photo()
    return data[:2] + b"\xff\xed" + (len(block) + 2).to_bytes(2) + block + data[2:]


def texted(name: str) -> bytes:
    """A PNG with a text of this name."""
    image, out, said = Image.new("RGB", (60, 40), "red"), io.BytesIO(), PngInfo()
    image.paste((0, 0, 255), (30, 0, 60, 40))
    said.add_text(name, "x")
    image.save(out, "PNG", pnginfo=said)
    return out.getvalue()


def looked(data: bytes) -> Found:
    """What its check finds, without a child."""
    return examined(data, kinds.sniff(data[: kinds.HEAD]))


# -- what is taken -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (paper("x"), PDF),
        (pdf(encryption=pikepdf.Encryption(owner="o", user="", allow=NO_PRINTING)), PDF),
        (link(S=Name.URI, URI=String("https://www.city.sapporo.jp/")), PDF),
        (link(S=Name.URI, URI=String("mailto:a@city.sapporo.jp")), PDF),
        (link(S=Name.GoTo, D=String("top")), PDF),
        (link(S=Name.Named, N=Name.NextPage), PDF),
        (opens_with(S=Name.GoTo, D=String("top")), PDF),
        (hostile.of_size(20, 14_400), PDF),
        (photo(), JPEG),
        (photo() + bytes(3), JPEG),
        (placed(KEYWORD), JPEG),
        (photo(mode="PNG"), PNG),
        (texted("Software"), PNG),
        (office({}), DOCX),
        (office({}, EXCEL), XLSX),
        (
            office({"word/_rels/document.xml.rels": relation("hyperlink", "https://x.example/")}),
            DOCX,
        ),
        (
            office({"word/_rels/document.xml.rels": relation("image", "media/1.png", "Internal")}),
            DOCX,
        ),
        (office({"word/document2.xml": word("PAGE ")}), DOCX),
        (office(fields(field(" IF ", field("PAGE"), " = 1 a b"), field("LISTNUM"))), DOCX),
        (office(fields(field("=", field("PAGE"), "+1", says="2"))), DOCX),
        (office(fields(field("TOC \\o", says=field("PAGEREF _1", says="3")))), DOCX),
        (office({"xl/worksheets/sheet1.xml": sheet("SUM('a|b'!A1)&quot;|&quot;")}, EXCEL), XLSX),
    ],
)
def test_what_is_taken_as_it_is(data: bytes, content_type: str) -> None:
    found = looked(data)
    assert (found.content_type, found.made) == (content_type, None)


@pytest.mark.parametrize(
    ("data", "stands", "pixel"),
    [
        (photo(turned=True), (40, 60), (20, 5)),
        (photo(place=True), (60, 40), (5, 20)),
        (photo(mode="MPO"), (60, 40), (5, 20)),
        (photo(mode="PNG", turned=True), (40, 60), (20, 5)),
        (HEIC, (64, 48), (5, 20)),
        (placed(CITY), (60, 40), (5, 20)),
        (texted("Raw profile type iptc"), (60, 40), (5, 20)),
        (photo() + photo(place=True), (60, 40), (5, 20)),
        (photo(mode="PNG") + photo(mode="PNG"), (60, 40), (5, 20)),
    ],
    ids=["turned", "place", "mpo", "png", "heic", "iptc", "raw", "behind", "behind_png"],
)
def test_a_photograph_becomes_an_upright_jpeg_that_does_not_say_where_it_was_taken(
    data: bytes, stands: tuple[int, int], pixel: tuple[int, int]
) -> None:
    found = looked(data)
    assert (found.content_type, found.made is not None) == (JPEG, True)
    with Image.open(io.BytesIO(found.made or b"")) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", stands, {})
        red, _green, blue = image.convert("RGB").getpixel(pixel)  # type: ignore[misc]
    assert red > 200 > 60 > blue


# -- what is refused -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00", "kind"),
        (b"<html><script>", "kind"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "kind"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x00\x00", "kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "old_office"),
        (b"%PDF-1.7 broken", "broken_pdf"),
        (pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "password"),
        # PDF that acts
        (opens_with(S=Name.JavaScript, JS=String("app.alert(1)")), "active_pdf"),
        (opens_with(S=Name.URI, URI=String("https://x.example/")), "active_pdf"),
        (link(S=Name.SubmitForm, F=String("https://x.example/")), "active_pdf"),
        (link(S=Name.Launch, F=String("a.exe")), "active_pdf"),
        (link(S=Name.GoToR, F=String(r"\\server\share\a.pdf")), "active_pdf"),
        (link(S=Name.GoToE, T=Dictionary(R=Name.C)), "active_pdf"),
        (link(S=Name.ImportData, F=String("a.fdf")), "active_pdf"),
        (link(S=Name.Rendition), "active_pdf"),
        (link(S=Name.Named, N=Name.Print), "active_pdf"),
        (link(S=Name.Unheard), "active_pdf"),
        (link(S=Name.URI, URI=String("javascript:alert(1)")), "active_pdf"),
        (link(S=Name.URI, URI=String(" java\nscript:alert(1)")), "active_pdf"),
        (link(S=Name.URI, URI=String("file:///etc/passwd")), "active_pdf"),
        (link(S=Name.URI, URI=String(r"\\server\share")), "active_pdf"),
        (
            link(S=Name.GoTo, D=String("a"), Next=Dictionary(S=Name.Launch, F=String("a"))),
            "active_pdf",
        ),
        (annotated(Subtype=Name.Link, AA=Dictionary(K=Dictionary(S=Name.GoTo))), "active_pdf"),
        (pdf(hostile.script_by_name), "active_pdf"),
        (pdf(hostile.based_elsewhere), "active_pdf"),
        (
            pdf(hostile.drawn_elsewhere(Ref=Dictionary(F=String(r"\\server\a.pdf"), Page=0))),
            "active_pdf",
        ),
        (pdf(hostile.drawn_elsewhere(OPI=Dictionary())), "active_pdf"),
        (annotated(Subtype=Name("/3D")), "attached_pdf"),
        (annotated(Subtype=Name.RichMedia), "attached_pdf"),
        (annotated(Subtype=Name.FileAttachment), "attached_pdf"),
        (pdf(hostile.attach), "attached_pdf"),
        # pictures
        (photo()[:50], "broken_image"),
        (photo()[:-300], "broken_image"),
        # Office files that run or reach out
        (office({"word/../../../tmp/x.xml": "<a/>"}), "broken_zip"),
        (office({"..\\..\\x.bin": "x"}), "broken_zip"),
        (office({"word/vbaProject.bin": "x"}), "macros"),
        (office({"word/embeddings/oleObject1.bin": "x"}), "macros"),
        (
            office(
                {
                    "[Content_Types].xml": '<T ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
                }
            ),
            "macros",
        ),
        (office({"xl/macrosheets/sheet1.xml": "<a/>"}, EXCEL), "macros"),
        (office({"word/afchunk1.htm": "x"}), "macros"),
        (
            office(
                {
                    "word/_rels/settings.xml.rels": relation(
                        "attachedTemplate", "https://x.example/t.dotm"
                    )
                }
            ),
            "linked_office",
        ),
        (
            office({"word/_rels/document.xml.rels": relation("oleObject", r"\\server\a")}),
            "linked_office",
        ),
        (
            office({"word/_rels/document.xml.rels": relation("image", "http://x.example/1.png")}),
            "linked_office",
        ),
        (
            office({"word/_rels/document.xml.rels": relation("hyperlink", "file://server/a")}),
            "linked_office",
        ),
        (office({"word/header1.xml": word("DDEAUTO c:\\\\cmd.exe")}), "linked_office"),
        (office({"word/document2.xml": word(" D", "DE ", "excel")}), "linked_office"),
        (
            office(
                {
                    "word/document2.xml": '<d><fldSimple instr="INCLUDETEXT &quot;http://x&quot;"/></d>'
                }
            ),
            "linked_office",
        ),
        (office({"xl/externalLinks/externalLink1.xml": "<a/>"}, EXCEL), "linked_office"),
        (office({"xl/connections.xml": "<a/>"}, EXCEL), "linked_office"),
        (office({"x/main.xml": word("DDEAUTO c:\\\\cmd.exe")}), "linked_office"),
        (office({"word/document2.xml": word("QUOTE 68 68 69 65 85 84 79")}), "linked_office"),
        (office(fields(field(field('QUOTE "DDE"'), " excel"))), "linked_office"),
        (office(fields(field(" D", field('QUOTE "DE"'), " excel"))), "linked_office"),
        (office(fields(field("D", "<w:t>DE</w:t>", " excel"))), "linked_office"),
        (office(fields(field("D", field("PAGE"), "DE excel"))), "linked_office"),
        (office(fields(field('<w:fldSimple w:instr="REF a"/>', " excel"))), "linked_office"),
        (office(fields(field("IF ", field(field("REF a"), " excel"), " 1 1"))), "linked_office"),
        (
            office({"_rels/.rels": relation("officeDocument", "x/main.xml", "Internal")}),
            "broken_zip",
        ),
        (
            office({"word/_rels/document.xml.rels": relation("aFChunk", "p.rtf", "Internal")}),
            "macros",
        ),
        (
            office({"word/_rels/document.xml.rels": relation("oleObject", "a.bin", "Internal")}),
            "macros",
        ),
        (
            office({"word/_rels/x.rels": relation("image", "//evil/a.png", " External")}),
            "linked_office",
        ),
        (office({"zz/s.xml": sheet("cmd|'/c calc'!A1")}, EXCEL), "linked_office"),
        (office({"xl/s.xml": sheet('WEBSERVICE("https://a.example")')}, EXCEL), "linked_office"),
        (office({"xl/s.xml": sheet(r'HYPERLINK("\\\\evil\\x.exe")')}, EXCEL), "linked_office"),
        (office({"x/a.bin": "<a/>", **typed_as("/x/a.bin", "application/x+xml")}), "broken_zip"),
        (office({"word/many.xml": "<a>" + "<b/>" * 1_000_000 + "</a>"}), "zip_bomb"),
        (office({"xl/worksheets/sheet1.xml": sheet("cmd|'/c calc'!A0")}, EXCEL), "linked_office"),
        (office({"word/x.xml": "<a>"}), "broken_zip"),
        (office({"word/_rels/settings.xml.rels": defaulted("External")}), "doctype"),
        (office({"xl/_rels/workbook.xml.rels": defaulted("Internal")}, EXCEL), "doctype"),
        (office({"[Content_Types].xml": "<!DOCTYPE Types><Types/>"}), "doctype"),
        (office({"_rels/.rels": '<!DOCTYPE a SYSTEM "https://x.example/a.dtd"><a/>'}), "doctype"),
        (office({"word/a.vml": "<!DOCTYPE a [<!ATTLIST a b CDATA '1'>]><a/>"}), "doctype"),
        (office({}, "readme.txt"), "archive"),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Unfit) as refused:
        looked(data)
    assert refused.value.code == code


def test_each_refusal_has_its_words_and_says_what_to_do() -> None:
    said = {code: refusals.sentence(code) for code in refusals._SENTENCES}
    assert all(words.endswith("。") and "%" not in words for words in said.values())
    assert "保存し直" in said["active_pdf"]
    assert "20MB" in said["too_large"]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"x")
        archive.writestr("xl/big.xml", b"0" * (210 * 1024 * 1024))
    return out.getvalue()


def entities() -> bytes:
    """A billion letters, in a few lines."""
    rows = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    text = f'<!DOCTYPE d [<!ENTITY a0 "0123456789">{rows}]><w:d xmlns:w="w"><w:instrText>&a8;</w:instrText></w:d>'
    return office({"word/document2.xml": text})


def twins() -> bytes:
    """Two parts of one name: Word may read the one that nobody looked into."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("word/document.xml", "WORD/document.xml"):
            archive.writestr(name, "<w/>")
    return out.getvalue()


def test_a_part_of_an_office_file_reads_no_other_file(tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    beside.write_text("DDEAUTO c")  # would be refused for it if it were read

    def instruction(entity: str) -> bytes:
        part = f"<!DOCTYPE d [<!ENTITY a {entity}>]><d><instrText>&a;</instrText></d>"
        return office({"word/document2.xml": part})

    for entity in (f'SYSTEM "{beside.as_uri()}"', '"DDEAUTO c"'):
        with pytest.raises(Unfit) as refused:
            looked(instruction(entity))
        assert refused.value.code == "doctype"


# -- what would take too much: through the form, the job and its child --------------------------
class Sender:
    """An applicant at the form, and the job that looks into what was sent."""

    def __init__(self, world: World, client: Client) -> None:
        self.application, self.person = world.draft()
        self.client = client
        self.url = f"/apply/{self.application.case.number}/documents/"
        client.force_login(self.person)

    def send(self, data: bytes, name: str = "見積書.pdf", key: str = "other") -> Document:
        given = {"key": key, "file": SimpleUploadedFile(name, data)}
        assert self.client.post(self.url, given).status_code == 302
        return Document.objects.filter(case=self.application.case).latest("pk")

    def checked(self, document: Document) -> StoredFile:
        check_files()
        jobs.draw_pages(document.file_id)
        return StoredFile.objects.get(pk=document.file_id)

    def page(self) -> str:
        return self.client.get(self.url).content.decode()


@pytest.fixture
def sender(world: World, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sender:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return Sender(world, client)


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda: hostile.crowded(120_000), {"complex_pdf"}),
        (lambda: hostile.written(b"[" + b"<</A<<>>>>" * 260_000 + b"]"), {"complex_pdf", "slow"}),
        (
            lambda: hostile.written(b"[" + (b"[" * 400 + b"]" * 400) * 12_000 + b"]"),
            {"complex_pdf", "slow"},
        ),
        (lambda: hostile.endless(20_000_000), {"heavy", "slow"}),
        (lambda: hostile.endless(4_000_000, before=2), {"heavy"}),
        (lambda: hostile.endless(4_000_000, before=2, Subtype=Name.Image), {"heavy"}),
        (lambda: hostile.png(12_000, 12_500), {"large_image"}),
        (bomb, {"zip_bomb"}),
        (entities, {"doctype"}),
        (twins, {"broken_zip"}),
    ],
    ids=[
        "objects",
        "wide",
        "nested",
        "endless",
        "later",
        "disguised",
        "png",
        "zip",
        "entities",
        "twins",
    ],
)
def test_what_would_take_too_much_is_refused_with_a_sentence_and_the_next_file_is_taken(
    sender: Sender, make: Callable[[], bytes], codes: set[str], lines: Lines
) -> None:
    document = sender.send(make())
    file = sender.checked(document)
    assert file.refusal in codes
    assert not default_storage.exists(file.key)
    assert refusals.sentence(file.refusal) in sender.page()
    assert only(lines, Event.UPLOAD_REFUSED)["code"] == file.refusal
    assert sender.checked(sender.send(paper("next"))).is_taken
    assert folders() == []


def test_what_has_no_page_that_can_be_drawn_is_refused(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first page is drawn while it is checked, in the same child."""
    file = sender.checked(sender.send(hostile.without_a_page()))
    assert file.refusal == "undrawn"
    assert "写真に撮って" in sender.page()


def test_a_page_as_long_as_a_pdf_can_say_is_taken_and_drawn_small(sender: Sender) -> None:
    file = sender.checked(sender.send(hostile.of_size(20, 14_400)))
    assert (file.is_taken, file.pictures) == (True, 1)
    with Image.open(io.BytesIO(store.page_image(file, 0))) as image:
        assert image.size == (14, drawing.MAX_HEIGHT)


@pytest.mark.parametrize(
    ("does", "code", "event"),
    [
        ("hang", "slow", Event.CHECK_STOPPED),
        ("spin", "slow", Event.CHECK_STOPPED),
        ("swell", "heavy", Event.CHECK_STOPPED),
        ("fall", "broken", Event.CHECK_FAILED),
        ("flood", "broken", Event.CHECK_FAILED),
    ],
)
def test_whatever_a_file_does_to_its_child_the_worker_goes_on(
    sender: Sender,
    monkeypatch: pytest.MonkeyPatch,
    does: str,
    code: str,
    event: Event,
    lines: Lines,
) -> None:
    document = sender.send(paper("x"))
    with monkeypatch.context() as patch:
        told(patch, does, Limits(cpu=1 if does == "spin" else 20, wall=3 if does == "hang" else 60))
        started = time.monotonic()
        file = sender.checked(document)
    assert file.refusal == code
    assert time.monotonic() - started < 60  # seconds; a loaded machine takes most of them
    assert refusals.sentence(code) in sender.page()
    assert (len(of(lines, event)), len(of(lines, Event.UPLOAD_REFUSED))) == (1, 1)
    assert sender.checked(sender.send(paper("next"))).is_taken
    assert folders() == []


def told(patch: pytest.MonkeyPatch, does: str, limits: Limits) -> None:
    """The child does this instead of looking."""
    task = f"tests.portal.misbehaving:{does}"
    patch.setattr(apart, "EXAMINE", task)
    patch.setitem(apart.LIMITS, task, limits)


def folders() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob("portal-file-*"))


def test_what_a_killed_worker_left_behind_is_removed_by_the_next(sender: Sender) -> None:
    left, at_work = (Path(tempfile.gettempdir()) / f"portal-file-{name}" for name in ("a", "b"))
    for folder in (left, at_work):
        folder.mkdir()
        (folder / "in").write_bytes(b"x")
    os.utime(left, (0, 0))
    sender.checked(sender.send(paper("x")))
    assert folders() == [at_work]


def test_a_child_has_no_network_no_environment_no_connection_and_starts_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_SECRET", "x")
    assert connection.connection.fileno()  # the worker's own, open beside the child
    with socket.create_server(("127.0.0.1", 0)) as server, monkeypatch.context() as patch:
        told(patch, "spy", Limits())
        with pytest.raises(Unfit) as reached:
            apart.examined(f"%PDF- {server.getsockname()[1]}".encode(), PDF)
    assert reached.value.code == "nothing"


def test_the_spy_finds_what_is_not_kept_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "execv", lambda *_a: None)
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = misbehaving.spy(f"%PDF- {server.getsockname()[1]}".encode(), PDF)["refused"]
    assert {"env:PATH", "network"} <= set(str(found).split())


def test_a_child_that_cannot_begin_is_our_fault_and_the_file_goes_on_waiting(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = sender.send(paper("x"))
    told(monkeypatch, "no_such_task", Limits())
    with pytest.raises(apart.NotLooked):
        jobs.check_file(document.file_id)
    assert StoredFile.objects.get(pk=document.file_id).is_being_checked


def test_pages_that_cannot_be_drawn_are_said_and_the_file_stays(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    document = sender.send(paper("x"))
    monkeypatch.setattr(apart, "DRAW", "tests.portal.misbehaving:hang")
    monkeypatch.setitem(apart.LIMITS, "tests.portal.misbehaving:hang", Limits(wall=2))
    file = sender.checked(document)
    assert (file.is_taken, file.is_being_drawn, file.pictures) == (True, False, 0)
    assert only(lines, Event.PAGES_UNDRAWN)["code"] == "slow"
    viewer = sender.client.get(f"/documents/{document.pk}/").content.decode()
    assert "画面には表示できません" in viewer
    assert sender.client.get(f"/documents/{document.pk}/pages/0.png").status_code == 404


# -- while it is checked -------------------------------------------------------------------------
def test_a_file_is_being_checked_for_some_seconds_and_the_form_goes_on(sender: Sender) -> None:
    document = sender.send(paper("x"), key="other")
    assert "確認しています" in sender.page()
    assert "data-waits" in sender.page()
    number = sender.application.case.number
    for address in (f"/documents/{document.pk}/", f"/documents/{document.pk}/original"):
        assert sender.client.get(address).status_code == 404
    assert "ファイルを確認しています" in sender.client.get(f"/apply/{number}/").content.decode()
    review = sender.client.get(f"/apply/{number}/review/").content.decode()
    assert ("being-checked" in review, "data-waits" in review, 'name="seen"' in review) == (
        True,
        True,
        True,
    )
    sender.checked(document)
    assert "data-waits" not in sender.page()
    assert sender.client.get(f"/documents/{document.pk}/original").status_code == 200


def test_submitting_waits_for_the_check_and_the_press_can_be_honoured(sender: Sender) -> None:
    document = sender.send(HEIC, "IMG_1.HEIC")
    with pytest.raises(BeingChecked, match=r"IMG_1\.HEIC"):
        submit.submit(sender.application, by=sender.person)
    attempt = sender.application.attempts.get()
    assert (attempt.outcome, attempt.outcome in STOPPED) == ("checking", True)
    sender.checked(document)
    assert attempt.draft_hash == drafts.draft_hash(sender.application)  # though it is a JPEG now
    done = submit.submit(sender.application, by=sender.person)
    names = [row["name"] for row in done.last_version.content["documents"]]  # type: ignore[union-attr]
    assert "IMG_1.jpg" in names


def test_what_was_refused_is_never_left_out_in_silence(sender: Sender) -> None:
    document = sender.send(link(S=Name.Launch, F=String("a.exe")), "仕様書.pdf")
    sender.checked(document)
    with pytest.raises(NotReady, match=r"受け付けられなかったファイルがあります：仕様書\.pdf"):
        submit.submit(sender.application, by=sender.person)
    sender.send(paper("again"), "仕様書2.pdf")  # sent anew, it is put away
    assert "受け付けられませんでした" not in sender.page()
    check_files()
    submit.submit(sender.application, by=sender.person)


def test_a_refused_file_counts_for_nothing_and_can_be_put_away(sender: Sender) -> None:
    required = sender.application.call.stated.documents[0].key
    Document.objects.filter(case=sender.application.case, key=required).delete()
    document = sender.send(b"%PDF-1.7 broken", key=required)
    sender.checked(document)
    assert instead.missing(sender.application) != []
    remove = f"/apply/{sender.application.case.number}/documents/{document.pk}/remove/"
    assert sender.client.post(remove).status_code == 302
    assert "受け付けられませんでした" not in sender.page()


def test_files_that_wait_long_are_said_to_the_operator(sender: Sender, lines: Lines) -> None:
    document = sender.send(paper("x"))
    jobs.watch_files(timestamp=0)
    assert of(lines, Event.FILES_WAITING) == []
    with clock.at(clock.now() + timedelta(minutes=11)):
        jobs.watch_files(timestamp=0)
    assert only(lines, Event.FILES_WAITING)["rows"] == 1
    sender.checked(document)


# -- two at once ---------------------------------------------------------------------------------
def test_a_check_that_ends_after_the_file_was_removed_tells_nobody(sender: Sender) -> None:
    document = sender.send(HEIC, "IMG_1.HEIC")
    store.remove(document, by=sender.person)
    file = sender.checked(document)
    assert (file.is_taken, file.content_type) == (True, JPEG)
    assert not AuditEvent.objects.filter(action="document.convert").exists()
    assert "IMG_1" not in sender.page()
    assert store.faults() == []


def test_the_same_check_twice_keeps_one_object(sender: Sender) -> None:
    document = sender.send(HEIC, "IMG_1.HEIC")
    both = [StoredFile.objects.get(pk=document.file_id) for _ in range(2)]
    with TestCase.captureOnCommitCallbacks(execute=True):
        for file in both:  # each read the row before the other had written it
            checking.check(file)
    first = StoredFile.objects.get(pk=document.file_id)
    assert (first.sha256 == first.sent_sha256, first.is_taken) == (False, True)
    assert AuditEvent.objects.filter(action="document.convert").count() == 1
    assert store.faults() == []


def test_a_refusal_does_not_undo_what_another_check_took(sender: Sender) -> None:
    document = sender.send(paper("x"))
    stale = StoredFile.objects.get(pk=document.file_id)
    sender.checked(document)
    with TestCase.captureOnCommitCallbacks(execute=True):
        checking.refuse(stale, "slow")
    file = StoredFile.objects.get(pk=document.file_id)
    assert (file.is_taken, default_storage.exists(file.key)) == (True, True)


def test_two_workers_on_the_same_file_keep_one_object(committed_world: World) -> None:
    application, person = committed_world.draft(complete=False)
    document = receiving.receive(
        application.case, key="other", name="IMG_1.HEIC", data=HEIC, kind=kinds.HEIF, by=person
    )
    both = [StoredFile.objects.get(pk=document.file_id) for _ in range(2)]

    def work(file: StoredFile) -> None:
        try:
            checking.check(file)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, both))
    assert store.faults() == []
    assert AuditEvent.objects.filter(action="document.convert").count() == 1


# -- who reads it afterwards ---------------------------------------------------------------------
def test_a_removed_document_is_read_by_nobody_and_no_browser_keeps_its_pages(
    sender: Sender,
) -> None:
    document = sender.send(paper("x"))
    sender.checked(document)
    page = f"/documents/{document.pk}/pages/0.png"
    answer = sender.client.get(page)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    store.remove(document, by=sender.person)
    for address in (page, f"/documents/{document.pk}/", f"/documents/{document.pk}/original"):
        assert sender.client.get(address).status_code == 404
