"""What this room keeps of a person, for that person."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from grants.fitting import keeping
from grants.fitting.models import Mark, SavedSearch, Told
from portal.accounts.models import User


def searches(user: User) -> Iterator[Sequence[object]]:
    for row in SavedSearch.objects.filter(person=user):
        yield row.kept_at, keeping.words(row.asked)


def marks(user: User) -> Iterator[Sequence[object]]:
    for row in Mark.objects.filter(person=user).select_related("call__programme").order_by("pk"):
        said = _("自分には合わない") if row.is_hidden else _("この日に知らせる")
        yield str(row.call), said, row.remind_on


def told(user: User) -> Iterator[Sequence[object]]:
    for row in Told.objects.filter(person=user).select_related("call__programme").order_by("pk"):
        yield str(row.call), row.told_at
