"""The public dashboard for a choice of year, programme and area.

Each part a small function over the figures of a release.
"""

from reports.statistics.page.headline import Headline
from reports.statistics.page.innovation import Innovation
from reports.statistics.page.outcomes import Outcomes
from reports.statistics.page.places import Places
from reports.statistics.page.speed import Speed
from reports.statistics.page.spending import Spending


class Board(Headline, Places, Spending, Speed, Outcomes, Innovation):
    """All parts of the page; each is asked for by its own name."""
