"""What people type, and the three supports that they should see first."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from grants.programmes import views
from grants.programmes.finding import adding, results, vocabulary
from grants.programmes.finding.understanding import understand
from grants.programmes.models import Call, SearchWord
from portal import clock, jptext
from portal.accounts.models import StaffRole, User
from portal.audit.models import Event
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.markup import one_line

DX, TELEWORK, IOT = "dx_promotion", "telework", "iot"
AI, CREATION, SALES = "ai_training", "dx_creation", "sales_channel"
BIO, PILOTS = "it_bio", "open_innovation"

# typed → the programme that must be first, and those that may follow (… the second and third)
TYPED: dict[str, tuple[str, set[str]]] = {
    "レジ": (DX, set()),
    "POSレジを入れたい": (DX, set()),
    "れじ": (DX, set()),
    "ホームページ": (DX, {SALES}),
    "ホームページを作りたい": (DX, {SALES}),
    "ホムページ": (DX, {SALES}),
    "タブレット": (DX, {IOT, TELEWORK}),
    "パソコンを買いたい": (TELEWORK, {DX, IOT}),
    "ノートパソコン": (DX, {IOT, TELEWORK}),
    "コンピュータ": (DX, {IOT, TELEWORK}),
    "インボイス": (DX, set()),
    "会計ソフト": (DX, set()),
    "會計ソフト": (DX, set()),
    "予約システム": (DX, set()),
    "在庫管理": (DX, set()),
    "受発注": (DX, set()),
    "FAXの注文が大変": (DX, set()),
    "ファックス": (DX, set()),
    "紙の仕事を減らしたい": (DX, {TELEWORK}),
    "キャッシュレス": (DX, set()),
    "クラウド": (DX, {TELEWORK, IOT}),
    "業務効率化": (DX, set()),
    "ＤＸ": (DX, {CREATION}),
    "デジタル化": (DX, {CREATION}),
    "IT導入補助金": (DX, {IOT, TELEWORK}),
    "人手不足": (DX, {TELEWORK, IOT}),
    "人が足りない": (DX, {TELEWORK, IOT}),
    "飲食店　予約": (DX, set()),
    "働き方改革": (TELEWORK, {DX, IOT}),
    "テレワーク": (TELEWORK, {DX}),
    "てれわーく": (TELEWORK, {DX}),
    "テレワク": (TELEWORK, {DX}),
    "在宅勤務": (TELEWORK, {DX}),
    "Web会議": (TELEWORK, set()),
    "VPN": (TELEWORK, set()),
    "勤怠管理": (TELEWORK, {DX}),
    "センサー": (IOT, {DX}),
    "ｉｏｔ": (IOT, {DX}),
    "カメラで見守り": (IOT, {DX}),
    "温度管理": (IOT, {DX}),
    "除雪ロボット": (IOT, {DX}),
    "AI": (AI, {DX}),
    "生成AIの研修": (AI, {DX}),
    "ChatGPT": (AI, {DX}),
    "社員教育": (AI, {DX}),
    "海外に売りたい": (SALES, set()),
    "展示会": (SALES, set()),
    "翻訳": (SALES, set()),
    "インバウンド": (SALES, set()),
    "研究開発": (BIO, {CREATION, IOT}),
    "バイオ": (BIO, {CREATION}),
    "新しいサービスを作りたい": (CREATION, {PILOTS}),
    "新製品の開発": (CREATION, {PILOTS, BIO}),
    "実証実験": (PILOTS, {CREATION}),
    "市役所と一緒に何かしたい": (PILOTS, {CREATION, DX}),
    "スタートアップ": (CREATION, {PILOTS}),
    "省エネ": (IOT, set()),
    "飲食店": (DX, {IOT, TELEWORK, AI}),
    "カフェのタブレット": (DX, {IOT, TELEWORK}),
    "IT企業": (CREATION, {SALES, AI, IOT}),
    "江別市のレジ": (DX, set()),
    "助成金": (DX, {CREATION, IOT}),
    "cash register": (DX, set()),
    "website": (DX, {SALES}),
    "work from home": (TELEWORK, {DX}),
    "sensors": (IOT, {DX}),
    "AI training": (AI, {DX}),
    "export": (SALES, set()),
    "laptops": (DX, {TELEWORK, IOT}),
}


@pytest.fixture
def catalogue(world: World) -> World:
    """An open call of every programme that the public list shows."""
    for code in (DX, IOT, CREATION, SALES, BIO, PILOTS):
        world.calls[code] = world.call(code)
    world.calls[AI] = world.call(AI, decided_after=10, budgets=[("basic", "seats", 20)])
    return world


def test_what_people_type_finds_what_they_mean(catalogue: World) -> None:
    assert len(TYPED) >= 60
    wrong = {}
    for typed, (first, after) in TYPED.items():
        codes = [call.programme.code for call in results.find({"q": typed}).calls[:3]]
        if codes[:1] != [first] or not set(codes[1:]) <= after:
            wrong[typed] = codes
    assert not wrong


def test_a_result_says_why_it_is_one(catalogue: World) -> None:
    shown = one_line(Client().get("/programmes/", {"q": "カフェのレジ"}))
    assert "「レジ」で見つかりました：業務のデジタル化" in shown
    assert "「カフェ」で見つかりました：この業種も申し込める" in shown
    english = one_line(Client().get("/en/programmes/", {"q": "cash register"}))
    assert "“cash register”: Going digital at work" in english


def test_who_finds_nothing_is_told_so_and_led_to_the_concierge(catalogue: World) -> None:
    client, ask = Client(), reverse("consultation_new")
    for typed, sentence in {
        "融資": "「融資・資金繰り」のための支援は、いまこの窓口にありません。",
        "ホームページ": "「ホームページ・ネット販売」のための支援は、いまこの窓口にありません。",
        "ぬるぽ": "「ぬるぽ」に当てはまる支援は見つかりませんでした。",
    }.items():
        page = client.get("/programmes/", {"q": typed})
        assert sentence in one_line(page), typed
        assert f'href="{ask}"' in page.content.decode()
    assert f'href="{ask}"' not in client.get("/programmes/", {"q": "レジ"}).content.decode()


def test_who_may_not_apply_is_shown_nothing_of_it(catalogue: World) -> None:
    """DX創出 is for IT firms alone, telework for offices in Sapporo, DX推進 for all but IT firms."""
    for typed, missing in {
        "カフェの新サービス": CREATION,
        "小樽のテレワーク": TELEWORK,
        "IT企業のレジ": DX,
    }.items():
        found = results.find({"q": typed}).calls
        assert missing not in {call.programme.code for call in found}, typed


def closed(call: Call) -> Call:
    """Its intake over since yesterday."""
    now = clock.now()
    call.periods.update(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    return call


def test_what_is_open_comes_first_and_what_is_over_is_folded(catalogue: World) -> None:
    """Though the closed one fits the words better."""
    closed(catalogue.calls[TELEWORK])
    found = list(results.find({"q": "パソコンを買いたい"}).calls)
    assert [call.programme.code for call in found][-1] == TELEWORK
    page = one_line(Client().get("/programmes/", {"q": "パソコンを買いたい"}))
    first, _summary, folded = page.partition("受付が終わった支援（1件）")
    address = catalogue.calls[TELEWORK].public_url
    assert address in folded.partition("</details>")[0]
    assert address not in first
    assert "いま申し込める支援は、この中にありません。" not in page


def test_where_all_is_over_it_is_shown_and_said(catalogue: World) -> None:
    closed(catalogue.calls[TELEWORK])
    page = one_line(Client().get("/programmes/", {"q": "VPN"}))
    assert "いま申し込める支援は、この中にありません。" in page
    assert '<details class="more section--near" open>' in page
    assert reverse("consultation_new") in page


def test_what_is_to_come_stands_between(catalogue: World) -> None:
    now = clock.now()
    closed(catalogue.calls[IOT])
    catalogue.calls[DX].periods.update(
        opens_at=now + timedelta(days=3), closes_at=now + timedelta(days=9)
    )
    for asked in ({}, {"q": "補助金"}):
        codes = [call.programme.code for call in results.find(asked).calls]
        assert codes.index(DX) < codes.index(IOT) == len(codes) - 1, asked


def test_little_words_are_no_ground(catalogue: World) -> None:
    client = Client()
    page = one_line(client.get("/en/programmes/", {"q": "orders on a tablet"}))
    assert "“on”" not in page
    assert "“tablet”" in page


def test_the_first_page_shows_what_is_open_or_says_that_it_is_cut(
    catalogue: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = one_line(Client().get("/"))
    assert page.count('class="call__name"') == 8
    assert "締切の近い" not in page
    monkeypatch.setattr(views, "OPEN_SHOWN", 5)
    page = one_line(Client().get("/"))
    assert page.count('class="call__name"') == 5
    assert 'href="/programmes/?open=on"' in page
    assert "ここに示したのは、締切の近い5件です。いま申し込める8件をすべて見る" in page


def test_the_office_teaches_the_search_a_word(catalogue: World) -> None:
    officer, client = catalogue.officer, Client()
    assert not results.find({"q": "さぶすくの請負"}).calls.filter(programme__code=DX)
    client.force_login(officer)
    assert (
        client.post("/staff/words/", {"word": "サブスク", "topic": "digitalisation"}).status_code
        == 302
    )
    found = results.find({"q": "さぶすくの請負"})
    assert found.calls[0].programme.code == DX
    assert "サブスク" in one_line(client.get("/staff/words/"))
    again = client.post("/staff/words/", {"word": "ｻﾌﾞｽｸ", "topic": "digitalisation"})
    assert again.status_code == 422
    assert "「ｻﾌﾞｽｸ」は、もう「業務のデジタル化」を示します。" in one_line(again)
    row = SearchWord.objects.get()
    client.post(f"/staff/words/{row.pk}/remove/")
    assert not SearchWord.objects.exists()
    said = Event.objects.filter(chain=adding.CHAIN).order_by("seq")
    assert [event.action for event in said] == ["words.add", "words.remove"]


def test_a_word_may_be_given_another_meaning(catalogue: World) -> None:
    adding.add("レジ", "sensing", by=catalogue.officer)
    assert results.find({"q": "レジ"}).calls[0].programme.code == IOT


@pytest.mark.parametrize("word", ["札幌", "カフェ", "小樽", "補助金"])
def test_a_place_or_a_trade_is_made_no_purpose(catalogue: World, word: str) -> None:
    before = results.find({"q": word}).calls.count()
    with pytest.raises(NotReady, match="地名や業種"):
        adding.add(word, "sensing", by=catalogue.officer)
    assert results.find({"q": word}).calls.count() == before


def test_a_word_of_another_office_is_changed_by_who_added_it_and_by_the_administrators(
    catalogue: World,
) -> None:
    row = adding.add("サブスク", "digitalisation", by=catalogue.officer)
    elsewhere = User.objects.create(email="elsewhere@city.example", name="遠くの 担当")
    TOTP.activate(elsewhere, "A" * 32)
    given = {"person": elsewhere, "granted_by": catalogue.officer, "starts_on": clock.today()}
    StaffRole.objects.create(role="programme_officer", municipality_id="013048", **given)
    client = Client()
    client.force_login(elsewhere)
    assert client.post(f"/staff/words/{row.pk}/remove/").status_code == 403
    with pytest.raises(NotReady, match="が加えたことばです"):
        adding.add("サブスク", "sensing", by=elsewhere)
    assert SearchWord.objects.get().topic == "digitalisation"
    StaffRole.objects.create(role="administrator", **given)
    adding.remove(row, by=elsewhere)
    assert adding.may_change(row, User.objects.get(pk=elsewhere.pk))


def test_known_words_stand_apart_from_longer_ones(db: None) -> None:
    words = vocabulary.words({})
    for typed, named in {
        "レジャー施設": [],
        "レジを買う": ["digitalisation"],
        "training": ["training"],
        "手紙": [],
        "紙が多い": ["digitalisation"],
        "Ｗｉ－Ｆｉ": ["equipment"],
        "e-commerce": ["website"],
    }.items():
        assert [topic.key for topic in understand(typed, words).topics] == named, typed


def test_spellings_that_people_mix_are_one() -> None:
    for one, other in [
        ("サーバー", "ｻｰﾊﾞ"),
        ("ソフトウェア", "ソフトウエア"),
        ("會社", "会社"),
        ("Start-Up", "startup"),
        ("work  from home", "work from home"),
        ("チャット　GPT", "ちゃっとgpt"),
    ]:
        assert jptext.loose_key(one) == jptext.loose_key(other), one


def test_the_search_asks_as_often_for_many_calls(
    catalogue: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for round_no in (2, 3):
        catalogue.call(TELEWORK, round_no=round_no)
    client = Client()
    client.get("/programmes/", {"q": "パソコン"})
    with django_assert_max_num_queries(12):
        client.get("/programmes/", {"q": "パソコン"})


def test_where_two_words_find_nothing_one_of_them_does_and_it_is_said(
    world: World, client: Client
) -> None:
    page = one_line(client.get(reverse("call_list"), {"q": "飲食店 ぬいぐるみ博物館"}))
    assert "「飲食店 ぬいぐるみ博物館」のことばがそろう支援は見つかりませんでした。" in page
    assert "「飲食店」で見つかる支援を示します。" in page
    assert world.calls["telework"].public_url in page
