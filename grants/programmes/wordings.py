"""A programme's own words on its papers, beside the standard ones: the number of the form (様式第○号), where
the guideline states one, an opening around the standard sentence, and a note below. They are revisions
of the programme file, so another person approves them, and what was issued keeps its words.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import Field, field_validator, model_validator

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


# part of an entry → how much may be written in it
LIMITS = {"form": 20, "body": 600, "note": 600}


class Wording(Part):
    """Words for one kind of paper. The standard sentence stays: it names the provision."""

    paper: Key
    form: str = Field(default="", max_length=LIMITS["form"])
    body: str = Field(default="", max_length=LIMITS["body"])
    note: str = Field(default="", max_length=LIMITS["note"])

    @field_validator("body")
    @classmethod
    def _around_the_standard(cls, body: str) -> str:
        if body and f"{{{STANDARD}}}" not in body:
            raise ValueError(_("本文（body）には、標準の文{standard}を入れてください。"))
        return body

    @field_validator("note")
    @classmethod
    def _beside_the_standard(cls, note: str) -> str:
        if f"{{{STANDARD}}}" in note:
            raise ValueError(_("標準の文{standard}は、本文（body）だけに入れられます。"))
        return note

    @field_validator("body", "note")
    @classmethod
    def _with_known_fields(cls, text: str) -> str:
        if wrong := slots.misfits(text, dict.fromkeys(FIELDS, "")):
            raise ValueError(
                _("%(names)sは、差し込める項目ではありません。使える項目：%(fields)s")
                % {"names": "、".join(wrong), "fields": "、".join(f"{{{f}}}" for f in FIELDS)}
            )
        return text

    @model_validator(mode="after")
    def _says_something(self) -> "Wording":
        if not (self.form or self.body or self.note):
            raise ValueError(
                _("様式の番号（form）、本文（body）、なお書き（note）のどれかを書いてください。")
            )
        return self

    @property
    def words(self) -> dict[str, str]:
        return {"form": self.form, "body": self.body, "note": self.note}


def of_paper(stated: "Programme", paper: str) -> Wording | None:
    """The programme's own words on papers of this kind."""
    return next((row for row in stated.texts if row.paper == paper), None)


def unknown(stated: "Programme") -> list[str]:
    """Papers that there are not, and those that have words twice."""
    named = [row.paper for row in stated.texts]
    return sorted({name for name in named if name not in notice_kinds or named.count(name) > 1})
