"""A copy under the city's ordinance: what is withheld is nowhere in it, and two people made it."""

import io
from collections.abc import Iterator
from datetime import date, timedelta

import pikepdf
import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from grants.applications import secrecy
from grants.payments.accounts import BankAccount
from portal import clock, fiscal
from portal.cases.models import Case, Reading
from portal.cases.ports import Private, private_texts
from portal.documents import store
from portal.workflow.door import begin, perform
from portal.workflow.errors import Refused, WrongState
from reports.disclosure import copy, grounds, jobs, receiving
from reports.disclosure.forms import LineForm
from reports.disclosure.masking import BLACK, lines_of, masked, proposed, words
from reports.disclosure.models import Disclosure
from reports.disclosure.states import DisclosureState
from reports.dossiers.contents import Piece
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.workdays import WORKDAYS

# what is known, and a line that it is to be withheld from
WRITINGS = [
    ("0112111234", "person", "電話は(011)211-1234です"),
    ("0112111234", "person", "０１１．２１１．１２３４ まで"),
    ("011-211-1234", "person", "+81 11 211 1234"),
    ("011-211-1234", "person", "+81-(0)11-211-1234"),
    ("豊平 花子", "person", "担当は豊平花子です"),
    ("豊平花子", "person", "担当は豊平です"),
    ("髙﨑 恵", "person", "高崎　恵 様"),
]


@pytest.mark.parametrize(("known", "kind", "line"), WRITINGS)
def test_what_is_known_is_withheld_however_it_is_written(known: str, kind: str, line: str) -> None:
    spans = proposed(line, [Private(text=known, kind=kind)])
    left = masked(line, spans)
    assert BLACK in left
    assert not any(sign.isdigit() for sign in left)
    assert not set("豊平花子高崎恵") & set(left)


@pytest.mark.parametrize(
    ("line", "is_number"),
    [
        ("電話 011-777-8888", True),
        ("(011) 777-8888", True),
        ("+81 90 1234 5678", True),
        ("09012345678", True),
        ("+81112112111", True),
        ("+81-(0)11-211-1234", True),
        ("011-2111234", True),
        ("地番 1-2-345", False),
        ("受付 R8-12-0045", False),
        ("100 200 3000", False),
        ("2026年 11 2026", False),
        ("2026-01-05 10:30", False),
        ("金額 1,234,567円", False),
        ("2026-11-28", False),
    ],
)
def test_a_telephone_number_is_withheld_though_nobody_knows_it(line: str, is_number: bool) -> None:
    assert bool(proposed(line, [])) == is_number


SAID = Private(text="豊平 花子", kind="person")


def received(world: World, case: Case) -> Disclosure:
    return receiving.receive(
        case,
        by=world.officer,
        request_number="札総請第12号",
        asked="交付の決定に関する文書",
        received_on=clock.today(),
    )


def without_files(world: World, row: Disclosure) -> Disclosure:
    """Of what is written alone."""
    left_out = {file["key"]: "請求の対象ではないため" for file in row.files}
    return perform(row, "choose", by=world.officer, left_out=left_out)


def drafted(world: World, row: Disclosure) -> Disclosure:
    """Of what is written alone, bound by the job."""
    row = perform(without_files(world, row), "draft", by=world.officer)
    jobs.bind_disclosure(row.pk)
    return Disclosure.objects.select_related("case").get(pk=row.pk)


def decided(world: World, row: Disclosure) -> Disclosure:
    return perform(drafted(world, row), "decide", by=world.director)


def text_of(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(data)
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in pages)


def entered(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


@pytest.mark.parametrize(
    "line",
    ["担当 豊平花子です", "豊平　花子", "豊平\n花子", "花子さん", "豊平課長"],
)
def test_a_name_is_found_however_it_is_spaced_and_each_half_alone(line: str) -> None:
    left = masked(line, proposed(line, [SAID]))
    assert "豊平" not in left
    assert "花子" not in left
    assert BLACK in left


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        ("電話 ０１１－２１１－１２３４ まで", "１２３４"),
        ("011(211)1234", "1234"),
        ("mail: Hanako.T@Example.co.jp へ", "Hanako"),
        ("090-1234-5678", "5678"),
    ],
)
def test_phones_and_mails_are_found_by_their_form(line: str, gone: str) -> None:
    assert gone not in masked(line, proposed(line, []))


def test_a_known_phone_is_found_with_other_hyphens() -> None:
    known = [Private(text="0112111234", kind="person")]
    assert masked("０１１ー２１", proposed("０１１ー２１", known)) == "０１１ー２１"
    assert masked("011−211−1234内線5", proposed("011−211−1234内線5", known)) == f"{BLACK}内線5"


def test_what_is_withheld_does_not_tell_its_length() -> None:
    short, long = masked("氏名 林", [(3, 4, "person")]), masked("氏名 長谷川", [(3, 6, "person")])
    assert short == long == f"氏名 {BLACK}"


def test_overlapping_spans_leave_nothing_between_them() -> None:
    assert masked("abcdefgh", [(4, 6, "firm"), (1, 5, "person")]) == f"a{BLACK}gh"


def test_words_cover_the_line() -> None:
    line = "豊平 花子（代表）：TEL 011-211-1234\n様"
    places = words(line)
    assert "".join(line[start:end] for start, end in places) == line


def test_every_written_line_of_a_part_is_there() -> None:
    piece = Piece(
        "申請",
        [
            {
                "heading": "h",
                "text": "t",
                "rows": [("l", "r")],
                "table": {"head": ["a"], "rows": [["b"]]},
                "after": "z",
            }
        ],
        [],
    )
    assert [text for _kind, text in lines_of([piece])] == [
        "申請",
        "h",
        "t",
        "l",
        "r",
        "a",
        "b",
        "z",
    ]


def test_the_deadline_is_fourteen_days_from_the_day_after() -> None:
    assert grounds.due(date(2026, 11, 2), WORKDAYS) == date(2026, 11, 16)
    assert grounds.due(date(2026, 12, 15), WORKDAYS) == date(2027, 1, 4)  # 29 December


def streams(data: bytes) -> Iterator[bytes]:
    """Every stream and string of the file, unpacked."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for found in pdf.objects:
            if isinstance(found, pikepdf.Stream):
                is_picture = found.get("/Subtype") == "/Image"
                yield found.read_raw_bytes() if is_picture else found.read_bytes()
            yield str(found).encode()
        yield str(pdf.docinfo).encode()


def test_what_is_withheld_is_nowhere_in_the_file() -> None:
    """Proved by two copies that differ in what is withheld alone: they are the same bytes."""
    one, other = "豊平花子", "白石太郎左衛門"
    copies = [
        copy.draw(
            "K2026-0001",
            [("番号", "K2026-0001")],
            [
                ("part", f"{name}の申請", [(0, len(name), "person")]),
                ("heading", name, [(0, len(name), "person")]),
                ("label", name, [(0, len(name), "person")]),
                ("text", f"代表 {name}", [(3, 3 + len(name), "person")]),
            ],
        ).data
        for name in (one, other)
    ]
    assert copies[0] == copies[1]
    open_copy = copy.draw("K2026-0001", [], [("text", one, [])]).data
    assert one in text_of(open_copy)
    assert one not in text_of(copies[0])
    assert not any(one.encode("utf-16-be").hex() in s.hex() for s in streams(copies[0]))


def test_a_whole_case_hides_what_its_rooms_know(world: World) -> None:
    case = awarded(world)[0].case
    row = received(world, case)
    known = {found.text for room in private_texts.values() for found in room(case)}
    firm = case.organisation
    assert firm.representative_name in known
    told = text_of(row.drawn().data)
    assert firm.representative_name.replace(" ", "").replace("　", "") not in told
    for membership in firm.memberships.select_related("user"):
        assert membership.user.email not in told
    assert firm.name in told  # a corporation's name is not withheld
    assert "別紙" in told
    assert "個人に関する情報" in told


def test_accounts_and_whose_they_are_are_proposed_wherever_they_are_typed(world: World) -> None:
    """Of another's account the holder, too, and why; a corporation's own name stays."""
    award, person = awarded(world)
    firm, case = award.case.organisation, award.case
    given = {"bank_code": "0116", "branch_code": "101", "kind": "1"}
    own = given | {"number": "7654321", "holder": firm.name, "holder_kana": firm.kana}
    begin(BankAccount, by=person, organisation=firm, **own)
    why = "代表者の家族の口座で受け取ります。"
    other = {"number": "1111111", "holder": "秘密 花子", "holder_kana": "ヒミツ ハナコ"}
    begin(BankAccount, by=person, organisation=firm, explanation=why, **given, **other)
    private = [found for room in private_texts.values() for found in room(case)]
    for text, hidden in (
        ("口座は北海道銀行の1111111です。", "1111111"),
        ("前は普通7654321でした。", "7654321"),
        ("口座名義（秘密花子）は違います。", "秘密花子"),
        ("カナはヒミツ ハナコです。", "ヒミツ ハナコ"),
        (f"届出の説明：{why}", why),
        ("電話は０９０ー５５５５ー６６６６です。", "０９０ー５５５５ー６６６６"),
    ):
        covered = "".join(text[start:end] for start, end, _ground in proposed(text, private))
        assert covered == hidden
    assert proposed(f"{firm.name}の申請", private) == []


def test_what_the_applicant_marked_secret_is_proposed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, _person = world.submitted()
    title = application.versions.get().content["plan"]["title"]
    monkeypatch.setattr(secrecy, "marks", lambda _content: ["plan.title"])
    secrets = [f for f in private_texts["applications"](application.case) if f.kind == "secret"]
    assert [found.text for found in secrets] == [title]


def test_one_person_cannot_decide_their_own_draft(world: World) -> None:
    row = received(world, awarded(world)[0].case)
    world.officer.staff_roles.create(
        role="approver", starts_on=clock.today(), granted_by=world.director
    )
    row = drafted(world, row)
    with pytest.raises(Refused):
        perform(row, "decide", by=world.officer)
    assert perform(row, "decide", by=world.director).state == DisclosureState.DECIDED


def test_after_the_decision_the_copy_is_the_file_that_is_kept(world: World) -> None:
    row = received(world, awarded(world)[0].case)
    row = drafted(world, row)
    shown = row.drawn().data
    row = perform(row, "decide", by=world.director)
    assert row.file is not None
    assert store.read(row.file) == shown
    with pytest.raises(WrongState):
        perform(row, "mark", by=world.officer, line=0, spans=[])
    answered = entered(world.officer).get(reverse("disclosure_copy", args=[row.number]))
    assert answered.content == shown
    assert firm_is_not_named(answered.headers["Content-Disposition"], row)
    assert Reading.objects.filter(what="disclosure.copy", case=row.case).count() == 1
    assert perform(row, "hand_out", by=world.officer).state == DisclosureState.HANDED_OUT


def firm_is_not_named(said: str, row: Disclosure) -> bool:
    return said.endswith(f'filename="{row.number}.pdf"')


def test_words_chosen_by_hand_keep_the_grounds_of_the_others(world: World) -> None:
    row = received(world, awarded(world)[0].case)
    n = next(k for k, (kind, _t, spans) in enumerate(row.marked) if kind == "text" and not spans)
    row = perform(row, "mark", by=world.officer, line=n, spans=[(0, 1, "person")])
    form = LineForm(None, row.marked[n], [], row.named_grounds)
    last = len(form.places) - 1
    address = reverse("disclosure_line", args=[row.number, n])
    client = entered(world.officer)
    answer = client.post(address, {"words": ["0", str(last)], "ground": "affairs"})
    assert answer.status_code == 302
    spans = Disclosure.objects.get().marked[n][2]
    assert spans[0][2] == "person"
    client.post(address, {"ground": "affairs"})
    assert Disclosure.objects.get().marked[n][2] == []


def test_a_request_is_received_extended_and_decided_on_its_pages(world: World) -> None:
    case = awarded(world)[0].case
    officer = entered(world.officer)
    day = clock.today()
    # the whole day, as an era says it, in the control of the year
    sent = {"request_number": "12", "asked": "全部", "received_on_y": fiscal.era(day)}
    answer = officer.post(reverse("case_disclosures", args=[case.number]), sent)
    row = Disclosure.objects.get()
    assert answer.headers["Location"] == row.get_absolute_url()
    assert row.due_on == WORKDAYS.next_open(day + timedelta(days=14))
    page = officer.get(row.get_absolute_url()).content.decode()
    assert BLACK in page
    assert reverse("disclosure_line", args=[row.number, 0]) in page
    assert row.number in officer.get(reverse("disclosure_desk")).content.decode()
    assert (
        row.number in officer.get(reverse("case_disclosures", args=[case.number])).content.decode()
    )


def test_the_copies_go_with_their_case(world: World) -> None:
    row = decided(world, received(world, awarded(world)[0].case))
    receiving.forget_of(row.case)
    row = Disclosure.objects.get()
    assert row.file is None
    assert row.sha256
