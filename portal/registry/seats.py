"""本社の場所: one of the 21 areas, another prefecture of Japan, or abroad."""

import re
from dataclasses import dataclass

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from portal.registry import files
from portal.registry.models import Area
from portal.types import Text

PREFECTURES = (
    gettext_noop("北海道"),
    gettext_noop("青森県"),
    gettext_noop("岩手県"),
    gettext_noop("宮城県"),
    gettext_noop("秋田県"),
    gettext_noop("山形県"),
    gettext_noop("福島県"),
    gettext_noop("茨城県"),
    gettext_noop("栃木県"),
    gettext_noop("群馬県"),
    gettext_noop("埼玉県"),
    gettext_noop("千葉県"),
    gettext_noop("東京都"),
    gettext_noop("神奈川県"),
    gettext_noop("新潟県"),
    gettext_noop("富山県"),
    gettext_noop("石川県"),
    gettext_noop("福井県"),
    gettext_noop("山梨県"),
    gettext_noop("長野県"),
    gettext_noop("岐阜県"),
    gettext_noop("静岡県"),
    gettext_noop("愛知県"),
    gettext_noop("三重県"),
    gettext_noop("滋賀県"),
    gettext_noop("京都府"),
    gettext_noop("大阪府"),
    gettext_noop("兵庫県"),
    gettext_noop("奈良県"),
    gettext_noop("和歌山県"),
    gettext_noop("鳥取県"),
    gettext_noop("島根県"),
    gettext_noop("岡山県"),
    gettext_noop("広島県"),
    gettext_noop("山口県"),
    gettext_noop("徳島県"),
    gettext_noop("香川県"),
    gettext_noop("愛媛県"),
    gettext_noop("高知県"),
    gettext_noop("福岡県"),
    gettext_noop("佐賀県"),
    gettext_noop("長崎県"),
    gettext_noop("熊本県"),
    gettext_noop("大分県"),
    gettext_noop("宮崎県"),
    gettext_noop("鹿児島県"),
    gettext_noop("沖縄県"),
)
ABROAD = "abroad"
# stands for the municipality of a head office outside the area: no condition on places names it
OUTSIDE = "outside"


@dataclass(frozen=True)
class Seat:
    """Where a head office is.

    `prefecture` is blank for one of the areas; `country` is blank within Japan.
    """

    area: Area | None = None
    prefecture: str = ""
    country: str = ""

    @property
    def code(self) -> str:
        """As the control sends it: the area's code, the prefecture's name, or `abroad`."""
        return self.area.code if self.area else self.prefecture or (ABROAD if self.country else "")

    @property
    def municipality(self) -> str | None:
        """Its municipality, `outside`, or None where nothing is known."""
        return (
            self.area.municipality_id
            if self.area
            else OUTSIDE
            if self.prefecture or self.country
            else None
        )

    def __str__(self) -> str:
        if self.area:
            return str(self.area.full_name)
        return self.country or (_(self.prefecture) if self.prefecture else "")

    def whole(self, typed: str) -> str:
        """An address as a letter carries it: what was typed, after those of the places chosen beside it
        that were not typed too.
        """
        if self.country or not typed or typed.startswith(PREFECTURES):
            return typed
        if self.area is None:
            return f"{self.prefecture}{_apart(typed)}"
        town = self.area.municipality.name
        ward = "" if self.area.code == self.area.municipality_id else self.area.name
        named = re.match(rf"\s*((?:\S{{1,4}}郡)?{town})?\s*({ward})?\s*", typed)
        assert named  # noqa: S101  each of its parts may be absent
        return f"{named[1] or town}{ward}{_apart(typed[named.end() :])}"


def _apart(rest: str) -> str:
    """Latin letters do not run on from Japanese ones."""
    return f" {rest}" if rest[:1].isascii() and rest[:1].isalpha() else rest


def code_field() -> models.GeneratedField:
    """`Seat.code` as a column of a row with `area`, `prefecture` and `country`; "" where none is said."""
    code = Coalesce(
        "area",
        NullIf("prefecture", Value("")),
        Case(When(~Q(country=""), then=Value(ABROAD)), default=Value("")),
        output_field=models.CharField(),
    )
    kept = models.CharField(max_length=10)
    return models.GeneratedField(expression=code, output_field=kept, db_persist=True)


def of(chosen: str, country: str = "") -> Seat:
    """The seat that a control says."""
    if chosen == ABROAD:
        return Seat(country=country or _("国外"))
    if chosen in PREFECTURES:
        return Seat(prefecture=chosen)
    return Seat(
        Area.objects.select_related("municipality").filter(code=chosen).first() if chosen else None
    )


def choices() -> list[tuple[Text, Text | list[tuple[str, Text]]]]:
    """The choices in three groups. 北海道 is there for its places outside the area."""
    areas: list[tuple[str, Text]] = [(code, str(area)) for code, area in files.areas().items()]
    others: list[tuple[str, Text]] = [
        (name, _("北海道（札幌圏のほか）") if name == "北海道" else _(name)) for name in PREFECTURES
    ]
    return [
        ("", _lazy("選んでください")),
        (_lazy("札幌圏（12市町村）"), areas),
        (_lazy("そのほかの都道府県"), others),
        (_lazy("国外"), [(ABROAD, _lazy("日本の外"))]),
    ]


def said(code: str) -> str:
    """The name of a seat's code in the reader's language; nothing, where a firm has not said it."""
    if code == ABROAD:
        return _("国外")
    area = files.areas().get(code)
    return str(area) if area else _(code) if code else ""


def places() -> list[tuple[str, Text]]:
    """For a filter: each municipality as a whole, the wards of one that has them, and what lies
    outside.
    """
    found: list[tuple[str, Text]] = [("", _lazy("すべて"))]
    for town in files.municipalities().values():
        parts = [(code, str(files.areas()[code])) for code in within(town.code)]
        whole = _("%(name)s（すべての区）") % {"name": town} if len(parts) > 1 else str(town)
        found += [(town.code, whole), *(part for part in parts if part[0] != town.code)]
    return [*found, (OUTSIDE, _lazy("札幌圏の外"))]


def within(chosen: str) -> list[str]:
    """The codes of seats that a choice of `places` stands for."""
    if chosen == OUTSIDE:
        return [*PREFECTURES, ABROAD]
    areas = files.areas().values()
    return [area.code for area in areas if chosen in (area.code, area.municipality_id)]
