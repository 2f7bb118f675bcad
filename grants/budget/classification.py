"""予算科目: under which 款・項・目・事業・節 the money of a line stands, each with its code and name
(地方自治法 216条, 同法施行規則 15条).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from portal.types import Text

# column → what the level is called, from the widest to the narrowest
LEVELS = {
    "chapter": _lazy("款"),
    "section": _lazy("項"),
    "item": _lazy("目"),
    "activity": _lazy("事業"),
    "expense": _lazy("節"),
}
OPTIONAL = "activity"  # not every budget names its undertakings


@dataclass(frozen=True)
class Level:
    """One level of a classification; both texts are empty where it is not named."""

    name: str
    code: str
    title: str

    @property
    def label(self) -> Text:
        return LEVELS[self.name]

    @property
    def said(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def with_label(self) -> str:
        """款07 商工費."""
        return f"{self.label}{self.said}"


class Classified(models.Model):
    """The columns of a classification: none of them, or all but those of `OPTIONAL`."""

    chapter_code = models.CharField(max_length=6, blank=True)
    chapter_title = models.CharField(max_length=40, blank=True)
    section_code = models.CharField(max_length=6, blank=True)
    section_title = models.CharField(max_length=40, blank=True)
    item_code = models.CharField(max_length=6, blank=True)
    item_title = models.CharField(max_length=40, blank=True)
    activity_code = models.CharField(max_length=6, blank=True)
    activity_title = models.CharField(max_length=40, blank=True)
    expense_code = models.CharField(max_length=6, blank=True)
    expense_title = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True

    @property
    def levels(self) -> list[Level]:
        return [
            Level(name, getattr(self, f"{name}_code"), getattr(self, f"{name}_title"))
            for name in LEVELS
        ]

    @property
    def named_levels(self) -> list[Level]:
        return [level for level in self.levels if level.code]

    @property
    def is_classified(self) -> bool:
        return bool(self.chapter_code)

    @property
    def levels_said(self) -> str:
        """（款）07 商工費, （項）01 商工費 … each on a line of its own, without the undertaking."""
        levels = [level for level in self.named_levels if level.name != OPTIONAL]
        return "\n".join(f"（{level.label}）{level.said}" for level in levels)

    @property
    def path(self) -> tuple[str, ...]:
        """Its codes from 款 to 節, by which two lines of one year stand under the same."""
        return tuple(level.code for level in self.levels)

    @property
    def codes_said(self) -> str:
        """款07 項01 目02 節18."""
        return " ".join(f"{level.label}{level.code}" for level in self.named_levels)


COLUMNS = tuple(f"{name}_{part}" for name in LEVELS for part in ("code", "title"))


def whole() -> Q:
    """What the database asks: no level, or each with code and title."""
    needed = [name for name in COLUMNS if not name.startswith(OPTIONAL)]
    nothing = Q(**dict.fromkeys(COLUMNS, ""))
    everything = Q()
    for name in needed:
        everything &= ~Q(**{name: ""})
    optional = Q(activity_code="", activity_title="") | ~(
        Q(activity_code="") | Q(activity_title="")
    )
    return nothing | (everything & optional)


def titles_of(lines: Sequence[Classified]) -> dict[tuple[str, ...], str]:
    """How each level is called, by the codes that lead to it; 節 alone is called alike everywhere."""
    found: dict[tuple[str, ...], str] = {}
    for line in lines:
        for level, way in zip(line.levels, ways(line.path), strict=True):
            if level.code:
                found[way] = level.title
    return found


def ways(path: Sequence[str]) -> list[tuple[str, ...]]:
    """The codes that lead to each level of a path; to a 節 its own code, as the law names them."""
    return [*(tuple(path[: n + 1]) for n in range(len(path) - 1)), ("", path[-1])]
