"""What is wrong with a programme file, in words that say what to write instead."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from portal.types import Text


class Mistake(ValueError):
    """A programme file is wrong: the line (1-based) and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line, self.reason = line, reason


class Problem(NamedTuple):
    """One thing that is wrong: where, as the file nests its values; what kind of mistake, where it is one
    of `WORDS`; and the reason.
    """

    path: tuple[str | int, ...]
    kind: str
    reason: str


class Inconsistent(ValueError):
    """Values that are good alone do not go together: (where, reason) of each."""

    def __init__(self, faults: list[tuple[tuple[str | int, ...], str]]) -> None:
        super().__init__(faults[0][1])
        self.faults = faults


def problems(error: ValidationError) -> Iterator[Problem]:
    """All that is wrong, in the order of the file's description."""
    for found in error.errors():
        refused = found.get("ctx", {}).get("error")
        if isinstance(refused, Inconsistent):
            for path, reason in refused.faults:
                yield Problem((*found["loc"], *path), "value_error", reason)
        elif found["type"] != "too_short" or not found["input"]:  # else its rows are wrong, not few
            yield Problem(found["loc"], found["type"], said(found))


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
    "date_type": _lazy("引用符を付けずに、日付で書いてください（例：2026-04-01）。"),
    "date_from_datetime_inexact": _lazy("時刻のない日付で書いてください（例：2026-04-01）。"),
    "date_from_datetime_parsing": _lazy(
        "引用符を付けずに、日付で書いてください（例：2026-04-01）。"
    ),
    "int_parsing_size": _lazy("桁が多すぎます。数字を確かめてください。"),
    "rate": _lazy('割合は、引用符で囲んだ分数で書いてください（例："2/3"）。'),
    "percent": _lazy('年の割合は、引用符で囲んだ％の数で書いてください（例："10.95"）。'),
}
NUMBER = _lazy("整数で入力してください（例：1,200,000）。")
# the same, said of what is typed in a field
IN_FIELDS: dict[str, Text] = {
    "missing": _lazy("入力するか、選んでください。"),
    "extra_forbidden": _lazy("この名前の項目はありません。「ファイルで書く」で消してください。"),
    "literal_error": _lazy("選んでください。"),
    "bool_type": _lazy("選び直してください。"),
    "bool_parsing": _lazy("選び直してください。"),
    "string_type": _lazy("文字で入力してください。"),
    "string_too_short": _lazy("入力してください。"),
    "string_pattern_mismatch": _lazy("決められた形で入力してください。"),
    "too_short": _lazy("1つ以上加えてください。"),
    "tuple_type": _lazy("選び直してください。"),
    "model_type": _lazy("入力し直してください。"),
    "date_type": _lazy("日付として読めません。年・月・日を入力してください。"),
    "date_from_datetime_inexact": _lazy("時刻のない日付を入力してください。"),
    "date_from_datetime_parsing": _lazy("日付として読めません。年・月・日を入力してください。"),
    "rate": _lazy("分数で入力してください（例：2/3）。"),
    "percent": _lazy("％の数で、小数は2桁までで入力してください（例：10.95）。"),
    "int_type": NUMBER,
    "int_parsing": NUMBER,
    "int_from_float": NUMBER,
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


def said_in_field(problem: Problem) -> str:
    """As it is told beside the field."""
    words = IN_FIELDS.get(problem.kind)
    return problem.reason if words is None else str(words)


def _listed(value: str) -> str:
    """'a', 'b' or 'c' as the library writes it, for a sentence of ours."""
    return re.sub(r", | or ", "、", value).replace("'", "")


def of_syntax() -> str:
    return _(
        "TOMLの書き方になっていません。「名前 = 値」の形、引用符、角かっこの閉じ忘れを確かめてください。"
    )


def too_long(most: int) -> str:
    return _("ファイルが長すぎます。%(n)s文字までにしてください。") % {"n": f"{most:,}"}
