"""What the public reads of awards."""

from grants.awards.models import Award
from grants.awards.states import TAKEN_BACK, AwardState
from grants.programmes.models import Call
from portal.types import Context


def results(call: Call) -> Context:
    """Published results: awards to corporations by name.

    Sole proprietors are left out of the sum, else a lone one's award could be worked out from it.
    """
    awards = Award.objects.filter(application__call=call).exclude(
        state__in=(AwardState.WITHDRAWN, *TAKEN_BACK)
    )
    awards = awards.select_related("application__case__organisation").order_by("-awarded_amount")
    named = [a for a in awards if not a.application.case.organisation.is_sole_proprietor]
    return {"named": named, "count": len(named), "total": sum(a.awarded_amount for a in named)}
