"""What people type, read as what it means: one function per kind, which refuses whatever could mean
two things.

Every function takes the text of one control and returns the value, or raises `Unclear` with the
doubt. The sentence for the person who typed stands with the fields (portal/ui/forms.py). Widths and
dashes of Japanese keyboards are folded here.
"""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal import fiscal

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ーｰ"), "-")
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0xFFE5: "¥",
    ord("\\"): "¥",
}
_FOLD = {
    **_WIDE,
    **_DASHES,
    ord("、"): ",",
    ord("､"): ",",
    ord("・"): ".",
    ord("。"): ".",
    ord("｡"): ".",
}
_SPACE = re.compile(r"\s+")

# thousands in threes, or none
GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+"
UNITS = {"千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "億": 10**8}
MOST = 10**15  # yen; above any budget
LONGEST = 100  # signs of one control
ERAS = {
    "明": "明治",
    "M": "明治",
    "大": "大正",
    "T": "大正",
    "昭": "昭和",
    "S": "昭和",
    "平": "平成",
    "H": "平成",
    "令": "令和",
    "R": "令和",
}
FIRST_YEAR, LAST_YEAR = 1868, 2199  # from the first year of 明治


class Doubt(StrEnum):
    """Why a text is not taken."""

    NO_NUMBER = "no_number"
    TWO_NUMBERS = "two_numbers"
    COMMAS = "commas"
    DECIMALS = "decimals"
    NEGATIVE = "negative"
    TOO_MUCH = "too_much"
    NO_DAY = "no_day"
    NO_SUCH_DAY = "no_such_day"
    YEAR_UNCLEAR = "year_unclear"
    ERA_ENDED = "era_ended"
    WEEKDAY = "weekday"
    NO_YEAR = "no_year"
    POSTAL = "postal"
    PHONE = "phone"
    CORPORATE_LENGTH = "corporate_length"
    PERSONAL_NUMBER = "personal_number"
    CHECK_DIGIT = "check_digit"
    INVOICE = "invoice"
    CODE = "code"


class Unclear(ValueError):
    """A text that could mean several things or nothing; `doubt` says which."""

    def __init__(self, doubt: Doubt) -> None:
        super().__init__(doubt.value)
        self.doubt = doubt


def folded(text: str) -> str:
    """Full-width letters, digits and signs as half width, dashes as hyphens, one space for many;
    nothing is dropped.
    """
    return _SPACE.sub(" ", text.translate(_FOLD)).strip()


def _short(text: str, doubt: Doubt) -> str:
    """`text` folded; what is longer than anything that is meant is `doubt`, and looked at no further."""
    if len(text) > LONGEST:
        raise Unclear(doubt)
    return folded(text)


# -- numbers -------------------------------------------------------------------------------------
def yen(text: str) -> int:
    """Yen (>= 0) from 1,200,000, １２０万円, ¥1,200,000- or 3億5000万; a unit's fraction must come to
    whole yen.
    """
    plain = _short(text, Doubt.TOO_MUCH)
    plain = re.sub(r"^(?:金|¥) ?", "", plain)
    plain = re.sub(r"(?: ?円)?也?$|\.?-$", "", plain)
    return _whole(plain, units=True)


def signed_yen(text: str) -> int:
    """Yen that may be negative: −5,000, ▲5,000 or △5,000."""
    plain = _short(text, Doubt.TOO_MUCH)
    return -yen(plain[1:]) if plain[:1] in ("-", "▲", "△") else yen(plain)


def count(text: str, counters: str = "") -> int:
    """A whole number (>= 0); one of the `counters` may follow, as 人 or 名 for people."""
    plain = _short(text, Doubt.TOO_MUCH)
    return _whole(
        plain[:-1].rstrip() if counters and plain[-1:] in tuple(counters) else plain, units=False
    )


def _whole(plain: str, *, units: bool) -> int:
    if re.fullmatch(GROUPED, plain):
        value = int(re.sub(r"[, ]", "", plain))
    elif units and re.search("[千万億]", plain):
        value = _with_units(plain)
    else:
        raise Unclear(_doubt(plain))
    if value >= MOST:
        raise Unclear(Doubt.TOO_MUCH)
    return value


def _with_units(plain: str) -> int:
    """1億2,000万, 350万, 1.5億, 500千, 3百万, 1万2000: each unit smaller than the one before it."""
    parts = re.findall(rf"({GROUPED})(\.[0-9]+)? ?(百万|千万|億|万|千)?", plain)
    if "".join(f"{a}{b}{c}" for a, b, c in parts).replace(" ", "") != plain.replace(" ", ""):
        raise Unclear(_doubt(plain))
    sizes = [UNITS.get(unit, 1) for _number, _part, unit in parts]
    values = [Decimal(re.sub(r"[, ]", "", number) + part) for number, part, _unit in parts]
    falls = all(
        big > small and value * small < big
        for big, small, value in zip(sizes, sizes[1:], values[1:], strict=False)
    )
    total = sum((value * size for value, size in zip(values, sizes, strict=True)), Decimal(0))
    if not falls or total != int(total):
        raise Unclear(Doubt.NO_NUMBER)
    return int(total)


def _doubt(plain: str) -> Doubt:
    """What keeps `plain` from being a whole number."""
    if re.fullmatch(r"-[0-9, .]+", plain) or plain[:1] in ("▲", "△"):
        return Doubt.NEGATIVE
    if re.search(r"[0-9] ?[-~〜/] ?[0-9]", plain):
        return Doubt.TWO_NUMBERS
    if re.fullmatch(r"[0-9, ]*\.[0-9]*", plain):
        return Doubt.DECIMALS
    return Doubt.COMMAS if re.fullmatch(r"[0-9][0-9, ]*", plain) else Doubt.NO_NUMBER


def decimal(text: str) -> Decimal:
    """A number that may be negative and have a fraction (at most nine digits): 3,500.5 or −0.3."""
    plain = _short(text, Doubt.TOO_MUCH)
    if not re.fullmatch(rf"-?(?:{GROUPED})(?:\.[0-9]{{1,9}})?", plain):
        found = _doubt(plain.removeprefix("-"))
        raise Unclear(Doubt.NO_NUMBER if found in (Doubt.DECIMALS, Doubt.NEGATIVE) else found)
    value = Decimal(re.sub(r"[, ]", "", plain))
    if abs(value) >= MOST:
        raise Unclear(Doubt.TOO_MUCH)
    return value


def code(text: str, most: int, fewest: int = 1) -> str:
    """Digits that name something (bank, branch, account, one-time code); spaces and hyphens between
    them do not count.
    """
    plain = re.sub(r"[ -]", "", _short(text, Doubt.CODE))
    if not re.fullmatch(rf"[0-9]{{{fewest},{most}}}", plain):
        raise Unclear(Doubt.CODE)
    return plain


# -- days ----------------------------------------------------------------------------------------
_ERA = r"(?P<era>明治?|大正?|昭和?|平成?|令和?|[MTSHRmtshr])"
_DAY = re.compile(
    rf"(?:{_ERA}\.? ?(?P<era_year>元|[0-9]{{1,2}})|(?P<year>[0-9]{{4}})) ?(?:年|[-/.]) ?"
    r"(?P<month>[0-9]{1,2}) ?(?:月|[-/.]) ?(?P<day>[0-9]{1,2}) ?日?(?: ?\(?(?P<weekday>[月火水木金土日])(?:曜日?)?\)?)?"
)
_SOLID = re.compile(
    rf"(?:{_ERA}(?P<era_year>[0-9]{{2}})|(?P<year>[0-9]{{4}}))(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})(?P<weekday>)"
)
_YEAR = re.compile(
    rf"(?:{_ERA}\.? ?(?P<era_year>元|[0-9]{{1,2}})|(?P<year>[0-9]{{4}})) ?年?(?: ?度)?"
)


def day(text: str) -> date:
    """A day: 2026/11/26, 20261126, 2026年11月26日（木）, 令和8年11月26日, R8.11.26, in any width.

    The year is never guessed.
    """
    plain = _short(
        text.replace("㋿", "令和")
        .replace("㍻", "平成")
        .replace("㍼", "昭和")
        .replace("㍽", "大正")
        .replace("㍾", "明治"),
        Doubt.NO_DAY,
    )
    found = _DAY.fullmatch(plain) or _SOLID.fullmatch(plain)
    if found is None:
        short = re.fullmatch(
            r"(?:[0-9]{1,3} ?[-/.年] ?)?[0-9]{1,2} ?[-/.月] ?[0-9]{1,4} ?日?|[0-9]{6}", plain
        )
        raise Unclear(Doubt.YEAR_UNCLEAR if short else Doubt.NO_DAY)
    value = _date(_year(found), int(found["month"]), int(found["day"]))
    _within(value, found["era"])
    if found["weekday"] and fiscal.WEEKDAYS[value.weekday()] != found["weekday"]:
        raise Unclear(Doubt.WEEKDAY)
    return value


def day_of_parts(year: str, month: str, day_: str) -> date:
    """A day from three controls; the whole day may stand in the first."""
    if not month.strip() and not day_.strip():
        return day(year)
    parts = [(month, "月"), (day_, "日")]
    numbers = [_short(text, Doubt.NO_DAY).removesuffix(unit).strip() for text, unit in parts]
    plain = _short(year, Doubt.NO_DAY)
    found = _YEAR.fullmatch(plain)
    if found is None:
        short = re.fullmatch(r"[0-9]{1,3} ?年?", plain)
        raise Unclear(Doubt.YEAR_UNCLEAR if short else Doubt.NO_DAY)
    if not all(re.fullmatch(r"[0-9]{1,2}", number) for number in numbers):
        raise Unclear(Doubt.NO_DAY)
    value = _date(_year(found), int(numbers[0]), int(numbers[1]))
    _within(value, found["era"])
    return value


def year(text: str) -> int:
    """A year of four digits, or of an era as 令和8年度 or R8 (the year it begins in)."""
    found = _YEAR.fullmatch(_short(text, Doubt.NO_YEAR))
    if found is None:
        raise Unclear(Doubt.NO_YEAR)
    value = _year(found)
    if found["era"] and fiscal.era_fiscal_year(value)[:2] != _era_name(found["era"]):
        raise Unclear(Doubt.ERA_ENDED)
    return value


def _era_name(typed: str) -> str:
    return ERAS[typed[0].upper()]


def _year(found: re.Match[str]) -> int:
    if not found["era"]:
        return int(found["year"])
    name = _era_name(found["era"])
    start, offset = next((start, offset) for start, of, offset in fiscal.ERAS if of == name)
    value = offset + (1 if found["era_year"] == "元" else int(found["era_year"]))
    if value < start.year:  # as 明治0年
        raise Unclear(Doubt.ERA_ENDED)
    return value


def _date(year_: int, month: int, day_: int) -> date:
    if not FIRST_YEAR <= year_ <= LAST_YEAR:
        raise Unclear(Doubt.YEAR_UNCLEAR)
    try:
        value = date(year_, month, day_)
    except ValueError as error:
        raise Unclear(Doubt.NO_SUCH_DAY) from error
    if value < fiscal.ERAS[-1][0]:  # no era says it
        raise Unclear(Doubt.ERA_ENDED)
    return value


def _within(value: date, era: str | None) -> None:
    """Refuse a day that its era does not have, as 平成32年 or 令和元年4月1日."""
    if era and not fiscal.era(value).startswith(_era_name(era)):
        raise Unclear(Doubt.ERA_ENDED)


# -- addresses, phones, numbers of firms ---------------------------------------------------------
def postal_code(text: str) -> str:
    """Seven digits from 060-0001, 〒０６０－０００１ or 0600001."""
    found = re.fullmatch(r"〒? ?([0-9]{3})[- ]?([0-9]{4})", _short(text, Doubt.POSTAL))
    if found is None:
        raise Unclear(Doubt.POSTAL)
    return found[1] + found[2]


def phone(text: str) -> str:
    """A number as people write it, in half width: 011-000-0001, +44 20 7946 0000; an extension may
    follow as 内線12.

    +81 is written as within the country. Parts are joined by hyphens; a foreign number keeps its
    spaces.
    """
    plain, _sign, extension = re.sub(
        r" ?(?:内線|内|ext\.?|x) ?", "#", _short(text, Doubt.PHONE), count=1, flags=re.I
    ).partition("#")
    if _sign and not re.fullmatch(r"[0-9]{1,6}", extension):
        raise Unclear(Doubt.PHONE)
    number = _abroad(plain) if plain.startswith("+") else _within_japan(plain)
    return f"{number} 内線{extension}" if extension else number


def _within_japan(plain: str) -> str:
    parts = [part for part in re.split(r"[-(). ]+", plain) if part]
    found = re.fullmatch(r"(?=[(0-9])(?:[-. ]?\(?[0-9]\)?)+", plain)
    if found is None or len(parts) > 4 or not re.fullmatch(r"0[1-9][0-9]{8,9}", "".join(parts)):
        raise Unclear(Doubt.PHONE)
    return "-".join(parts)


def _abroad(plain: str) -> str:
    tidy = _SPACE.sub(" ", re.sub(r"[()]", " ", plain[1:].replace("(0)", " "))).strip()
    if not re.fullmatch(r"[1-9](?:[-. ]?[0-9])*", tidy):
        raise Unclear(Doubt.PHONE)
    if re.match(r"81(?:[-. ]|[1-9])", tidy):
        return _within_japan("0" + tidy[2:].lstrip("-. "))
    if not 7 <= len(re.sub(r"[^0-9]", "", tidy)) <= 15:  # E.164
        raise Unclear(Doubt.PHONE)
    return f"+{tidy}"


def email(text: str) -> str:
    """An address typed in any width; whether it is one is Django's to say.

    Spaces are not dropped.
    """
    return text.translate(_WIDE).replace("。", ".").strip()


def invoice_number(text: str) -> str:
    """適格請求書発行事業者の登録番号: T and thirteen digits (消費税法57条の2)."""
    plain = re.sub(r"[ -]", "", _short(text, Doubt.INVOICE)).upper()
    if not re.fullmatch(r"T[0-9]{13}", plain):
        raise Unclear(Doubt.INVOICE)
    return plain
