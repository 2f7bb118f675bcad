"""What a programme's papers rest on: the article of each, and whether one may appeal against its decisions.

Neither has a default: an article that is not stated is not named, and papers say aloud that nobody
has said yet whether one may appeal.
"""

from typing import Literal

from pydantic import Field

from grants.programmes.parts import Part

# an article, or several with a paragraph: 第8条第2項
Article = str


class Remedy(Part):
    """教示: before whom, until when and against whom one may go where decisions of the programme are
    dispositions (処分); why one may not, where they are acts of a contract.
    """

    nature: Literal["disposition", "contract"]
    text: str = Field(min_length=1, max_length=800)

    @property
    def heading(self) -> str:
        return {"disposition": "教示", "contract": "不服申立てについて"}[self.nature]


UNSTATED = [
    "教示",
    "この決定が行政処分に当たるか、不服申立てができるかは、まだ定められていません。",
]


def told(remedy: Remedy | None) -> list[str]:
    """(heading, text) as a paper ends with them: 教示, or why there is none."""
    return UNSTATED if remedy is None else [remedy.heading, remedy.text]


def demanded_under(remedy: Remedy | None) -> str:
    """Under what the programme demands what is late (督促): what it is owed by a contract is no revenue
    of public law (施行令 171条 leaves that to 法 231条の3).
    """
    provisions = {"disposition": "地方自治法第231条の3第1項", "contract": "地方自治法施行令第171条"}
    return provisions[remedy.nature] if remedy is not None else "又は".join(provisions.values())


Act = Literal[
    "correction",
    "rejection",
    "change",
    "suspension",
    "abandonment",
    "succession",
    "report",
    "fixing",
    "payment",
    "circumstances",
    "revocation",
    "repayment",
    "withholding",
    "set_off",
    "disposal",
]


class Provisions(Part):
    """The article under which the office writes each paper; the award's stands beside the guideline.

    Without one on `withholding` nothing is withheld, without one on `set_off` nothing is set off: a
    programme without that rule has none.
    """

    correction: Article = ""
    rejection: Article = ""
    change: Article = ""
    suspension: Article = ""
    abandonment: Article = ""
    succession: Article = ""
    report: Article = ""
    fixing: Article = ""
    payment: Article = ""
    circumstances: Article = ""
    revocation: Article = ""
    repayment: Article = ""
    withholding: Article = ""
    set_off: Article = ""
    disposal: Article = ""

    def of(self, act: Act) -> Article:
        found: Article = getattr(self, act)
        return found
