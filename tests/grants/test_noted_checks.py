"""What is noted in the formal check stays, whether or not the application can be accepted by it."""

from django.test import Client

from grants.applications import formal, known, obstacles
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


def test_a_firm_of_the_same_name_is_pointed_at_before_anything_is_noted(
    world: World, client: Client
) -> None:
    """Two numbers, one name: a mistake, or one firm that applies as two."""
    application, _person = world.submitted()
    client.force_login(world.officer)
    where = application.case.get_absolute_url()
    none_before = "このポータルに、同じ制度へのほかの申請なし"
    page = one_line(client.get(where))
    assert none_before in page
    assert "同じ名称の事業者" not in page
    twin = world.submitted()[0].case.organisation
    twin.name = f"{application.case.organisation.name} "  # however it is spelt
    twin.save()
    page = one_line(client.get(where))
    assert none_before not in page
    assert f"同じ名称の事業者が、ほかにあります（{twin.corporate_number}）" in page
    [told] = known.look_first(application, "repeat")
    assert str(twin.corporate_number) in told


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
