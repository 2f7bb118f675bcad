"""On what grounds whoever an award is taken back from need not be heard before (弁明の機会を要しない根拠): the
standard ones unless a programme states its own.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field

from grants.programmes.parts import Bilingual, Key, Part
from grants.programmes.texts import said

STANDARD = Path(__file__).parent / "unheard.toml"


class Ground(Part):
    key: Key
    text: Bilingual
    cite: str = Field(min_length=1)

    @property
    def said(self) -> str:
        return f"{said(self.text)}（{self.cite}）"


def _once(grounds: tuple[Ground, ...]) -> tuple[Ground, ...]:
    if len({ground.key for ground in grounds}) < len(grounds):
        raise ValueError(_("弁明の機会を要しない根拠の記号は、1つずつ別のものにしてください。"))
    return grounds


Grounds = Annotated[tuple[Ground, ...], AfterValidator(_once)]


@cache
def standard_grounds() -> tuple[Ground, ...]:
    stated = tomllib.loads(STANDARD.read_text(encoding="utf-8"))
    return tuple(Ground.model_validate(row) for row in stated["unheard"])
