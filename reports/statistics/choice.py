"""What a reader chose on the dashboard, and which rows of which table the files beside it hold."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from reports.statistics.dimensions import ALL


@dataclass(frozen=True)
class Choice:
    """What was chosen; "all" where nothing was."""

    year: int
    programme: str = ALL
    area: str = ALL
    show: str = "awards"

    def link(self, **changes: Any) -> str:
        """The address of the page with something else chosen."""
        wanted = {
            "year": self.year,
            "programme": self.programme,
            "area": self.area,
            "show": self.show,
        } | changes
        return "?" + urlencode(
            {name: value for name, value in wanted.items() if value not in (ALL, "awards")}
        )


class Narrowed(ABC):
    """The tables of a choice, and the queries that narrow them to it."""

    choice: Choice

    @property
    @abstractmethod
    def awards(self) -> dict[str, int]:
        """Awards of the choice and their yen."""

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
