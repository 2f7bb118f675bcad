"""Whom the case of a roll-out names: as the pilot that led to it, in its own town."""

from collections.abc import Collection

from portal.cases.models import Case
from portal.correspondence.ports import Named
from startups.pilots import named
from startups.rollouts.models import Rollout


def of_cases(cases: Collection[Case]) -> dict[int, Named]:
    rows = Rollout.objects.filter(case__in=cases)
    led = dict(rows.values_list("case", "pilot__partners__match__application__case"))
    return named.following(cases, led)
