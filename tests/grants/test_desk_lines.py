"""What an officer met at the desk and is not to meet again: buttons that refuse, raw keys, a memo sent by mistake."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from grants.applications import drafts, formal, submit
from portal.cases.models import Case
from portal.workflow.door import perform
from tests.conftest import World, set_costs
from tests.grants.test_corrections import typed

RAW = re.compile(r"\b(?:documents|costs|aid|eligibility|plan|organisation)\.\w+")


@pytest.mark.parametrize("who", ["officer", "director", "inspector", "treasurer", "auditor"])
def test_taking_a_case_in_hand_is_offered_to_those_alone_who_can(world: World, who: str) -> None:
    application, _person = world.accepted()
    world.decided("award", [application])
    case = Case.objects.get(pk=application.case_id)
    Case.objects.filter(pk=case.pk).update(assigned_to=world.staff["second_officer"])
    client = Client()
    client.force_login(world.staff[who])
    page = client.get(case.get_absolute_url())
    taking = reverse("case_take", args=[case.number])
    is_offered = page.status_code == 200 and f'action="{taking}"' in page.content.decode()
    seen = {"seen": str(world.staff["second_officer"].pk)}
    assert is_offered == (client.post(taking, seen).status_code == 302)
    assert is_offered == (who in ("officer", "director"))


def test_versions_are_compared_in_the_words_of_the_form(world: World, client: Client) -> None:
    application, person = world.submitted()
    remark = {"part": "plan.title", "part_label": "事業の名称", "cite": "x", "text": "x"}
    formal.raise_defect(application, by=world.officer, **remark)
    application = perform(application, "return_for_correction", by=world.officer)
    typed(application, person, "plan", title="在宅勤務の導入")
    typed(application, person, "eligibility", other_subsidies="国のIT導入補助金")
    half = [item["amount"] // 2 for item in drafts.cost_items(application)]
    set_costs(application, person, *half)
    submit.submit(application, by=person)
    client.force_login(world.officer)
    page = html.fromstring(client.get(application.case.get_absolute_url()).content)
    for hidden in page.xpath("//script | //style"):
        hidden.drop_tree()
    text = page.text_content()
    assert "指摘のほかに変わったところ" in text
    assert RAW.findall(text) == []


def test_a_memo_and_a_message_are_written_in_forms_of_their_own(
    world: World, client: Client
) -> None:
    """Neither is the other by a tick that was forgotten."""
    application, _person = world.submitted()
    client.force_login(world.officer)
    page = html.fromstring(client.get(application.case.get_absolute_url()).content)
    forms = [dict(form.form_values()) for form in page.forms if "/messages/" in (form.action or "")]
    assert sorted(form.get("internal", "") for form in forms) == ["", "on"]
    assert not page.xpath("//input[@type='checkbox' and @name='internal']")
