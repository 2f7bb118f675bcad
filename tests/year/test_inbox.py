"""Each row of an approver's inbox in the simulated year leads to the page where what it asks is done."""

import re

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import acts
from portal.cases.models import Case
from portal.workflow.door import begin, perform
from reports.statistics.models import Release
from tests.markup import one_line
from tools.demonstration.people import address

pytestmark = pytest.mark.xdist_group("year")
ROW = re.compile(r'class="inbox__do"><a href="([^"]+)">([^<]+)</a>')
# what a row asks of an approver → what the page it leads to offers
DONE_BY = {
    "決裁する": r'action="/do/approval/\d+/approve/"',
    "起案を確かめる": r'action="/do/approval/\d+/agree/"',
    "代わって決裁する（代決）": r'href="/do/approval/\d+/approve_as_deputy/"',
    "マッチングを決定する": r'href="/do/match/\d+/(agree|decline)/"',
    "協定を結ぶ": r'href="/do/pilot/\d+/sign/"',
    "実証を続けるか決める": r'href="/do/pilot/\d+/stop/"',
    "実証の評価を決定する": r'href="/do/pilot/\d+/conclude/"',
    "契約を決定する": r'href="/do/rollout/\d+/contract/"',
}


def person(name: str) -> User:
    return User.objects.get(email=address(name))


def circulated(case: Case, *steps: tuple[str, str]) -> Approval:
    rows = [(case.subject, {"reason": "提出できる事業者ではありません。"})]
    stations = [(kind, person(name)) for kind, name in steps]
    approval = begin(
        Approval,
        by=person("officer"),
        act="declare_inadmissible",
        title="却下",
        rows=rows,
        steps=stations,
    )
    return perform(approval, "circulate", by=person("officer"))


@pytest.mark.parametrize("name", ["director", "approver"])
def test_each_row_leads_to_the_form_it_speaks_of(db: None, year: Release, name: str) -> None:
    waiting = Case.objects.filter(kind="application", state__in=["submitted", "accepted"]).order_by(
        "pk"
    )
    may = acts["declare_inadmissible"].obstacles
    ready = [case for case in waiting if not may(case.subject)]
    circulated(ready[0], ("decide", "director"))
    circulated(ready[1], ("agree", "approver"), ("decide", "director"))
    client = Client()
    client.force_login(person(name))
    rows = ROW.findall(one_line(client.get("/inbox/")))
    assert {"director": "決裁する", "approver": "起案を確かめる"}[name] in {
        what for _address, what in rows
    }
    for page_address, what in rows:
        page = client.get(page_address)
        assert page.status_code == 200
        assert re.search(DONE_BY[what], page.content.decode()), f"{what}: {page_address}"
