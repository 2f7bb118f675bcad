"""What somebody with every right over the tables changes around the triggers is seen by verify_audit."""

import csv
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from grants.applications.models import ApplicationVersion
from grants.budget import changes
from grants.budget.models import (
    AccountingAnswer,
    BudgetChange,
    BudgetEntry,
    ClassificationProposal,
)
from grants.payments.models import PaymentBatch
from portal import clock
from portal.accounts import absences, proving, roles
from portal.accounts.models import (
    Absence,
    Deputy,
    FactorRemoval,
    RoleEnd,
    RoleProposal,
    StaffRole,
    User,
)
from portal.approvals.models import Attachment
from portal.approvals.models.rules import RuleTable
from portal.audit.models import Event, Payload, Print, Seal
from portal.audit.record import record
from portal.audit.sealing import seal
from portal.audit.verifying import first_fault
from portal.cases import retention
from portal.cases.models import Case, Interest, Reading
from portal.events import Event as Line
from portal.firms import claims, letters, passing
from portal.firms.claims import Decision
from portal.firms.models import FirmClaim, Passing, ProofLetter
from portal.notices.letterheads import Letterhead
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.workflow.door import perform
from portal.workflow.models import Duty
from reports.disclosure.tables import GroundTable
from tests.attached import attached
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_recovery import paid
from tests.lines import Lines, only
from tests.portal.test_audit import around_triggers
from tests.portal.test_firms import firm, registered
from tests.portal.test_roles import administrators
from tools.demonstration.rooms.budget import classification, classify
from tools.demonstration.simulation import at

ACTS = {
    "reason": (
        "UPDATE portal_audit_payload SET content = '', salt = '', erased_at = now()"
        " WHERE event_id = (SELECT min(id) FROM portal_audit_event WHERE starts_with(chain, 'case:'))",
        "its payload was erased without a disposal",
    ),
    "duty": (
        "DELETE FROM portal_workflow_duty WHERE id = (SELECT max(id) FROM portal_workflow_duty)",
        "portal_workflow.Duty {duty}: was removed",
    ),
    "duty of another": (
        "UPDATE portal_workflow_duty SET person_id = (SELECT min(id) FROM portal_accounts_user)"
        " WHERE id = (SELECT max(id) FROM portal_workflow_duty)",
        "was changed",
    ),
    "duty forged": (
        "INSERT INTO portal_workflow_duty (subject, person_id, duty, at)"
        " SELECT 'case:0', person_id, duty, at FROM portal_workflow_duty LIMIT 1",
        "came around its trigger",
    ),
    "reading": ("DELETE FROM portal_cases_reading", "portal_cases.Reading"),
    "reading's moment": (
        "UPDATE portal_cases_reading SET at = at - interval '1 day'",
        "was changed",
    ),
    "interest": ("DELETE FROM portal_cases_interest", "portal_cases.Interest"),
    "budget": (
        "UPDATE grants_budget_budgetline SET appropriated = appropriated + 1"
        " WHERE id = (SELECT max(id) FROM grants_budget_budgetline)",
        "its totals are not those of its book",
    ),
    "carried": (
        "UPDATE grants_budget_budgetline SET carried = 1 WHERE disbursed > 0",
        "its totals are not those of its book",
    ),
    "entry of the book": (
        "UPDATE grants_budget_budgetentry SET note = 'x'",
        "grants_budget.BudgetEntry",
    ),
    "answers": (
        "UPDATE grants_applications_applicationversion SET content = content || '{\"a\": 1}'",
        "its content was changed",
    ),
    "answers erased": (
        "UPDATE grants_applications_applicationversion SET content = '{}'",
        "its content was changed",
    ),
    "answers and their hash": (
        "UPDATE grants_applications_applicationversion SET content = '{}',"
        " sha256 = encode(sha256('{}'), 'hex')",
        "grants_applications.ApplicationVersion",
    ),
    "version": ("DELETE FROM grants_applications_applicationversion", "was removed"),
    "change of the budget": (
        "UPDATE grants_budget_budgetchange SET amount = amount + 1",
        "grants_budget.BudgetChange",
    ),
    "classification": (
        "UPDATE grants_budget_classificationproposal SET expense_code = '19'",
        "grants_budget.ClassificationProposal",
    ),
    "answer of the accounting system": (
        "UPDATE grants_budget_accountinganswer SET status = '支払済'",
        "grants_budget.AccountingAnswer",
    ),
    "proposal of a role": (
        "UPDATE portal_accounts_roleproposal SET role = 'approver'",
        "portal_accounts.RoleProposal",
    ),
    "who proposed a role": (
        "UPDATE portal_accounts_roleproposal SET proposed_by_id = person_id - 1",
        "was changed",
    ),
    "proposal gone": ("DELETE FROM portal_accounts_roleproposal", "was removed"),
    "absence": ("UPDATE portal_accounts_absence SET ends_on = ends_on + 9", "Absence"),
    "deputy": (
        "UPDATE portal_accounts_deputy SET stand_in_id = named_by_id + 1",
        "portal_accounts.Deputy",
    ),
    "deputy gone": ("DELETE FROM portal_accounts_deputy", "was removed"),
    "rules": (
        'UPDATE portal_approvals_ruletable SET rows = \'[["", null, "section_chief"]]\'',
        "portal_approvals.RuleTable",
    ),
    "rules confirmed": (
        "UPDATE portal_approvals_ruletable SET is_confirmed = false",
        "was changed",
    ),
    "attachment": (
        "UPDATE portal_approvals_attachment SET sha256 = 'x'",
        "portal_approvals.Attachment",
    ),
    "attachment gone": ("DELETE FROM portal_approvals_attachment", "was removed"),
    "grounds": (
        "UPDATE reports_disclosure_groundtable SET starts_on = starts_on - 9",
        "reports_disclosure.GroundTable",
    ),
    "sender": (
        "UPDATE portal_notices_letterhead SET name = 'x'",
        "portal_notices.Letterhead",
    ),
    "removal of a factor": (
        "UPDATE portal_accounts_factorremoval SET ground = 'y'",
        "portal_accounts.FactorRemoval",
    ),
    "removal gone": ("DELETE FROM portal_accounts_factorremoval", "was removed"),
    "role": ("UPDATE portal_accounts_staffrole SET role = 'approver'", "portal_accounts.StaffRole"),
    "rank": (
        "UPDATE portal_accounts_staffrole SET rank = 'mayor' WHERE role = 'approver'",
        "was changed",
    ),
    "scope of a role": (
        "UPDATE portal_accounts_staffrole SET programme_code = 'iot' WHERE role = 'approver'",
        "was changed",
    ),
    "first day of a role": (
        "UPDATE portal_accounts_staffrole SET starts_on = starts_on - 1",
        "was changed",
    ),
    "role gone": (
        "DELETE FROM portal_accounts_staffrole"
        " WHERE id = (SELECT min(id) FROM portal_accounts_staffrole)",
        "portal_accounts.StaffRole {role}: was removed",
    ),
    "role forged": (
        "INSERT INTO portal_accounts_staffrole (person_id, role, programme_code, assigned_only, rank,"
        " starts_on, granted_by_id) SELECT granted_by_id, 'approver', '', false, '', starts_on,"
        " person_id FROM portal_accounts_staffrole LIMIT 1",
        "came around its trigger",
    ),
    "role that goes on": (
        "UPDATE portal_accounts_staffrole SET ends_on = NULL",
        "its end is not the one that was kept",
    ),
    "who ended a role": (
        "UPDATE portal_accounts_staffrole SET ended_by_id = person_id"
        " WHERE ended_by_id IS NOT NULL",
        "its end is not the one that was kept",
    ),
    "role and its end": (
        "WITH longer AS (UPDATE portal_accounts_staffrole SET ends_on = ends_on + 9 RETURNING *)"
        " INSERT INTO portal_accounts_roleend (role_id, ends_on, ended_by_id)"
        " SELECT id, ends_on, ended_by_id FROM longer WHERE ends_on IS NOT NULL",
        "portal_accounts.RoleEnd",
    ),
    "letter": ("UPDATE portal_firms_proofletter SET address = 'x'", "was changed"),
    "letter gone": (
        "DELETE FROM portal_firms_proofletter",
        "portal_firms.ProofLetter {letter}: was removed",
    ),
    "letter used": (
        "UPDATE portal_firms_proofletter SET used_at = now(), ended_at = now()",
        "portal_firms.ProofLetter {letter}: ended around its trigger",
    ),
    "proposal of a passing": (
        "UPDATE portal_firms_passing SET answer_by = answer_by - 9",
        "was changed",
    ),
    "passing gone": (
        "DELETE FROM portal_firms_passing",
        "portal_firms.Passing {passing}: was removed",
    ),
    "passing forged": (
        "INSERT INTO portal_firms_passing (claim_id, decision, role, number, ground, answer_by,"
        " outcome, objection, proposed_by_id, proposed_at, closed_by_id, closed_at)"
        " SELECT claim_id, decision, role, number, ground, answer_by, 'objected', objection,"
        " proposed_by_id, proposed_at, closed_by_id, closed_at FROM portal_firms_passing LIMIT 1",
        "came around its trigger",
    ),
    "passing reopened": (
        "UPDATE portal_firms_passing SET outcome = '', closed_by_id = NULL, closed_at = NULL",
        "portal_firms.Passing {passing}: was changed",
    ),
    "objection": (
        "UPDATE portal_firms_passing SET objection = 'x'",
        "portal_firms.Passing {passing}: was changed",
    ),
    "claim": ("UPDATE portal_firms_firmclaim SET words = 'x'", "portal_firms.FirmClaim"),
    "claimant": (
        "UPDATE portal_firms_firmclaim SET person_id = (SELECT min(id) FROM portal_accounts_user)",
        "was changed",
    ),
    "batch": (
        "UPDATE grants_payments_paymentbatch SET content = '\\x00'",
        "grants_payments.PaymentBatch",
    ),
    "batch and its hash": (
        "UPDATE grants_payments_paymentbatch SET content = '\\x00',"
        " sha256 = encode(sha256('\\x00'), 'hex')",
        "was changed",
    ),
}


def two_people_change(world: World) -> None:
    """A line of the budget and a role: one person proposed each, another confirmed it."""
    line = world.calls["telework"].budget_lines.all()[0]
    change = changes.propose(line, "appropriation", 1000, by=world.staff["accountant"], note="補正")
    entry = changes.confirm(change, by=world.staff["treasurer"])
    entry.answers.create(status="受付", read_by=world.staff["accountant"])
    classify(line, classification(line.programme_code), world.staff)
    first, second = administrators(world)
    person, day = world.staff["auditor"], clock.today() - timedelta(days=3)
    for end in (roles.confirm, roles.take_back):
        end(roles.propose(person, "inspector", by=first, starts_on=day), by=second)
    roles.end_role(person.staff_roles.latest("pk"), by=first, reason="異動")


def who_acts_for_whom(world: World) -> None:
    """Somebody away with a deputy; two tables and a removal of a factor, each confirmed by another."""
    chief, day = world.director, clock.today()
    absences.enter(chief, starts_on=day, ends_on=day + timedelta(days=3), by=chief)
    absences.name(chief, "approver", world.approver, by=chief)
    first, second = administrators(world)
    ended = {"proposed_by": first, "closed_by": second, "closed_at": clock.now()}
    sapporo = Municipality.objects.get(pk=SAPPORO)
    RuleTable.objects.create(municipality=sapporo, is_confirmed=True, **ended)
    GroundTable.objects.create(municipality=sapporo, is_confirmed=True, starts_on=day, **ended)
    FactorRemoval.objects.create(
        person=world.officer,
        how="card",
        ground="x",
        waits_until=clock.now(),
        outcome="taken_back",
        **ended,
    )


def a_firm_passes(world: World) -> None:
    """A letter to a firm, printed and not entered; a proved firm that was to pass, until its
    representative objected.
    """
    registered()
    held = firm(world.outsider)
    letter = letters.ask(held, by=world.outsider)
    letters.print_out([letter.pk], by=world.officer)
    proving.prove(held, "gbizid", by=world.outsider)
    second = User.objects.create_user("second@firms.example", None, name="二人目")
    claim = claims.make(held, by=second, matter="belongs", words="x")
    proposed = passing.decide(claim, Decision("hand_over", "見た"), by=world.officer)
    assert isinstance(proposed, Passing)
    passing.object_to(proposed, "違います", by=world.outsider)


def kept(world: World) -> Case:
    """Paid, read by somebody who then declared an interest, and sealed."""
    award, _person = paid(world)
    Reading.note(world.officer, "case.open", award.case)
    Interest.objects.create(person=world.outsider, case=award.case, detail="知人")
    claims.make(award.case.organisation, by=world.outsider, matter="belongs", words="代表です")
    back = perform(
        world.approval("award", [world.accepted()[0]]), "send_back", by=world.director, reason="x"
    )
    attached(back, by=world.officer)
    perform(back, "circulate", by=world.officer)
    two_people_change(world)
    who_acts_for_whom(world)
    a_firm_passes(world)
    seal()
    assert first_fault() == ""
    return award.case


pytestmark = begins(kept)


@pytest.fixture
def case(world: World) -> Case:
    return world.begun(kept)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_around_the_triggers_is_seen(case: Case, act: str) -> None:
    statement, said = ACTS[act]
    rows = {
        "duty": Duty.objects.latest("pk").pk,
        "role": StaffRole.objects.earliest("pk").pk,
        "letter": ProofLetter.objects.get().pk,
        "passing": Passing.objects.get().pk,
    }
    around_triggers(statement)
    assert said.format(**rows) in first_fault()
    with pytest.raises(CommandError):
        call_command("verify_audit")


@pytest.mark.parametrize(
    "rows",
    [
        *(Duty, Reading, Interest, BudgetEntry, ApplicationVersion, PaymentBatch, Print),
        *(BudgetChange, ClassificationProposal, AccountingAnswer, RoleProposal, FirmClaim),
        *(Absence, Deputy, FactorRemoval, RuleTable, GroundTable, Attachment, Letterhead),
        *(StaffRole, RoleEnd, ProofLetter, Passing),
    ],
    ids=lambda model: model.__name__,
)
def test_the_database_refuses_to_change_or_remove_a_kept_row(
    case: Case, rows: type[Duty | Reading | Print]
) -> None:
    table = rows._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for verb in ("UPDATE {} SET id = -id", "DELETE FROM {}", "TRUNCATE {}"):
            with (
                pytest.raises(DatabaseError, match=r"append-only|foreign key"),
                transaction.atomic(),
            ):
                cursor.execute(verb.format(table))
    assert first_fault() == ""


def test_the_end_of_what_is_kept_is_written_once(case: Case, world: World) -> None:
    """Who confirmed, which entry came of it, how a claim ended: none is written over."""
    for claim in FirmClaim.objects.all():
        claims.withdraw(claim, by=claim.person)
    absences.take_back(Absence.objects.get(), by=world.director)
    absences.end(Deputy.objects.get(), by=world.director)
    ProofLetter.objects.update(ended_at=clock.now())  # asked for anew
    over = (
        "UPDATE grants_budget_budgetchange SET closed_by_id = closed_by_id + 1",
        "UPDATE portal_accounts_roleproposal SET closed_at = now()",
        "UPDATE portal_firms_firmclaim SET outcome = 'add'",
        "UPDATE portal_firms_firmclaim SET answer = 'x'",
        "UPDATE portal_accounts_absence SET closed_at = NULL",
        "UPDATE portal_accounts_deputy SET ended_at = NULL",
        "UPDATE portal_accounts_factorremoval SET outcome = ''",
        "UPDATE portal_approvals_ruletable SET closed_at = NULL",
        "UPDATE portal_accounts_staffrole SET ends_on = NULL",
        "UPDATE portal_accounts_staffrole SET ends_on = ends_on + 1",
        "UPDATE portal_firms_passing SET outcome = 'confirmed'",
        "UPDATE portal_firms_proofletter SET used_at = now()",
        "UPDATE portal_approvals_attachment SET sha256 = ''",
        "UPDATE reports_disclosure_groundtable SET is_confirmed = false",
    )
    for statement in over:
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_role_confirmed_late_leaves_the_proposal_as_it_was(case: Case, world: World) -> None:
    proposal = RoleProposal.objects.exclude(granted=None).latest("pk")
    assert proposal.granted is not None
    assert (proposal.starts_on, proposal.granted.starts_on) == (
        clock.today() - timedelta(days=3),
        clock.today(),
    )


def test_a_disposal_erases_and_is_no_fault(case: Case, world: World) -> None:
    with clock.at(at(clock.today().replace(year=clock.today().year + 9))):
        retention.dispose(case, by=world.officer)
    assert Interest.objects.get().detail == ""
    assert ApplicationVersion.objects.get(application__case=case).content == {}
    assert Payload.objects.exclude(erased_at=None).exists()
    assert first_fault() == ""


def test_a_print_changed_with_its_row_is_found_by_the_sealed_event(case: Case) -> None:
    last = Duty.objects.latest("pk").pk
    around_triggers("DELETE FROM portal_workflow_duty WHERE id = %s", last)
    around_triggers(
        "DELETE FROM portal_audit_print WHERE kept = 'portal_workflow_duty' AND row_id = %s", last
    )
    assert first_fault() == "rows #1: the prints are not those recorded"


def test_each_day_records_what_was_printed_since(case: Case, world: World) -> None:
    for days in (1, 2):
        with clock.at(at(clock.today().replace(year=clock.today().year + days))):
            Reading.note(world.officer, "case.open", case)
            seal()
    with clock.at(at(clock.today().replace(year=clock.today().year + 3))):
        seal()  # nothing was printed
    said = Event.objects.filter(chain="rows").order_by("seq").values_list("payload__content")
    assert [re.search(r'"rows":1[,}]', content) is not None for (content,) in said] == [
        False,
        True,
        True,
    ]
    assert first_fault() == ""


def test_a_seal_leaves_a_copy_in_the_log(
    db: None, lines: Lines, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        made = seal()
    line = only(lines, Line.DAY_SEALED)
    assert (line["code"], line["day"]) == (made.hash, made.day.isoformat())


def test_a_tail_cut_with_its_seal_is_seen_from_outside(world: World, tmp_path: Path) -> None:
    for number in (1, 2):
        record(chain="case:0", action="x.y", subject="x:1", by=world.officer, reason="理由")
        with clock.at(at(clock.today().replace(year=clock.today().year + number))):
            seal()
    published = tmp_path / "seals.csv"
    with published.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["day", "hash"])
        writer.writerows([s.day.isoformat(), s.hash] for s in Seal.objects.all())
    call_command("verify_audit", seals=published)
    newest = Event.objects.latest("pk")
    around_triggers("DELETE FROM portal_audit_seal WHERE id = %s", Seal.objects.latest("day").pk)
    around_triggers("DELETE FROM portal_audit_payload WHERE event_id = %s", newest.pk)
    around_triggers("DELETE FROM portal_audit_event WHERE id = %s", newest.pk)
    around_triggers(
        "UPDATE portal_audit_head SET seq = 1, hash = %s WHERE chain = 'case:0'", newest.prev_hash
    )
    call_command("verify_audit")  # from inside nothing is missing
    with pytest.raises(CommandError, match="not the one that was published"):
        call_command("verify_audit", seals=published)


def test_what_is_not_sent_yet_may_change(case: Case) -> None:
    """A batch is kept from its export on."""
    made = PaymentBatch.objects.create(number="x", pay_on=clock.today(), state="open")
    PaymentBatch.objects.filter(pk=made.pk).update(number="y")
    assert Print.objects.filter(row_id=made.pk, kept=PaymentBatch._meta.db_table).count() == 0
    assert first_fault() == ""
