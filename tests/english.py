"""Days, sums and numbers are written in one way in English (decision 0127): what is another."""

import re

MONTHS = "January|February|March|April|June|July|August|September|October|November|December"
OTHER_WAYS = {
    "a day in signs (18 Dec 2026)": r"\b20\d\d[-/]\d\d?[-/]\d\d?\b|\b\d{1,2}/\d{1,2}/20\d\d\b",
    "a day and month in signs (18 Dec)": r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2}/\d",
    "a long month, or one before its day (18 Dec)": rf"\b\d{{1,2}} (?:{MONTHS})\b"
    rf"|\b(?:{MONTHS}|May) \d{{1,2}}\b|\b(?:{MONTHS}) 20\d\d",
    "the sign of yen (1,200,000 yen)": r"[¥￥]|\bJPY\b",
    "a number glued to yen (1,200,000 yen)": r"\d(?:yen|円)",
    "a plural in brackets": r"\w\(s\)",
    "per cent in words or apart (10%)": r"(?:\d|\)s) (?:%%|%(?!\()|per ?cent)",
    "a fiscal year apart (FY2026)": r"\bFY \d",
}
_FOUND = {name: re.compile(pattern) for name, pattern in OTHER_WAYS.items()}


def other_ways(text: str) -> list[str]:
    """What of an English text is written in another way than the portal's, and where."""
    return [
        f"{name}: …{text[max(hit.start() - 30, 0) : hit.end() + 20]}…"
        for name, pattern in _FOUND.items()
        for hit in pattern.finditer(text)
    ]
