"""The smallest parts of a programme file: a share, a sum, a key, a text in both languages, a source."""

import re
from fractions import Fraction
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer


def _fraction(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if (
        not isinstance(value, str)
        or not re.fullmatch(r"\d{1,3}/\d{1,3}", value)
        or value.endswith("/0")
    ):
        raise ValueError(_('割合は、引用符で囲んだ分数で書いてください（例："2/3"）。'))
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


class Source(Part):
    """Where values of the programme come from: a published text, and the values that it bears out, as
    `values.py` names them; "all" once the rules themselves are made.
    """

    name: Bilingual
    values: tuple[str, ...] = Field(min_length=1)
