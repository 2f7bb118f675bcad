"""The one limit of what anybody may ask for.

The public API, and files that are drawn when asked for.
"""

from portal.ui.limits import RateLimit
from reports.statistics.models import RateWindow

public_reads = RateLimit(RateWindow)
limited = public_reads.limited
