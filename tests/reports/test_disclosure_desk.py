"""The work on a request for disclosure: whose turn it is, who is written to, what belongs to the copy,
and why a proposed mask was taken away.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grants.followup import filing
from portal import clock
from portal.accounts.models import User
from portal.cases import dossier
from portal.cases.models import Case, Holding, Turn
from portal.cases.turns import differing
from portal.correspondence import panels
from portal.correspondence.models import Mail
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from reports.disclosure import parts
from reports.disclosure.masking import Marked, is_lifted
from reports.disclosure.models import Disclosure
from reports.disclosure.receiving import receive
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.reports.test_public_copies import drafted, entered, received, text_of

LINES: list[Marked] = [
    ("part", "申請", []),
    ("text", "x", []),
    ("part", "照会", []),
    ("text", "y", []),
]


def turn_of(row: Disclosure) -> Turn:
    return Turn.objects.get(subject=row.subject_key)


def mailed(row: Disclosure, said: str) -> set[str]:
    return set(
        Mail.objects.filter(case=row.case, subject__contains=said).values_list(
            "to__email", flat=True
        )
    )


def test_each_state_is_somebody_s_turn_by_the_deadline(world: World) -> None:
    row = received(world, awarded(world)[0].case)
    assert (turn_of(row).role, turn_of(row).due_on) == ("programme_officer", row.due_on)
    row = drafted(world, row)
    assert (turn_of(row).role, turn_of(row).due_on) == ("approver", row.due_on)
    row = perform(row, "send_back", by=world.director, reason="氏名が残っているため")
    assert (turn_of(row).role, turn_of(row).person) == ("", world.officer)
    row = drafted(world, row)
    row = perform(row, "decide", by=world.director)
    assert (turn_of(row).person, turn_of(row).due_on) == (world.officer, None)
    assert differing() == []
    row = perform(row, "hand_out", by=world.officer)
    assert not Turn.objects.filter(subject=row.subject_key).exists()


def test_what_comes_back_is_the_desk_s_once_the_drafter_is_gone(world: World) -> None:
    row = drafted(world, received(world, awarded(world)[0].case))
    row = perform(row, "send_back", by=world.director, reason="氏名が残っているため")
    day = clock.today() - timedelta(days=1)
    world.officer.staff_roles.filter(role="programme_officer").update(ends_on=day)
    assert differing() == [row.case.number]


def test_the_case_is_held_by_nobody_for_it_and_its_applicant_reads_nothing(world: World) -> None:
    application = awarded(world)[0].application
    case = Case.objects.get(pk=application.case_id)
    before = list(Holding.objects.filter(case=case).values_list("side", "to_at"))
    row = received(world, case)
    assert list(Holding.objects.filter(case=case).values_list("side", "to_at")) == before
    turn = turn_of(row)
    member = case.organisation.memberships.filter(left_at=None)[0].user
    assert str(turn.what) not in entered(member).get(case.get_absolute_url()).content.decode()
    office = entered(world.officer).get(case.get_absolute_url()).content.decode()
    assert str(turn.what) in office
    assert reverse("disclosure", args=[row.pk]) in office
    assert row.number in entered(world.officer).get(turn.own_page).content.decode()


def test_whoever_decides_and_whoever_drafted_are_written_to(world: World) -> None:
    row = received(world, awarded(world)[0].case)
    row = drafted(world, row)
    assert world.director.email in mailed(row, "決定に回されました")
    row = perform(row, "send_back", by=world.director, reason="氏名が残っているため")
    assert mailed(row, "差し戻されました") >= {world.officer.email}
    firm = set(row.case.organisation.memberships.values_list("user__email", flat=True))
    for mail in Mail.objects.filter(subject__contains="公開請求"):
        assert mail.to is not None
        assert mail.to.email not in firm
        assert row.request_number not in mail.body
        assert row.asked not in mail.body


def test_a_request_soon_due_and_one_late_are_said_to_be_so(world: World) -> None:
    row = received(world, awarded(world)[0].case)
    desk = reverse("disclosure_desk")
    said = []
    for days in (9, 4, -1):
        Disclosure.objects.update(due_on=clock.today() + timedelta(days=days))
        page = entered(world.officer).get(desk).content.decode()
        said.append(("期限が近づいています" in page, "期限を過ぎています" in page))
    assert said == [(False, False), (True, False), (False, True)]
    assert row.due_on > clock.today()


def test_parts_that_are_left_out_take_their_lines_along() -> None:
    left_out = {"part:0": "対象外"}
    assert parts.parts(LINES) == [("part:0", "申請"), ("part:2", "照会")]
    assert [n for n, _line in parts.belonging(LINES, left_out)] == [2, 3]
    assert parts.absent(LINES, left_out) == [("申請", "対象外")]


def test_a_part_is_left_out_with_a_reason_that_the_copy_says(world: World) -> None:
    row = received(world, awarded(world)[0].case)
    address = reverse("disclosure_parts", args=[row.number])
    officer = entered(world.officer)
    every = {f"in-{n}": "on" for n in range(len(row.choices))}
    n = next(n for n, (_key, label) in enumerate(row.choices) if label == "記録")
    some = {name: value for name, value in every.items() if name != f"in-{n}"}
    assert officer.post(address, some).status_code == 422
    assert officer.post(address, {"why-0": ""}).status_code == 422
    why = "請求の対象ではないため"
    assert officer.post(address, some | {f"why-{n}": why}).status_code == 302
    row = Disclosure.objects.get()
    assert row.left_out == {row.choices[n][0]: why}
    told = text_of(row.drawn().data)
    assert why in told
    assert "記録（古い順）" not in told
    assert officer.post(address, every).status_code == 302
    assert "記録（古い順）" in text_of(Disclosure.objects.get().drawn().data)


@pytest.mark.parametrize(
    ("before", "after", "lifted"),
    [
        ([(2, 5, "person")], [(2, 5, "firm")], False),  # another ground
        ([(2, 5, "person")], [(0, 6, "person")], False),
        ([(2, 5, "person")], [(2, 4, "person")], True),
        ([(2, 5, "person")], [], True),
        ([], [], False),  # it was lifted before, with a reason
    ],
)
def test_a_mask_is_lifted_where_a_proposed_sign_opens(
    before: list[tuple[int, int, str]], after: list[tuple[int, int, str]], lifted: bool
) -> None:
    assert is_lifted([(2, 5, "person")], before, after) == lifted


def test_lifting_a_proposed_mask_asks_why_and_the_approver_reads_it(world: World) -> None:
    row = received(world, awarded(world)[0].case)
    n = next(k for k, (_kind, _text, spans) in enumerate(row.marked) if spans)
    with pytest.raises(NotReady):
        perform(row, "mark", by=world.officer, line=n, spans=[])
    address = reverse("disclosure_line", args=[row.number, n])
    officer = entered(world.officer)
    assert officer.post(address, {"ground": "person"}).status_code == 422
    why = "公表されている情報のため"
    assert officer.post(address, {"ground": "person", "why": why}).status_code == 302
    row = Disclosure.objects.get()
    assert row.lifted == [{"where": row.marked[n][1][:80], "why": why, "by": world.officer.name}]
    page = entered(world.director).get(row.get_absolute_url()).content.decode()
    assert why in page


def test_whoever_pays_hears_of_no_request_no_finding_and_no_clue(
    world: World, client: Client
) -> None:
    """On the page of the case, in its record and among the turns of others: what their role is closed
    to (`closed_matters`).
    """
    award, _person = awarded(world)
    case = award.case
    receive(case, by=world.officer, request_number="1", asked="x", received_on=clock.today())
    filing.dismiss(case, "many:x", reason="x", by=world.officer)
    told = ("公開請求", "確認が必要な点を、問題なしと", "要件を確認しました")
    for person, is_told in ((world.officer, True), (world.staff["accountant"], False)):
        client.force_login(person)
        page = client.get(case.get_absolute_url()).content.decode()
        assert [words in page for words in told] == [is_told] * 3
        turns = [client.get(f"/inbox/?tab={tab}").content.decode() for tab in ("mine", "others")]
        assert any("公開請求の写し" in page for page in turns) is is_told
        log = str(dossier.log(case, User.objects.get(pk=person.pk)))
        assert [words in log for words in told] == [is_told] * 3


def handed_on(world: World) -> Disclosure:
    """A request whose copy is before the approver, of which the office was told by mail."""
    return drafted(world, received(world, awarded(world)[0].case))


def shown_to(case: Case, person: User) -> int:
    found = panels.of_mails(case, User.objects.get(pk=person.pk)) or {"mails": []}
    mails = found["mails"]
    assert isinstance(mails, list)
    return len(mails)


SAID = "公開請求の写しの案が決定に回されました"


@pytest.mark.parametrize("is_of_before", [False, True])
def test_what_is_closed_is_not_read_among_the_mails_of_the_case(
    world: World, client: Client, *, is_of_before: bool
) -> None:
    row = handed_on(world)
    assert mailed(row, SAID)
    if is_of_before:  # which did not keep what they tell of
        Mail.objects.filter(case=row.case).update(subject_key=Mail.UNKNOWN)
    sent = shown_to(row.case, world.officer)
    for person, is_told in ((world.officer, True), (world.staff["accountant"], False)):
        client.force_login(person)
        assert (SAID in client.get(row.case.get_absolute_url()).content.decode()) is is_told
        assert (shown_to(row.case, person) == sent) is is_told
