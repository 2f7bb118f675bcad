"""What a case is found by of its application: the answers as they were last handed in, without what
the applicant marked secret.
"""

from collections.abc import Iterator, Sequence

from grants.applications import secrecy
from grants.applications.content import Content
from grants.applications.models import ApplicationVersion
from portal.cases import search
from portal.cases.models import Case

# what nobody remembers: names of fields and hashes
_LEFT_OUT = ("secrecy", "aid", "sha256", "key")


def words(cases: Sequence[Case]) -> Iterator[tuple[int, str]]:
    newest = (
        ApplicationVersion.objects.filter(application__case__in=cases)
        .order_by("application", "-n")
        .distinct("application")
    )
    for pk, content in newest.values_list("application__case", "content"):
        yield from ((pk, text) for text in search.texts(_open(content), _LEFT_OUT))


def _open(content: Content) -> Content:
    """The answers without those that are marked secret."""
    found = dict(content)
    for mark in secrecy.marks(content):
        section, _dot, name = mark.partition(".")
        if section == "costs":
            found.pop("costs", None)
        elif section in found:
            found[section] = {key: said for key, said in found[section].items() if key != name}
    return found
