"""How many turns and open cases somebody sees, by what is alike: as the database keeps count of them
(`portal.cases.tallies`) where columns say all that the person sees, else counted one by one.
"""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Min, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from portal import clock
from portal.accounts.models import User
from portal.cases import listing, visibility
from portal.cases.models import Case, Tally, Turn
from portal.types import Given, Row

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Seen:
    """`cases`: those that are open; `turns`: of both sides."""

    cases: QuerySet[Case]
    turns: QuerySet[Turn]
    tally: QuerySet[Tally] | None

    def cases_by(self, name: str) -> QuerySet[Row, dict[str, Row]]:
        """`name` and `open`, how many, of each that has some."""
        rows: QuerySet[Row, dict[str, Row]]
        if self.tally is None:
            rows = self.cases.order_by().values(name).annotate(open=Count("pk"))
        else:
            kept = self.tally.filter(side="").values(name)
            rows = kept.annotate(open=Sum("difference")).filter(open__gt=0)
        return rows

    def turns_by(self, *names: str, side: str = "") -> QuerySet[Row, dict[str, Row]]:
        """The names, `n`, `late` (of the office, after their day) and `oldest`: since when the first
        waits. `whose` is a name, too: the person's key, 0 for nobody's by name.
        """
        late = Q(side="office", due_on__lt=clock.today())
        whose = Coalesce("person", 0)
        of_side = Q(side=side) if side else ~Q(side="")
        turns = self.turns.filter(of_side).order_by().annotate(whose=whose)
        rows: QuerySet[Row, dict[str, Row]]
        if self.tally is None:
            counted = turns.values(*names)
            rows = counted.annotate(
                n=Count("pk"), late=Count("pk", filter=late), oldest=Min("since")
            )
        else:
            same = turns.filter(**{name: OuterRef(name) for name in names}).order_by("since")
            kept = self.tally.filter(of_side).annotate(whose=whose).values(*names)
            sums = kept.annotate(
                n=Sum("difference"), late=Sum("difference", filter=late, default=0)
            )
            rows = sums.filter(n__gt=0).annotate(oldest=Subquery(same.values("since")[:1]))
        return rows


def seen(user: User, given: Given) -> Seen:
    """Of what the person sees: of a programme and a municipality, where they are `given`."""
    visibility.look_beyond(user, Case.objects.all())
    scope = visibility.by_columns(user)
    return Seen(
        cases=within(Case.objects.visible_to(user), given).filter(closed_at=None),
        turns=within(listing.visible_turns(user), given),
        tally=None if scope is None else within(Tally.objects.filter(scope), given),
    )


def within(rows: QuerySet[M], given: Given) -> QuerySet[M]:
    if given.get("programme"):
        rows = rows.filter(programme_code=given["programme"])
    if given.get("municipality"):
        rows = rows.filter(municipality_codes__contains=[given["municipality"].pk])
    return rows
