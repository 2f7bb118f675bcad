"""The figures at the top of the dashboard: how many, how much, paid, how quickly."""

from django.utils.translation import gettext as _

from portal.registry.models import in_english
from reports.statistics.page import wording
from reports.statistics.page.choice import Chosen, not_by_ward
from reports.statistics.page.counted import counting
from reports.statistics.pipeline.names import ALL


class Headline(Chosen):
    """Four figures with what they mean."""

    def headline(self) -> list[dict[str, str]]:
        """Four figures with what they mean: how many, how much, paid, how quickly."""
        now, choice = self.awards, self.choice
        before = self.figures.awards(choice.year - 1, choice.programme, choice.area)["awards"]
        awarded, paid = wording.big_yen(now["awarded_yen"]), wording.big_yen(now["paid_yen"])
        days = (
            self.figures.days(choice.year, "decision", choice.programme)
            if self.is_everywhere
            else None
        )
        median = days["median"] if days and not days["suppressed"] else None
        return [
            {
                "name": _("交付を決めた事業"),
                "number": f"{now['awards']:,}",
                "unit": wording.pieces(),
                "note": _("前の年度は%(n)s件") % {"n": before} if before else _("法人への交付決定"),
            },
            {
                "name": _("交付を決めた額"),
                "number": awarded[0],
                "unit": awarded[1],
                "note": self._budget() or _("%(n)s円") % {"n": f"{now['awarded_yen']:,}"},
            },
            {
                "name": _("支払いが済んだ額"),
                "number": paid[0],
                "unit": paid[1],
                "note": _("事業の終了後に支払うため、年度の終わりに増えます"),
            },
            {
                "name": _("申込みから決定まで"),
                "number": f"{median:,.0f}" if median is not None else "―",
                "unit": wording.days() if median is not None else "",
                "note": _("中央値。半分の方は%(n)s日以内") % {"n": f"{median:,.0f}"}
                if median is not None
                else self._no_days(),
            },
        ]

    def counting(self) -> list[str]:
        """What the sum holds and leaves out."""
        return counting(self.figures, self.choice)

    def _no_days(self) -> str:
        return _("まだ3社に満たないため、出していません") if self.is_everywhere else not_by_ward()

    def _budget(self) -> str:
        row = (
            self.figures.ledger(self.choice.year, self.choice.programme)
            if self.choice.area == ALL
            else None
        )
        if row is None or row["suppressed"] or not row["appropriated"]:
            return ""
        budget, unit = wording.big_yen(row["appropriated"])
        return _("個人事業主も含めると、金額で管理する予算%(budget)sの%(rate)sを決定") % {
            "budget": f"{budget}{' ' if in_english() else ''}{unit}",
            "rate": wording.percent(row["committed"] / row["appropriated"]),
        }
