"""A round as the office plays it, page by page as they stand there: how often one presses."""

import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from grants.applications.check_ledger import Inquiry
from grants.applications.models import Application
from grants.payments import paying, zengin
from grants.payments.jobs import import_result
from grants.payments.models import Claim, PaymentBatch, ResultImport
from grants.programmes.models import Call, Programme
from grants.reviews.models import Review, ReviewPanel
from portal import clock
from portal.accounts import demo
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.bulk.jobs import carry_on
from portal.bulk.models import Bulk, BulkRow
from portal.workflow.door import begin, perform
from tests.conftest import World
from tests.grants.test_payments import account, answer, fixed
from tools.demonstration import simulation
from tools.demonstration.simulation import firms

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as TestResponse


@dataclass
class Hand:
    """One person's browser without a script, counting what is pressed; typing is free."""

    person: User
    client: Client = field(default_factory=Client)
    presses: int = 0
    address: str = ""
    page: html.HtmlElement = field(default_factory=lambda: html.fromstring("<p/>"))

    def __post_init__(self) -> None:
        self.client.force_login(self.person)

    def open(self, address: str) -> None:
        self._read(self.client.get(address, follow=True))

    def follow(self, words: str) -> None:
        self.presses += 1
        link = next(a for a in self.page.iter("a") if words in a.text_content())
        self._read(self.client.get(link.get("href", ""), follow=True))

    def press(self, words: str, **typed: object) -> None:
        """The button with these words, in its form as it stands, with what is typed into it."""
        self.presses += 1
        button = next(b for b in self.page.iter("button") if words in b.text_content())
        form = next(button.iterancestors("form"))
        given: dict[str, list[object]] = {}
        for name, value in form.form_values():
            given.setdefault(name, []).append(value)
        given |= {
            name: list(map(str, value))
            if isinstance(value, list)
            else [value if isinstance(value, File) else str(value)]
            for name, value in typed.items()
        }
        if button.get("name"):
            given[button.get("name")] = [button.get("value", "")]
        self._read(self.client.post(form.get("action") or self.address, given, follow=True))

    def take(self, words: str) -> bytes:
        """The file behind the link with these words."""
        self.presses += 1
        link = next(a for a in self.page.iter("a") if words in a.text_content())
        return self.client.get(link.get("href", "")).content

    def boxes(self, start: str) -> list[str]:
        """The names of the boxes to type into that begin so."""
        boxes = self.page.iter("input", "textarea")
        return [name for box in boxes if (name := box.get("name", "")).startswith(start)]

    def choices(self, start: str) -> list[str]:
        """The names of the lists to choose from that begin so."""
        boxes = self.page.iter("select")
        return [name for box in boxes if (name := box.get("name", "")).startswith(start)]

    def _read(self, answer: "TestResponse") -> None:
        assert answer.status_code == 200, answer.content.decode()
        self.address = answer.request["PATH_INFO"]
        if query := answer.request["QUERY_STRING"]:
            self.address += f"?{query}"
        self.page = html.fromstring(answer.content)


def test_a_clean_case_goes_from_the_inbox_to_its_draft_in_four_presses(world: World) -> None:
    application, _person = world.submitted()
    officer = Hand(world.officer)
    officer.open("/inbox/")
    officer.follow("書類を確認する")
    evidence = dict.fromkeys(officer.boxes("evidence-"), "照会の回答")
    assert len(evidence) == application.checks.count()
    evidence |= dict.fromkeys(officer.choices("result-"), "clear")  # by key; no press
    evidence["result-antisocial"] = "not_needed"
    officer.press("記録して受理する", **evidence)
    officer.follow("を起案する")
    officer.press("回議", decider=world.director.pk)
    approval = Approval.objects.get()
    assert [row.subject for row in approval.items.all()] == [application]
    assert officer.presses == 4


ROUND = int(os.environ.get("ROUND", "3"))  # cases; the figures of a whole intake: ROUND=400


def carried_out() -> None:
    """With every case of it, and nothing to be looked at once more."""
    assert not [reason for row in BulkRow.objects.all() for reason in row.reasons]
    assert not Bulk.objects.filter(started_at=None).exists()
    while bulk := Bulk.objects.filter(ended_at=None, started_at__isnull=False).first():
        carry_on(bulk.pk)


def test_no_two_made_up_firms_have_one_name() -> None:
    """Else the portal keeps some of their cases for a look of their own: in 400, more than half."""
    for n_signs in (slice(None), slice(4, None)):  # with the legal form, and without
        names = [firms.named(n, sole=False)[0][n_signs] for n in range(1000)]
        assert len(set(names)) == 1000


# how many a page shows, or does before a job goes on: an intake goes beyond each of them
PAGES = (
    *("ui.paging.PER_PAGE", "bulk.views.SHOWN", "bulk.running.AT_ONCE"),
    "approvals.shown_rows.PER_PAGE",
)


def test_many_clean_cases_go_from_the_question_to_the_police_to_one_draft_in_eight_presses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four until the police have answered about all of them, the proof of who one is among them, and
    four from the list to the draft.
    """
    if ROUND < 100:
        for page in PAGES:
            monkeypatch.setattr(f"portal.{page}", ROUND - 1)
    world.officer.set_password(demo.PASSWORD)
    world.officer.save()
    frames = Programme.objects.get(code="telework", state="approved").stated.frames
    call = world.call(  # with room for a whole intake
        "telework",
        round_no=2,
        budgets=[
            (frame.key, unit, n)
            for frame in frames
            for unit, n in (("yen", 1_000_000_000), ("slots", 1_000))
        ],
    )
    rows = [world.submitted(call=call)[0] for _n in range(ROUND)]
    officer = Hand(world.officer)
    officer.open("/staff/inquiry/")
    officer.press("照会ファイルを保存する")
    officer.press("確認", password=demo.PASSWORD)
    assert Inquiry.objects.count() == ROUND
    officer.open("/cases/?state=submitted")
    officer.press("進む", do="clear", all="on")  # all that match
    officer.press("件に行う", answered_on_y=clock.today(), answer_number="道本組第345号")
    carried_out()
    assert set(Inquiry.objects.values_list("result", flat=True)) == {"clear"}
    assert officer.presses == 4
    officer.open("/cases/?state=submitted")
    officer.press("進む", do="check", all="on")
    kinds = [check.kind for check in rows[0].checks.all()]
    officer.press("件に行う", kinds=kinds, evidence="照会の回答", accept="on")
    carried_out()
    assert {row.state for row in Application.objects.all()} == {"accepted"}
    officer.open("/cases/?state=accepted")
    officer.press("進む", do="act:award", all="on")
    officer.press("回議", decider=world.director.pk)
    assert Approval.objects.get().items.count() == ROUND
    assert officer.presses == 8


def _scored(world: World, scores: list[int]) -> tuple[Call, list[Application]]:
    """A call whose two places and marks decide: an application for each of the scores, out of 5, the
    panel closed; its intake is over.
    """
    stated = Programme.objects.get(code="sales_channel", state="approved").stated
    frame = stated.frames[0].key
    call = world.call("sales_channel", budgets=[(frame, "yen", 50_000_000), (frame, "slots", 2)])
    rows = [world.accepted("sales_channel", call=call)[0] for _score in scores]
    panel = begin(
        ReviewPanel,
        by=world.officer,
        call=call,
        applications=rows,
        members=[world.staff["reviewer"]],
        due_on=clock.today() + timedelta(days=14),
    )
    for review in Review.objects.filter(panel=panel).order_by("pk"):
        said = scores[rows.index(review.application)]
        declared = perform(review, "declare", by=review.reviewer)
        points = {c.key: (said, "根拠がある") for c in stated.criteria}
        perform(declared, "score", by=review.reviewer, points=points)
    perform(panel, "close", by=world.officer, minutes="採点の順")
    return call, rows


def _sent_through(director: Hand, times: int) -> None:
    """So many drafts that wait for the person, decided one after another; the first asks for a password."""
    for n in range(times):
        if n == 0:
            director.open("/approvals/")
        director.follow(str(Approval.objects.waiting_for(director.person).earliest("pk").title))
        director.press("決裁する")
        if n == 0:
            director.press("確認", password=demo.PASSWORD)


@pytest.mark.parametrize("length", [4, 40])
def test_a_whole_ranking_is_decided_in_twelve_presses_and_a_password_whatever_its_length(
    world: World, length: int
) -> None:
    """From the ranking to three decisions: two places, those who wait, one below the mark."""
    world.director.set_password(demo.PASSWORD)
    world.director.save()
    call, rows = _scored(world, [3, 5, 1, 4, *[3] * (length - 4)])
    with world.after_intake(call):
        officer, director = Hand(world.officer), Hand(world.director)
        ranking = reverse("ranking", args=[call.pk])
        officer.open(ranking)
        for words in ("交付決定", "補欠", "不採択"):
            officer.press(words)
            boxes = [name for name in officer.boxes("") if name.endswith("-reason")]
            typed = dict.fromkeys(boxes, "基準点に届きませんでした。")
            officer.press("回議", decider=world.director.pk, **typed)
            assert officer.address == ranking
        _sent_through(director, 3)
        states = [Application.objects.get(pk=row.pk).state for row in rows]
        assert states[:4] == ["waitlisted", "awarded", "rejected", "awarded"]
        assert set(states[4:]) <= {"waitlisted"}
        assert not [
            link for link in director.page.iter("a") if "待っています" in link.text_content()
        ]
    assert (officer.presses, director.presses) == (6, 7)


def test_what_fits_the_budget_is_ticked_by_one_press_and_decided_in_five_and_a_password(
    world: World,
) -> None:
    """Where arrival decides, and there are slots for five of a frame's applications."""
    world.director.set_password(demo.PASSWORD)
    world.director.save()
    frames = Programme.objects.get(code="telework", state="approved").stated.frames
    call = world.call(
        "telework",
        round_no=2,
        budgets=[
            (frame.key, unit, n)
            for frame in frames
            for unit, n in (("yen", 1_000_000_000), ("slots", 5))
        ],
    )
    rows = [world.accepted(call=call)[0] for _n in range(14)]
    rows = [row for row in rows if row.frame == frames[0].key]
    officer, director = Hand(world.officer), Hand(world.director)
    officer.open(reverse("ranking", args=[call.pk]))
    assert not [box for box in officer.page.iter("input") if box.get("checked") is not None]
    officer.follow("予算の範囲に入るものをすべて選ぶ")
    ticked = [b.get("value") for b in officer.page.iter("input") if b.get("checked") is not None]
    assert ticked == [row.case.number for row in rows[:5]]
    officer.press("進む", do="act:award")
    officer.press("回議", decider=world.director.pk)
    _sent_through(director, 1)
    states = [Application.objects.get(pk=row.pk).state for row in rows]
    assert states == ["awarded"] * 5 + ["accepted"] * (len(rows) - 5)
    assert len(rows) > 5
    assert (officer.presses, director.presses) == (3, 3)


def _claimed(world: World) -> None:
    """Two claims that were looked at, each for an account of its own."""
    for n in range(2):
        award, person = fixed(world)
        account(world, person, number=f"123456{n}")
        claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
        perform(claim, "examine", by=world.staff["accountant"])


def test_accepted_claims_are_ordered_in_three_presses_each_and_closed_in_four(world: World) -> None:
    """From claims that were looked at to a batch that is closed, as the treasury plays it."""
    treasurer = Hand(world.staff["treasurer"])
    _claimed(world)
    for _n in range(2):
        treasurer.open("/inbox/")
        treasurer.follow("支出命令")
        treasurer.follow("支出命令を出す")
        treasurer.press("支出命令を出す")  # beside what it is checked against
    treasurer.open("/payments/")
    treasurer.press("すべて選ぶ")
    treasurer.press("選んだ支払いで振込データを作る")
    treasurer.follow("締め切って会計へ回す")
    treasurer.press("締め切って会計へ回す")
    batch = PaymentBatch.objects.get()
    assert (batch.state, batch.payments.count()) == ("locked", 2)
    assert treasurer.presses == 10


def test_a_closed_batch_is_checked_sent_and_settled_in_eleven_presses_and_a_password(
    world: World,
) -> None:
    """The accounting officer looks at its orders, makes its file, takes in the bank's answer on the
    day of transfer, and closes the comparison. Three ticks are not counted, as no typing is.
    """
    _claimed(world)
    ordered = [paying.order(c, by=world.staff["treasurer"]) for c in Claim.objects.order_by("pk")]
    batch = paying.make_batch(
        world.staff["treasurer"], pay_on=paying.next_pay_day(), payments=ordered
    )
    perform(batch, "lock", by=world.staff["treasurer"])
    person = world.staff["accounting_officer"]
    person.set_password(demo.PASSWORD)
    person.save()
    accounting = Hand(person)
    accounting.open("/inbox/")
    accounting.follow("支出命令を審査する")
    accounting.follow("支出命令を審査する")
    accounting.press("すべて選ぶ")
    accounting.press("審査済みにする", lawful="on", debt_fixed="on", complete="on")
    accounting.follow("銀行へ送るファイルを作る")
    accounting.press("銀行へ送るファイルを作る")
    accounting.press("確認", password=demo.PASSWORD)
    sent = accounting.take("銀行へ送るファイルを保存")
    assert [line.amount for line in zengin.read(sent)] == [p.amount for p in ordered]
    with clock.at(simulation.at(batch.pay_on, 15)):
        accounting.client.force_login(person)  # another day, another sign-in
        accounting.open("/inbox/")
        accounting.follow("銀行の結果を取り込む")
        said = answer(batch).encode("utf-8-sig")
        accounting.press("取り込む", file=SimpleUploadedFile("r.csv", said))
        import_result(ResultImport.objects.get().pk)  # the worker's part
        accounting.open(batch.get_absolute_url())
        accounting.follow("照合を終える")
        accounting.press("照合を終える")
    assert PaymentBatch.objects.get().state == "reconciled"
    assert {payment.state for payment in batch.payments.all()} == {"paid"}
    assert accounting.presses == 12  # the password among them
