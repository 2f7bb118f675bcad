"""Notices on paper: text copied out equals text put in; a missing glyph is an error; fonts are
embedded.
"""

import io
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from grants.applications import formal
from portal.notices import public
from portal.notices.issue import draw
from portal.notices.models import Notice
from portal.workflow.door import perform
from reports.papers import fonts, notice, sheet
from tests.conftest import World

RARE = "髙﨑𠮷野濵邉靑⑴①㈱"


def drawn(world: World, name: str) -> tuple[Notice, bytes]:
    application, _person = world.submitted()
    found = Notice.objects.get(case=application.case)
    found.facts["to"] = [name, f"代表取締役　{RARE}　様"]
    found.save()
    return found, notice.draw(found)


@pytest.mark.poppler
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is absent")
def test_what_is_copied_out_equals_what_was_put_in(world: World, tmp_path: Path) -> None:
    found, data = drawn(world, f"株式会社{RARE}商店")
    path = tmp_path / "n.pdf"
    path.write_bytes(data)
    text = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    flat = "".join(text.split())
    for part in (
        f"株式会社{RARE}商店",
        f"代表取締役{RARE}様",
        found.code,
        found.number,
        found.case.receipt_number,
        "受付票",
    ):
        assert "".join(part.split()) in flat
    names = subprocess.run(
        ["pdffonts", str(path)], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    assert names
    assert all("NotoSerif" in line and " yes yes " in line for line in names)


NAMES = (  # with what copying it out gives: 〓 for what no typeface has, nothing for what is not seen
    ("株式会社😀", "株式会社😀"),
    ("张 伟", "张伟"),
    ("홍길동", "홍길동"),
    ("Łukasz Żółć", "ŁukaszŻółć"),
    ("Ελένη", "Ελένη"),
    ("Жанна", "Жанна"),
    ("黃麗娟", "黃麗娟"),
    ("𰻞𰻞麺", "𰻞𰻞麺"),
    ("髙﨑𠮷㐂", "髙﨑𠮷㐂"),
    ("①②㈱™€№→☎≒", "①②㈱™€№→☎≒"),
    ("辻\U000e0100　神\ufe00\t社", "辻神社"),
    ("आ\ue000店", "〓〓店"),
)


@pytest.mark.poppler
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is absent")
@pytest.mark.parametrize(("name", "copied"), NAMES)
def test_a_paper_is_drawn_for_every_name_and_nothing_becomes_a_box(
    world: World, tmp_path: Path, name: str, copied: str
) -> None:
    _found, data = drawn(world, name)
    path = tmp_path / "n.pdf"
    path.write_bytes(data)
    text = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert copied in "".join(text.split())


def test_what_is_no_letter_at_all_is_never_drawn_as_a_box() -> None:
    for code in range(0x20):
        assert chr(code) not in fonts.drawable(chr(code)) or chr(code) == "\n"
    assert fonts.drawable("葛\U000e0101飾\tか\u3099\u200d") == "葛飾 か\u3099"


def test_each_typeface_holds_only_what_those_before_it_lack() -> None:
    taken: set[int] = set()
    for name in fonts._FILES:
        held = set(fonts.register(name).charToGlyph) - {0, 13, 32, 160}
        assert held - taken
        assert len(held & taken) <= 10, name
        taken |= held


def test_signs_of_japanese_computers_are_drawn_whole() -> None:
    """Every sign of Windows' Shift JIS and of JIS X 0213, but the private ones."""
    for encoding in ("cp932", "euc_jis_2004"):
        signs = [
            chr(code) for code in range(0x20, 0x30000) if unicodedata.category(chr(code)) != "Co"
        ]
        known = "".join(sign for sign in signs if sign.encode(encoding, "ignore"))
        assert len(known) > 7000
        assert fonts.missing(known) == ""


@given(st.text(max_size=60))
def test_any_text_can_be_measured_broken_and_drawn(text: str) -> None:
    paper = sheet.Sheet("題")
    paper.block(60, 300, text)
    assert paper.done().startswith(b"%PDF")


def test_a_41_letter_name_and_many_defects_stay_on_their_pages(world: World) -> None:
    application, _person = world.submitted()
    for n in range(12):
        formal.raise_defect(
            application,
            by=world.officer,
            part=f"p{n}",
            part_label="見積書",
            cite="要綱 第6条第4号",
            text="長い説明。" * 40,
        )
    application = perform(application, "return_for_correction", by=world.officer)
    found = Notice.objects.get(case=application.case, kind="correction")
    found.facts["to"] = ["社" * 41, "様"]
    with pikepdf.open(io.BytesIO(notice.draw(found))) as pdf:
        assert len(pdf.pages) > 1


def test_lines_never_exceed_their_width_nor_begin_with_a_full_stop() -> None:
    fonts.register()
    lines = sheet.wrap("この補助金は、事業が終わってから受け取ります。" * 6 + "A" * 200, 300)
    assert all(line[0] not in "、。" for line in lines)
    assert "".join(lines) == "この補助金は、事業が終わってから受け取ります。" * 6 + "A" * 200


@pytest.mark.parametrize("before", range(9))
def test_no_line_ends_with_a_bracket_that_opens(before: int) -> None:
    fonts.register()
    text = "額" * before + "（補助金等「に」係る）" * 4
    lines = sheet.wrap(text, 60)
    assert "".join(lines) == text
    assert [line for line in lines if line[-1] in "（「"] == []


@pytest.mark.parametrize(("rows", "pages"), [(11, 2), (14, 2), (15, 3), (29, 4)])
def test_a_condition_is_never_torn_by_the_end_of_its_page(
    world: World, rows: int, pages: int
) -> None:
    """Two and three lines by turns; what is a little too much for one sheet is written closer."""
    found, _data = drawn(world, "receipt")
    found.facts["annex"] = [
        f"始め{n}" + "条" * (40 + 60 * (n % 2)) + f"終り{n}" for n in range(rows)
    ]
    pdf = pypdfium2.PdfDocument(io.BytesIO(notice.draw(found)))
    texts = [page.get_textpage().get_text_range() for page in pdf]
    assert len(texts) == pages
    for n in range(rows):
        assert [f"始め{n}条" in text for text in texts] == [f"終り{n}\r" in text for text in texts]


def test_drawing_is_done_once_and_marks_the_notice_delivered(world: World) -> None:
    application, _person = world.submitted()
    found = draw(Notice.objects.get(case=application.case))
    assert (found.state, found.file is not None) == ("delivered", True)
    assert draw(found).version == found.version


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("株式会社北の窓", "株式会社北＊＊＊"),
        ("一般社団法人 豊平会", "一般社団法人 豊＊＊＊"),
        ("山田太郎　御中", "山＊＊＊"),
        ("", "＊＊＊"),
    ],
)
def test_a_verified_paper_says_of_its_addressee_the_first_sign(name: str, shown: str) -> None:
    assert public.masked(name) == shown


def test_anyone_with_the_code_can_verify_and_learns_no_name(world: World, client: Client) -> None:
    application, _person = world.submitted()
    found = Notice.objects.get(case=application.case)
    code = found.code.replace("-", " ").lower()
    page = client.get(f"/verify/?code={code}", follow=True)
    text = page.content.decode()
    assert all(value in text for value in (found.number, found.title, "札幌市が発行した通知書です"))
    firm = application.case.organisation
    private = [firm.name, firm.representative_name, application.case.receipt_number]
    private += [text for row in found.facts["files"] for text in (row[0], row[2])]
    assert found.facts["files"]
    assert [each for each in private if each in text] == []
    assert public.addressee(found) in text
    assert client.get("/verify/?code=AAAA-AAAA-AAAA-AAAA").status_code == 422
