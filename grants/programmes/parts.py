"""The smaller parts of a programme file: a share, a sum, a key, a text in both languages, a source, an
article, days, a course.
"""

import re
from fractions import Fraction
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)
from pydantic_core import PydanticCustomError


def _fraction(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if (
        not isinstance(value, str)
        or not re.fullmatch(r"\d{1,3}/\d{1,3}", value)
        or value.endswith("/0")
    ):
        raise PydanticCustomError("rate", "a fraction")
    found = Fraction(value)
    if not 0 < found <= 1:
        raise ValueError(_("割合は、0より大きく1以下にしてください。"))
    return found


Rate = Annotated[
    Fraction,
    BeforeValidator(_fraction),
    PlainSerializer(lambda f: f"{f.numerator}/{f.denominator}", return_type=str),
]
Yen = Annotated[int, Field(ge=0, le=10**12)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Part):
    """Japanese first, English complete."""

    ja: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Amending(Part):
    """提出した内容を締切までに直す。`keeps`：先着順で、はじめの順番を保つか（place）、最後になるか（end、書かな
    ければこちら）。`until_checks`：市が確認を始めたあとは直せない。
    """

    keeps: Literal["place", "end"] | None = None
    until_checks: bool = False


class Year(Part):
    """The cap of one year of support, where it differs by year."""

    year: int = Field(ge=1, le=10)
    cap: Yen


class Category(Part):
    """経費区分: a kind of costs that count; `examples` is what one buys, in the buyer's words."""

    key: Key
    name: Bilingual
    hint: Bilingual | None = None
    examples: Bilingual | None = None
    # statutory life of what is bought in it; 0: not an asset
    life_years: int = Field(default=0, ge=0, le=50)


class Uncounted(Part):
    """対象にならない費用, with examples or the reason."""

    key: Key
    name: Bilingual
    hint: Bilingual | None = None


class Source(Part):
    """Where values of the programme come from: a published text, and the values that it bears out, as
    `values.py` names them; "all" once the rules themselves are made.
    """

    name: Bilingual
    values: tuple[str, ...] = Field(min_length=1)


class Clause(Part):
    """An article of the guideline itself, where the city's text is at hand. `text`: a line each."""

    title: str = Field(min_length=1)
    text: str = Field(min_length=1)


class Periods(Part):
    """Days and dates: processing, fixing and paying in business days, others in calendar days unless
    said otherwise.
    """

    standard_days: int = Field(default=30, ge=1)
    correction_days: int = Field(default=14, ge=1)
    # from the receipt of the award's notice, which says so
    withdrawal_days: int = Field(default=10, ge=0)
    report_days: int = Field(default=30, ge=1)
    # from the report to the notice of the fixed amount, and from the claim to the transfer
    fixing_days: int = Field(default=20, ge=1)
    payment_days: int = Field(default=15, ge=1)
    follow_up_years: int = Field(default=0, ge=0, le=10)
    progress_after_days: tuple[
        int, ...
    ] = ()  # days after the award at which a status report is asked
    use_check_months: tuple[int, ...] = (6, 12, 24, 36)  # months after fixing: is it still in use?


class Course(Part):
    """What a programme of seats teaches: hours in all, and the share that completion needs."""

    hours: int = Field(ge=1)
    attendance: Rate
    survey_months: int = Field(default=6, ge=1, le=24)  # months after completion


class Required(Part):
    """A document to attach. `cite` is what a defect about it refers to."""

    key: Key
    name: Bilingual
    hint: Bilingual | None = None
    required: bool = True
    usable_days: int | None = Field(default=None, ge=1)  # since it came, in a later application
    issued_within_days: int | None = Field(default=None, ge=1)  # when it is handed in
    # it may follow: within these days of the day on which the firm says so, and hands in
    later_days: int | None = Field(default=None, ge=1, le=90)
    elsewhere: bool = False  # it may lie in a file that is sent for another document
    cite: str = ""

    @property
    def ways(self) -> list[str]:
        """How old it may be, and what may be said in its stead, for who reads of it beforehand."""
        later = _("申請のときになければ、%(n)s日以内に出せます。") % {"n": self.later_days}
        elsewhere = _("ほかの書類のファイルに入っていてもかまいません。")
        fresh = _("提出の日に、発行から%(n)s日以内のものを出してください。") % {
            "n": self.issued_within_days
        }
        return (
            [fresh] * bool(self.issued_within_days)
            + [later] * bool(self.later_days)
            + [elsewhere] * self.elsewhere
        )

    @model_validator(mode="after")
    def _instead_of_a_file(self) -> "Required":
        """What nobody has to send needs nothing in its stead."""
        is_asked = self.required or self.key == "tax_certificate"
        if not is_asked and (self.later_days or self.elsewhere):
            raise ValueError(
                _(
                    "あとから出せることと、ほかの書類のファイルに入れてよいことは、必ず出していただく書類にだけ書けます。"
                )
            )
        return self


class Easy(Part):
    """The programme in やさしい日本語, as its office says it; in Japanese alone."""

    what: str
    who: str
    prepare: str


class Faq(Part):
    q: Bilingual
    a: Bilingual


class ExampleItem(Part):
    category: Key
    amount: Yen


class Example(Part):
    title: Bilingual
    frame: Key
    items: tuple[ExampleItem, ...] = Field(min_length=1)
