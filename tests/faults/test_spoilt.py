"""A storage that notices itself that an object is spoilt does not look as if it were away."""

from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

from portal.documents import store
from portal.documents.models import StoredFile
from tests.conftest import World


def test_a_spoilt_object_is_named_and_the_others_are_still_looked_at(
    s3: ThreadedMotoServer, world: World
) -> None:
    first, second = (
        StoredFile.objects.get(documents__case=world.draft()[0].case) for _ in range(2)
    )
    objects = s3_backends["123456789012"]["aws"].buckets["documents"].keys
    assert store.faults() == []
    objects[first.key].value = b"other bytes"
    del objects[second.key]
    assert set(store.faults()) == {f"{first.key}: changed", f"{second.key}: missing"}
