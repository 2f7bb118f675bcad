"""A programme's own words on its papers, beside the standard ones: the number of the form (様式第○号), where
the guideline states one, an opening around the standard sentence, and a note below. They are revisions
of the programme file, so another person approves them, and what was issued keeps its words.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import Field, model_validator

from grants.programmes.parts import Key, Part
from portal import slots
from portal.types import Text
from portal.workflow.ports import notice_kinds

if TYPE_CHECKING:
    from grants.programmes.parameters import Programme

STANDARD = "standard"
# what may stand in braces → what is put there; each paper knows them all
FIELDS: Mapping[str, Text] = {
    STANDARD: _lazy("標準の文（本文には必ず入れます）"),
    "firm": _lazy("宛先の名称"),
    "programme": _lazy("制度の名称"),
    "year": _lazy("年度"),
    "title": _lazy("事業の名称"),
    "receipt": _lazy("受付番号"),
    "requested": _lazy("申請した額"),
    "amount": _lazy("交付決定額（決定の前は「―」）"),
    "office": _lazy("担当の部署"),
    "phone": _lazy("担当の電話番号"),
}


class Wording(Part):
    """Words for one kind of paper. The standard sentence stays: it names the provision."""

    paper: Key
    form: str = Field(default="", max_length=20)
    body: str = Field(default="", max_length=600)
    note: str = Field(default="", max_length=600)

    @model_validator(mode="after")
    def _fits(self) -> "Wording":
        if not (self.form or self.body or self.note):
            raise ValueError(_("[[texts]]には、form、body、noteのどれかを書いてください。"))
        if self.body and f"{{{STANDARD}}}" not in self.body:
            raise ValueError(_("bodyには、標準の文{standard}を入れてください。"))
        if f"{{{STANDARD}}}" in self.note:
            raise ValueError(_("標準の文{standard}は、bodyだけに入れられます。"))
        if wrong := slots.misfits(self.body + self.note, dict.fromkeys(FIELDS, "")):
            raise ValueError(
                _("%(names)sは、差し込める項目ではありません。使える項目：%(fields)s")
                % {"names": "、".join(wrong), "fields": "、".join(f"{{{f}}}" for f in FIELDS)}
            )
        return self

    @property
    def words(self) -> dict[str, str]:
        return {"form": self.form, "body": self.body, "note": self.note}


def unknown(stated: "Programme") -> list[str]:
    """Papers that there are not, and those that have words twice."""
    named = [row.paper for row in stated.texts]
    return sorted({name for name in named if name not in notice_kinds or named.count(name) > 1})
