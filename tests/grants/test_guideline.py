"""The text one pledges to have read: which revision, and that a made one says so."""

from django.test import Client

from grants.applications.forms import PledgeForm
from grants.applications.models import Application
from grants.programmes import guideline, loading
from grants.programmes.models import Programme
from grants.programmes.parameters import read
from portal.workflow.door import begin, perform
from tests.conftest import World

TEXT = (loading.DATA / "telework.toml").read_text(encoding="utf-8")
OWN = """[[articles]]
title = "第1条（趣旨）"
text = "この要綱は、補助金の交付に必要なことを定める。"

[family]"""


def test_a_made_text_says_so_and_what_the_programme_states(world: World, client: Client) -> None:
    page = client.get(world.calls["telework"].guideline_url()).content.decode()
    for said in (
        "要綱の正文ではありません",
        "施行日は決まっていません",
        "100,000円に届かないとき",
        "年10.95パーセントの割合を乗じた額（要綱第19条第2項）",
    ):
        assert said in page
    assert client.get(world.calls["telework"].guideline_url()[:-2] + "99/").status_code == 404


def test_the_text_of_the_city_takes_its_place(world: World, client: Client) -> None:
    own = TEXT.replace("[family]", OWN, 1).replace("prefix =", "in_force_on = 2026-04-01\nprefix =")
    stated = read(own)
    assert [(a.title, len(a.lines)) for a in guideline.articles(stated)] == [("第1条（趣旨）", 1)]
    Programme.objects.filter(pk=world.calls["telework"].programme_id).update(
        text=own, parameters=stated.model_dump(mode="json")
    )
    page = client.get(world.calls["telework"].guideline_url()).content.decode()
    assert "要綱の正文ではありません" not in page
    assert "2026年4月1日" in page


def test_a_pledge_names_the_revision_that_holds_for_the_application(
    world: World, client: Client
) -> None:
    application, _firm = world.submitted()
    link = application.guideline_url
    assert link in str(PledgeForm(application=application)["rules"].help_text)
    assert client.get(link).status_code == 200
    newer = perform(begin(Programme, by=world.officer, text=TEXT), "approve", by=world.director)
    kept = Application.objects.get(pk=application.pk)
    kept.call.programme = newer
    assert kept.call.guideline_url() != link
    kept.filed_under = world.calls["telework"].programme
    assert kept.guideline_url == link
