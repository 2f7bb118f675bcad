"""What a reader chose on the dashboard, and which rows of which table the files beside it hold."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from portal.days import fiscal_year_said
from portal.registry.models import Area, in_english
from reports.statistics.models import Release
from reports.statistics.pipeline.names import ALL
from reports.statistics.releasing.figures import Figures


@dataclass(frozen=True)
class Choice:
    """What was chosen; "all" where nothing was."""

    year: int
    programme: str = ALL
    area: str = ALL
    show: str = "awards"

    def link(self, **changes: str) -> str:
        """The address of the page with something else chosen."""
        wanted = {
            "year": str(self.year),
            "programme": self.programme,
            "area": self.area,
            "show": self.show,
        } | changes
        return "?" + urlencode(
            {name: value for name, value in wanted.items() if value not in (ALL, "awards")}
        )


@dataclass(frozen=True)
class Chosen:
    """A choice over the figures of a release. `areas`: all 21 in their order."""

    release: Release
    figures: Figures
    areas: list[Area]
    choice: Choice

    @property
    def names(self) -> dict[str, str]:
        return {area.code: str(area) for area in self.areas}

    @property
    def programme_names(self) -> dict[str, str]:
        return {code: pair[in_english()] for code, pair in self.figures.programmes().items()}

    @property
    def year(self) -> str:
        return fiscal_year_said(self.choice.year)

    @property
    def programme(self) -> str:
        return self.programme_names.get(self.choice.programme, "")

    @property
    def area(self) -> str:
        return self.names.get(self.choice.area, "")

    @property
    def is_everywhere(self) -> bool:
        """Was no area chosen?

        Days and what happened on the way are published of all areas together alone.
        """
        return self.choice.area == ALL

    @property
    def awards(self) -> dict[str, int]:
        return self.figures.awards(self.choice.year, self.choice.programme, self.choice.area)

    # -- the files beside each part ----------------------------------------------------------------
    def map_table(self) -> str:
        return {
            "applications": "applications_by",
            "outside": "outside",
            "per_1000": "awards_by",
        }.get(self.choice.show, "awards_by")

    def map_query(self) -> str:
        if self.choice.show == "outside":
            return ""
        return "?" + urlencode(
            {
                "fiscal_year": self.choice.year,
                "programme": self.choice.programme,
                "dimension": "area",
            }
        )

    def programmes_query(self) -> str:
        place = (
            {"dimension": "area", "key": self.choice.area}
            if self.choice.area != ALL
            else {"dimension": ALL}
        )
        return (
            "?" + urlencode({"fiscal_year": self.choice.year, **place})
            if self.awards["awards"]
            else ""
        )

    def funnel_query(self) -> str:
        return "?" + urlencode(
            {"fiscal_year": self.choice.year, "programme": self.choice.programme}
        )

    def year_query(self) -> str:
        return "?" + urlencode({"fiscal_year": self.choice.year})

    def who_query(self) -> str:
        return "?" + urlencode({"fiscal_year": self.choice.year, "programme": ALL})

    def named_query(self) -> str:
        wanted = {
            "fiscal_year": self.choice.year,
            "programme": self.choice.programme,
            "area": self.choice.area,
        }
        return "?" + urlencode({name: value for name, value in wanted.items() if value != ALL})


def not_by_ward() -> str:
    return _("区・市町村ごとには公表していません")
