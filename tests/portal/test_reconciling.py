"""Rows and objects agree: what is lost is found again where it still lies, and what is erased is gone everywhere."""

from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from moto import server as moto_server
from pytest_django import Settings

from portal import clock
from portal.backups import taking
from portal.backups.shelves import FolderShelf
from portal.correspondence import reminders
from portal.documents import contents, reconciling, store
from portal.documents.models import StoredFile
from tests.conftest import World
from tests.portal.test_drill import jobs
from tests.restored import done


@pytest.fixture
def versioned(s3: moto_server.ThreadedMotoServer, settings: Settings) -> None:
    boto3.client(
        "s3", endpoint_url=settings.S3_DIRECT_ORIGIN, region_name="us-east-1"
    ).put_bucket_versioning(Bucket="documents", VersioningConfiguration={"Status": "Enabled"})


def everything() -> list[str]:
    """The keys of all versions, and of what hides them."""
    pages = contents.client().list_object_versions(Bucket="documents")
    rows = [*pages.get(contents.VERSIONS, ()), *pages.get(contents.MARKERS, ())]
    return [row["Key"] for row in rows]


def written(key: str, *texts: bytes) -> None:
    for text in texts:
        contents.client().put_object(Bucket="documents", Key=key, Body=text)


def test_what_is_erased_is_erased_in_every_version(versioned: None) -> None:
    written("a/1", b"one", b"two")
    written("a/10", b"another whose name begins alike")
    default_storage.delete("a/1")
    assert sorted(everything()) == ["a/1", "a/1", "a/1", "a/10"]
    store.delete_objects(["a/1", "never/there"])
    assert everything() == ["a/10"]


def test_a_bucket_without_versions_erases_too(s3: moto_server.ThreadedMotoServer) -> None:
    written("a/1", b"one")
    store.delete_objects(["a/1"])
    assert contents.sizes() == {}


def test_pictures_that_are_drawn_anew_leave_none_behind(versioned: None, world: World) -> None:
    file = StoredFile.objects.create(
        key="u/1", sha256="0" * 64, sent_sha256="0" * 64, size=1, content_type="application/pdf"
    )
    for _ in range(2):
        store.keep_pictures(file, [b"a page"])
    assert everything() == [f"pages/{file.pk}/0.png"]


def test_names_and_sizes_are_compared_without_reading(versioned: None, world: World) -> None:
    file = store.put(b"whole", "application/pdf", prefix="u")
    other = store.put(b"other", "application/pdf", prefix="u")
    default_storage.save("loose/1", ContentFile(b"x"))
    default_storage.save(f"{store.INCOMING}1", ContentFile(b"x"))
    assert reconciling.looked_over() == reconciling.Looked(2, [], ["loose/1"])
    written(file.key, b"cut")
    default_storage.delete(other.key)
    assert reconciling.looked_over().faults == [
        f"{file.key}: changed",
        f"{other.key}: missing",
    ]


# -- what is lost ---------------------------------------------------------------------------------
def test_what_is_missing_or_changed_comes_back_from_an_older_version(
    versioned: None, world: World
) -> None:
    deleted, changed = (store.put(text, "application/pdf", prefix="u") for text in (b"one", b"two"))
    default_storage.delete(deleted.key)
    written(changed.key, b"owt", b"wto")  # of the same size: its hash alone tells
    looked = reconciling.looked_over(mend=True, read=2)
    assert (looked.faults, looked.mended) == ([], [deleted.key, changed.key])
    assert [store.read(file) for file in (deleted, changed)] == [b"one", b"two"]
    assert store.faults() == []


def test_what_a_bucket_has_lost_comes_back_from_the_backups(
    committed_world: World, tmp_path: Path, settings: Settings
) -> None:
    file = store.put(b"whole", "application/pdf", prefix="u")
    settings.BACKUPS = str(tmp_path)
    taking.take(FolderShelf(tmp_path))
    store.delete_objects([file.key])
    said, fault = done("reconcile_documents", "--mend")
    assert (fault, f"{file.key}: put back" in said) == ("", True)
    assert store.faults() == []
    copy = next(path for path in (tmp_path / "files").rglob("*") if path.is_file())
    copy.write_bytes(b"wrong")
    store.delete_objects([file.key])
    assert f"{file.key}: missing" in done("reconcile_documents", "--mend")[1]
    assert not default_storage.exists(file.key)


def test_each_night_reads_a_part_and_a_month_all(world: World) -> None:
    files = [store.put(b"%d" % n, "application/pdf", prefix="u") for n in range(30)]
    now = clock.now()
    for night in range(15):
        with clock.at(now + timedelta(days=night)):
            reconciling.nightly()
        assert StoredFile.objects.exclude(read_at=None).count() == 2 * (night + 1)
    assert StoredFile.objects.count() == len(files)


def test_a_lost_file_is_told_once_and_is_found_when_it_is_back(world: World) -> None:
    file = store.put(b"whole", "application/pdf", prefix="u")
    reconciling.nightly()
    assert reminders.tell_of_lost_files() == 0
    default_storage.delete(file.key)
    now = clock.now()
    told = []
    for days in (1, 2, 3):
        with clock.at(now + timedelta(days=days)):
            assert reconciling.nightly().faults == [f"{file.key}: missing"]
        with clock.at(now + timedelta(days=days, hours=4)):
            told.append(reminders.tell_of_lost_files())
    assert told == [2, 0, 0]
    default_storage.save(file.key, ContentFile(b"whole"))
    assert reconciling.nightly().faults == []
    file.refresh_from_db()
    assert file.lost_at is None


def test_pictures_that_are_lost_are_drawn_anew(world: World) -> None:
    file = store.put(b"whole", "application/pdf", prefix="u")
    store.keep_pictures(file, [b"a page"])
    store.delete_objects([f"pages/{file.pk}/0.png"])
    assert reconciling.nightly().mended == [f"pages/{file.pk}/0.png"]
    assert {"file_id": file.pk} in jobs("draw_pages")
