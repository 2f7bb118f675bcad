"""Each row of an approver's inbox in the simulated year leads to the page where what it asks is done."""

import re
from typing import Any

import pytest
from django.test import Client

from portal.accounts import demo
from portal.accounts.models import User
from reports.statistics.models import Release

pytestmark = pytest.mark.xdist_group("year")
ROW = re.compile(r'class="inbox__do"><a href="([^"]+)">([^<]+)</a>')
# what a row asks of an approver → where the page it leads to sends on
DONE_BY = {
    "決裁する": r"/do/approval/\d+/approve/",
    "起案を確かめる": r"/do/approval/\d+/agree/",
    "代わって決裁する（代決）": r"/do/approval/\d+/approve_as_deputy/",
    "マッチングを決定する": r"/approvals/new/\?act=(agree|decline)",
    "協定を結ぶ": r"/do/pilot/\d+/sign/",
    "実証を続けるか決める": r"/do/pilot/\d+/(extend|stop)/",
    "実証の評価を決定する": r"/do/pilot/\d+/conclude/",
    "契約を決定する": r"/do/rollout/\d+/",
}


@pytest.mark.parametrize("name", ["sasaki", "takahashi"])
def test_each_row_leads_to_the_form_it_speaks_of(db: None, year: Release, name: str) -> None:
    client: Any = Client()
    client.force_login(User.objects.get(email=f"{name}@{demo.DOMAIN}"))
    rows = ROW.findall(client.get("/inbox/").content.decode())
    assert rows
    for address, what in rows:
        page = client.get(address)
        assert page.status_code == 200
        assert re.search(DONE_BY[what], page.content.decode()), f"{what}: {address}"
