"""What the public page of a challenge asks of later rooms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from grants.programmes.ports import Entrance
from portal.ports import Port, Registry
from portal.types import Text

if TYPE_CHECKING:
    from startups.challenges.models import Challenge

# how one answers a challenge
proposal_entrance: Port[Entrance] = Port("proposal_entrance")
# (label, number) of what came of a challenge; anyone reads it
challenge_counts: Registry[Callable[[Challenge], list[tuple[Text, int]]]] = Registry(
    "count about a challenge"
)
