"""Whom the case of a pilot names: the town that carries it, else the office of the programme; and the
contact of the proposal that led to it.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from grants.applications import named
from portal import clock
from portal.cases.models import Case
from portal.correspondence.ports import Named
from portal.notices import letterheads
from startups.pilots.models import Pilot


def of_cases(cases: Collection[Case]) -> dict[int, Named]:
    rows = Pilot.objects.filter(case__in=cases)
    return following(cases, dict(rows.values_list("case", "partners__match__application__case")))


def following(cases: Collection[Case], led: Mapping[int, int]) -> dict[int, Named]:
    """`led`: primary key of each case → that of the proposal's."""
    found = named.following(led)
    towns = {case.pk: case.municipality_codes[0] for case in cases if case.municipality_codes}
    senders = letterheads.entered({*towns.values()}, clock.today())
    for case, town in towns.items():
        if case in found and town in senders:
            sender = senders[town]
            found[case] = replace(found[case], office=sender.office, phone=sender.phone)
    return found
