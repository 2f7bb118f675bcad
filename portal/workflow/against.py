"""What an act is checked against: what stands beside its row, and what is to be looked at twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portal.types import Text


class Fact(NamedTuple):
    label: Text
    value: Text
    url: str = ""  # where it is read whole


@dataclass(frozen=True, kw_only=True)
class Against:
    """For one reader; `cautions`: what a person decides about before the act, and no obstacle."""

    facts: Sequence[Fact] = ()
    cautions: Sequence[Text] = ()
