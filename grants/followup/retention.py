"""How long a case is kept for what is reported after its award."""

from datetime import date

from grants.applications.states import ApplicationState
from grants.awards.models import award_of
from grants.followup import filing as writing
from grants.followup.models import Asset, Filing
from grants.followup.turns import filings_of
from portal.cases.models import Case


def keep_until(case: Case) -> date | None:
    """As long as a report is still to come or an asset is restricted."""
    award = award_of(case) if case.state == ApplicationState.AWARDED else None
    if award is None:
        return None
    if (
        writing.still_wanted(award, filings_of.all(case))
        or Filing.objects.live().filter(case=case).exists()
    ):
        return date.max
    return max(
        (asset.restricted_until for asset in Asset.objects.filter(award=award, disposed_on=None)),
        default=None,
    )
