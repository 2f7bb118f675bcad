"""The sender of a municipality's papers: entered by two administrators, in force from a day on, and frozen
into what is issued.
"""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from portal import clock
from portal.notices import letterheads
from portal.notices.issue import PLANNED, drafts
from portal.notices.letterheads import Letterhead, Sender
from portal.notices.models import Notice
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.workflow.errors import Forbidden, NotReady
from reports.papers import notice as paper
from tests.conftest import World
from tests.portal.test_roles import entered
from tests.reports.test_paper_fields import text_of

OTHER = Sender(
    title="札幌市長職務代理者　副市長",
    name="次野　つぐみ",
    series="札創",
    office="創造局",
    phone="011-000-9999",
    how_to_pay="納付書で納めてください。",
    revenue_item="（款）23諸収入　（項）5雑入　（目）1雑入　（節）9返還金",
)


def in_force(world: World, sender: Sender = OTHER) -> Letterhead:
    city = Municipality.objects.get(pk=SAPPORO)
    row = letterheads.propose(city, sender, clock.today(), by=world.staff["administrator"])
    letterheads.confirm(row, by=world.staff["second_administrator"])
    return row


def holding() -> str:
    return letterheads.holding([SAPPORO], clock.today())[SAPPORO].signed


def test_a_sender_holds_from_its_day_once_another_confirmed_it(world: World) -> None:
    first, second = world.staff["administrator"], world.staff["second_administrator"]
    city, later = Municipality.objects.get(pk=SAPPORO), clock.today() + timedelta(days=9)
    before = holding()
    row = letterheads.propose(city, OTHER, later, by=first)
    with pytest.raises(NotReady, match="確認を待っている提案"):
        letterheads.propose(city, OTHER, later, by=second)
    with pytest.raises(Forbidden):
        letterheads.confirm(row, by=first)
    letterheads.confirm(row, by=second)
    assert holding() == before
    assert letterheads.holding([SAPPORO], later)[SAPPORO] == OTHER
    with pytest.raises(NotReady, match="今日からの日"):
        letterheads.propose(city, OTHER, clock.today() - timedelta(days=1), by=first)


def test_a_paper_keeps_the_sender_of_its_day(world: World) -> None:
    old = Notice.objects.get(case=world.submitted()[0].case)
    drawn = paper.draw(old)
    in_force(world)
    new = Notice.objects.get(case=world.submitted()[0].case)
    assert paper.draw(Notice.objects.get(pk=old.pk)) == drawn
    assert (new.facts["from"], new.number[:4]) == (OTHER.signed, "札創第1")
    assert OTHER.signed.replace("　", "") in text_of(paper.draw(new))
    assert new.facts["office"] == "経済観光局 経営支援・雇用労働担当"  # the programme's own


def test_nothing_is_issued_without_a_sender_but_in_a_demonstration(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = world.submitted()[0]
    with clock.at(clock.now() - timedelta(days=60)):  # nobody had entered one
        [draft] = drafts([("receipt", application, {})])
        assert draft.facts["from"] == "札幌市長　（氏名）"
        assert str(draft.facts["small"]).splitlines()[-1] == PLANNED
        monkeypatch.setattr(settings, "DEMO", False)
        with pytest.raises(NotReady, match="発信者（札幌市）が登録されていません"):
            drafts([("receipt", application, {})])


def test_a_sender_is_proposed_and_confirmed_on_its_pages(world: World) -> None:
    client = entered(world.staff["administrator"])
    address = reverse("letterhead_edit", args=[SAPPORO])
    assert "北沢　みのり" in client.get(address).content.decode()
    assert client.post(address, {"title": "x"}).status_code == 422
    day = clock.today()
    sent = {
        "title": OTHER.title,
        "name": OTHER.name,
        "series": OTHER.series,
        "office": OTHER.office,
        "phone": OTHER.phone,
        "how_to_pay": OTHER.how_to_pay,
        "revenue_item": OTHER.revenue_item,
        "starts_on_y": str(day.year),
        "starts_on_m": str(day.month),
        "starts_on_d": str(day.day),
    }
    assert client.post(address, sent).headers["Location"] == reverse("letterhead_list")
    row = Letterhead.objects.get(closed_at=None)
    another = entered(world.staff["second_administrator"])
    assert OTHER.signed in another.get(reverse("letterhead_list")).content.decode()
    another.post(reverse("letterhead_confirm", args=[row.pk]))
    assert holding() == OTHER.signed
