"""The portal works under the restricted role of the database, and that role changes nothing that is kept."""

import secrets
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from django.test import Client
from psycopg import sql

from grants.awards.models import Award
from portal.audit.sealing import seal
from portal.cases import jobs
from portal.cases.models import Case, Interest, Reading
from portal.disposals import jobs as records
from portal.firms import claims
from portal.health import metrics
from portal.health.ports import probes
from tests.conftest import World
from tests.grants.test_recovery import paid
from tests.portal.test_kept_rows import two_people_change

REFUSED = (
    *(
        f"{verb} {table}"
        for table in (
            "portal_audit_event",
            "portal_audit_seal",
            "portal_audit_head",
            "portal_audit_print",
            "portal_workflow_duty",
            "portal_cases_reading",
            "portal_cases_interest",
            "grants_applications_applicationversion",
            "grants_budget_budgetentry",
            "grants_budget_budgetchange",
            "portal_accounts_roleproposal",
            "portal_accounts_staffrole",
            "portal_accounts_roleend",
            "portal_firms_firmclaim",
            "portal_firms_proofletter",
            "portal_firms_passing",
            "portal_accounts_absence",
            "portal_accounts_deputy",
            "portal_accounts_factorremoval",
            "portal_approvals_ruletable",
            "reports_disclosure_groundtable",
            "grants_payments_paymentbatch",
        )
        for verb in ("DELETE FROM", "TRUNCATE")
    ),
    "UPDATE portal_audit_event SET action = 'x'",
    "UPDATE portal_audit_seal SET hash = 'x'",
    "UPDATE portal_audit_payload SET event_id = event_id",
    "UPDATE portal_audit_head SET seq = 0",
    "INSERT INTO portal_audit_head VALUES ('x', 1, 'x')",
    "INSERT INTO portal_audit_print (kept, row_id, columns, hash) VALUES ('x', 1, 'id', 'x')",
    "UPDATE portal_workflow_duty SET person_id = 1",
    "UPDATE portal_cases_reading SET at = now()",
    "UPDATE portal_cases_interest SET person_id = 1",
    "UPDATE grants_applications_applicationversion SET sha256 = 'x'",
    "UPDATE grants_budget_budgetline SET appropriated = 1",
    "UPDATE grants_budget_budgetentry SET amount = 1",
    "UPDATE grants_budget_bookedmonth SET amount = 1",
    "DELETE FROM grants_budget_bookedmonth",
    "INSERT INTO grants_budget_bookedmonth (line_id, kind, month, amount) VALUES (1, 'x', '2026-04-01', 1)",
    "UPDATE grants_budget_budgetline SET carried_out = 1",
    "UPDATE grants_budget_budgetchange SET amount = 1",
    "UPDATE portal_accounts_roleproposal SET role = 'x'",
    "UPDATE portal_accounts_staffrole SET role = 'approver'",
    "UPDATE portal_accounts_staffrole SET ends_on = NULL",
    "UPDATE portal_accounts_roleend SET ends_on = ends_on + 9",
    "UPDATE portal_firms_firmclaim SET words = 'x'",
    "SELECT portal_audit_keep_end('portal_firms_passing', 'closed_at', 'id')",
    "UPDATE grants_payments_paymentbatch SET content = 'x'",
    "UPDATE grants_applications_applicationversion SET content = '{\"a\": 1}'",
    "ALTER TABLE portal_audit_event DISABLE TRIGGER ALL",
    "ALTER TABLE portal_workflow_duty DISABLE TRIGGER USER",
    "DROP TRIGGER keep ON portal_audit_event",
    "SET session_replication_role = replica",
    "SELECT portal_audit_let_go('portal_workflow_duty')",
    "CREATE TABLE mine (id int)",
    "DELETE FROM django_migrations",
    "SET ROLE portal",
)


def login(name: str, password: str) -> None:
    connection.close()
    connection.settings_dict |= {"USER": name, "PASSWORD": password}


@pytest.fixture
def restricted(committed_world: World) -> Iterator[World]:
    """The world, on a connection of the restricted role."""
    role, password = f"{connection.settings_dict['NAME']}_app", secrets.token_hex(8)
    owner = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]
    call_command("restrict_role", role, stdout=StringIO())
    call_command("restrict_role", role, stdout=StringIO())
    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(password)))
    login(role, password)
    try:
        yield committed_world
    finally:
        login(*owner)
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(name))


def said(cursor: CursorWrapper, statement: str) -> str:
    try:
        cursor.execute(statement)
    except DatabaseError as error:
        return str(error)
    return ""


def test_the_portal_works_under_the_role_and_the_role_changes_nothing_kept(
    restricted: World, client: Client
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0].endswith("_app")
    award, _person = paid(restricted)  # from a draft to the award, and on to the bank's answer
    assert Award.objects.get(pk=award.pk).fixed_amount == 280_000
    Reading.note(restricted.officer, "case.open", award.case)
    Interest.objects.create(person=restricted.outsider, case=award.case, detail="知人")
    firm = award.case.organisation
    claimed = claims.make(firm, by=restricted.outsider, matter="belongs", words="x")
    claims.withdraw(claimed, by=restricted.outsider)
    claims.make(firm, by=restricted.outsider, matter="belongs", words="x")
    two_people_change(restricted)
    client.force_login(restricted.officer)
    assert client.get(f"/cases/{award.case.number}/").status_code == 200
    Case.objects.filter(pk=award.case_id).update(title="x")
    seal()
    jobs.pass_time(0)
    records.note_records_over(0)
    records.dispose_records(0)
    call_command("verify_audit")
    well = client.get("/health/whole").json()["probes"]
    assert {name: told["word"] for name, told in well.items()} == {
        **dict.fromkeys(probes, "ok"),
        "workers": "none",
    }
    assert b"portal_locks_waiting 0.0" in metrics.answer()

    with connection.cursor() as cursor:
        answers = {statement: said(cursor, statement) for statement in REFUSED}
    refusals = ("permission denied", "must be owner", "append-only")
    assert [s for s, answer in answers.items() if not any(r in answer for r in refusals)] == []
    call_command("verify_audit")


def test_a_role_that_could_switch_triggers_off_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="owns tables"):
        call_command("restrict_role", str(connection.settings_dict["USER"]))


def test_the_sql_can_be_read_before_it_is_run(db: None) -> None:
    out = StringIO()
    call_command("restrict_role", "portal_app", "--print", stdout=out)
    assert 'REVOKE UPDATE, DELETE ON "portal_workflow_duty" FROM "portal_app";' in out.getvalue()
