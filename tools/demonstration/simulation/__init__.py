"""Fictitious cases driven through the one door: for the demonstration, tests and benchmarks.

The same seed on the same day gives the same cases. Names are made up; corporate numbers have valid
check digits over a base beginning 99, a range not in use.
"""

from tools.demonstration.simulation.answers import costs, fill, paper, parts
from tools.demonstration.simulation.cases import examine, one_case
from tools.demonstration.simulation.decisions import decide
from tools.demonstration.simulation.firms import organisation
from tools.demonstration.simulation.ledger import all_clear
from tools.demonstration.simulation.world import STAGES, World, at, is_over, prepare, takes_more

__all__ = [
    "STAGES",
    "World",
    "all_clear",
    "at",
    "costs",
    "decide",
    "examine",
    "fill",
    "is_over",
    "one_case",
    "organisation",
    "paper",
    "parts",
    "prepare",
    "takes_more",
]
