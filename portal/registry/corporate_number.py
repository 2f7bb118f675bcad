"""法人番号: thirteen digits, the first of which checks the other twelve.

Source: 行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による法人番号の指定等に関する省令.
"""

from portal import jptext


def check_digit(base: str) -> int:
    """1..9 for the twelve-digit base: 9 - (sum of P_n x Q_n mod 9), Q_n = 1, 2, 1, 2 ... from the right."""
    return 9 - sum(int(d) * (1 + n % 2) for n, d in enumerate(reversed(base))) % 9


def is_valid(number: str) -> bool:
    return len(number) == 13 and number.isascii() and number.isdigit() and int(number[0]) == check_digit(number[1:])


def fictitious(n: int) -> str:
    """A number with a valid check digit over a base beginning 99, a range not in use (0 <= n < 10**10)."""
    base = f"99{n:010d}"
    return f"{check_digit(base)}{base}"


def clean(text: str) -> str:
    """The number as thirteen digits, typed in any width. Raises ValueError with a sentence for the person who typed."""
    number = jptext.digits(text)
    if len(number) == 12 and number.isdigit():
        raise ValueError(
            "12桁の番号は法人番号ではありません。個人番号（マイナンバー）や会社法人等番号は入力しないでください。"
        )
    if len(number) != 13 or not number.isdigit():
        raise ValueError("法人番号は13桁の数字です。")
    if not is_valid(number):
        raise ValueError("番号のどこかに打ち間違いがあるようです。13桁をもう一度確かめてください。")
    return number
