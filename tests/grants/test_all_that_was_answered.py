"""What one looks over before handing in, and what stands there after it, is all that was answered."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from grants.applications import drafts
from grants.applications.models import Application
from portal.days import day_said
from tests.conftest import World
from tests.markup import one_line


def looked_over(client: Client, application: Application, name: str) -> str:
    return one_line(client.get(reverse(name, args=[application.case.number])))


@pytest.mark.parametrize("page", ["application_review", "application_done"])
def test_frame_order_days_own_funds_and_consents_are_there(
    world: World, client: Client, page: str
) -> None:
    application, person = world.draft() if page == "application_review" else world.submitted()
    client.force_login(person)
    order_on = date.fromisoformat(drafts.cost_items(application)[0]["order_on"])
    found = looked_over(client, application, page)
    for said in ("申し込む枠", "自己負担分の用意", "手元の資金", f"発注予定 {day_said(order_on)}"):
        assert said in found
    assert "納税の状況を直接確かめることに同意しますか" in found
    assert "登記の情報を直接確かめることに同意しますか" in found
    assert "本社のある市町村の税金の滞納" in found
