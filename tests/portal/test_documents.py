"""Files from the form to the ZIP: what is kept and under which name; real S3 over HTTP, a real scanner, and what happens
when they are down. What is refused: test_hostile_files.py.
"""

import base64
import hashlib
import io
import json
import shutil
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pypdfium2
import pytest
import requests
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.http import StreamingHttpResponse
from django.test import Client
from moto.server import ThreadedMotoServer
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from grants.applications.models import Application
from portal import clock
from portal.documents import apart, direct, jobs, names, scanner, store
from portal.documents.inside import drawing
from portal.documents.kinds import Unfit
from portal.documents.models import Document, StoredFile
from portal.events import Event
from portal.notices.models import Notice
from portal.ui.models import Use
from reports.papers import case_zip, fonts
from tests.conftest import World, check_files, draw_files
from tests.lines import Lines, only
from tests.markup import one_line
from tools.demonstration.simulation import paper
from tools.demonstration.simulation.files import attach

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def photo(colour: str = "white", *, rotated: bool = False) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    if rotated:
        exif[0x0112] = 6
    Image.new("RGB", (300, 200), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def sent(client: Client, application: Application, *files: tuple[str, bytes]) -> list[Document]:
    """Sent by the form, and looked into by the job."""
    url = f"/apply/{application.case.number}/documents/"
    given = {"key": "quote", "file": [SimpleUploadedFile(name, data) for name, data in files]}
    assert client.post(url, given).status_code == 302
    return checked(application)


def checked(application: Application) -> list[Document]:
    check_files()
    draw_files(application.case)
    return list(Document.objects.filter(case=application.case).select_related("file"))


def test_several_photographs_become_one_upright_pdf(world: World, client: Client) -> None:
    application, person = world.draft(complete=False)
    client.force_login(person)
    [document] = sent(
        client, application, ("p.jpg", photo()), ("q.jpg", photo("grey", rotated=True))
    )
    pages = pypdfium2.PdfDocument(store.read(document.file))
    assert [pages[n].get_width() > pages[n].get_height() for n in (0, 1)] == [True, False]
    pages.close()
    assert (document.name, document.file.pages, document.file.pictures) == ("p.pdf", 2, 2)
    assert store.page_image(document.file, 1).startswith(b"\x89PNG")
    assert store.faults() == []
    page = one_line(client.get(f"/apply/{application.case.number}/documents/"))
    assert "2枚の写真を1つのPDFにまとめました" in page


@pytest.mark.parametrize("data", [photo(rotated=True), paper("x")])
def test_one_photograph_or_a_pdf_of_the_firm_was_put_together_by_nobody(
    world: World, client: Client, data: bytes
) -> None:
    application, person = world.draft(complete=False)
    client.force_login(person)
    [document] = sent(client, application, ("p", data))
    assert (document.file.is_taken, document.file.photographs) == (True, 0)
    assert "まとめました" not in one_line(
        client.get(f"/apply/{application.case.number}/documents/")
    )


@pytest.mark.parametrize(
    ("typed", "content_type", "handed_out"),
    [
        ("見積書.pdf", "application/pdf", "見積書.pdf"),
        ("見積書.PDF", "application/pdf", "見積書.PDF"),
        ("見積書.hta", "application/pdf", "見積書.pdf"),
        ("a.pdf.exe", "application/pdf", "a.pdf"),
        ("請求書.html", "image/png", "請求書.png"),
        ("写真.jpeg", "image/jpeg", "写真.jpeg"),
        ("見積2026.11.26", "application/pdf", "見積2026.11.26.pdf"),
        ("見積書", "application/pdf", "見積書.pdf"),
        (".bat", "application/pdf", "bat.pdf"),
        ("NUL.txt", "application/pdf", "_NUL.pdf"),
        ("あ" * 300 + ".hta", "application/pdf", "あ" * 65 + ".pdf"),
    ],
)
def test_a_file_is_handed_out_under_the_ending_of_its_checked_kind(
    typed: str, content_type: str, handed_out: str
) -> None:
    assert names.named(names.clean(typed, fonts.missing), content_type) == handed_out


def test_a_name_that_says_another_kind_is_kept_nowhere(world: World, client: Client) -> None:
    application, person = world.draft(complete=False)
    document = attach(application.case, key="other", name="見積書.hta", data=paper("x"), by=person)
    assert document.name == "見積書.pdf"
    Document.objects.filter(pk=document.pk).update(
        name="古い行.bat"
    )  # as stored before names were checked
    client.force_login(person)
    answer = client.get(f"/documents/{document.pk}/original")
    assert unquote(answer.headers["Content-Disposition"]).endswith("古い行.pdf")
    with zipfile.ZipFile(
        io.BytesIO(client.get(f"/cases/{application.case.number}/case.zip").getvalue())
    ) as archive:
        assert "documents/other_古い行.pdf" in archive.namelist()


def test_letters_with_a_mark_of_their_own_are_joined_in_names() -> None:
    apart = "か\u3099め\u3099ん.pdf"
    # め゛ has no single letter and stays
    assert names.clean(apart, fonts.missing) == "がめ\u3099ん.pdf"
    assert names.clean("福\ufa1b神\ufa19.pdf", fonts.missing) == "福\ufa1b神\ufa19.pdf"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ([("a.pdf", paper("a")), ("b.pdf", paper("b"))], ["a.pdf", "b.pdf"]),
        ([("a.pdf", paper("a")), ("p.jpg", photo())], ["a.pdf", "p.jpg"]),
        ([("a.pdf", paper("a")), ("p.jpg", photo()), ("q.jpg", photo("grey"))], ["a.pdf", "p.pdf"]),
        ([("p.jpg", photo()), ("q.jpg", photo("grey"))], ["p.pdf"]),
    ],
)
def test_several_files_at_once_are_all_kept(
    world: World, client: Client, sent: list[tuple[str, bytes]], kept: list[str]
) -> None:
    application, person = world.draft(complete=False)
    client.force_login(person)
    files = [SimpleUploadedFile(name, data) for name, data in sent]
    answer = client.post(
        f"/apply/{application.case.number}/documents/", {"key": "other", "file": files}
    )
    assert answer.status_code == 302
    assert (
        sorted(Document.objects.filter(case=application.case).values_list("name", flat=True))
        == kept
    )


def test_of_several_files_the_one_at_fault_is_named_and_none_is_kept(
    world: World, client: Client
) -> None:
    application, person = world.draft(complete=False)
    client.force_login(person)
    files = [SimpleUploadedFile("a.pdf", paper("a")), SimpleUploadedFile("b.exe", b"MZ")]
    answer = client.post(
        f"/apply/{application.case.number}/documents/", {"key": "other", "file": files}
    )
    assert (answer.status_code, "「b.exe」" in answer.content.decode()) == (422, True)
    assert not Document.objects.filter(case=application.case).exists()


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\見積.pdf", "見積.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("", "file"),
        ("あ" * 300 + ".pdf", "あ" * 65 + ".pdf"),
        ("a" * 300, "a" * 200),
        ("\u2066\u200b請求\x00書\x1b.pdf\u2029", "請求書.pdf"),
        ("con.pdf", "_con.pdf"),
        ("COM1", "_COM1"),
        ("Lpt9 .tar.gz", "_Lpt9 .tar.gz"),
        ("concert.pdf", "concert.pdf"),
        ('見積<1>:"A"|?*.pdf', "見積＜1＞：”A”｜？＊.pdf"),
        (" ..hidden.pdf. . ", "hidden.pdf"),
        ("..", "file"),
        ("आ\ue000張伟.pdf", "〓〓張伟.pdf"),
    ],
)
def test_names_can_do_no_harm(name: str, clean: str) -> None:
    assert names.clean(name, fonts.missing) == clean


def test_a_wrong_file_is_told_on_its_field_and_everything_else_is_kept(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    client.force_login(person)
    url = f"/apply/{application.case.number}/documents/"
    answer = client.post(url, {"key": "quote", "file": SimpleUploadedFile("x.exe", b"MZ")})
    assert answer.status_code == 422
    assert 'id="err-quote"' in answer.content.decode()
    assert Document.objects.live().filter(case=application.case).count() == 1


def test_a_hash_that_differs_means_the_file_changed_on_the_way(
    world: World, client: Client
) -> None:
    application, person = world.draft(complete=False)
    client.force_login(person)
    given = {"key": "quote", "sha256": "0" * 64, "file": SimpleUploadedFile("a.pdf", paper("a"))}
    answer = client.post(f"/apply/{application.case.number}/documents/", given)
    assert (answer.status_code, "送る途中" in answer.content.decode()) == (422, True)
    assert not Document.objects.filter(case=application.case).exists()


def test_originals_come_only_as_attachments(world: World, client: Client) -> None:
    application, _person = world.submitted()
    client.force_login(world.officer)
    document = Document.objects.filter(case=application.case).first()
    answer = client.get(f"/documents/{document.pk}/original")  # type: ignore[union-attr]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (
        answer.headers["X-Content-Type-Options"],
        "sandbox" in answer.headers["Content-Security-Policy"],
    ) == (
        "nosniff",
        True,
    )


def test_a_file_not_yet_scanned_opens_for_nobody_else(world: World, client: Client) -> None:
    application, _person = world.submitted()
    document = Document.objects.filter(case=application.case).first()
    assert document is not None
    StoredFile.objects.filter(pk=document.file_id).update(scan="pending")
    client.force_login(world.officer)
    assert client.get(f"/documents/{document.pk}/").status_code == 404


# -- real parts ----------------------------------------------------------------------------------------------------------
def test_the_same_on_s3_over_http(world: World, s3: ThreadedMotoServer) -> None:
    application, _person = world.submitted()
    assert store.faults() == []
    document = Document.objects.filter(case=application.case).first()
    assert document is not None
    default_storage.delete(document.file.key)
    assert store.faults() == [f"{document.file.key}: missing"]


def test_page_images_are_drawn_once_by_a_job_and_kept(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, person = world.draft(complete=False)
    client.force_login(person)
    [document] = sent(client, application, ("p.jpg", photo()), ("q.jpg", photo("grey")))
    now = store.page_image(document.file, 1)
    monkeypatch.setattr(apart, "drawn", lambda *_a: pytest.fail("drawn a second time"))
    jobs.draw_pages(document.file_id)
    assert store.page_image(document.file, 1) == now
    assert store.faults() == []
    default_storage.delete(f"pages/{document.file_id}/1.png")
    assert store.faults() == [f"pages/{document.file_id}/1.png: missing"]


def send_straight(client: Client, number: str, data: bytes) -> str:
    """As the browser does: a ticket from the portal, the file to the storage; returns the token to hand in."""
    ticket = client.post(f"/cases/{number}/uploads/").json()
    answer = requests.post(ticket["url"], data=ticket["fields"], files={"file": data}, timeout=10)
    assert answer.status_code == 204
    return str(ticket["token"])


def incoming() -> list[str]:
    return [found.key for found in default_storage.bucket.objects.filter(Prefix=store.INCOMING)]  # type: ignore[attr-defined]


def test_a_file_goes_straight_to_the_storage_and_is_checked_there(
    world: World, s3: ThreadedMotoServer, client: Client
) -> None:
    application, person = world.draft(complete=False)
    client.force_login(person)
    number = application.case.number
    token, url = send_straight(client, number, paper("a")), f"/apply/{number}/documents/"
    given = {
        "key": "quote",
        "token": token,
        "name": "見積.pdf",
        "sha256": hashlib.sha256(paper("a")).hexdigest(),
    }
    assert client.post(url, given).status_code == 302
    document = Document.objects.get(case=application.case)
    assert (document.name, store.read(document.file), incoming()) == ("見積.pdf", paper("a"), [])
    assert client.post(url, given).status_code == 422  # a ticket is for once
    bad = send_straight(client, number, b"MZ\x90\x00")
    answer = client.post(url, {"key": "quote", "token": bad, "name": "a.pdf"})
    assert (answer.status_code, "この種類" in answer.content.decode(), incoming()) == (
        422,
        True,
        [],
    )


def test_what_a_ticket_may_carry_is_spent_as_it_is_given(
    world: World, s3: ThreadedMotoServer, client: Client
) -> None:
    """What is sent and never handed in lies there, too."""
    application, person = world.draft(complete=False)
    client.force_login(person)
    page = f"/cases/{application.case.number}/uploads/"

    def spent() -> int:
        return Use.objects.filter(what="bytes").aggregate(n=Sum("amount"))["n"] or 0

    ticket = client.post(page, {"size": "100"}).json()
    assert spent() == 100
    policy = json.loads(base64.b64decode(ticket["fields"]["policy"]))
    assert ["content-length-range", 1, 100] in policy["conditions"]
    for sent, is_taken in ((101, False), (100, True)):  # also where the storage takes more
        files = {"file": b"x" * sent}
        requests.post(ticket["url"], data=ticket["fields"], files=files, timeout=10)
        with nullcontext() if is_taken else pytest.raises(Unfit, match="ticket"):
            direct.arrived(ticket["token"], application.case, by=person)
    for size in ("", "no number", "0", str(10**12)):
        assert client.post(page, {"size": size}).status_code == 200
    assert spent() == 100 + 3 * settings.UPLOAD_MAX_BYTES + 1
    token = send_straight(client, application.case.number, paper("a"))
    before = spent()
    given = {"key": "quote", "token": token, "name": "見積.pdf"}
    assert client.post(f"/apply/{application.case.number}/documents/", given).status_code == 302
    assert spent() == before  # not once more as it is taken in


def test_photographs_sent_straight_become_one_pdf(
    world: World, s3: ThreadedMotoServer, client: Client
) -> None:
    application, person = world.draft(complete=False)
    client.force_login(person)
    tokens = [
        send_straight(client, application.case.number, photo(colour))
        for colour in ("white", "grey")
    ]
    given = {"key": "quote", "token": tokens, "name": ["IMG_1.jpg", "IMG_2.jpg"]}
    assert client.post(f"/apply/{application.case.number}/documents/", given).status_code == 302
    [document] = checked(application)
    assert (document.name, document.file.pages, incoming()) == ("IMG_1.pdf", 2, [])
    assert store.faults() == []


def test_a_ticket_is_for_one_case_and_one_person(
    world: World, s3: ThreadedMotoServer, client: Client
) -> None:
    one, person = world.draft(complete=False)
    other, stranger = world.draft(complete=False)
    client.force_login(person)
    token = send_straight(client, one.case.number, paper("a"))
    assert client.post(f"/cases/{other.case.number}/uploads/").status_code == 404
    client.force_login(stranger)
    given = {"key": "quote", "token": token, "name": "a.pdf"}
    assert client.post(f"/apply/{other.case.number}/documents/", given).status_code == 422
    assert (
        client.post(
            f"/apply/{other.case.number}/documents/", given | {"token": token[:-2]}
        ).status_code
        == 422
    )
    assert not Document.objects.filter(case=other.case).exists()
    assert len(incoming()) == 1


def test_what_takes_the_place_of_what_was_weighed_is_not_read(
    world: World, s3: ThreadedMotoServer
) -> None:
    application, person = world.draft(complete=False)
    ticket = direct.ticket(application.case, settings.UPLOAD_MAX_BYTES, by=person)

    def send(data: bytes) -> None:
        requests.post(ticket["url"], data=ticket["fields"], files={"file": data}, timeout=30)

    send(paper("a"))
    weighed = direct.arrived(ticket["token"], application.case, by=person)
    assert direct.read(weighed) == paper("a")
    send(paper("a") * 100)
    with pytest.raises(Unfit, match="changed"):
        direct.read(weighed)


def test_what_was_never_handed_in_is_swept_after_a_day(
    world: World, s3: ThreadedMotoServer, client: Client
) -> None:
    application, person = world.draft(complete=False)
    client.force_login(person)
    send_straight(client, application.case.number, paper("a"))
    assert (direct.sweep(), store.faults()) == (0, [])
    with clock.at(clock.now() + timedelta(hours=25)):
        assert direct.sweep() == 1
    assert incoming() == []


def test_without_s3_there_is_no_ticket(world: World, client: Client) -> None:
    application, person = world.draft(complete=False)
    client.force_login(person)
    assert client.post(f"/cases/{application.case.number}/uploads/").status_code == 404


def test_storage_down_is_told_and_nothing_is_lost(
    world: World, s3: ThreadedMotoServer, client: Client
) -> None:
    application, person = world.draft(complete=False)
    s3.stop()
    default_storage.connection.meta.client.meta.config.retries = {"max_attempts": 0}  # type: ignore[attr-defined]
    client.force_login(person)
    answer = client.post(
        f"/apply/{application.case.number}/documents/",
        {"key": "quote", "file": SimpleUploadedFile("a.pdf", paper("a"))},
    )
    assert answer.status_code == 503
    assert "保管庫につながりません" in answer.content.decode()


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real clamd with one signature of our own for EICAR (the official ones need the network)."""
    program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        pytest.skip("clamav-daemon is absent")
    home = tmp_path_factory.mktemp("clamd")
    (home / "db").mkdir()
    (home / "db" / "eicar.ndb").write_text(f"Eicar-Test:0:*:{EICAR.hex()}\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = home / "clamd.conf"
    config.write_text(
        f"DatabaseDirectory {home}/db\nTCPSocket {port}\nTCPAddr 127.0.0.1\nForeground yes\nLogFile {home}/log\n"
    )
    for path in (home, home / "db", home / "db" / "eicar.ndb", config):
        path.chmod(0o755 if path.is_dir() else 0o644)
    process = subprocess.Popen(
        [program, "--config-file", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(100):
        with socket.socket() as link:
            if link.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


@pytest.mark.clamd
def test_a_virus_is_refused_and_a_clean_file_is_marked_clean(
    world: World, clamd: str, settings: Settings, client: Client
) -> None:
    settings.CLAMD_ADDRESS = clamd
    application, person = world.draft(complete=False)
    client.force_login(person)
    assert scanner.scan(EICAR) == "infected"
    [infected] = sent(client, application, ("v.pdf", paper("x") + b"\n" + EICAR))
    assert (infected.file.refusal, default_storage.exists(infected.file.key)) == ("virus", False)
    page = client.get(f"/apply/{application.case.number}/documents/")
    assert "ウイルスが見つかりました" in page.content.decode()
    clean = sent(client, application, ("a.pdf", paper("a")))[-1]
    assert clean.file.scan == "clean"


def test_a_dead_scanner_never_means_clean(
    world: World, settings: Settings, client: Client, lines: Lines
) -> None:
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    application, person = world.draft(complete=False)
    client.force_login(person)
    [document] = sent(client, application, ("a.pdf", paper("a")))
    assert (document.file.is_taken, document.file.scan, document.file.is_open_to_others) == (
        True,
        "pending",
        False,
    )
    lines.clear()
    with pytest.raises(scanner.ScannerDown):
        jobs.scan_file(document.file_id)
    assert only(lines, Event.SCANNER_AWAY)["code"] == "ConnectionRefusedError"


def test_a_virus_found_later_in_a_draft_is_told(
    world: World, settings: Settings, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    application, person = world.draft(complete=False)
    client.force_login(person)
    [document] = sent(client, application, ("a.pdf", paper("a")))
    monkeypatch.setattr(scanner, "scan", lambda _data: "infected")
    jobs.scan_file(document.file_id)
    document.file.refresh_from_db()
    assert document.file.refusal == "virus"
    page = client.get(f"/apply/{application.case.number}/documents/")
    assert "ウイルスが見つかりました" in page.content.decode()


def test_the_zip_of_a_case_holds_answers_documents_and_notices(
    world: World, client: Client
) -> None:
    application, person = world.submitted()
    client.force_login(person)
    answer = client.get(f"/cases/{application.case.number}/case.zip")
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        names = [Path(name).parent.name for name in archive.namelist()]
    assert sorted(set(names)) == ["answers", "documents", "notices"]


def test_the_zip_of_a_case_comes_file_by_file(world: World, client: Client) -> None:
    application, person = world.submitted()
    client.force_login(person)
    answer = client.get(f"/cases/{application.case.number}/case.zip")
    assert isinstance(answer, StreamingHttpResponse)
    parts = [bytes(part) for part in answer]
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        files = archive.infolist()
    assert {file.compress_type for file in files} == {zipfile.ZIP_STORED}
    assert len(parts) == len(files) + 1 > 2  # one after the other, then the list of all


def test_a_case_holds_so_much_and_no_more(world: World, client: Client, settings: Settings) -> None:
    application, person = world.draft()
    held = sum(row.file.size for row in application.case.documents.all())
    client.force_login(person)
    page = f"/apply/{application.case.number}/documents/"
    data = paper("x")
    for room, status in ((len(data) - 1, 422), (len(data), 302)):
        settings.CASE_MAX_BYTES = held + room
        given = {"key": "other", "file": SimpleUploadedFile("a.pdf", data)}
        answer = client.post(page, given)
        assert answer.status_code == status
        assert ("要らない書類を消す" in answer.content.decode()) is (status == 422)


def test_what_cannot_be_had_is_named_in_the_zip_and_takes_nothing_along(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    application, person = world.submitted()

    def broken(_notice: Notice) -> bytes:
        raise ValueError("a paper that cannot be drawn")

    monkeypatch.setattr(case_zip, "draw", broken)
    client.force_login(person)
    answer = client.get(f"/cases/{application.case.number}/case.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        names = archive.namelist()
        absent = archive.read("入れられなかったファイル.txt").decode()
    assert any(name.startswith("documents/") for name in names)
    assert "受付票" in absent
    assert only(lines, Event.ARCHIVE_INCOMPLETE)["of"] == f"case:{application.case_id}"
    assert ProcrastinateJob.objects.filter(task_name="draw_paper", args__paper="notice").exists()


def test_the_image_of_a_page_of_any_shape_stays_within_its_pixels() -> None:
    for wide, high in ((595, 842), (20, 14_400), (14_400, 20), (3, 14_400), (0.5, 0.5)):
        scale = drawing.scale(wide, high)
        assert wide * scale <= 1100 + 1e-6
        assert high * scale <= drawing.MAX_HEIGHT + 1e-6
    assert drawing.scale(595, 842) * 595 == pytest.approx(1100)
