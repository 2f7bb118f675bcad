"""Acts × papers × fields: each paper is drawn, its text read back, and every field looked for in it."""

import io
from collections.abc import Callable
from datetime import timedelta

import pypdfium2
import pytest

from grants.awards import changing
from grants.awards.models import Award
from portal import fiscal
from portal.notices.models import Notice
from portal.workflow.door import perform
from reports.papers import notice as paper
from tests.conftest import World
from tests.grants.test_completion import awarded

WHY = "現地の安全を確かめるため。"


def suspended(world: World) -> Award:
    award, _person = awarded(world)
    return perform(award, "suspend", by=world.director, reason=WHY)


def resumed(world: World) -> Award:
    return perform(suspended(world), "resume", by=world.director)


def changed(world: World, act: str) -> Award:
    award, person = awarded(world)
    ends_on = award.project_ends_on + timedelta(days=1)
    change = changing.file(
        award, kind="delay", reason="納品の遅れ", after=[], ends_on=ends_on, by=person
    )
    given = {"reason": WHY} if act == "deny_change" else {}
    world.decided(act, [change], given)
    return award


def ended(world: World, act: str, **given: object) -> Award:
    award, _person = awarded(world)
    world.decided(act, [award], {"reason": WHY, **given})
    return award


HEARD = {"heard": "書面で弁明を受けた。", "with_surcharge": False}
AWARD = ("補助事業の名称", "交付決定の日と番号", "交付決定額")
# act, its paper, what stands on it beside what stands on every paper after an award
PAPERS: dict[str, tuple[Callable[[World], Award], str, tuple[str, ...]]] = {
    "suspend": (suspended, "補助事業一時停止命令書", (*AWARD, "一時停止の理由", WHY)),
    "resume": (resumed, "補助事業再開承認通知書", (*AWARD, "事業の終わりの日")),
    "approve_change": (
        lambda world: changed(world, "approve_change"),
        "補助事業変更承認通知書",
        (*AWARD, "変更の区分", "変更の理由", "変更後の終わりの日"),
    ),
    "deny_change": (
        lambda world: changed(world, "deny_change"),
        "補助事業変更不承認通知書",
        (*AWARD, "変更の区分", "変更の理由", "承認しない理由", WHY),
    ),
    "abandon": (
        lambda world: ended(world, "abandon"),
        "補助事業廃止承認通知書",
        (*AWARD, "理由", WHY),
    ),
    "revoke": (
        lambda world: ended(world, "revoke", **HEARD),
        "補助金交付決定取消通知書",
        (*AWARD, "取消しの理由", WHY, "交付の決定の全部"),
    ),
    "revoke_part": (
        lambda world: ended(world, "revoke_part", amount=50_000, **HEARD),
        "補助金交付決定一部取消通知書",
        (*AWARD, "取り消した額", "取消し後の額", "取消しの理由", WHY, "交付の決定の一部"),
    ),
}


def flat(text: str) -> str:
    return "".join(text.split())


def text_of(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(io.BytesIO(data))
    return flat("".join(page.get_textpage().get_text_range() for page in pages))


@pytest.mark.parametrize("act", PAPERS)
def test_a_paper_after_the_award_has_every_field(world: World, act: str) -> None:
    bring, title, fields = PAPERS[act]
    award = bring(world)
    issued = Notice.objects.filter(case=award.case)
    decision, found = issued.get(kind="award"), issued.first()
    assert found is not None
    text = text_of(paper.draw(found))
    stated = award.application.stated
    missing = [
        field
        for field in (
            title,
            found.number,
            str(found.facts["date"]),
            award.case.organisation.name,
            "札幌市長",
            f"{stated.guideline}の規定により",
            f"{fiscal.era(award.awarded_on)}{decision.number}",
            stated.office.ja,
            stated.phone,
            *fields,
        )
        if flat(field) not in text
    ]
    assert missing == []
