"""What was asked for and what it was spent on.

Programmes, and the way from the application to the payment.
"""

from django.utils.translation import gettext as _

from reports.statistics.models import Row
from reports.statistics.page import charts, wording
from reports.statistics.page.choice import Chosen


class Spending(Chosen):
    """Bars of programmes and of steps."""

    def programmes(self) -> tuple[charts.Bar, ...]:
        """Programmes by what was awarded, in the chosen area."""
        rows: list[tuple[str, float, str, str, str]] = []
        for code, name in self.programme_names.items():
            won = self.figures.awards(self.choice.year, code, self.choice.area)
            if won["awards"]:
                rows.append(
                    (
                        name,
                        float(won["awarded_yen"]),
                        f"{won['awarded_yen']:,}",
                        f"{won['awards']:,}",
                        self.choice.link(programme=code),
                    )
                )
        rows.sort(key=lambda row: -row[1])
        return charts.bars(rows)

    def funnel(self) -> tuple[charts.Bar, ...]:
        """From the application to the payment, numbers of corporations' applications."""
        row: Row = self.figures.applications(
            self.choice.year, self.choice.programme, self.choice.area
        ) or {
            "applications": 0,
            "accepted": 0,
        }
        won = self.awards
        steps = [
            (_("申請の件数"), row["applications"]),
            (_("受理"), row["accepted"]),
            (_("交付決定"), won["awards"]),
            (_("額の確定"), won["fixed"]),
            (_("支払い"), won["paid"]),
        ]
        first = row["applications"]
        return charts.bars(
            [
                (
                    name,
                    None if n is None else float(n),
                    wording.count(n),
                    wording.percent(n / first) if first and n is not None else "",
                    "",
                )
                for name, n in steps
            ]
        )
