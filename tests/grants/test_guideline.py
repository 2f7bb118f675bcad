"""The text one pledges to have read: which revision, and that a made one says so."""

from unittest.mock import patch

import pytest
from django.test import Client

from grants.applications.forms import PledgeForm
from grants.applications.models import Application
from grants.programmes import guideline, loading, points
from grants.programmes.models import Programme
from grants.programmes.parameters import read
from portal.workflow.door import begin, perform
from tests.conftest import World
from tests.markup import one_line

TEXT = (loading.DATA / "telework.toml").read_text(encoding="utf-8")
OWN = """[[articles]]
title = "第1条（趣旨）"
text = "この要綱は、補助金の交付に必要なことを定める。"

[family]"""


def test_a_made_text_says_so_and_what_the_programme_states(world: World, client: Client) -> None:
    page = one_line(client.get(world.calls["telework"].guideline_url()))
    assert "正文ではありません" not in page  # who relies on it is not told to mistrust it
    for said in (
        "市が定める要綱の本文は、まだここに入っていません。",
        "申請は、ここに書いた第1版の内容で扱います。",
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
    assert "まだここに入っていません" not in page
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


def test_a_pledge_says_in_short_what_is_promised(world: World, client: Client) -> None:
    """Of what the programme holds its recipients to; the whole text is one press away."""
    application, person = world.draft()
    client.force_login(person)
    page = one_line(client.get(f"/apply/{application.case.number}/review/"))
    points, _head, pledge = page.partition("誓約")
    points = points.partition("守っていただくこと")[2]
    for words in (
        "より前に、注文・支払いをしません。",
        "税込100万円を超える注文は、2社以上から見積りを取ります。",
        "30日以内に実績を報告します。",
        "1つ500,000円以上の物は、承認なしに売ったり捨てたりしません。",
    ):
        assert words in points
    assert "上の「守っていただくこと」を読み、守ることを約束します。" in pledge
    assert application.guideline_url in pledge


def test_what_is_promised_follows_the_programme(world: World) -> None:
    call = world.calls["telework"]
    stated = read(TEXT)
    early = points.of(call, stated.model_copy(update={"early_start": True}))
    assert early[0].startswith("事前着手届を出さずに、交付決定（")
    assert not any("より前に、注文・支払い" in point for point in early)
    none = points.of(call, stated.model_copy(update={"two_quotes_above": 0}))
    assert not any("2社以上" in point for point in none)


@pytest.mark.parametrize(
    ("code", "promise"),
    [
        ("ai_training", "受講が決まったら、講座に出席することを約束します。"),
        ("open_innovation", "実証の結果が公表されることに同意します。"),
    ],
)
def test_where_no_money_follows_nothing_is_promised_of_orders(
    world: World, code: str, promise: str
) -> None:
    stated = read((loading.DATA / f"{code}.toml").read_text(encoding="utf-8"))
    assert points.of(world.calls["telework"], stated) == []
    application, _person = world.draft()
    with patch.object(Application, "stated", stated):
        assert PledgeForm(application=application)["rules"].label == promise


def test_what_binds_for_years_is_said_before_one_applies(world: World, client: Client) -> None:
    """On the page of the call, and in the look-over of a firm that nobody proved yet."""
    application, person = world.draft()
    shop = application.case.organisation
    shop.proved_how, shop.proved_at, shop.proved_by, shop.proof_ground = "", None, None, ""
    shop.save()
    call = one_line(client.get(world.calls["telework"].public_url))
    client.force_login(person)
    review = one_line(client.get(f"/apply/{application.case.number}/review/"))
    assert "もらったあと" in call
    assert "下書きはいまから書けます" not in review
    for page in (call, review):
        assert "領収書などの書類を、5年間保存します。" in page
        assert "1つ500,000円以上の物は、承認なしに売ったり捨てたりしません。" in page
