"""What the public page of a challenge asks of later rooms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from grants.programmes.ports import Entrance
from portal.ports import Port, Registry
from portal.types import Text

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.types import Case
    from startups.challenges.models import Challenge

# how one answers a challenge
proposal_entrance: Port[Entrance] = Port("proposal_entrance")
# the cases of the proposals and drafts that name a challenge
naming_cases: Port[Callable[[Challenge], QuerySet[Case]]] = Port("naming_cases")
# (label, number) of what came of a challenge; anyone reads it
challenge_counts: Registry[Callable[[Challenge], list[tuple[Text, int]]]] = Registry(
    "count about a challenge"
)
