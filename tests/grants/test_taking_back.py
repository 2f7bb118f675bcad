"""A receipt that was entered wrongly: proposed by one, taken back by another, and then as if it had never come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from grants.awards.models import Award
from grants.budget import adding_up
from grants.budget.models import BudgetLine, book, returned_to_line, spent
from grants.recovery import collecting, taking_back
from grants.recovery.models import MoneyIn, Recovery
from portal import clock
from portal.audit.models import Event
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady, Stale
from portal.workflow.models import Duty
from reports.statistics.pipeline import frames
from reports.statistics.pipeline.reconciling import reconcile
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import inspected, reported
from tests.grants.test_recovery import WAIVED, advanced, line, paid
from tests.markup import one_line
from tests.portal.test_roles import entered
from tests.roles import without_triggers

Post = Callable[[], list[EmailMessage]]
GROUND = "別の会社の納付を、この案件に記録していたため"


def revoked(world: World) -> Recovery:
    award, _person = paid(world)
    world.decided("revoke", [award], {"reason": "x", "heard": "x", "with_surcharge": True})
    return Recovery.objects.get()


def received(world: World, recovery: Recovery, amount: int, on: date | None = None) -> MoneyIn:
    return collecting.receive(
        recovery, amount=amount, paid_on=on or clock.today(), by=world.staff["accountant"]
    )


def taken_back(world: World, receipt: MoneyIn) -> MoneyIn:
    taking_back.propose(receipt, ground=GROUND, by=world.staff["accountant"])
    return taking_back.confirm(receipt, by=world.staff["treasurer"])


# -- as if it had never come ------------------------------------------------------------------------
@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything(recovery: Recovery) -> dict[str, object]:
    """What the book and the recovery say now."""
    row = Recovery.objects.select_related("award__application__call", "case").get(pk=recovery.pk)
    found = BudgetLine.objects.get(
        call=row.award.application.call, frame=row.award.frame, unit="yen"
    )
    return {
        "line": (found.appropriated, found.committed, found.disbursed, found.carried),
        "owed": [row.owed(clock.today() + timedelta(days=n)) for n in (0, 30)],
        "came in": row.came_in(),
        "state": (row.state, Award.objects.get(pk=row.award_id).state),
        "receipts": [(r.paid_on, r.amount, r.to_line) for r in row.receipts.standing()],
        "of the case": (spent(row.case), returned_to_line(row.case)),
    }


RECEIPTS = st.lists(st.tuples(st.integers(1, 300_000), st.integers(0, 60)), min_size=1, max_size=4)


@begins(revoked)
def test_in_whatever_order_receipts_are_entered_no_more_counts_than_is_owed(world: World) -> None:
    """One of an earlier day, entered later, stops what had accrued to the others."""
    recovery = world.begun(revoked)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(receipts=RECEIPTS)
    def holds(receipts: list[tuple[int, int]]) -> None:
        with undone(), clock.at(clock.now() + timedelta(days=400)):
            for amount, days in receipts:
                received(world, recovery, amount, recovery.received_on + timedelta(days=5 * days))
            row = Recovery.objects.get(pk=recovery.pk)
            assert row.came_back <= row.owed()["total"]
            assert all(0 <= receipt.over <= receipt.amount for receipt in row.standing)

    holds()


@begins(revoked)
def test_the_book_and_the_debt_are_as_if_it_had_never_come(world: World) -> None:
    recovery = world.begun(revoked)
    paid_on = recovery.received_on
    year = paid_on.year if paid_on.month >= 4 else paid_on.year - 1

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(receipts=RECEIPTS, which=st.integers(0, 3))
    def holds(receipts: list[tuple[int, int]], which: int) -> None:
        """Some are paid before the settlement of the year (31 May), some after it, in any order."""
        with clock.at(clock.now().replace(year=year + 1, month=6, day=30)):
            first = clock.today() - timedelta(days=60)
            booked: list[tuple[int, date]] = []
            with undone():
                made = []
                for amount, days in receipts:
                    on = first + timedelta(days=days)
                    left = recovery.owed(on)["left"]
                    if not left:
                        break
                    made.append(received(world, recovery, min(amount, left), on))
                    booked.append((made[-1].amount, on))
                # one of an earlier day, entered later, may be too much: that is put right first
                assume(not any(row.over for row in made))
                wrong = made[which % len(made)]
                taken_back(world, wrong)
                now = everything(recovery)
                assert adding_up.first_fault() == ""
            with undone():
                for n, (amount, on) in enumerate(booked):
                    if n != which % len(made):
                        received(world, recovery, amount, on)
                assert now == everything(recovery)

    holds()


@begins(revoked)
def test_it_stays_in_the_list_and_is_crossed_out(world: World, post: Post) -> None:
    recovery = world.begun(revoked)
    wrong = received(world, recovery, 100_000)
    taken_back(world, wrong)
    row = MoneyIn.objects.get()
    assert (row.doubted_by, row.taken_back_by) == (
        world.staff["accountant"],
        world.staff["treasurer"],
    )
    firm = recovery.case.organisation.memberships.get().user
    (told,) = (
        mail
        for mail in post()
        if mail.to == [firm.email] and "納付の記録を訂正しました" in mail.subject
    )
    assert "その記録を取り消しました" in str(told.body)
    assert "100,000" not in str(told.body)  # no sum in a mail
    for person in (firm, world.staff["accountant"]):
        page = one_line(entered(person).get(f"/cases/{recovery.case.number}/"))
        assert "<s>" in page
        assert "誤りのため取り消しました" in page
    actions = Event.objects.filter(chain=f"case:{recovery.case_id}").values_list(
        "action", flat=True
    )
    assert {"recovery.propose_taking_back", "recovery.take_back_receipt"} <= set(actions)


@begins(revoked)
def test_the_statistics_and_the_ledger_still_agree(world: World) -> None:
    recovery = world.begun(revoked)
    wrong = received(world, recovery, 200_000)
    received(world, recovery, 50_000)
    taken_back(world, wrong)
    found = reconcile(frames.read())
    assert found.faults == []
    assert ["returned", 50_000, 50_000] in found.checks


# -- there is always a way back ---------------------------------------------------------------------
@begins(revoked)
def test_from_whatever_was_received_and_taken_back_a_way_back_exists(world: World) -> None:
    """Also with several that were too much: the last can go, then the one before; who waits is told for
    which, and no two wait for each other.
    """
    recovery = world.begun(revoked)
    at_first = everything(recovery)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(moves=st.lists(st.tuples(st.integers(-4, 300_000), st.integers(0, 12)), max_size=9))
    def holds(moves: list[tuple[int, int]]) -> None:
        with undone(), clock.at(clock.now() + timedelta(days=100)):
            before = everything(recovery)
            for amount, n in moves:
                standing = list(MoneyIn.objects.standing().order_by("pk"))
                if amount > 0:
                    received(world, recovery, amount, recovery.received_on + timedelta(days=5 * n))
                elif standing:
                    wrong = standing[n % len(standing)]
                    if first := taking_back.first_of(wrong):
                        assert first.pk > wrong.pk
                        assert first in standing
                    else:
                        taken_back(world, wrong)
            while last := MoneyIn.objects.standing().order_by("pk").last():
                taken_back(world, last)
            assert everything(recovery) == before
            assert adding_up.first_fault() == ""

    holds()
    assert everything(recovery) == at_first


@begins(revoked)
def test_it_says_which_receipt_comes_first(world: World) -> None:
    recovery = world.begun(revoked)
    left = recovery.owed()["left"]
    first, second = received(world, recovery, left + 100), received(world, recovery, 50_000)
    for row in (first, second):
        taking_back.propose(row, ground=GROUND, by=world.staff["accountant"])
    with pytest.raises(NotReady, match="納付50,000円（納めすぎた額50,000円）の記録を"):
        taking_back.confirm(first, by=world.staff["treasurer"])
    client = entered(world.staff["treasurer"])
    page = client.get(f"/recoveries/receipts/{first.pk}/").content.decode()
    assert f"/recoveries/receipts/{second.pk}/" in page
    assert "take-back" not in page
    taking_back.confirm(second, by=world.staff["treasurer"])
    assert "take-back" in client.get(f"/recoveries/receipts/{first.pk}/").content.decode()
    taking_back.confirm(first, by=world.staff["treasurer"])
    assert Recovery.objects.get().owed()["left"] == left


@begins(revoked)
def test_what_was_given_back_holds_no_earlier_receipt(world: World) -> None:
    recovery = world.begun(revoked)
    left = recovery.owed()["left"]
    wrong, second = received(world, recovery, left), received(world, recovery, 50_000)
    collecting.see_surplus(second, by=world.staff["treasurer"])
    collecting.give_back(second, on=clock.today(), by=world.staff["accountant"])
    taken_back(world, wrong)
    assert Recovery.objects.get().owed()["left"] == left  # the second went back: it pays nothing
    assert adding_up.first_fault() == ""
    second.refresh_from_db()
    with pytest.raises(NotReady, match="返しているので"):
        taken_back(world, second)


@begins(revoked)
def test_nothing_is_done_upon_a_receipt_that_is_held_for_wrong(world: World) -> None:
    """Neither its surplus confirmed nor given back, nor the return closed, until that is answered."""
    recovery = world.begun(revoked)
    row = received(world, recovery, recovery.owed()["left"] + 100)
    accountant, treasurer = world.staff["accountant"], world.staff["treasurer"]
    taking_back.propose(row, ground=GROUND, by=accountant)
    acts: list[Callable[[], object]] = [
        lambda: collecting.see_surplus(row, by=treasurer),
        lambda: perform(Recovery.objects.get(), "close", by=treasurer),
    ]
    for act in acts:
        with pytest.raises(NotReady, match="取消しが提案されています"):
            act()
    whats = set(recovery.case.turns.values_list("what", flat=True))
    assert "納付の記録の取消しを確かめる" in whats
    assert not whats & {
        "納めすぎた額を、記録した方とは別の職員が確かめる",
        "納付を確認して終える",
    }
    client = entered(treasurer)
    page = client.get(f"/recoveries/receipts/{row.pk}/give-back/").content.decode()
    assert "取消しが提案されています" in page
    assert "確かめて通知を送る" not in page
    case = one_line(client.get(f"/cases/{recovery.case.number}/"))
    assert f"/recoveries/receipts/{row.pk}/give-back/" not in case
    taking_back.withdraw(row, by=accountant)
    collecting.see_surplus(row, by=treasurer)
    taking_back.propose(MoneyIn.objects.get(), ground=GROUND, by=accountant)
    with pytest.raises(NotReady, match="取消しが提案されています"):
        collecting.give_back(row, on=clock.today(), by=treasurer)
    assert (
        "返した日を記録する"
        not in client.get(f"/recoveries/receipts/{row.pk}/give-back/").content.decode()
    )


# -- two people -------------------------------------------------------------------------------------
@begins(revoked)
def test_nobody_takes_back_alone_and_nothing_changes_before(world: World) -> None:
    recovery = world.begun(revoked)
    row, before = received(world, recovery, 100_000), everything(recovery)
    accountant = world.staff["accountant"]
    with pytest.raises(Stale):
        taking_back.confirm(row, by=world.staff["treasurer"])
    taking_back.propose(row, ground=GROUND, by=accountant)
    assert everything(recovery) == before
    whats = set(recovery.case.turns.values_list("what", flat=True))
    assert "納付の記録の取消しを確かめる" in whats
    acts: list[Callable[[], object]] = [
        lambda: taking_back.confirm(row, by=accountant),
        lambda: taking_back.confirm(row, by=world.officer),
        lambda: taking_back.propose(row, ground="x", by=world.officer),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(NotReady, match="提案されています"):
        taking_back.propose(row, ground="x", by=world.staff["treasurer"])
    taking_back.withdraw(row, by=accountant)
    assert everything(recovery) == before
    assert "納付の記録の取消しを確かめる" not in set(
        recovery.case.turns.values_list("what", flat=True)
    )
    taken_back(world, row)
    with pytest.raises(Stale, match="すでに取り消されています"):
        taking_back.confirm(row, by=world.staff["treasurer"])


@begins(revoked)
def test_who_proposed_hears_that_another_withdrew_it(world: World, post: Post) -> None:
    recovery = world.begun(revoked)
    accountant, treasurer = world.staff["accountant"], world.staff["treasurer"]
    row = received(world, recovery, 100_000)
    for by, heard in ((accountant, []), (treasurer, [accountant.email])):
        taking_back.propose(row, ground=GROUND, by=accountant)
        taking_back.withdraw(row, by=by)
        told = [mail.to[0] for mail in post() if "提案が、取り下げられました" in mail.subject]
        assert told == heard


@begins(revoked)
def test_what_is_only_proposed_and_why_the_firm_does_not_read(world: World, client: Client) -> None:
    recovery = world.begun(revoked)
    row = received(world, recovery, 100_000)
    home = recovery.case.get_absolute_url()
    people = {True: world.officer, False: recovery.case.organisation.memberships.get().user}

    def reads(words: str) -> dict[bool, bool]:
        found = {}
        for of_office, person in people.items():
            client.force_login(person)
            found[of_office] = words in client.get(home).content.decode()
        return found

    taking_back.propose(row, ground=GROUND, by=world.staff["accountant"])
    assert reads("納付の記録の取消しを提案しました") == {True: True, False: False}
    assert reads(GROUND) == {True: True, False: False}
    taking_back.confirm(row, by=world.staff["treasurer"])
    assert reads("納付の記録を取り消しました") == {True: True, False: True}
    assert reads(GROUND) == {True: True, False: False}


@begins(revoked)
def test_who_booked_before_the_rule_does_not_confirm_either(world: World) -> None:
    """The migration notes the duty of what stands; what was taken back or set off binds nobody."""
    recovery = world.begun(revoked)
    accountant = world.staff["accountant"]
    taken_back(world, received(world, recovery, 50_000))
    standing = received(world, recovery, recovery.owed()["left"])
    with without_triggers():
        Duty.objects.filter(duty="book_receipt").delete()
    before = Duty.objects.count()
    migration = import_module("grants.recovery.migrations.0003_booked_by")
    with connection.cursor() as cursor:
        for _time in range(2):
            cursor.execute(migration.NOTE)
    assert Duty.objects.count() == before + 1
    noted = Duty.objects.get(duty="book_receipt")
    assert (noted.subject, noted.person, noted.at) == (
        standing.duty_subject,
        accountant,
        standing.booked_at,
    )
    with pytest.raises(Forbidden, match="納付の記録をしたあなたは"):
        perform(recovery, "close", by=accountant)
    assert perform(recovery, "close", by=world.staff["treasurer"]).state == "closed"


@begins(revoked)
def test_the_pages_lead_through_it(world: World) -> None:
    recovery = world.begun(revoked)
    row = received(world, recovery, 100_000)
    where = f"/recoveries/receipts/{row.pk}/"
    first, second = entered(world.staff["accountant"]), entered(world.staff["treasurer"])
    assert where in first.get(f"/cases/{recovery.case.number}/").content.decode()
    assert first.post(where, {"ground": ""}).status_code == 422
    assert first.post(where, {"ground": GROUND}).status_code == 302
    assert "take-back" not in first.get(where).content.decode()
    page = second.get(where).content.decode()
    assert GROUND in page
    assert f"{where}take-back/" in page
    second.post(f"{where}take-back/")
    assert MoneyIn.objects.get().taken_back_by == world.staff["treasurer"]
    assert line(Award.objects.get()) == (280_000, 280_000)
    assert Client().get(where).status_code == 302
    assert entered(world.officer).get(where).status_code == 403


# -- what it reaches --------------------------------------------------------------------------------
@begins(revoked)
def test_a_line_that_spent_it_since_says_so(world: World) -> None:
    recovery = world.begun(revoked)
    row = received(world, recovery, 100_000)
    found = BudgetLine.objects.get(
        call=recovery.award.application.call, frame=recovery.award.frame, unit="yen"
    )
    book(found, "reduction", found.available, by=world.staff["accountant"])
    taking_back.propose(row, ground=GROUND, by=world.staff["accountant"])
    with pytest.raises(NotReady, match="予算が足りません"):
        taking_back.confirm(row, by=world.staff["treasurer"])
    assert MoneyIn.objects.get().taken_back_at is None


@begins(revoked)
def test_a_recovery_that_it_had_closed_is_open_again(world: World) -> None:
    recovery = world.begun(revoked)
    left = recovery.owed()["left"]
    row = received(world, recovery, left)
    assert perform(recovery, "close", by=world.staff["treasurer"]).state == "closed"
    taken_back(world, row)
    fresh = Recovery.objects.get()
    assert (fresh.state, fresh.owed()["left"]) == ("ordered", left)
    assert perform(fresh, "cancel", by=world.director, reason="x").state == "cancelled"


def test_an_award_that_a_surplus_had_closed_waits_for_it_again(world: World) -> None:
    award, person = advanced(world)
    world.decided("fix", [inspected(world, reported(world, award, person, 150_000))])
    world.decided("surplus", [Award.objects.get(pk=award.pk)])
    row = received(world, Recovery.objects.get(), 100_000)
    perform(Recovery.objects.get(), "close", by=world.staff["treasurer"])
    assert Award.objects.get(pk=award.pk).state == "closed"
    taken_back(world, row)
    assert (Award.objects.get(pk=award.pk).state, line(award)) == (
        "amount_fixed",
        (200_000, 200_000),
    )
    received(world, Recovery.objects.get(), 100_000)
    perform(Recovery.objects.get(), "close", by=world.staff["treasurer"])
    assert (Award.objects.get(pk=award.pk).state, line(award)) == ("closed", (100_000, 100_000))


@begins(revoked)
def test_what_was_waived_since_is_not_made_more(world: World) -> None:
    recovery = world.begun(revoked)
    row = received(world, recovery, 100_000)
    world.decided("waive", [Recovery.objects.get()], WAIVED)
    with pytest.raises(NotReady, match="免除"):
        taking_back.propose(MoneyIn.objects.get(pk=row.pk), ground="x", by=world.staff["treasurer"])
