"""The paper by which a return is paid: 返納通知書 or 納入通知書."""

from typing import NamedTuple

from grants.applications.papers import frame, yen
from grants.awards.papers import decided
from grants.budget.models import lines_of
from grants.recovery.booking import goes_to_line
from grants.recovery.models import Recovery
from grants.recovery.papers import LATER, asker, how_to_pay, late, not_come, ordered
from portal import fiscal
from portal.notices.citing import NOTHING, Cited


class Slip(NamedTuple):
    """The words of a paper by which a return is paid."""

    title: str
    about: str
    under: str
    verb: str
    number: str
    why: str
    sum: str


COLLECTED = Slip(
    "納入通知書",
    "の返還金の納入",
    "地方自治法第231条及び地方自治法施行令第154条",
    "納めて",
    "調定番号",
    "納める理由",
    "納める額",
)
RETURNED = Slip(
    "返納通知書",
    "の返還金の返納",
    "地方自治法施行令第159条",
    "返納して",
    "返納の番号",
    "返納の理由",
    "返納する額",
)


def slip_facts(
    recovery: Recovery, *, cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    """How much is to be paid, until when, how and into which account of the budget: a 返納通知書 where
    it goes back to what it was paid out of (地方自治法施行令 159条), else a 納入通知書
    (地方自治法 231条, 施行令 154条).
    """
    is_back = goes_to_line(recovery, recovery.due_on)
    said = RETURNED if is_back else COLLECTED
    return frame(
        recovery.award.application,
        about=said.about,
        title=said.title,
        body=f"{said.under}の規定により通知しますので、次の額を納期限までに{said.verb}ください。",
        body_en="Please pay the sum below by the due date.",
        items=[
            *decided(recovery.award, cited),
            ["返還命令の日と番号", ordered(recovery, cited)],
            [said.number, recovery.number],
            *(_expense(recovery) if is_back else _revenue(recovery)),
            [said.why, f"補助金の返還（{dict(Recovery.GROUNDS)[recovery.ground]}）"],
            [said.sum, yen(recovery.principal)],
            *_came_before(recovery),
            ["納期限", fiscal.era(recovery.due_on)],
            how_to_pay(recovery),
            ["延滞金", late(recovery.award)],
            LATER,
        ],
        small="納めた日に加算金や延滞金があるときは、その額を後日お知らせします。",
    )


def _revenue(recovery: Recovery) -> list[list[str]]:
    item = asker(recovery).revenue_item
    year = fiscal.era_fiscal_year(fiscal.fiscal_year(recovery.ordered_on))
    return [["所属年度", year], *([["歳入科目", item]] if item else [])]


def _expense(recovery: Recovery) -> list[list[str]]:
    """The line that it was paid out of, and its year."""
    award = recovery.award
    lines = [row for row in lines_of(award.application.call, award.frame) if row.unit == "yen"]
    found = [["所属年度", fiscal.era_fiscal_year(line.fiscal_year)] for line in lines[:1]]
    return found + [["歳出科目", line.levels_said] for line in lines if line.is_classified]


def _came_before(recovery: Recovery) -> list[list[str]]:
    """What had come in before the order pays it."""
    back = recovery.principal_back
    if not back:
        return []
    return [
        ["先に納められ、充てた額", yen(back)],
        ["これから納める額", yen(not_come(recovery))],
    ]
