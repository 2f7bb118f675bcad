"""What is handed in is exactly what was looked over and sworn to; and what was handed in can be read again."""

import re
from typing import Any

import pytest
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override

from grants.applications import case_page, drafts, formal, submit
from grants.applications.attempts import STOPPED
from grants.applications.content import Content
from grants.applications.freezing import frozen_content
from grants.applications.models import Application
from portal.documents import store
from portal.documents.models import Document
from portal.workflow.door import perform
from portal.workflow.errors import Changed
from tests.conftest import World, seen_on, set_costs
from tests.markup import one_line
from tools.demonstration.simulation import paper
from tools.demonstration.simulation.files import attach

SAID = "見直しのあとに内容が変わりました。もう一度お確かめください。"


def pledged(application: Application, page: Any) -> dict[str, str]:
    fields = page.context["form"].fields
    return {**dict.fromkeys(fields, "on"), "form_key": "k", "seen": seen_on(page)}


def test_a_sum_changed_in_another_tab_is_shown_and_not_submitted(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    client.force_login(person)
    where = f"/apply/{application.case.number}/review/"
    first = client.get(where)
    set_costs(application, person, 840_000)
    answer = client.post(where, pledged(application, first))
    text = answer.content.decode()
    assert (answer.status_code, SAID in text, "840,000" in text) == (409, True, True)
    assert Application.objects.get(pk=application.pk).state == "draft"
    attempt = application.attempts.get()
    assert attempt.outcome == "changed"
    assert attempt.outcome not in STOPPED  # neither late nor stopped by a fault of ours
    assert client.post(where, pledged(application, answer)).status_code == 302
    version = Application.objects.get(pk=application.pk).last_version
    assert version is not None
    assert [item["amount"] for item in version.content["costs"]["items"]] == [840_000]


def test_a_document_removed_in_another_tab_is_noticed(world: World, client: Client) -> None:
    application, person = world.draft()
    other = attach(application.case, key="other", name="説明.pdf", data=paper("other"), by=person)
    client.force_login(person)
    where = f"/apply/{application.case.number}/review/"
    first = client.get(where)
    store.remove(Document.objects.get(pk=other.pk), by=person)
    assert client.post(where, pledged(application, first)).status_code == 409
    assert Application.objects.get(pk=application.pk).state == "draft"


def test_a_correction_changed_in_another_tab_is_not_sent_again_unseen(
    world: World, client: Client
) -> None:
    application, person = world.submitted()
    formal.raise_defect(
        application, by=world.officer, part="plan.title", part_label="x", cite="x", text="x"
    )
    application = perform(application, "return_for_correction", by=world.officer)
    client.force_login(person)
    where = f"/apply/{application.case.number}/"
    client.post(f"{where}remarks/1/", {"text": "登記のとおりです。"})
    first = client.get(f"{where}review/")
    client.post(f"{where}remarks/1/", {"text": "別の答えです。"})
    answer = client.post(f"{where}review/", pledged(application, first))
    assert answer.status_code == 409
    assert "別の答えです。" in answer.content.decode()
    assert client.post(f"{where}review/", pledged(application, answer)).status_code == 302


def test_what_is_saved_while_the_press_is_on_its_way_is_not_submitted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, person = world.draft()
    seen, real = drafts.draft_hash(application), frozen_content

    def slow(row: Application, documents: list[Document]) -> Content:
        set_costs(application, person, 840_000)
        return real(row, documents)

    monkeypatch.setattr(submit, "frozen_content", slow)
    with pytest.raises(Changed):
        submit.submit(application, by=person, seen=seen)
    assert Application.objects.get(pk=application.pk).state == "draft"


@pytest.mark.parametrize("code", ["telework", "dx_promotion"])
def test_the_applicant_reads_every_answer_that_was_handed_in(
    world: World, client: Client, code: str
) -> None:
    application, person = world.submitted(call=world.call(code) if code != "telework" else None)
    client.force_login(person)
    said = client.get(application.case.get_absolute_url()).content.decode()
    said = said[said.index('id="said"') :]
    assert "提出した内容" in said
    version = application.last_version
    assert version is not None
    content = version.content
    texts = [
        content["organisation"]["address"],
        content["contact"]["email"],
        content["plan"]["title"],
    ]
    texts += [str(content["plan"][f"q_{q.key}"]) for q in application.call.stated.questions]
    texts += [row["name"] for row in content["documents"]]
    texts += [item["what"] for item in content["costs"]["items"]]
    for text in texts:
        assert linebreaksbr(text, autoescape=True) in said
    with override("en"):
        titles = [
            str(title) for title, _rows in case_page.handed_in(application, version, [], person)
        ]
        assert render_to_string(
            "grants/applications/said.html",
            {"said": [("x", [])], "version": version, "case": application.case},
        ).count("What you submitted")
    assert "Attached documents" not in titles  # no files are given here
    assert not any(re.search("[ぁ-ん一-龥]", title) for title in titles)


def test_a_paper_that_follows_from_the_applicants_act_is_the_citys(
    world: World, client: Client
) -> None:
    application, person = world.submitted()
    where = application.case.get_absolute_url()
    client.force_login(person)
    events = client.get(where).context["events"]
    issued = next(event for event in events if event.action == "notice.begin")
    assert issued.actor == person  # the record keeps who acted
    items = one_line(client.get(where)).split('<li class="timeline__item')
    shown = next(item for item in items if "通知書を発行しました" in item)
    assert "札幌市" in shown
    assert person.name not in shown
    assert "--you" not in shown
    client.force_login(world.officer)
    rows = one_line(client.get(where)).split("<tr>")
    shown = next(row for row in rows if "通知書を発行しました" in row)
    assert "システム" in shown
    assert person.name not in shown


def test_what_was_written_is_folded_line_by_line_with_the_way_to_mend_it(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    client.force_login(person)
    where = f"/apply/{application.case.number}/review/"
    assert "登録のとおり" not in one_line(client.get(where))
    application.sections.filter(key="organisation").update(editor=drafts.TAKEN)
    page = one_line(client.get(where))
    lines = page.split('<div class="looked-over">')[1:]
    first = lines[0]
    for words in ('<details class="more">', "登録のとおり", "/organisation/"):
        assert words in first
    assert application.case.organisation.name in first.partition("</details>")[0]
    assert len(lines) == 8  # the officers among them
    assert "<dt" not in page.partition('<div class="looked-over">')[0].rpartition("<h1")[2]
    assert "守っていただくこと" in page
    proof = "もう一つの方法でのご本人の確認があります"
    assert proof not in page  # whoever has just shown it is not asked again
    session = client.session
    session["account_authentication_methods"] = session["account_authentication_methods"][:1]
    session.save()
    assert proof in one_line(client.get(where))
