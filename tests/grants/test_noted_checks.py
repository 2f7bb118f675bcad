"""What is noted in the formal check stays, whether or not the application can be accepted by it."""

import pytest
from django.test import Client
from lxml import html

from grants.applications import formal, known, obstacles
from grants.applications.models import Application
from tests.conftest import World
from tests.grants.test_inquiry import answered, sent
from tests.markup import one_line

CLEAR_IT = "確かめ直して「問題なし」と"


def test_a_finding_is_kept_though_it_stops_acceptance(world: World, client: Client) -> None:
    application, _person = world.submitted()
    typed = {"accept": "on", "result-antisocial": ""}  # without a result it is not noted
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


def test_no_result_is_chosen_beforehand(world: World, client: Client) -> None:
    """Not for one check, nor for all that are left; what nobody chose is not noted."""
    application, _person = world.submitted()
    client.force_login(world.officer)
    where = f"/cases/{application.case.number}/"
    page = html.fromstring(client.get(where).content)
    kinds = [row.kind for row in application.checks.all()]
    boxes = [page.xpath(f"//select[@name='result-{kind}']")[0] for kind in kinds]
    assert [box.value for box in boxes] == [""] * len(kinds)
    proposed = {
        box.get("name"): box.get("value") or ""
        for box in page.xpath("//input[starts-with(@name, 'evidence-')]")
    }
    assert proposed["evidence-repeat"] == "このポータルに、同じ制度へのほかの申請なし"
    assert client.post(f"{where}checks/", proposed).status_code == 302
    assert set(application.checks.values_list("result", flat=True)) == {""}
    client.post(f"{where}checks/", {"result-tax": "clear", "evidence-tax": "x"})
    page = html.fromstring(client.get(where).content)
    [box] = page.xpath("//select[@id='r-tax']")
    assert box.value == ""
    assert client.post(f"{where}checks/tax/", {"evidence": "x", "result": ""}).status_code == 422


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"result-antisocial": "clear"}, "根拠を書いてください。"),
        ({"evidence-antisocial": "x"}, "結果を選んでください。"),
    ],
)
def test_a_result_and_its_evidence_stand_together(
    world: World, client: Client, given: dict[str, str], said: str
) -> None:
    """The page that asks for the other one says that its button accepts, too, where it does."""
    application, _person = world.submitted()
    client.force_login(world.officer)
    where = f"/cases/{application.case.number}/checks/"
    answer = client.post(where, given | {"accept": "on"})
    page = html.fromstring(answer.content)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    buttons = page.xpath("//main//form//button[@type='submit']")
    assert [button.text_content().strip() for button in buttons] == ["記録して受理する"]
    page = html.fromstring(client.post(where, given).content)
    assert "受理" not in page.xpath("string(//main//h1)")
    assert set(application.checks.values_list("result", flat=True)) == {""}


def test_what_is_left_is_clear_by_one_tick_and_one_evidence(world: World, client: Client) -> None:
    """What the portal has found already stands as its evidence; what was chosen stays as it was chosen."""
    application, _person = world.submitted()
    answered(world, sent(world, application), "clear")
    client.force_login(world.officer)
    page = html.fromstring(client.get(application.case.get_absolute_url()).content)
    form = next(f for f in page.forms if "checks/" in f.action)
    typed = dict(form.form_values()) | {"rest": "on", "common": "11月30日の照会、該当なし"}
    typed |= {"result-tax": "concern"}
    assert client.post(form.action, typed).status_code == 302
    found = {row.kind: (row.result, row.evidence) for row in application.checks.all()}
    assert found.pop("antisocial")[0] == "clear"
    assert found.pop("tax") == ("concern", "11月30日の照会、該当なし")
    assert {result for result, _evidence in found.values()} == {"clear"}
    assert found["repeat"][1] == "このポータルに、同じ制度へのほかの申請なし"


def test_what_asks_for_a_look_is_not_cleared_with_the_rest(world: World, client: Client) -> None:
    application, _person = world.submitted()
    client.force_login(world.officer)
    where = f"{application.case.get_absolute_url()}checks/"
    answer = client.post(where, {"rest": "on", "common": "照会の回答"})
    page = one_line(answer)
    assert (answer.status_code, "照会の名簿をまだ取り出していません" in page) == (422, True)
    assert set(application.checks.values_list("result", flat=True)) == {""}
    without = {"rest": "on", "result-antisocial": "not_needed", "evidence-antisocial": "x"}
    answer = client.post(where, without)
    assert (answer.status_code, "根拠を書いてください。" in one_line(answer)) == (422, True)
    assert client.post(where, without | {"common": "照会の回答"}).status_code == 302
    assert set(application.checks.values_list("result", flat=True)) == {"clear", "not_needed"}


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
