"""What is covered on a page: painted on its picture, or typed in percent of its width and height."""

import re
from collections.abc import Mapping
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal.types import Given, Sent, Text
from portal.ui.forms import Decimals, offer_choices
from reports.disclosure.forms import lift_reason
from reports.disclosure.models import LIFT_WHY
from reports.disclosure.sheets import FULL, MOST, Box, is_uncovered

EMPTY = 2  # lines beside those that are filled, for whoever types
TENTHS = FULL // 100  # of a percent, as places are kept
SIDES = ("left", "top", "width", "height")
LABELS = {
    "left": _lazy("左から"),
    "top": _lazy("上から"),
    "width": _lazy("幅"),
    "height": _lazy("高さ"),
}


class SheetForm(forms.Form):
    NEEDED_SOMETIMES = ("why",)

    whole = forms.BooleanField(label=_lazy("このページ全体を公開しない"), required=False)
    whole_ground = forms.ChoiceField(label=_lazy("ページ全体を公開しない理由"), required=False)
    why = lift_reason()

    def __init__(
        self, data: Sent, boxes: list[Box], proposed: list[Box], grounds: Mapping[str, Text]
    ) -> None:
        super().__init__(data)
        self.grounds = list(grounds.items())
        offer_choices(self, "whole_ground", self.grounds)
        self.before, self.proposed = boxes, proposed
        sent = [
            int(found[1]) for key in data or () if (found := re.fullmatch(r"left-(\d{1,3})", key))
        ]
        self.lines = range(min(max([*sent, len(boxes) + EMPTY]), MOST + EMPTY))
        for n in self.lines:
            self._add_line(n, boxes[n] if n < len(boxes) else None)

    def _add_line(self, n: int, box: Box | None) -> None:
        for k, side in enumerate(SIDES):
            self.fields[f"{side}-{n + 1}"] = Decimals(
                label=LABELS[side],
                required=False,
                initial=None if box is None else Decimal(box[k]) / TENTHS,
            )
        self.fields[f"ground-{n + 1}"] = forms.ChoiceField(
            label=_lazy("公開しない理由"),
            choices=self.grounds,
            required=False,
            initial=box.ground if box else None,
        )
        self.fields[f"off-{n + 1}"] = forms.BooleanField(label=_lazy("外す"), required=False)

    def rows(self) -> list[list[forms.BoundField]]:
        names = (*SIDES, "ground", "off")
        return [[self[f"{name}-{n + 1}"] for name in names] for n in self.lines]

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        found = [box for n in self.lines if (box := self._box(data, n + 1)) is not None]
        if data.get("whole"):
            found = [Box(0, 0, FULL, FULL, data.get("whole_ground") or self.grounds[0][0])]
        asks = not self.errors and is_uncovered(self.proposed, self.before, found)
        if asks and not data.get("why"):
            self.add_error("why", LIFT_WHY)
        return data | {"boxes": found}

    def _box(self, data: Given, n: int) -> Box | None:
        """None for a line that is empty or taken away; one that says too little is an error."""
        sides = [data.get(f"{side}-{n}") for side in SIDES]
        if data.get(f"off-{n}") or all(side is None for side in sides):
            return None
        left, top, width, height = [round((side or 0) * TENTHS) for side in sides]
        fits = 0 <= left < FULL and 0 <= top < FULL and width > 0 and height > 0
        if None in sides or not fits:
            self.add_error(
                f"left-{n}", _lazy("左、上、幅、高さを、0から100までの数で入れてください。")
            )
            return None
        return Box(
            left,
            top,
            min(width, FULL - left),
            min(height, FULL - top),
            data.get(f"ground-{n}") or self.grounds[0][0],
        )
