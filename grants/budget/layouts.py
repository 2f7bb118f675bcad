"""What the CSV of a municipality's accounting system looks like: of what it is handed, and of what it answers."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _lazy

from grants.budget.classification import LEVELS
from portal import clock
from portal.registry.models import Municipality
from portal.types import Text

ENCODINGS = [
    ("utf-8-sig", _lazy("UTF-8（Excelで開けるしるし付き）")),
    ("utf-8", "UTF-8"),
    ("cp932", "Shift_JIS (CP932)"),
]
OUT, IN = "out", "in"
WAYS = {OUT: _lazy("会計システムへ渡すCSV"), IN: _lazy("会計システムから受け取るCSV")}


def _levels() -> dict[str, Promise]:
    said = {"code": _lazy("{level}の番号"), "title": _lazy("{level}の名前")}
    return {
        f"{name}_{part}": format_lazy(text, level=label)
        for name, label in LEVELS.items()
        for part, text in said.items()
    }


# what a column may hold, by way
FIELDS: dict[str, dict[str, Text | Promise]] = {
    OUT: {
        "entry": _lazy("異動の番号"),
        "day": _lazy("異動の日（2026-04-01）"),
        "plain_day": _lazy("異動の日（20260401）"),
        "kind": _lazy("異動の種類"),
        "year": _lazy("年度"),
        **_levels(),
        "call": _lazy("公募回の番号"),
        "frame": _lazy("枠"),
        "number": _lazy("案件の番号"),
        "firm": _lazy("相手方の名称"),
        "corporate_number": _lazy("相手方の法人番号"),
        "amount": _lazy("額"),
        "signed": _lazy("額（減るものは負の数）"),
        "note": _lazy("摘要"),
    },
    IN: {
        "entry": _lazy("異動の番号"),
        "status": _lazy("会計システムでの状態"),
        "voucher": _lazy("伝票の番号"),
        "day": _lazy("処理の日"),
        "reason": _lazy("理由・備考"),
    },
}
NEEDED = {OUT: ("entry",), IN: ("entry", "status")}
# 計画値: what a layout begins with on screen; no system's own
SHIPPED: dict[str, tuple[tuple[str, str], ...]] = {
    OUT: (
        ("entry", "異動番号"),
        ("day", "異動日"),
        ("kind", "種類"),
        ("year", "年度"),
        ("chapter_code", "款"),
        ("section_code", "項"),
        ("item_code", "目"),
        ("activity_code", "事業"),
        ("expense_code", "節"),
        ("number", "案件番号"),
        ("firm", "相手方"),
        ("corporate_number", "法人番号"),
        ("signed", "金額"),
        ("note", "摘要"),
    ),
    IN: (
        ("entry", "異動番号"),
        ("status", "状態"),
        ("voucher", "伝票番号"),
        ("day", "処理日"),
        ("reason", "備考"),
    ),
}


@dataclass(frozen=True)
class Layout:
    """Field of `FIELDS` and heading of each column, in their order. What comes in is read in either
    encoding, so that of `IN` says nothing.
    """

    columns: tuple[tuple[str, str], ...]
    encoding: str = ENCODINGS[0][0]


class AccountingLayout(models.Model):
    """The layout of one municipality in one direction."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    way = models.CharField(max_length=3, choices=[*WAYS.items()])
    encoding = models.CharField(max_length=9, choices=ENCODINGS)
    columns = models.JSONField()
    changed_at = models.DateTimeField(default=clock.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "way"], name="budget_layout_once"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.way}"


class AccountingAnswer(models.Model):
    """What the accounting system said of one entry of the book; the newest counts."""

    entry = models.ForeignKey("BudgetEntry", models.PROTECT, related_name="answers")
    status = models.CharField(max_length=40)
    voucher = models.CharField(max_length=40, blank=True)
    day = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(default=clock.now)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.status}"


def layout_of(municipality: str, way: str) -> Layout:
    """That of the municipality, else the shipped one."""
    row = AccountingLayout.objects.filter(municipality=municipality, way=way).first()
    if row is None:
        return Layout(SHIPPED[way])
    return Layout(tuple((field, heading) for field, heading in row.columns), row.encoding)
