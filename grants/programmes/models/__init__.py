"""Programmes (the standing schemes) with their sketches, and their calls.

What a programme states lies in `parameters.py`.
"""

from grants.programmes.models.calls import Call
from grants.programmes.models.changes import CallChange
from grants.programmes.models.outages import LaterEnd, Outage
from grants.programmes.models.periods import IntakePeriod
from grants.programmes.models.programmes import Programme
from grants.programmes.models.querysets import CallQuerySet
from grants.programmes.models.rights import EDITORS
from grants.programmes.models.sketches import Sketch
from grants.programmes.models.words import SearchWord
from grants.programmes.texts import said

__all__ = [
    "EDITORS",
    "Call",
    "CallChange",
    "CallQuerySet",
    "IntakePeriod",
    "LaterEnd",
    "Outage",
    "Programme",
    "SearchWord",
    "Sketch",
    "said",
]
