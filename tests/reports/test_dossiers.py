"""The whole of a case: in one volume and packed, with what its reader may see, for a day."""

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case, Reading
from portal.cases.ports import dossier_parts
from portal.documents import apart, store
from portal.documents.kinds import OFFICE, PDF, PNG, Unfit
from portal.documents.models import Document, StoredFile
from portal.notices.models import Notice
from reports.dossiers import contents, making
from reports.dossiers.models import KEPT, Dossier
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.roles import granted, never_granted


def made(case: Case, person: User, form: str) -> bytes:
    dossier = making.wanted(case, person, form)
    making.make(dossier)
    assert dossier.file is not None
    return b"".join(store.streamed(dossier.file))


def texts(data: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]


def entered(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_every_part_has_its_place_in_the_order() -> None:
    assert sorted(contents.ORDER) == sorted(dossier_parts)


def test_the_volume_holds_every_part_and_paper_under_its_page(world: World) -> None:
    case = awarded(world)[0].case
    pages = texts(made(case, world.officer, "pdf"))
    whole = "\n".join(pages)
    for said in (
        case.organisation.name,
        "第1版",
        "照会",
        "起案",
        "交付決定額",
        "記録（古い順）",
        Notice.objects.filter(case=case)[0].number,
        Document.objects.filter(case=case)[0].file.sha256,
    ):
        assert said in whole, said
    assert all(f"{n}／{len(pages)}" in page for n, page in enumerate(pages, 1))
    listed = [line for line in pages[1].splitlines() if line.split("　")[0].isdigit()]
    assert listed
    titles = [piece.label for piece in contents.pieces(case, world.officer)]
    for n, label in enumerate(titles, 1):
        start = next(k for k, page in enumerate(pages, 1) if k > 2 and f"{n}　{label}" in page)
        assert any(line.startswith(f"{n}　{label}") for line in pages[1].splitlines()), label
        assert str(start) in pages[1]


def test_a_bound_page_shows_what_stands_in_the_file(world: World) -> None:
    application, _person = world.submitted()
    case = application.case
    notice = Notice.objects.filter(case=case)[0]
    pages = texts(made(case, world.officer, "pdf"))
    assert any("この通知書が本物かどうか" in page and notice.number in page for page in pages)


def test_what_only_deciders_read_is_not_in_the_volume_of_others(world: World) -> None:
    case = awarded(world)[0].case
    officer = {piece.label for piece in contents.pieces(case, world.officer)}
    finance = {piece.label for piece in contents.pieces(case, world.staff["accountant"])}
    assert officer - finance >= {"決裁"}
    assert "請求と支払い" not in officer - finance


def test_the_zip_has_an_index_with_the_hash_of_each_file(world: World) -> None:
    application, _person = world.submitted()
    case = application.case
    document = Document.objects.filter(case=case).select_related("file")[0]
    with zipfile.ZipFile(io.BytesIO(made(case, world.officer, "zip"))) as pack:
        rows = list(csv.DictReader(io.StringIO(pack.read("00_目次.csv").decode("utf-8-sig"))))
        assert {row["ファイル"] for row in rows} == set(pack.namelist()) - {"00_目次.csv"}
    assert document.file.sha256 in {row["SHA-256"] for row in rows}


def test_a_copy_is_kept_until_something_happens_or_its_day_is_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, _person = world.submitted()
    case = application.case
    made(case, world.officer, "zip")
    first = Dossier.objects.get()
    assert making.wanted(case, world.officer, "zip").pk == first.pk
    granted(world.officer.staff_roles.all(), role="approver")
    other = User.objects.get(pk=world.officer.pk)
    case.seen_by = None
    second = making.wanted(case, other, "zip")
    assert second.pk != first.pk  # by another role another copy
    Dossier.objects.update(asked_at=clock.now() - KEPT - timedelta(minutes=1))
    making.sweep()
    assert not Dossier.objects.exists()
    assert not StoredFile.objects.filter(key__startswith="dossiers/").exists()


def test_asking_draws_taking_is_kept_as_a_reading(world: World) -> None:
    application, person = world.submitted()
    number = application.case.number
    page, file = reverse("dossier", args=[number]), reverse("dossier_file", args=[number, "zip"])
    client = entered(world.officer)
    assert client.get(file).status_code == 302
    assert "作っています" in client.get(page).content.decode()
    assert not Reading.objects.filter(what="case.dossier").exists()
    making.make(Dossier.objects.get())
    answer = client.get(file)
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert Reading.objects.get(what="case.dossier").subject == "dossier:zip"
    for other in (person, world.outsider, world.staff["reviewer"]):
        assert entered(other).get(file).status_code in (403, 404)


def test_who_no_longer_sees_the_case_gets_no_copy(world: World) -> None:
    application, _person = world.submitted()
    dossier = making.wanted(application.case, world.officer, "zip")
    never_granted(world.officer.staff_roles.all())
    dossier.person = User.objects.get(pk=world.officer.pk)
    making.make(dossier)
    assert not Dossier.objects.exists()


def test_what_stands_in_fields_is_bound_and_links_are_not(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 300))
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.com/")
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action
    )
    page.Annots = pikepdf.Array([link])
    out = io.BytesIO()
    pdf.save(out)
    assert apart.flattened(out.getvalue(), PDF, tmp_path / "flat.pdf") == 1
    volume = pikepdf.new()
    volume.add_blank_page(page_size=(595, 842))
    frame = io.BytesIO()
    volume.save(frame)
    apart.filled(frame.getvalue(), [tmp_path / "flat.pdf"], [(0, 0, 0)], tmp_path / "whole.pdf")
    with pikepdf.open(tmp_path / "whole.pdf") as whole:
        assert "/Annots" not in whole.pages[0]
    assert b"example.com" not in (tmp_path / "whole.pdf").read_bytes()


def test_an_office_file_is_not_bound(tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="unbound"):
        apart.flattened(b"PK", OFFICE, tmp_path / "flat.pdf")


def test_three_hundred_pages_are_bound_in_a_quarter_of_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = Image.effect_noise((1000, 1400), 90)
    out = io.BytesIO()
    noise.convert("RGB").save(out, "PNG")
    files = [tmp_path / f"{n}.pdf" for n in range(30)]
    for file in files:
        assert apart.flattened(out.getvalue(), PNG, file) == 1
    volume = pikepdf.new()
    for _n in range(300):
        volume.add_blank_page(page_size=(595, 842))
    frames = io.BytesIO()
    volume.save(frames)
    small = apart.Limits(cpu=120, wall=240, memory=256 * apart.MB, written=512 * apart.MB)
    monkeypatch.setitem(apart.LIMITS, apart.FILL, small)
    plan = [(n % 30, 0, n) for n in range(300)]
    apart.filled(frames.getvalue(), files, plan, tmp_path / "whole.pdf")
    with pikepdf.open(tmp_path / "whole.pdf") as whole:
        assert len(whole.pages) == 300
