"""What is noted in the formal check stays, whether or not the application can be accepted by it."""

from django.test import Client

from grants.applications import formal, obstacles
from grants.applications.models import Application
from tests.conftest import World
from tests.grants.test_inquiry import answered, sent
from tests.markup import one_line

CLEAR_IT = "確かめ直して「問題なし」と"


def test_a_finding_is_kept_though_it_stops_acceptance(world: World, client: Client) -> None:
    application, _person = world.submitted()
    typed = {"accept": "on", "result-antisocial": "clear"}  # without evidence it is not noted
    for row in application.checks.exclude(kind="antisocial"):
        typed |= {f"result-{row.kind}": "clear", f"evidence-{row.kind}": "x"}
    typed["result-tax"] = "concern"
    client.force_login(world.officer)
    where = f"/cases/{application.case.number}/"
    page = one_line(client.post(f"{where}checks/", typed, follow=True))
    assert "受理はしていません" in page
    assert "「気になる点あり」の確認が残っています" in page
    assert application.checks.get(kind="tax").result == "concern"
    assert Application.objects.get(pk=application.pk).state == "submitted"


def test_after_a_hit_nobody_is_told_to_clear_it(world: World, client: Client) -> None:
    application, _person = world.submitted()
    answered(world, sent(world, application), "hit")
    fresh = Application.objects.get(pk=application.pk)
    [told] = obstacles.open_findings(fresh)
    assert CLEAR_IT not in told
    assert "決裁者が判断します" in told
    client.force_login(world.approver)
    page = one_line(client.get(fresh.case.get_absolute_url()))
    assert CLEAR_IT not in page
    assert "進めないときは" in page
    formal.go_on(fresh.checks.get(kind="antisocial"), by=world.approver, reason="別人")
    again = one_line(client.get(fresh.case.get_absolute_url()))
    assert "進めないときは" not in again
