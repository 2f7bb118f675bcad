"""What undoes a withholding is withheld with it: codes by which papers are verified, with their
pictures, and fingerprints; each for its own ground, and over as many lines as it takes.
"""

import io
import time

import pytest
from PIL import Image

from portal import clock
from portal.accounts.models import Delegation, User
from portal.audit.record import record
from portal.cases.ports import Private, private_texts
from portal.cases.private import of_firm
from portal.documents import apart, store
from portal.documents.kinds import PDF
from portal.notices.issue import draw
from portal.notices.models import Notice
from reports.disclosure import jobs, sheets
from reports.disclosure.masking import BLACK, masked, proposed
from reports.papers.notice import PICTURE
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.reports.test_disclosure_pages import case_with, fresh
from tests.reports.test_public_copies import received

CODE = "KHRR-7XDB-2M4N-PQ9Z"
HASH = "0123456789abcdef" * 4
ADDRESS = "札幌市中央区北一条西二丁目1番地"
WHERE = [Private(text=ADDRESS, kind="person")]


@pytest.mark.parametrize(
    ("line", "ground"),
    [
        (f"確認番号　{CODE}　https://x", "affairs"),
        (f"照合 {HASH[:12]}", "affairs"),
        (HASH, "affairs"),
        ("hanako@example.jp", "person"),
        ("090-1234-5678", "person"),
    ],
)
def test_each_kind_is_withheld_for_its_own_ground(line: str, ground: str) -> None:
    assert [found for _s, _e, found in proposed(line, [])] == [ground]


def test_the_telephone_of_the_office_is_open_and_that_of_a_person_is_not() -> None:
    known = [Private(text="011-211-2000", kind="office")]
    line = "担当　電話 011-211-2000、携帯 090-1234-5678"
    assert masked(line, proposed(line, known)) == f"担当　電話 011-211-2000、携帯 {BLACK}"


@pytest.mark.parametrize("below", ["2026年11月30日", "11-30", "0001"])
def test_no_part_of_an_open_telephone_is_taken_with_the_line_below(below: str) -> None:
    known = [Private(text="011-000-0002", kind="office")]
    text = f"電話 011-000-0002\r\n{below}"
    assert masked(text, proposed(text, known)) == text


def test_the_number_of_a_corporation_is_open(world: World) -> None:
    case = awarded(world)[0].case
    number = case.organisation.corporate_number
    line = f"法人番号 {number}"
    assert number
    assert masked(line, proposed(line, [])) != line
    assert masked(line, proposed(line, private_texts["cases"](case))) == line


@pytest.mark.parametrize("at", [8, 50, 60])
def test_a_fingerprint_over_two_lines_is_covered_on_both(at: int) -> None:
    text = f"SHA-256 {HASH[:at]}\r\n{HASH[at:]}"
    assert masked(text, proposed(text, [])) == f"SHA-256 {BLACK}"


def test_a_text_in_a_column_is_covered_on_each_of_its_lines() -> None:
    """Between its lines stands what is written in the column beside it."""
    text = f"2 所在地（登記に {ADDRESS[:5]}\r\nあるとおりの {ADDRESS[5:12]}\r\nもの） {ADDRESS[12:]}\r\n3 額"
    shown = masked(text, proposed(text, WHERE))
    assert shown == f"2 所在地（登記に {BLACK}\r\nあるとおりの {BLACK}\r\nもの） {BLACK}\r\n3 額"


def test_the_end_of_a_line_that_only_begins_alike_stays_open() -> None:
    text = f"本庁 {ADDRESS[:5]}\r\n別の場所"
    assert proposed(text, WHERE) == []


@pytest.mark.parametrize(
    "page",
    ["a" * 40_000, "a." * 20_000, "a@" * 20_000 + "b" * 20_000, "12-" * 15_000, "札\n" * 15_000],
    ids=["one letter", "dots", "at signs", "numbers", "short lines"],
)
def test_a_page_made_to_be_searched_for_ever_is_searched_in_moments(page: str) -> None:
    """It stops nobody else: a pattern that begins anew at each sign takes a quarter of a minute for it."""
    private = [Private(text=f"札幌商店{n}", kind="person") for n in range(40)]
    began = time.process_time()
    proposed(page, private)
    assert time.process_time() - began < 5


def test_a_page_on_which_a_text_leads_everywhere_is_withheld_as_a_whole() -> None:
    page = "ああ\n" * 6_600
    began = time.process_time()
    spans = proposed(page, [Private(text="あ" * 1_999 + "い", kind="secret")])
    assert [(start, end) for start, end, _ground in spans] == [(0, len(page))]
    assert time.process_time() - began < 5


def test_an_adviser_and_whoever_acted_are_proposed_to_be_covered(world: World) -> None:
    case = awarded(world)[0].case
    adviser, guest = (
        User.objects.create_user(f"{name}@firms.example", None, name=f"{name}野 太郎")
        for name in "架空"
    )
    begun = clock.today()
    Delegation.objects.create(
        adviser=adviser,
        organisation=case.organisation,
        starts_on=begun,
        ends_on=begun,
        granted_by=world.officer,
    )
    record(
        chain=f"case:{case.pk}",
        action="message.write",
        subject=f"case:{case.pk}",
        by=guest,
        capacity="person",
    )
    known = {private.text for private in of_firm(case)}
    assert {adviser.name, adviser.email, guest.name, guest.email} <= known
    assert world.officer.email not in known


def test_an_address_of_mail_is_found_whatever_stands_before_it() -> None:
    text = "連絡先：taro.yamada+a@mail.example.co.jp。x@y@z.example.jp"
    assert masked(text, proposed(text, [])) == f"連絡先：{BLACK}。x@{BLACK}"


def test_every_letter_of_a_case_hides_its_code_and_its_picture(world: World) -> None:
    case = case_with(world)
    for notice in Notice.objects.filter(case=case):
        draw(notice)
    row = received(world, case)
    seen = 0
    for n, file in enumerate(row.files):
        if not file["key"].startswith("notice:"):
            continue
        jobs.prepare_disclosed_file(row.pk, n)
        notice = Notice.objects.select_related("file").get(pk=file["key"].partition(":")[2])
        assert notice.file is not None
        _pages, written = apart.written(store.read(notice.file))
        for (text, places), sheet in zip(written, fresh(row).files[n]["sheets"], strict=True):
            boxes = sheets.boxes_of(sheet["boxes"])
            assert sheets.Box(*PICTURE, "affairs") in boxes
            at = text.index(notice.code)
            rows = sheets._rows(places[at : at + len(notice.code)])
            assert all(
                any(box.holds(sheets._box(each, box.ground)) for box in boxes) for each in rows
            )
            seen += 1
    assert seen >= 2


def test_the_picture_is_under_what_covers_it(world: World) -> None:
    """Left of the words at the foot there is no ink but that of the code's picture."""
    notice = draw(Notice.objects.get(case=world.submitted()[0].case))
    assert notice.file is not None
    [image] = [
        Image.open(io.BytesIO(each)).convert("L")
        for each in list(apart.drawn(store.read(notice.file), PDF))[:1]
    ]
    left, top, width, height = PICTURE
    strip = image.crop(
        (
            0,
            (top - 2) * image.height // 1000,
            (left + width) * image.width // 1000,
            image.height,
        )
    ).point(lambda n: 255 * (n < 128))
    box = strip.getbbox()
    assert box is not None
    above = (top - 2) * image.height // 1000
    assert box[0] >= left * image.width // 1000
    assert box[1] + above >= top * image.height // 1000
    assert box[3] + above <= (top + height) * image.height // 1000 + 1


def test_a_case_knows_the_codes_of_its_letters_and_how_its_office_is_reached(world: World) -> None:
    case = awarded(world)[0].case
    found = {(each.kind, each.text) for each in private_texts["notices"](case)}
    letters = Notice.objects.filter(case=case)
    assert {code for kind, code in found if kind == "code"} == {each.code for each in letters}
    assert {text for kind, text in found if kind == "office"} == {
        each.facts["phone"] for each in letters
    }
