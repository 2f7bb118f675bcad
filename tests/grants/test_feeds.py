"""Atom feeds of the public calls: what is in them, and 304 for whoever has them as they stand."""

from datetime import timedelta

from django.test import Client
from lxml import etree

from grants.programmes.models import Call
from portal import clock
from portal.workflow.door import perform
from tests.conftest import World
from tests.journeys.test_queries import count

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client: Client, path: str) -> dict[str, str]:
    """Title of each entry → when it was new."""
    answer = client.get(path)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(answer.content)
    assert str(feed.findtext(f"{ATOM}id")).endswith(path)  # each feed is one of its own
    return {
        str(row.findtext(f"{ATOM}title")): str(row.findtext(f"{ATOM}updated"))
        for row in feed.iter(f"{ATOM}entry")
    }


def test_all_calls_and_those_of_a_purpose(world: World, client: Client) -> None:
    other = world.call("iot")
    telework = str(world.calls["telework"]).replace(" ", "（", 1)
    assert len(entries(client, "/programmes/feed.atom")) == 2
    assert [title[:4] for title in entries(client, "/programmes/feed/sensing.atom")] == [
        str(other)[:4]
    ]
    assert [title[:4] for title in entries(client, "/programmes/feed/telework.atom")] == [
        telework[:4]
    ]
    assert entries(client, "/programmes/feed/finance.atom") == {}
    assert client.get("/programmes/feed/nothing.atom").status_code == 404


def test_what_is_not_announced_stands_in_none(world: World, client: Client) -> None:
    Call.objects.all().update(listed=False)
    assert entries(client, "/programmes/feed.atom") == {}


def test_whoever_has_it_gets_nothing_anew_until_something_changes(
    world: World, client: Client
) -> None:
    for path in ("/programmes/feed.atom", "/programmes/feed/finance.atom"):
        tag = client.get(path)["ETag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    path = "/programmes/feed.atom"
    tag, before = client.get(path)["ETag"], entries(client, path)
    with clock.at(clock.now() + timedelta(minutes=1)):
        call = world.calls["telework"]
        perform(call, "suspend", by=world.approver, public_reason="停電")
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200
    assert entries(client, path) != before


def test_it_is_in_the_language_of_its_address(world: World, client: Client) -> None:
    (title,) = entries(client, "/en/programmes/feed.atom")
    assert title.startswith("Telework")


def test_a_feed_asks_the_same_for_one_call_and_for_more(world: World, client: Client) -> None:
    one = count(client, "/programmes/feed.atom")
    world.call("iot")
    world.call("it_bio")
    assert count(client, "/programmes/feed.atom") == one <= 6


def test_the_list_leads_to_the_feeds(world: World, client: Client) -> None:
    page = client.get("/programmes/").content.decode()
    assert 'type="application/atom+xml"' in page
    assert "/programmes/feed/telework.atom" in page
