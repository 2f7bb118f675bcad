"""Tags and filters of every template: icons, money, days, badges.

Templates decide nothing.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from typing import Protocol, SupportsFloat, TypeVar

from django import template
from django.contrib.messages.storage.base import Message
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from portal import clock, days, fiscal
from portal.types import Text, Visitor
from portal.ui import script_words
from portal.ui.icons import ICONS, OF_TONE
from portal.workflow.access import may_enter

register = template.Library()
HELD_LONG = 5  # business days
K = TypeVar("K")
V = TypeVar("V")
R = TypeVar("R")


class HasPages(Protocol):
    """A row that has a page for some, and for the others its case's (a turn)."""

    def page_for(self, user: Visitor, /) -> str: ...


class Proposed(Protocol):
    """What one person proposes and another confirms."""

    def is_anothers(self, person: Visitor, /) -> bool: ...


@register.simple_tag
def icon(name: str) -> SafeString:
    return mark_safe(  # noqa: S308  a constant of our own
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{ICONS[name]}</svg>'
    )


@register.simple_tag
def autosave_words() -> str:
    """What the script of autosave says, as an attribute of its form."""
    return json.dumps(script_words.autosave(), ensure_ascii=False)


@register.simple_tag
def badge(tone: str, text: Text) -> SafeString:
    """The state badge: colour, icon and word together."""
    return format_html('<span class="badge badge--{}">{}{}</span>', tone, icon(OF_TONE[tone]), text)


class _Info(Protocol):
    """How a state is called, and the tone of its badge."""

    tone: str
    label: Text
    applicant: Text


class HasState(Protocol):
    """A row with a life cycle (portal.workflow.graph)."""

    @property
    def info(self) -> _Info: ...


@register.simple_tag
def state_badge(obj: HasState, side: str = "office") -> SafeString:
    info = obj.info
    return badge(info.tone, (info.applicant if side == "applicant" else "") or info.label)


def or_dash(show: Callable[[V], R]) -> Callable[[V | None], R | str]:
    """A figure or a day that is not there is read as ―: no page fails because a row has none (yet)."""

    @wraps(show)
    def shown(value: V | None) -> R | str:
        return "―" if value is None or value == "" else show(value)

    return shown


@register.filter
@or_dash
def yen(amount: int) -> str:
    """With the sign of minus that the sums on other pages have."""
    return f"{amount:,}".replace("-", "−")


@register.filter
@or_dash
def less(amount: int) -> str:
    """What is taken off a sum: nothing is 0, not −0."""
    return yen(-amount)


@register.filter
def in_yen(amount: int | None) -> str:
    """A sum with its unit."""
    return f"{yen(amount)}{_('円')}"


@register.filter
def yen_figure(amount: int | None) -> SafeString:
    """A sum set large, its unit small."""
    return format_html("{}<small>{}</small>", yen(amount), _("円"))


@register.filter
@or_dash
def man_yen(amount: int) -> str:
    """500 for 5,000,000 yen where it is whole and read in Japanese; else the yen."""
    return f"{amount // 10000:,}" if is_in_man(amount) else f"{amount:,}"


@register.filter
def man_unit(amount: int | None) -> str:
    return "万円" if isinstance(amount, int) and is_in_man(amount) else _("円")


def is_in_man(amount: int) -> bool:
    """Ten thousands are a unit of Japanese alone: 500万円 are 5,000,000 yen."""
    return amount % 10000 == 0 and get_language() == "ja"


def in_man_yen(amount: int) -> str:
    """A sum with its unit, in ten thousands where it is whole and read in Japanese."""
    return f"{man_yen(amount)}{man_unit(amount)}"


register.filter("in_man_yen", or_dash(in_man_yen))
day = register.filter("day", or_dash(days.day_said))
dated = register.filter("dated", or_dash(days.dated))
until = register.filter("until", or_dash(days.until_said))
planned = register.filter("planned", or_dash(days.planned_said))
fiscal_year = register.filter("fiscal_year", days.fiscal_year_said)
moment = register.filter("moment", or_dash(days.moment_said))


@register.filter
@or_dash
def full_day(moment: date | datetime) -> str:
    """2026年11月22日（令和8年11月22日）."""
    found = days.local(moment)
    if get_language() != "ja":
        return date_format(found, "j M Y")
    plain = date(found.year, found.month, found.day)
    return f"{found.year}年{found.month}月{found.day}日（{fiscal.era(plain)}）"


@register.filter
@or_dash
def short_moment(value: datetime) -> str:
    found = value.astimezone(clock.JST)
    return f"{found:%Y/%m/%d %H:%M}" if get_language() == "ja" else date_format(found, "j M Y H:i")


@register.filter
@or_dash
def month(day: date) -> str:
    return days.month_said(day)


@register.filter
@or_dash
def short_day(value: date | datetime) -> str:
    """12/18（金）, with the year where it is needed; Fri 18 Dec 2025."""
    found = days.local(value)
    if get_language() != "ja":
        return days.day_said(found)
    year = f"{found.year}/" if days.needs_year(found) else ""
    return f"{year}{found.month}/{found.day}（{days.weekday(found)}）"


@register.filter
def days_left(value: date | datetime | None) -> int | None:
    if not value:
        return None
    found = days.local(value)
    return (date(found.year, found.month, found.day) - clock.today()).days


@register.filter
@or_dash
def size(count: int) -> str:
    return f"{count / 1048576:.1f}MB" if count >= 1048576 else f"{max(count // 1024, 1)}KB"


@register.filter
def digest(text: str) -> str:
    return f"{text[:4]}…{text[-4:]}" if text else ""


@register.filter
def item(mapping: Mapping[K, V] | None, key: K) -> V | None:
    return mapping.get(key) if mapping else None


@register.filter
def among(name: str | None, names: str) -> bool:
    """Is it one of these names? They stand with a space between."""
    return name in names.split()


@register.filter
def tone(message: Message) -> str:
    return {"error": "stop", "warning": "care"}.get(message.tags, "good")


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The present query string with some values replaced; None removes one."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value not in (None, ""):
            params[name] = str(value)
    encoded = params.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.filter
def page_for(row: HasPages, user: Visitor) -> str:
    """Where a person reads about a row that has pages of its own for some (a turn)."""
    return row.page_for(user)


@register.filter
def open_to(name: str, user: Visitor) -> bool:
    """Whether a person may open the address of this name: no page offers what would be refused."""
    return may_enter(user, name)


@register.filter
def model_name(obj: Model) -> str:
    return str(obj._meta.model_name)


@register.filter
def tr(text: object) -> str:
    """A stored message id (a label, what to do) in the reader's language."""
    return _(str(text)) if text else ""


@register.filter
def has_come(day: date | None) -> bool:
    return day is not None and day <= clock.today()


@register.filter
def is_over(day: date | None) -> bool:
    return day is not None and day < clock.today()


@register.filter
def is_held_long(days: int) -> bool:
    """Has it lain for a week of business days?"""
    return days >= HELD_LONG


@register.filter
@or_dash
def points(value: SupportsFloat) -> str:
    """A fraction as points with one decimal."""
    return f"{float(value):.1f}"


@register.filter
@or_dash
def plain(value: float | Decimal) -> str:
    """A number with commas and without zeros at its end."""
    return f"{value:,.3f}".rstrip("0").rstrip(".")


@register.filter
def coordinate(value: float) -> str:
    """A place in a drawing, in every language with a point."""
    return f"{value:.1f}"


@register.filter
@or_dash
def day_parts(value: datetime) -> SafeString:
    """12月18日 with the figures set as figures."""
    found = days.local(value)
    if get_language() != "ja":
        return format_html('<span class="num">{}</span> {}', found.day, found.strftime("%b"))
    return format_html(
        '<span class="num">{}</span>月<span class="num">{}</span>日', found.month, found.day
    )


@register.filter
@or_dash
def weekday_time(value: datetime) -> str:
    found = value.astimezone(clock.JST)
    if get_language() != "ja":
        return f"{found:%a} {found:%H:%M}"
    return (
        f"{days.weekday(found)}曜 {found.hour}時まで"
        if found.minute == 0
        else f"{days.weekday(found)}曜 {found:%H:%M}まで"
    )


@register.filter
@or_dash
def iso_moment(text: str) -> str:
    """A moment stored as ISO text, as people read it."""
    return moment(datetime.fromisoformat(text))


_ENTRY_KINDS = {
    "appropriation": gettext_noop("予算額"),
    "reduction": gettext_noop("予算額の減"),
    "commitment": gettext_noop("支出負担行為"),
    "decommitment": gettext_noop("減額"),
    "disbursement": gettext_noop("支出"),
    "return": gettext_noop("戻入"),
    "return_undone": gettext_noop("戻入の取消し"),
    "voted": gettext_noop("予算化"),
    "carry_over": gettext_noop("翌年度へ繰越（繰越明許費）"),
    "accident": gettext_noop("翌年度へ繰越（事故繰越し）"),
    "carry_again": gettext_noop("もう一度の繰越（事故繰越し）"),
    "reversal": gettext_noop("振込の戻り"),
    "supplement": gettext_noop("補正（増）"),
    "supplement_cut": gettext_noop("補正（減）"),
    "transfer": gettext_noop("流用（出す）"),
    "received": gettext_noop("流用（受ける）"),
    "allotment": gettext_noop("配当"),
    "allotment_cut": gettext_noop("配当の減"),
}


@register.filter
def entry_kind(kind: str) -> str:
    return _(_ENTRY_KINDS[kind])


@register.filter
def is_anothers(proposal: Proposed, person: Visitor) -> bool:
    """May this person confirm it, as far as the row itself says?"""
    return proposal.is_anothers(person)
