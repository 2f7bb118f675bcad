"""Each edit, removal or cut tail is found, even when somebody steps around the triggers."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from portal.accounts.models import User
from portal.audit.jobs import verify_record
from portal.audit.models import Event, Payload, Seal, Verification
from portal.audit.record import DISPOSED, erase_payloads, record
from portal.audit.sealing import seal
from portal.audit.verifying import CHECKS, first_fault
from tests.conftest import World
from tests.markup import one_line
from tests.roles import without_triggers


@pytest.fixture
def chain(db: None) -> list[Event]:
    user = User.objects.create_user("a@staff.example", None, name="北川")
    return [
        record(chain="case:1", action="x.y", subject="x:1", by=user, reason=f"理由{n}")
        for n in range(4)
    ]


def around_triggers(statement: str, *params: str | int) -> None:
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_a_whole_chain_verifies(chain: list[Event]) -> None:
    assert [e.seq for e in Event.objects.order_by("pk")] == [1, 2, 3, 4]
    assert first_fault() == ""
    call_command("verify_audit")


@pytest.mark.parametrize(
    "table", ["portal_audit_event", "portal_audit_payload", "portal_audit_seal"]
)
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_or_remove(
    chain: list[Event], table: str, verb: str
) -> None:
    seal()
    statement = verb.format(table).replace(
        "SET id = id", "SET event_id = event_id" if "payload" in table else "SET id = id"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)


MANY_CHAINS = """
INSERT INTO portal_audit_event (chain, seq, at, capacity, action, subject, before, after, payload_hash, prev_hash, hash)
SELECT 'case:' || n, 0, now(), '', 'x.y', 'x:' || n, '', '', '', '', '' FROM generate_series(1, 20000) AS n
"""


def test_one_act_over_twenty_thousand_cases_takes_no_place_in_the_lock_table(
    chain: list[Event],
) -> None:
    started = monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MANY_CHAINS)
        cursor.execute("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()")
        locks = cursor.fetchone()[0]
    assert locks < 100
    assert monotonic() - started < 60  # seconds; about two on a quiet machine
    assert Event.objects.filter(seq=1).count() == 20_000
    assert (
        Event.objects.get(chain="case:1", seq=5).prev_hash == Event.objects.get(pk=chain[3].pk).hash
    )


def test_many_threads_on_the_same_new_chains_leave_them_whole(transactional_db: None) -> None:
    by = User.objects.create_user("b@staff.example", None, name="北川")

    def write(thread: int) -> None:
        for n in range(20):
            with transaction.atomic():
                record(
                    chain=f"case:{n % 3}",
                    action="x.y",
                    subject=f"x:{thread}",
                    by=by,
                    reason=f"{thread}/{n}",
                )
        connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    assert Event.objects.count() == 120
    assert first_fault() == ""


def test_an_edited_event_is_found(chain: list[Event]) -> None:
    around_triggers("UPDATE portal_audit_event SET action = 'z' WHERE id = %s", chain[1].pk)
    assert first_fault() == f"case:1 #2 (event {chain[1].pk}): its text was changed"
    with pytest.raises(CommandError) as caught:
        call_command("verify_audit")
    assert caught.value.returncode == 1


def test_an_edited_reason_is_found(chain: list[Event]) -> None:
    around_triggers(
        "UPDATE portal_audit_payload SET content = '{}' WHERE event_id = %s", chain[2].pk
    )
    assert first_fault().endswith("its payload was changed")


def test_a_removed_event_is_found(chain: list[Event]) -> None:
    around_triggers("DELETE FROM portal_audit_payload WHERE event_id = %s", chain[1].pk)
    around_triggers("DELETE FROM portal_audit_event WHERE id = %s", chain[1].pk)
    assert "event #2 is missing" in first_fault()


def test_a_cut_tail_is_found_by_the_head(chain: list[Event]) -> None:
    around_triggers("DELETE FROM portal_audit_payload WHERE event_id = %s", chain[3].pk)
    around_triggers("DELETE FROM portal_audit_event WHERE id = %s", chain[3].pk)
    assert first_fault() == "case:1: the chain ends before its recorded head #4"


def test_a_cut_tail_with_its_head_rewritten_is_found_by_the_seal(chain: list[Event]) -> None:
    seal()
    around_triggers("DELETE FROM portal_audit_payload WHERE event_id = %s", chain[3].pk)
    around_triggers("DELETE FROM portal_audit_event WHERE id = %s", chain[3].pk)
    around_triggers(
        "UPDATE portal_audit_head SET seq = 3, hash = %s WHERE chain = 'case:1'",
        Event.objects.get(seq=3).hash,
    )
    assert first_fault().startswith("seal of ")


def test_erasing_a_payload_leaves_the_chain_whole(chain: list[Event]) -> None:
    assert erase_payloads(Event.objects.filter(pk=chain[0].pk)) == 1
    assert Payload.objects.get(event=chain[0]).content == ""
    assert first_fault() == "case:1 #1: its payload was erased without a disposal"
    by = User.objects.get()
    record(chain="case:2", action=DISPOSED, subject="case:2", by=by)
    assert first_fault() != ""  # of another case
    record(chain="case:1", action=DISPOSED, subject="case:1", by=by)
    assert first_fault() == ""


def test_the_seal_is_written_once_a_day(chain: list[Event]) -> None:
    first = seal()
    assert seal() == first
    assert (Seal.objects.count(), first.events, first.chains) == (1, 4, 1)


def verified(world: World, who: str) -> tuple[Client, str]:
    """The page after its button was pressed and a worker came by."""
    client, page = Client(), reverse("record")
    client.force_login(world.staff[who])
    assert client.post(reverse("record_verify")).status_code == 302
    waiting = client.get(page).content.decode()
    assert "いま確かめているところです" in waiting
    again = one_line(client.post(reverse("record_verify"), follow=True))
    assert "終わってから、もう一度" in again
    [job] = ProcrastinateJob.objects.filter(task_name="verify_record")
    verify_record(**job.args)
    return client, one_line(client.get(page))


def test_the_auditor_has_the_record_verified_and_reads_what_was_found(world: World) -> None:
    world.submitted()
    seal()
    client, page = verified(world, "auditor")
    assert reverse("record") in client.get("/inbox/").content.decode()
    assert "すべてそろっています" in page
    assert world.staff["auditor"].name in page
    for check in CHECKS.values():
        assert f">{check.label}<" in page
    assert Verification.objects.count() == 1


def test_a_broken_record_is_told_by_its_kind_and_place(world: World) -> None:
    case = world.submitted()[0].case
    around_triggers(
        "UPDATE portal_audit_event SET action = 'x.y' WHERE chain = %s AND seq = 2",
        f"case:{case.pk}",
    )
    _client, page = verified(world, "administrator")
    assert "食い違いがあります。" in page
    assert f"case:{case.pk} #2" in page
    [done] = Verification.objects.all()
    assert [row["kind"] for row in done.found if row["fault"]] == ["chains"]
    with pytest.raises(CommandError):
        call_command("verify_audit")
    assert [row.asked_by for row in Verification.objects.all()] == [
        None,
        world.staff["administrator"],
    ]
