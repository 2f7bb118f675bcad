"""Public pages are answered again without being made again, and never to whoever is known."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from portal.ui import answered_again, furigana
from tests.conftest import World
from tests.markup import one_line


@pytest.fixture(autouse=True)
def kept(settings: Settings) -> Iterator[None]:
    settings.PUBLIC_PAGES_SECONDS = 60
    answered_again.forget()
    yield
    answered_again.forget()


def pages(world: World) -> list[str]:
    call = world.calls["telework"]
    return [
        reverse("home"),
        reverse("call_list"),
        call.public_url,
        call.guideline_url(),
        reverse("about", args=["accessibility"]),
        reverse("contact"),
        reverse("seals"),
        reverse("challenge_list"),
        reverse("statistics"),
    ]


def test_the_second_answer_asks_the_database_nothing(
    world: World, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for path in pages(world):
        first = client.get(path)
        assert first.status_code == 200
        with django_assert_num_queries(0):
            second = Client().get(path)
        assert second.status_code == 200
        assert second.resolver_match.url_name == first.resolver_match.url_name
        assert ("ETag" in second) == ("csrfmiddlewaretoken" not in second.content.decode())


def test_what_has_not_changed_is_not_sent_again(world: World, client: Client) -> None:
    first = client.get(reverse("home"))
    assert first["Cache-Control"] == "public, max-age=0, s-maxage=60, must-revalidate"
    again = client.get(reverse("home"), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert "Cookie" in again["Vary"]
    answered_again.forget()  # made anew, and the same
    again = client.get(reverse("home"), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    answered_again.forget()
    world.call("telework", round_no=2)
    changed = client.get(reverse("home"), headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


def test_each_language_and_readings_have_their_own(world: World) -> None:
    path = reverse("home")
    plain, english, read = Client(), Client(), Client()
    read.cookies[furigana.COOKIE] = "on"
    for _again in range(2):
        answers = [plain.get(path), english.get(f"/en{path}"), read.get(path)]
        assert [answer["Content-Language"] for answer in answers] == ["ja", "en", "ja"]
        assert ["<ruby>" in answer.content.decode() for answer in answers] == [False, False, True]
    assert len({answer["ETag"] for answer in answers}) == 3


def test_whoever_is_known_has_a_page_of_their_own(world: World) -> None:
    draft, person = world.draft()
    Client().get(reverse("home"))
    theirs = Client()
    theirs.force_login(person)
    mine = theirs.get(reverse("home"))
    assert ("ETag" in mine, "public" in mine["Cache-Control"]) == (False, False)
    assert str(draft.case.organisation.name) in one_line(mine)
    assert draft.case.organisation.name not in one_line(Client().get(reverse("home")))
    answered_again.forget()  # nor is it their page that others get
    theirs.get(reverse("home"))
    assert draft.case.organisation.name not in one_line(Client().get(reverse("home")))


def test_a_form_on_a_kept_page_carries_the_token_of_its_reader(world: World) -> None:
    path = world.calls["telework"].public_url
    Client(enforce_csrf_checks=True).get(path)
    press = reverse("application_start", args=[world.calls["telework"].code])
    seen = set()
    for _each in range(2):
        client = Client(enforce_csrf_checks=True)
        answer = client.get(path)
        assert (answer["Cache-Control"], "ETag" in answer) == ("private, no-store", False)
        token = answer.content.decode().partition('csrfmiddlewaretoken" value="')[2][:64]
        seen.add(token)
        assert client.post(press, {"csrfmiddlewaretoken": token}).status_code == 302
        assert (
            Client(enforce_csrf_checks=True).post(press, {"csrfmiddlewaretoken": token}).status_code
            == 403
        )
    assert len(seen) == 2


@pytest.mark.parametrize("query", ["?q=x", "?whole=1"])
def test_what_is_asked_with_words_is_made_each_time(
    world: World, client: Client, query: str
) -> None:
    path = world.calls["telework"].public_url
    client.get(path)
    assert "ETag" not in client.get(path + query)
    assert not any("?" in key.path for key in answered_again._pages)


def test_a_page_is_made_anew_once_its_seconds_are_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("portal.ui.answered_again.time.monotonic", lambda: now)
    first = Client().get(reverse("home"))
    world.call("telework", round_no=2)
    now += 59
    assert Client().get(reverse("home"))["ETag"] == first["ETag"]
    now += 2
    changed = Client().get(reverse("home"))
    assert changed["ETag"] != first["ETag"]
    assert Client().get(reverse("home"))["ETag"] == changed["ETag"]


def test_while_one_makes_it_anew_the_others_have_the_old_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("portal.ui.answered_again.time.monotonic", lambda: now)
    Client().get(reverse("home"))
    (key,) = answered_again._pages
    now += 61
    assert answered_again._known(key) is None
    assert answered_again._known(key) is not None
    now += 60
    assert answered_again._known(key) is None  # whoever made it anew failed


def test_only_so_many_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answered_again, "MOST", 2)
    for path in pages(world):
        Client().get(path)
    assert len(answered_again._pages) == 2


def test_a_page_that_is_none_or_stands_closed_is_not_kept(world: World, client: Client) -> None:
    assert client.get("/programmes/none/").status_code == 404
    assert client.get(reverse("account_login")).status_code == 200
    assert not answered_again._pages
