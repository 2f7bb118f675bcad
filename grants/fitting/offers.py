"""What is offered to firms."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from pydantic import TypeAdapter

from grants.fitting.fit import Conditions, Offer
from grants.programmes import catalogue
from grants.programmes.models import Call, IntakePeriod
from grants.programmes.parameters import Rule
from grants.programmes.states import CallState
from portal import clock

_RULES = TypeAdapter(tuple[Rule, ...])
# by the hash of what they say; as many as programmes ever stated, so none is given up
_conditions: dict[str, Conditions] = {}


def offered() -> list[Offer]:
    """Calls of the public list that take applications now, or will; those that close first, first.

    The rows are read without their parameters: the conditions that calls share are read once.
    """
    now = clock.now()
    periods = IntakePeriod.objects.filter(call=OuterRef("pk")).order_by("n")
    present = periods.filter(opens_at__lte=now, closes_at__gte=now)
    coming = periods.filter(opens_at__gt=now)
    rows = (
        catalogue.public()
        .filter(Exists(periods.filter(closes_at__gte=now)), state=CallState.ANNOUNCED)
        .annotate(
            is_to_come=Exists(coming),
            until=Coalesce(
                Subquery(present.values("closes_at")[:1]), Subquery(coming.values("closes_at")[:1])
            ),
        )
        .order_by("is_to_come", "until", "pk")
        .values_list("pk", "programme__code", "topics", "rules_hash", "until")
    )
    found = list(rows)
    conditions = _known({key: pk for pk, _code, _topics, key, _until in found})
    return [
        Offer(pk, code, tuple(topics), conditions[key], until)
        for pk, code, topics, key, until in found
    ]


def _known(wanted: Mapping[str, int]) -> Mapping[str, Conditions]:
    """`wanted`: the hash of conditions → a call that states them."""
    unread = [call for key, call in wanted.items() if key not in _conditions]
    if unread:
        rows = Call.objects.filter(pk__in=unread).values_list("rules_hash", "parameters__rules")
        for key, rules in rows:
            _conditions[key] = Conditions(_RULES.validate_python(rules))
    return _conditions


def calls(keys: list[int]) -> dict[int, Call]:
    """With what a row of a list says."""
    return Call.objects.filter(pk__in=keys).for_lists().in_bulk()
