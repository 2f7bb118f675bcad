"""Rows and objects agree: what is lost is found again where it still lies, and what is erased is gone everywhere."""

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from moto import server as moto_server
from pytest_django import Settings

from portal.documents import contents, reconciling, store
from portal.documents.models import StoredFile
from tests.conftest import World


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
        f"{file.key}: of another size",
        f"{other.key}: missing",
    ]
