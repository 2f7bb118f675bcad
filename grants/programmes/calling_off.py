"""What calling off an announced call takes from whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from grants.programmes.ports import drafts_in, set_free, undecided_in

if TYPE_CHECKING:
    from grants.programmes.models import Call
    from portal.types import Case, Text


def hit(call: Call) -> list[tuple[Text, str]]:
    """Drafts, undecided applications and the money that is set free, as an approver reads them."""
    return [
        (_("書きかけの申請"), _count(drafts_in.value(call))),
        (_("決定を待っている申請"), _count(undecided_in.value(call))),
        (_("予算から減らす額"), _("%(yen)s円") % {"yen": f"{set_free.value(call):,}"}),
    ]


def _count(cases: Iterable[Case]) -> str:
    return _("%(n)s件") % {"n": sum(1 for _case in cases)}
