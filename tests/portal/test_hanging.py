"""A document storage that hangs stops nothing but itself, and is never blamed on the person who sent a file."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from botocore.exceptions import ClientError
from django.test import Client
from moto.server import ThreadedMotoServer

from portal.documents import contents, direct, intake, reach, store
from portal.documents.kinds import Unfit
from portal.documents.models import Document
from portal.events import Event
from portal.outage import StorageAway
from portal.types import Given
from tests import served
from tests.conftest import World
from tests.lines import Lines, only


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes every connection and never says anything."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=100)
    held: list[socket.socket] = []

    def take() -> None:
        while True:
            try:
                held.append(listener.accept()[0])
            except OSError:
                return

    threading.Thread(target=take, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()
    for line in held:
        line.close()


def test_uploads_into_a_hanging_storage_leave_the_other_pages_alone(
    committed_world: World, tmp_path: Path
) -> None:
    application, person = committed_world.draft()
    client = Client()
    client.force_login(person)
    key = "k" * 32
    cookies = {"sessionid": client.cookies["sessionid"].value, "csrftoken": key}
    s3: Given = {"S3_BUCKET": "documents", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    wanted = application.call.stated.documents[0].key
    with (
        silent() as storage,
        served.running(tmp_path, threads=4, S3_ENDPOINT_URL=storage, **s3) as base,
    ):

        def upload(n: int) -> requests.Response:
            file = {"file": (f"{n}.png", PICTURE, "image/png")}
            data = {"key": wanted, "csrfmiddlewaretoken": key}
            url = f"{base}/apply/{application.case.number}/documents/"
            return requests.post(url, data=data, files=file, cookies=cookies, timeout=120)

        with ThreadPoolExecutor(8) as pool:
            sent = [pool.submit(upload, n) for n in range(8)]
            time.sleep(1)
            waited = []
            while not all(upload.done() for upload in sent):
                started = time.monotonic()
                assert requests.get(f"{base}/health/live", timeout=60).ok
                waited.append(time.monotonic() - started)
                time.sleep(0.5)
        answers = [upload.result() for upload in sent]
        started = time.monotonic()
        again = upload(9)
        at_once = time.monotonic() - started
    assert {answer.status_code for answer in answers} == {503}
    assert all("いま書類の保管庫につながりません" in answer.text for answer in answers)
    assert (
        max(waited) < 12
    )  # seconds; without limits nothing answers for three quarters of a minute
    assert again.status_code == 503
    assert at_once < 5
    assert Document.objects.filter(case=application.case).count() == 1


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> reach._Gate:
    fresh = reach._Gate(1)
    monkeypatch.setattr(reach, "_gate", fresh)
    monkeypatch.setattr(reach, "PATIENCE", 0.05)
    monkeypatch.setattr(reach, "HUNG", 0.1)
    return fresh


def test_after_it_hung_nobody_tries_for_a_while(gate: reach._Gate) -> None:
    def hang() -> None:
        with reach.reaching():
            time.sleep(0.2)
            raise TimeoutError

    with pytest.raises(StorageAway, match="TimeoutError"):
        hang()
    with pytest.raises(StorageAway, match="a moment ago"), reach.reaching():
        raise AssertionError
    gate.shut_until = 0.0
    with reach.reaching(), reach.reaching():
        pass


def test_who_finds_no_turn_is_told_and_turns_come_back(gate: reach._Gate) -> None:
    with reach.reaching(), ThreadPoolExecutor(1) as other:

        def knock() -> None:
            with reach.reaching():
                pass

        with pytest.raises(StorageAway, match="too many"):
            other.submit(knock).result()
    with reach.reaching():
        pass


@pytest.mark.parametrize(
    ("code", "error"), [("404", Unfit), ("500", StorageAway), ("503", StorageAway)]
)
def test_only_a_missing_upload_is_the_senders(
    world: World,
    s3: ThreadedMotoServer,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    error: type[Exception],
) -> None:
    application, person = world.draft()
    token = direct.ticket(application.case, 1_000_000, by=person)["token"]

    class Answering:
        def head_object(self, **_options: object) -> None:
            raise ClientError({"Error": {"Code": code}}, "HeadObject")

    monkeypatch.setattr(direct, "client", Answering)
    with pytest.raises(error):
        direct.arrived(token, application.case, by=person)


def test_a_file_that_is_kept_counts_as_kept_even_where_its_first_copy_stays(
    world: World,
    s3: ThreadedMotoServer,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    lines: Lines,
) -> None:
    application, person = world.draft()
    ticket = direct.ticket(application.case, 1_000_000, by=person)
    requests.post(ticket["url"], data=ticket["fields"], files={"file": PICTURE}, timeout=30)

    def broken(_key: str) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(contents, "_erase_versions", broken)
    client.force_login(person)
    key = application.call.stated.documents[0].key
    sent = {"key": key, "token": ticket["token"], "name": "見積書.png"}
    assert client.post(f"/apply/{application.case.number}/documents/", sent).status_code == 302
    assert Document.objects.filter(case=application.case, name="見積書.png").exists()
    assert only(lines, Event.INCOMING_KEPT)


def test_the_status_of_a_form_says_whose_matter_it_is() -> None:
    assert [
        intake.status_of(errors) for errors in ([], ["PDFで送ってください。"], [intake.Away("x")])
    ] == [
        200,
        422,
        503,
    ]
    assert vars(store)["reaching"] is reach.reaching
