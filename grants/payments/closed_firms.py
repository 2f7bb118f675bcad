"""閉鎖: a firm that the registry shows as closed is looked at by a person before any payment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _lazy

from portal.registry.models import Corporation

if TYPE_CHECKING:
    from grants.payments.claims import Claim
    from grants.payments.transfers import Payment

FIRM_CLOSED = _lazy("登記が閉鎖されています。承継を確かめるまで支払えません。")


def firm_closed(row: Claim | Payment) -> list[str]:
    return [str(FIRM_CLOSED)] if _closed([row]) else []


def closed_among(rows: Sequence[Claim | Payment]) -> dict[int, str]:
    """The same of many, by primary key, in one query."""
    gone = _closed(rows)
    return {
        row.pk: str(FIRM_CLOSED) for row in rows if row.case.organisation.corporate_number in gone
    }


def _closed(rows: Sequence[Claim | Payment]) -> set[str]:
    numbers = [row.case.organisation.corporate_number for row in rows]
    known = Corporation.objects.filter(number__in=[number for number in numbers if number])
    return {firm.number for firm in known if firm.is_closed}
