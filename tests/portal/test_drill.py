"""The drill of going back: another server and another bucket, while people go on writing.

How long it takes is printed (`pytest -s`), not asked.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test import Client
from moto import server as moto_server
from psycopg import sql
from pytest_django import Settings

from grants.applications.discarding import discard
from grants.applications.models import Application
from grants.payments.models import Payment
from portal.accounts import outgoing, roles
from portal.accounts.models import StaffRole, User
from portal.accounts.ports import tell_taken
from portal.audit.models import Seal
from portal.audit.sealing import seal
from portal.backups import takings
from portal.backups.erasures import note
from portal.cases.models import Case
from portal.correspondence.jobs import send_mail
from portal.correspondence.models import Mail
from portal.documents import store
from portal.documents.models import StoredFile
from portal.embedded import Cluster
from portal.types import Given
from tests.conftest import World
from tests.grants.test_recovery import paid
from tests.restored import done, elsewhere, parts

PLACE = "s3://backups/portal"


@contextmanager
def writing(world: World, *, pause: float = 0) -> Iterator[list[str]]:
    """People apply, with files, until the block ends; the numbers of their cases."""
    numbers: list[str] = []
    ends = threading.Event()

    def apply() -> None:
        while not ends.is_set():
            application, _person = world.submitted()
            numbers.append(application.case.number)
            ends.wait(pause)
        connection.close()

    thread = threading.Thread(target=apply)
    thread.start()
    try:
        yield numbers
    finally:
        ends.set()
        thread.join()


@pytest.fixture
def second_server() -> Iterator[dict[str, object]]:
    cluster = Cluster("drill")
    yield parts(cluster.url())
    cluster.stop()


@pytest.fixture
def role(committed_world: World) -> Iterator[str]:
    """The role of web and workers on the first server; the second one does not know it."""
    name = f"{connection.settings_dict['NAME']}_web"
    call_command("restrict_role", name, stdout=None)
    yield name
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(sql.Identifier(name)))


def test_the_portal_comes_back_elsewhere_as_it_was(
    committed_world: World,
    role: str,
    s3: moto_server.ThreadedMotoServer,
    second_server: dict[str, object],
    settings: Settings,
    client: Client,
    mailoutbox: list[object],
    capsys: pytest.CaptureFixture[str],
) -> None:
    world = committed_world
    settings.S3_OPTIONS = settings.S3_OPTIONS | {"endpoint_url": settings.S3_DIRECT_ORIGIN}
    settings.BACKUPS = PLACE
    bucket = boto3.client("s3", endpoint_url=settings.S3_DIRECT_ORIGIN, region_name="us-east-1")
    bucket.create_bucket(Bucket="backups")
    bucket.create_bucket(Bucket="second")

    paid(world)
    thrown_away, person = world.draft()
    erased = StoredFile.objects.get(documents__case=thrown_away.case)
    client.force_login(person)
    last_seal = seal()
    with writing(world) as during:
        before = list(Case.objects.values_list("number", flat=True))
        made, fault = done("backup")
    assert fault == ""
    after = [number for number in during if number not in before]
    assert after, "nobody wrote meanwhile"
    ended = discard(thrown_away, by=person)  # after the moment of the backup
    moved = taken_away_since(world, person)
    for given in jobs("note_erasure"):
        note(**given)
    for given in jobs("note_taking"):
        takings.note(**given)

    storage = settings.STORAGES["default"]
    options = storage["OPTIONS"] | {"bucket_name": "second"}
    with elsewhere(settings, storage | {"OPTIONS": options}, **second_server):
        told, fault = done("restore", PLACE)
        with capsys.disabled():
            print(f"\n{made}{told}", end="")  # noqa: T201  how long it took
        assert fault == "", told
        assert f"role {role} is not here" in told
        assert f"1 cases erased again {thrown_away.case.number}" in told

        assert set(before) <= set(Case.objects.values_list("number", flat=True))
        assert Payment.objects.get().amount == 280_000
        assert Seal.objects.get().hash == last_seal.hash
        files = list(StoredFile.objects.all())
        assert len(files) > 1
        assert [file.key for file in files if store.sha256_of(file.key) != file.sha256] == []
        assert not Session.objects.exists()

        case = Case.objects.get(pk=thrown_away.case_id)
        assert (case.title, case.documents.count()) == ("", 0)
        assert case.disposed_on
        assert Application.objects.get(case=case).state == ended.state
        assert not StoredFile.objects.filter(key=erased.key).exists()
        assert not default_storage.exists(erased.key)

        assert f"role {moved.pk} of person {moved.person_id}" in told
        assert f"password {person.pk} of person {person.pk}" in told
        moved.refresh_from_db()
        assert not moved.is_in_force
        assert not User.objects.get(pk=person.pk).has_usable_password()
        again = {str(outgoing.TAKEN_AGAIN.subject), str(outgoing.RESTORED.subject)}
        told_of_it = Mail.objects.filter(held_at=None).exclude(state="sent")
        assert {mail.subject.split("】")[1] for mail in told_of_it} == again

        queued = Mail.objects.filter(held_at__isnull=False)
        assert queued.exists()
        for mail in queued:
            send_mail(mail_id=mail.pk)
        assert mailoutbox == []

        call_command("restrict_role", role, stdout=None)
        with connection.cursor() as cursor:
            name = sql.Identifier(role)
            cursor.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(name))


def taken_away_since(world: World, person: User) -> StaffRole:
    """After the moment of the backup somebody's role is ended, and another sets a new password."""
    role = world.staff["spare_reviewer"].staff_roles.get()
    roles.end_role(role, by=world.staff["administrator"])
    tell_taken("password", person.pk, person=person.pk)
    return role


def jobs(name: str) -> list[Given]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s", [name])
        return [json.loads(args) for (args,) in cursor.fetchall()]
