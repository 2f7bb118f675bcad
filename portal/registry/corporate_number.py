"""法人番号: thirteen digits, the first of which checks the other twelve.

Source: 行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による法人番号の指定等に関する省令.
"""

import re

from portal import parsing
from portal.parsing import Doubt, Unclear


def check_digit(base: str) -> int:
    """1..9 for the twelve-digit base: 9 - (sum of P_n x Q_n mod 9), Q_n = 1, 2, 1, 2 ... from the
    right.
    """
    return 9 - sum(int(d) * (1 + n % 2) for n, d in enumerate(reversed(base))) % 9


def is_valid(number: str) -> bool:
    return (
        len(number) == 13
        and number.isascii()
        and number.isdigit()
        and int(number[0]) == check_digit(number[1:])
    )


def fictitious(n: int) -> str:
    """A number with a valid check digit over a base beginning 99, a range not in use (0 <= n <
    10**10).
    """
    base = f"99{n:010d}"
    return f"{check_digit(base)}{base}"


def clean(text: str) -> str:
    """The number as thirteen digits, typed in any width, spaces and hyphens apart.

    Raises Unclear.
    """
    number = re.sub("[ -]", "", parsing.folded(text))
    if not re.fullmatch("[0-9]+", number):
        raise Unclear(Doubt.CORPORATE_LENGTH)
    if len(number) == 12:
        raise Unclear(Doubt.PERSONAL_NUMBER)
    if len(number) != 13:
        raise Unclear(Doubt.CORPORATE_LENGTH)
    if not is_valid(number):
        raise Unclear(Doubt.CHECK_DIGIT)
    return number
