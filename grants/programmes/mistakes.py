"""What is wrong with a programme file, in words that say what to write instead."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic_core import ErrorDetails

from portal.types import Text


class Mistake(ValueError):
    """A programme file is wrong: the line (1-based) and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line, self.reason = line, reason


# why a value was refused, as the library that reads the file calls it → the sentence
WORDS: dict[str, Text] = {
    "missing": _lazy("この項目がありません。加えてください。"),
    "extra_forbidden": _lazy("この名前の項目はありません。つづりを直すか、消してください。"),
    "literal_error": _lazy("%(expected)sのどれかを書いてください。"),
    "int_type": _lazy("引用符を付けずに、整数で書いてください。"),
    "int_parsing": _lazy("引用符を付けずに、整数で書いてください。"),
    "int_from_float": _lazy("小数点のない整数で書いてください。"),
    "bool_type": _lazy("trueかfalseを書いてください。"),
    "bool_parsing": _lazy("trueかfalseを書いてください。"),
    "string_type": _lazy("引用符で囲んで、文字で書いてください。"),
    "string_too_short": _lazy("空のままにせず、文字を書いてください。"),
    "string_too_long": _lazy("%(max_length)s文字までにしてください。"),
    "string_pattern_mismatch": _lazy("「%(pattern)s」の形で書いてください。"),
    "greater_than_equal": _lazy("%(ge)s以上の数を書いてください。"),
    "less_than_equal": _lazy("%(le)s以下の数を書いてください。"),
    "too_short": _lazy("1つ以上書いてください。"),
    "tuple_type": _lazy("角かっこで囲んで、並べて書いてください。"),
    "model_type": _lazy("決まった項目を持つ表として書いてください。"),
}


def said(error: ErrorDetails) -> str:
    """The sentence of one refusal; of our own rules, the one that they say themselves."""
    found: dict[str, object] = dict(error.get("ctx", {}))
    if error["type"] == "value_error":
        return str(found["error"])
    words = WORDS.get(error["type"])
    if words is None:
        return _("この書き方は使えません（%(code)s）。") % {"code": error["type"]}
    return str(words) % {name: _listed(str(value)) for name, value in found.items()}


def _listed(value: str) -> str:
    """'a', 'b' or 'c' as the library writes it, for a sentence of ours."""
    return re.sub(r", | or ", "、", value).replace("'", "")


def of_syntax() -> str:
    return _(
        "TOMLの書き方になっていません。「名前 = 値」の形、引用符、角かっこの閉じ忘れを確かめてください。"
    )


def too_long(most: int) -> str:
    return _("ファイルが長すぎます。%(n)s文字までにしてください。") % {"n": f"{most:,}"}


def line_of(text: str, path: tuple[int | str, ...]) -> int:
    """The line where the value at `path` stands: its table by [[name]] and position, then its key."""
    lines = text.splitlines()
    start, names = 0, list(path)
    if len(names) >= 2 and isinstance(names[1], int):
        heads = [n for n, line in enumerate(lines) if line.strip() == f"[[{names[0]}]]"]
        start, names = (heads[names[1]], names[2:]) if names[1] < len(heads) else (0, names[2:])
    elif names:
        start = next((n for n, line in enumerate(lines) if line.strip() == f"[{names[0]}]"), 0)
        names = names[1:] if start else names
    for name in names:
        pattern = re.compile(rf"^\s*\"?{re.escape(str(name))}\"?\s*=")
        for n in range(start, len(lines)):
            if pattern.match(lines[n]):
                return n + 1
            if n > start and start and re.match(r"^\s*\[", lines[n]):
                break
    return start + 1
