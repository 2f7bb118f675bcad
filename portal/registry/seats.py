"""本社の場所: one of the 21 areas, another prefecture of Japan, or abroad."""

import re
from dataclasses import dataclass

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.registry import files
from portal.registry.models import Area
from portal.types import Text

PREFECTURES = (
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
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
        return str(self.area.full_name) if self.area else self.country or self.prefecture

    def whole(self, typed: str) -> str:
        """An address as a letter carries it: what was typed, after those of the places chosen beside it
        that were not typed too.
        """
        if self.country or not typed or typed.startswith(PREFECTURES):
            return typed
        if self.area is None:
            return f"{self.prefecture}{typed}"
        town = self.area.municipality.name
        ward = "" if self.area.code == self.area.municipality_id else self.area.name
        named = re.match(rf"\s*((?:\S{{1,4}}郡)?{town})?\s*({ward})?\s*", typed)
        assert named  # noqa: S101  each of its parts may be absent
        return f"{named[1] or town}{ward}{typed[named.end() :]}"


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
        (name, _("北海道（札幌圏のほか）") if name == "北海道" else name) for name in PREFECTURES
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
    return str(area) if area else code


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
