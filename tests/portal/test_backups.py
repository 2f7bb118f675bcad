"""A backup is of one moment and says when it is not whole; a restore says what is not as it was."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, connections
from moto import server as moto_server
from psycopg import sql
from pytest_django import Settings

from grants.applications.discarding import discard
from portal import clock
from portal.audit.models import Event
from portal.audit.sealing import seal
from portal.backups import comparing, facts, programs, restoring, taking
from portal.backups.erasures import note, note_case, repeat
from portal.backups.manifest import GONE, Facts, Kept, Manifest, differing, from_json, to_json
from portal.backups.programs import Unfit, find
from portal.backups.shelves import BucketShelf, FolderShelf, Shelf, whole
from portal.cases.models import Case
from portal.correspondence import holding
from portal.correspondence.digests import send_digests
from portal.correspondence.jobs import send_mail
from portal.correspondence.models import Mail
from portal.correspondence.post import send
from portal.correspondence.watched import PROBES
from portal.documents.models import Document, StoredFile
from portal.types import Given
from tests.conftest import World
from tests.restored import done, elsewhere, folder

MANIFEST = Manifest(
    form=1,
    moment="2026-11-30T12:00:00+09:00",
    facts=Facts(
        server=180000,
        lsn="0/1",
        migrations=["a.0001"],
        roles=[],
        counts={"a": 1},
        sums={"yen": 2},
        seal=[],
    ),
    dump=Kept("moments/x/portal.dump", "0" * 64, 3),
    files=[Kept("u/1", "1" * 64, 4)],
    absent={"u/2": "lost", "u/3": GONE},
)


def test_a_manifest_is_read_as_it_was_written() -> None:
    assert from_json(to_json(MANIFEST)) == MANIFEST
    assert MANIFEST.name == "2026-11-30T030000Z"
    assert MANIFEST.faulty == ["u/2: lost"]
    with pytest.raises(ValueError, match="form 2"):
        from_json(to_json(MANIFEST).replace(b'"form": 1', b'"form": 2'))
    with pytest.raises(ValueError, match="validation"):
        from_json(b'{"form": 1}')


def test_what_differs_is_named() -> None:
    assert list(differing({"a": 1, "b": 2}, {"b": 2, "a": 1})) == []
    assert list(differing({"a": 1, "b": 2}, {"a": 3, "c": 4})) == [
        "a: 1 kept, 3 found",
        "b: 2 kept, nothing found",
        "c: nothing kept, 4 found",
    ]


def broken() -> Iterator[bytes]:
    yield b"x" * 10
    raise OSError("the line is cut")


def keeps_whole_things_alone(shelf: Shelf) -> None:
    shelf.put("files/a", [b"one", b"", b"two"])
    shelf.put("files/a", [b"three"])
    shelf.put("files/empty", [])
    with pytest.raises(OSError, match="the line is cut"):
        shelf.put("files/b", broken())
    assert shelf.sizes("files") == {"files/a": 5, "files/empty": 0}
    assert shelf.sizes("file") == {}
    assert whole(shelf, "files/a") == b"three"
    with pytest.raises(FileNotFoundError):
        whole(shelf, "files/b")
    shelf.remove("files/a")
    shelf.remove("files/a")
    assert shelf.sizes("files") == {"files/empty": 0}


def test_a_folder_keeps_whole_things_alone(tmp_path: Path) -> None:
    keeps_whole_things_alone(FolderShelf(tmp_path / "new"))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["empty"]


def test_a_bucket_keeps_whole_things_alone(
    s3: moto_server.ThreadedMotoServer, settings: Settings
) -> None:
    settings.S3_OPTIONS = settings.S3_OPTIONS | {"endpoint_url": settings.S3_DIRECT_ORIGIN}
    keeps_whole_things_alone(BucketShelf("documents", "of/ours"))


def test_only_a_program_of_the_servers_version_is_taken(
    db: None, settings: Settings, tmp_path: Path
) -> None:
    settings.PG_BIN = str(tmp_path)
    with pytest.raises(Unfit, match="none found"):
        find("pg_dump")
    program = tmp_path / "pg_dump"
    program.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    program.chmod(0o700)
    with pytest.raises(Unfit, match=r"is of version 9.*PG_BIN=/usr/lib/postgresql/\d+/bin"):
        find("pg_dump")


def a_file(world: World) -> StoredFile:
    application, _person = world.draft()
    return StoredFile.objects.get(documents__case=application.case)


def test_backups_share_what_they_hold_and_older_ones_go(
    committed_world: World, tmp_path: Path
) -> None:
    first_file = a_file(committed_world)
    root = tmp_path / "backups"
    shelf = FolderShelf(root)
    now = clock.now()
    with clock.at(now - timedelta(days=40)):
        first = taking.take(shelf)
        with pytest.raises(Unfit, match="of this second"):
            taking.take(shelf)
    (root / "moments/2001-01-01T000000Z").mkdir()
    (root / "moments/2001-01-01T000000Z/portal.dump").write_text("never finished")
    assert taking.moments(shelf) == [first.name]
    written = {name: (root / name).stat().st_ino for name in shelf.sizes("files")}
    assert len(written) == len(first.files) == StoredFile.objects.count() == 1

    a_file(committed_world)
    second = taking.take(shelf)
    assert first.files[0] in second.files
    assert len(second.files) == 2
    assert {name: (root / name).stat().st_ino for name in written} == written

    Document.objects.filter(file=first_file).delete()
    first_file.delete()
    with clock.at(now + timedelta(hours=1)):
        third = taking.take(shelf)
    with clock.at(now + timedelta(days=35)):
        assert taking.forget_older(shelf, 36) == (1, 0)  # the second still holds the first file
    assert taking.moments(shelf) == [second.name, third.name]
    assert not any("2001" in name for name in shelf.sizes("moments"))
    with clock.at(now + timedelta(days=400)):
        assert taking.forget_older(shelf, 36) == (1, 1)
    assert taking.moments(shelf) == [third.name]  # never the last one
    assert len(shelf.sizes("files")) == 1


def test_one_that_was_not_finished_is_none(
    committed_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "all_of_them", lambda: 1 / 0)
    shelf = FolderShelf(tmp_path)
    with pytest.raises(ZeroDivisionError):
        taking.take(shelf)
    assert len(shelf.sizes("moments")) == 1
    assert done("restore", str(tmp_path))[1] == "No such backup; there are: none."


def test_there_is_one_backup_at_a_time(committed_world: World, tmp_path: Path) -> None:
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('backup'))")
        assert done("backup", str(tmp_path))[1] == "Another backup is under way."
    other.close()


def test_objects_that_were_at_fault_before_are_named(
    committed_world: World, tmp_path: Path
) -> None:
    lost, changed = a_file(committed_world), a_file(committed_world)
    default_storage.delete(lost.key)
    Path(default_storage.path(changed.key)).write_bytes(b"x" * changed.size)
    _out, fault = done("backup", str(tmp_path))
    assert fault.startswith("2 objects were not there")
    assert f"{lost.key}: lost" in fault
    assert f"{changed.key}: changed" in fault
    assert len(taking.moments(FolderShelf(tmp_path))) == 1  # and there is a backup of all else
    assert FolderShelf(tmp_path).sizes("files") == {}
    assert "FAULT objects that were at fault" in done("restore", str(tmp_path), "--check")[0]


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Somebody else does this while the database is dumped."""

    def run() -> None:
        act()
        connection.close()

    dumped = programs.dumped

    def then(*given: object) -> Iterator[bytes]:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        yield from dumped(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(programs, "dumped", then)


def test_a_restore_is_of_one_moment_and_says_what_is_not_as_it_was(
    committed_world: World, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row more, a file less while the backup is made; then each fault that may be, one by one."""
    erased, file = a_file(committed_world), a_file(committed_world)
    seal()
    role = f"{connection.settings_dict['NAME']}_kept"
    call_command("restrict_role", role, stdout=None)

    def act() -> None:
        send(subject="x", body="x", to=committed_world.officer)
        Document.objects.filter(file=erased).delete()
        key = erased.key
        erased.delete()
        default_storage.delete(key)

    StoredFile.objects.update(checked_at=clock.now())
    mails = Mail.objects.count()
    meanwhile(monkeypatch, act)
    place, shelf = str(tmp_path / "backups"), FolderShelf(tmp_path / "backups")
    try:
        assert done("backup", place)[1] == ""
        made = restoring.chosen(shelf)
        assert made.facts.counts["portal_correspondence_mail"] == mails == Mail.objects.count() - 1
        assert made.facts.roles == [role]
        assert made.facts.seal
        assert made.absent == {erased.key: GONE}
        name = f"files/{file.sha256[:2]}/{file.sha256}"
        assert [*shelf.sizes("files")] == [name]
        (tmp_path / "backups" / name).write_bytes(b"x" * file.size)
        assert f"FAULT 1 objects: {name}" in done("restore", place, "--check")[0]

        with elsewhere(settings, folder(tmp_path / "second")):
            out, fault = done("restore", place)
            assert fault == "3 of these lines name a fault."
            assert f"{file.key}: changed in the backup" in out
            taken = "FAULT 1 files taken away while the backup was made, and not erased"
            assert f"{taken}: {erased.key}" in out
            assert f"FAULT 1 files read back: {file.key}: missing" in out
            assert Mail.objects.count() == mails
            with connection.cursor() as cursor:
                asked = "SELECT has_table_privilege(%s, 'portal_audit_event', %s)"
                rights = {}
                for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
                    cursor.execute(asked, [role, right])
                    rights[right] = cursor.fetchone()[0]
            assert [right for right, has in rights.items() if has] == ["SELECT", "INSERT"]

            Document.objects.get(file=file.pk).delete()
            faults = {row.asked: row.fault for row in comparing.compared(made) if row.fault}
            assert "portal_documents_document: 2 kept, 1 found" in faults.values()

            cut_off_the_last_event()
            faults = {row.asked: row.fault for row in comparing.compared(made) if row.fault}
            assert "ends before its recorded head" in faults["audit chain, seals and kept rows"]
    finally:
        with connection.cursor() as cursor:
            name_of = sql.Identifier(role)
            cursor.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(name_of))


def cut_off_the_last_event() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        last = Event.objects.latest("pk").pk
        cursor.execute("DELETE FROM portal_audit_payload WHERE event_id = %s", [last])
        cursor.execute("DELETE FROM portal_audit_event WHERE id = %s", [last])
        cursor.execute("RESET session_replication_role")


def test_nothing_is_restored_over_what_is_there(
    committed_world: World, tmp_path: Path, settings: Settings
) -> None:
    a_file(committed_world)
    with pytest.raises(Unfit, match="The database is not empty"):
        restoring.refuse_what_is_not_empty(MANIFEST)
    applied = facts.applied()
    files = folder(Path(default_storage.location))  # type: ignore[attr-defined]
    with elsewhere(settings, files), pytest.raises(Unfit, match="There are files"):
        restoring.refuse_what_is_not_empty(MANIFEST)
    assert facts.other_migrations(applied) == []
    assert facts.other_migrations([*applied, "portal_cases.9999_later"]) == [
        "portal_cases.9999_later"
    ]
    assert facts.other_migrations(applied[1:]) == applied[:1]
    with (
        elsewhere(settings, folder(tmp_path / "new")),
        pytest.raises(Unfit, match="another version"),
    ):
        restoring.refuse_what_is_not_empty(MANIFEST)


def test_a_held_mail_waits_for_a_person(world: World, mailoutbox: list[object]) -> None:
    at_once = send(subject="件名", body="x", to=world.officer)
    digest = Mail.objects.create(to=world.officer, subject="朝", body="x", state="waiting")
    sent = Mail.objects.create(to=world.officer, subject="前", body="x", state="sent")
    assert holding.hold() == 2
    assert holding.hold() == 0
    send_mail(mail_id=at_once.pk)
    assert send_digests() == 0
    assert mailoutbox == []
    assert set(PROBES["mails"].ask().values()) == {0}  # nobody is called for what is held
    at_once.refresh_from_db()
    assert at_once.badge == ("care", "止めています（復元の前に送ったかもしれません）")

    listed, _fault = done("held_mails")
    assert [line.split()[0] for line in listed.splitlines()] == [
        str(at_once.pk),
        str(digest.pk),
        "2",
    ]
    assert done("held_mails", str(at_once.pk), str(sent.pk))[0].startswith("1 mails")
    send_mail(mail_id=at_once.pk)
    assert len(mailoutbox) == 1
    assert done("held_mails", "--all")[0].startswith("1 mails")
    digest.refresh_from_db()
    assert (digest.state, digest.held_at) == ("waiting", None)


def test_what_is_erased_is_noted_beside_the_backups_and_nowhere_else(
    world: World, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[tuple[str, Given]] = []
    monkeypatch.setattr("portal.backups.erasures.enqueue", queued.extend)
    first, person = world.draft()
    discard(first, by=person)
    assert queued == []  # no place is known
    settings.BACKUPS = str(tmp_path)
    second, person = world.draft()
    keys = list(
        StoredFile.objects.filter(documents__case=second.case).values_list("key", flat=True)
    )
    discard(second, by=person)
    given = [arguments for name, arguments in queued if name == "note_erasure"]
    assert [row["cases"] for row in given if row["cases"]] == [[second.case.number]]
    assert [row["keys"] for row in given if row["keys"]] == [keys]
    for row in given:
        note(**row)
        note(**row)
    noted = FolderShelf(tmp_path).sizes("erased")
    assert len(noted) == len(given) == 2
    text = b"".join(whole(FolderShelf(tmp_path), name) for name in noted).decode()
    assert person.name not in text


def test_what_was_handed_in_since_is_erased_again_by_the_number_of_its_draft(
    world: World, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a case that was opened since, under a number that a restore gave out again, is not."""
    queued: list[tuple[str, Given]] = []
    monkeypatch.setattr("portal.backups.erasures.enqueue", queued.extend)
    settings.BACKUPS = str(tmp_path)
    draft, _person = world.draft()
    later, _other = world.draft()
    received = Case(number="X8-0001", draft_number=draft.case.number)
    note_case(received)
    note_case(Case(number=later.case.number))
    for _name, arguments in queued:
        note(**arguments)
    Case.objects.filter(pk=later.case_id).update(opened_at=clock.now() + timedelta(minutes=1))
    assert repeat(FolderShelf(tmp_path), clock.now()).cases == [draft.case.number]
    assert Case.objects.filter(pk=later.case_id).exists()
