"""Rows of files and objects of the storage, side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from portal.documents import contents, store
from portal.documents.models import StoredFile


@dataclass(frozen=True)
class Looked:
    """`rows`: how many files there are; `faults`: objects that are not as their rows say, as
    sentences; `loose`: objects without a row.
    """

    rows: int
    faults: list[str]
    loose: list[str]


def looked_over() -> Looked:
    """By names and sizes: nothing is read, so that it is quick however much there is."""
    files = list(_rows())
    there = contents.sizes()
    named = {key for file in files for key in store.objects_of(file)}
    suspects = [file for file in files if any(_faults(file, there))]
    # what was forgotten meanwhile was no fault
    still = _rows().filter(pk__in=[file.pk for file in suspects])
    loose = sorted(key for key in there.keys() - named if not key.startswith(store.INCOMING))
    return Looked(len(files), [fault for file in still for fault in _faults(file, there)], loose)


def _rows() -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(refusal="").order_by("pk")


def _faults(file: StoredFile, there: Mapping[str, int]) -> Iterator[str]:
    for key in store.objects_of(file):
        if key not in there:
            yield f"{key}: missing"
        elif key == file.key and there[key] != file.size:
            yield f"{key}: of another size"
