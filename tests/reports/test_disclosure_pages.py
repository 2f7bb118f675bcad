"""The pages of files in a copy: what is covered is gone from the pixels, nothing stands beneath, and
each page was looked at.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.urls import reverse
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from portal.cases.models import Case, Reading
from portal.cases.ports import Private
from portal.documents import apart, store
from portal.documents.kinds import PDF, PNG
from portal.documents.models import Document, StoredFile
from portal.notices.issue import draw
from portal.notices.models import Notice
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from reports.disclosure import binding, jobs, sheets
from reports.disclosure.models import Disclosure
from reports.disclosure.sheet_forms import SheetForm
from reports.disclosure.sheets import Box
from reports.disclosure.states import DisclosureState
from tests.conftest import World, check_files, draw_files
from tests.grants.test_completion import awarded
from tests.reports.test_public_copies import entered, received, streams, text_of

SECRET = "Hanako Toyohira"
KNOWN = [Private(text=SECRET, kind="person")]
RED = (220, 0, 0)


def paper(*, rotated: int = 0) -> bytes:
    """A page with a name, whose file says more of itself than it shows."""
    out = io.BytesIO()
    pen = Canvas(out, pagesize=A4)
    pen.setTitle(SECRET)
    pen.setAuthor(SECRET)
    pen.setFont("Helvetica", 14)
    pen.drawString(100, 700, f"Contact: {SECRET}, desk 3")
    pen.save()
    turned = io.BytesIO()
    with pikepdf.open(io.BytesIO(out.getvalue())) as pdf:
        pdf.pages[0].Rotate = rotated
        pdf.pages[0].CropBox = [50, 100, 595, 800]
        pdf.save(turned)
    return turned.getvalue()


def scan(*, mark: bool = True) -> bytes:
    """A picture with something red in its middle."""
    image = Image.new("RGB", (600, 800), "white")
    if mark:
        ImageDraw.Draw(image).rectangle((200, 300, 399, 399), fill=RED)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def attached(case: Case, data: bytes, kind: str, name: str) -> Document:
    file = store.put(data, kind, prefix="u")
    by = case.organisation.memberships.filter(left_at=None)[0].user
    return Document.objects.create(
        case=case, key="other", name=name, file=file, uploaded_by=by, frozen=True
    )


def case_with(world: World, *files: tuple[bytes, str, str]) -> Case:
    """A case in which these files are the only documents."""
    case = Case.objects.get(pk=awarded(world)[0].case.pk)
    Document.objects.filter(case=case).delete()
    for data, kind, name in files:
        attached(case, data, kind, name)
    check_files()
    draw_files(case)
    return case


def prepared(world: World, *files: tuple[bytes, str, str]) -> Disclosure:
    """A request of these documents, without the letters of the case, whose pages are prepared."""
    row = received(world, case_with(world, *files))
    left_out = {
        file["key"]: "対象ではないため"
        for file in row.files
        if not file["key"].startswith("document:")
    }
    perform(row, "choose", by=world.officer, left_out=left_out)
    for n, _file in Disclosure.objects.get(pk=row.pk).kept_files:
        jobs.prepare_disclosed_file(row.pk, n)
    return fresh(row)


def fresh(row: Disclosure) -> Disclosure:
    return Disclosure.objects.select_related("case").get(pk=row.pk)


def looked(world: World, row: Disclosure) -> Disclosure:
    """Every page looked at, as it was proposed."""
    for n, file in row.kept_files:
        for page, sheet in enumerate(file["sheets"] or []):
            boxes = sheets.boxes_of(sheet["boxes"])
            row = perform(row, "cover", by=world.officer, n=n, page=page, boxes=boxes)
    return row


def bound(world: World, row: Disclosure) -> bytes:
    row = perform(looked(world, row), "draft", by=world.officer)
    jobs.bind_disclosure(row.pk)
    row = fresh(row)
    assert row.file is not None
    return store.read(row.file)


def pictures(data: bytes) -> Iterator[Image.Image]:
    """Every picture in the file, as it is stored there."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for found in pdf.objects:
            if isinstance(found, pikepdf.Stream) and found.get("/Subtype") == "/Image":
                yield pikepdf.PdfImage(found).as_pil_image().convert("RGB")


def is_red(colour: tuple[int, ...]) -> bool:
    return colour[0] > 150 and colour[1] < 100


# -- where signs stand ---------------------------------------------------------------------------


@pytest.mark.parametrize("rotated", [0, 90, 180, 270])
def test_the_places_of_the_signs_are_where_their_ink_is(rotated: int) -> None:
    """Covered by what is proposed, the picture shows nothing more of the name than a blank page."""
    data = paper(rotated=rotated)
    pages, [(text, places)] = apart.written(data)
    assert pages == 1
    assert SECRET in text
    assert len(places) == len(text)
    boxes = sheets.proposed_boxes(text, places, KNOWN)
    [picture] = [Image.open(io.BytesIO(each)).convert("L") for each in apart.drawn(data, PDF)]
    inside = Image.new("L", picture.size, 255)
    for left, top, width, height, _ground in boxes:
        place = (
            left * picture.width // 1000,
            top * picture.height // 1000,
            -(-(left + width) * picture.width // 1000),
            -(-(top + height) * picture.height // 1000),
        )
        inside.paste(picture.crop(place), place[:2])
        picture.paste(255, place)
    assert inside.histogram()[0] > 0  # the ink of the name is under the boxes
    box = picture.point(lambda n: 255 * (n < 128)).getbbox()
    assert box is not None  # "Contact:" and "desk 3" are left
    assert boxes


def test_a_name_over_two_lines_is_covered_on_both() -> None:
    text = "Hanako\nToyohira"
    places: list[apart.Place] = [(10 * n, 100, 10 * n + 10, 120) for n in range(6)]
    places += [(0, 0, 0, 0)]
    places += [(10 * n, 130, 10 * n + 10, 150) for n in range(8)]
    assert sheets.proposed_boxes(text, places, KNOWN) == [
        Box(0, 100, 60, 20, "person"),
        Box(0, 130, 80, 20, "person"),
    ]


def test_a_page_with_too_many_names_is_covered_whole() -> None:
    text = "011-211-1234 " * 300
    places: list[apart.Place] = [
        (n % 900, 2 * (n % 13), n % 900 + 1, 2 * (n % 13) + 1) for n in range(len(text))
    ]
    assert sheets.proposed_boxes(text, places, []) == [Box(0, 0, 1000, 1000, "person")]


def test_places_that_do_not_fit_their_text_hide_no_fault() -> None:
    """What a child says of a hostile file may not agree with itself."""
    assert sheets.proposed_boxes("011-211-1234", [], []) == []


@pytest.mark.parametrize(
    ("after", "uncovered"),
    [
        ([Box(100, 100, 50, 20, "firm")], False),
        ([Box(0, 0, 1000, 1000, "person")], False),
        ([Box(100, 100, 40, 20, "person")], True),
        ([], True),
    ],
)
def test_a_box_is_taken_away_where_what_was_proposed_opens(
    after: list[Box], uncovered: bool
) -> None:
    offered = [Box(100, 100, 50, 20, "person")]
    assert sheets.is_uncovered(offered, offered, after) == uncovered
    assert not sheets.is_uncovered(offered, [], after)


# -- what is covered is gone ---------------------------------------------------------------------


def test_pictures_that_differ_under_a_box_alone_make_the_same_file(tmp_path: Path) -> None:
    made = []
    for n, mark in enumerate((True, False)):
        to = tmp_path / f"{n}.pdf"
        assert apart.burnt([(scan(mark=mark), [(330, 370, 340, 135)])], to) == 1
        made.append(to.read_bytes())
    assert made[0] == made[1]
    apart.burnt([(scan(), [])], tmp_path / "open.pdf")
    [shown] = pictures((tmp_path / "open.pdf").read_bytes())
    assert is_red(shown.getpixel((300, 350)))  # type: ignore[arg-type]


def test_a_box_grows_to_whole_pixels(tmp_path: Path) -> None:
    """200 of 600 pixels are no whole thousandths."""
    apart.burnt([(scan(), [(333, 375, 334, 125)])], tmp_path / "a.pdf")
    [shown] = pictures((tmp_path / "a.pdf").read_bytes())
    assert not any(is_red(colour) for _n, colour in shown.getcolors(600 * 800) or [])  # type: ignore[arg-type]


def test_what_is_covered_is_nowhere_in_the_copy(world: World) -> None:
    row = prepared(world, (paper(), PDF, "letter.pdf"), (scan(), PNG, "scan.png"))
    by_title = {file["title"]: n for n, file in row.kept_files}
    n = by_title["scan.png"]
    box = Box(330, 370, 340, 135, "person")
    row = perform(row, "cover", by=world.officer, n=n, page=0, boxes=[box])
    known = by_title["letter.pdf"]
    whole = Box(0, 100, 1000, 100, "person")
    row = perform(row, "cover", by=world.officer, n=known, page=0, boxes=[whole])
    data = bound(world, row)
    shown = list(pictures(data))
    assert len(shown) == 2
    assert not any(is_red(shown[k].getpixel((300, 350))) for k in (0, 1))  # type: ignore[arg-type]
    assert not any(SECRET.encode() in stream for stream in streams(data))
    told = text_of(data)
    assert "書類1" in told
    assert "desk" not in told  # pages are pictures: no text lies beneath them
    assert "書類1／1ページ" in told
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert SECRET not in str(pdf.docinfo)
        assert "/Metadata" not in pdf.Root


def test_the_same_case_shows_it_where_nothing_is_covered(world: World) -> None:
    """The control."""
    row = prepared(world, (scan(), PNG, "scan.png"))
    [shown] = pictures(bound(world, row))
    assert any(is_red(colour) for _n, colour in shown.getcolors(10**7) or [])  # type: ignore[arg-type]


# -- the work on a page --------------------------------------------------------------------------


def test_a_page_with_text_has_proposals_and_a_scan_has_none(world: World) -> None:
    case = awarded(world)[0].case
    name = case.organisation.memberships.filter(left_at=None)[0].user.email
    assert name.isascii()
    out = io.BytesIO()
    pen = Canvas(out, pagesize=A4)
    pen.drawString(100, 700, name)
    pen.save()
    row = prepared(world, (out.getvalue(), PDF, "a.pdf"), (scan(), PNG, "b.png"))
    found = {file["title"]: file["sheets"] for _n, file in row.kept_files}
    assert [len(each["boxes"]) for each in found["a.pdf"] or []] == [1]
    assert [len(each["boxes"]) for each in found["b.png"] or []] == [0]


def test_no_copy_is_drafted_before_each_page_was_looked_at(world: World) -> None:
    row = received(world, case_with(world, (scan(), PNG, "scan.png")))
    with pytest.raises(NotReady, match="用意しています"):
        perform(row, "draft", by=world.officer)
    row = prepared(world, (scan(), PNG, "scan.png"))
    with pytest.raises(NotReady, match="確かめていないページ"):
        perform(row, "draft", by=world.officer)
    assert perform(looked(world, row), "draft", by=world.officer).state == DisclosureState.DRAFTED


def test_a_file_without_pictures_is_left_out_or_stops_the_draft(world: World) -> None:
    row = received(world, case_with(world, (scan(), PNG, "scan.png")))
    n = next(n for n, file in enumerate(row.files) if file["title"] == "scan.png")
    StoredFile.objects.filter(pk=row.files[n]["file"]).update(pages=60, pictures=0)
    jobs.prepare_disclosed_file(row.pk, n)
    row = fresh(row)
    assert not row.files[n]["is_whole"]
    others = {file["key"]: "x" for k, file in enumerate(row.files) if k != n}
    row = perform(row, "choose", by=world.officer, left_out=others)
    with pytest.raises(NotReady, match="写しから外し"):
        perform(row, "draft", by=world.officer)
    every = others | {row.files[n]["key"]: "紙の写しを別に交付するため"}
    row = perform(row, "choose", by=world.officer, left_out=every)
    perform(row, "draft", by=world.officer)


def test_a_letter_is_bound_in_as_pictures_too(world: World) -> None:
    case = case_with(world)
    for notice in Notice.objects.filter(case=case):
        draw(notice)
    row = received(world, case)
    n, letter = next((n, file) for n, file in enumerate(row.files) if file["file"])
    jobs.prepare_disclosed_file(row.pk, n)
    jobs.prepare_disclosed_file(row.pk, n)  # a second time changes nothing
    found = fresh(row).files[n]
    assert letter["key"].startswith("notice:")
    assert found["is_whole"]
    assert len(found["sheets"] or []) == StoredFile.objects.get(pk=letter["file"]).pictures


def test_pages_that_are_being_drawn_are_waited_for(world: World) -> None:
    row = received(world, case_with(world, (scan(), PNG, "scan.png")))
    n = next(n for n, file in enumerate(row.files) if file["title"] == "scan.png")
    StoredFile.objects.filter(pk=row.files[n]["file"]).update(pictured_at=None)
    with pytest.raises(binding.Undrawn):
        jobs.prepare_disclosed_file(row.pk, n)


def test_a_copy_that_was_sent_back_is_bound_anew(world: World) -> None:
    row = prepared(world, (scan(), PNG, "scan.png"))
    row = perform(looked(world, row), "draft", by=world.officer)
    with pytest.raises(NotReady, match="写しを作っています"):
        perform(row, "decide", by=world.director)
    late = fresh(row)
    row = perform(row, "send_back", by=world.director, reason="印影が残っているため")
    row = perform(row, "draft", by=world.officer)
    binding.bind(late)  # a job of the first draft that ends after the second began
    assert fresh(row).file is None
    jobs.bind_disclosure(row.pk)
    row = perform(row, "decide", by=world.director)
    assert row.file is not None
    assert row.sha256 == row.file.sha256
    assert StoredFile.objects.filter(key__startswith="disclosures/").count() == 1


def test_a_page_is_looked_at_and_painted_on_its_page(world: World) -> None:
    row = prepared(world, (scan(), PNG, "scan.png"))
    n = row.kept_files[0][0]
    address = reverse("disclosure_sheet", args=[row.number, n, 0])
    officer = entered(world.officer)
    assert (
        reverse("disclosure_picture", args=[row.number, n, 0])
        in officer.get(address).content.decode()
    )
    box = {"left-1": "33.3", "top-1": "３７", "width-1": "33.4", "height-1": "90"}
    assert officer.post(address, {"left-1": "33", "ground-1": "person"}).status_code == 422
    answer = officer.post(address, box | {"ground-1": "firm"})
    assert answer.headers["Location"] == row.get_absolute_url()  # the last one
    [sheet] = fresh(row).files[n]["sheets"]
    assert sheet["boxes"] == [[333, 370, 334, 630, "firm"]]  # no wider than its page
    assert sheet["looked_by"] == world.officer.name
    officer.post(address, box | {"ground-1": "firm", "off-1": "on"})
    assert fresh(row).files[n]["sheets"][0]["boxes"] == []
    officer.post(address, {"whole": "on", "whole_ground": "person"})
    assert fresh(row).files[n]["sheets"][0]["boxes"] == [[0, 0, 1000, 1000, "person"]]
    assert entered(world.director).post(address, box).status_code == 403
    shown = entered(world.director).get(address).content.decode()
    assert "<rect" in shown
    assert "button--solid" not in shown.split("<main")[1]
    assert Reading.objects.filter(what="disclosure", person=world.director).exists()
    assert entered(world.director).get(address + "0/").status_code == 404
    far = reverse("disclosure_picture", args=[row.number, n, 7])
    assert officer.get(far).status_code == 404


def test_taking_a_proposed_box_away_asks_why() -> None:
    box, sent = Box(100, 100, 50, 20, "person"), {"off-1": "on", "left-1": "10"}
    for why, is_valid in (("", False), ("公表済みのため", True)):
        form = SheetForm(sent | {"why": why}, [box], [box], {"person": "個人"})
        assert form.is_valid() == is_valid


def test_the_pictures_of_a_page_are_looked_at_by_whoever_may_and_nobody_else(world: World) -> None:
    row = prepared(world, (scan(), PNG, "scan.png"))
    n = row.kept_files[0][0]
    address = reverse("disclosure_picture", args=[row.number, n, 0])
    answer = entered(world.officer).get(address)
    assert answer.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (600, 800)
    member = row.case.organisation.memberships.filter(left_at=None)[0].user
    assert entered(member).get(address).status_code == 404
    left_out = row.left_out | {row.files[n]["key"]: "対象外"}
    perform(row, "choose", by=world.officer, left_out=left_out)
    assert entered(world.officer).get(address).status_code == 404


def test_a_copy_of_pages_opens_as_a_document(world: World) -> None:
    data = bound(world, prepared(world, (scan(), PNG, "a.png"), (scan(), PNG, "b.png")))
    document = pypdfium2.PdfDocument(data)
    pages = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    assert all(f"{n}／{len(pages)}" in page for n, page in enumerate(pages, 1))
    assert [page[:3] for page in pages if page.startswith("書類1") or page.startswith("書類2")] == [
        "書類1",
        "書類2",
    ]
