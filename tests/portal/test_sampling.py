"""The auditor draws cases: by chance, and so that anybody draws the same again."""

from collections import Counter

from django.test import Client

from portal.cases import sampling
from portal.cases.models import Case
from tests.conftest import World


def test_the_same_seed_draws_the_same_and_another_others(world: World, client: Client) -> None:
    for _n in range(8):
        world.submitted()
    client.force_login(world.staff["auditor"])
    asked = "/cases/sample/?n=5&seed=winter"
    first, again = client.get(asked), client.get(asked)
    numbers = [case.number for case in first.context["rows"]]
    assert numbers == [case.number for case in again.context["rows"]]
    assert len(set(numbers)) == 5
    drawn = {
        tuple(case.number for case in client.get(f"/cases/sample/?n=5&seed={n}").context["rows"])
        for n in range(6)
    }
    assert len(drawn) > 1
    assert "8件のうち5件" in first.content.decode().replace("\n", "").replace(" ", "")


def test_every_case_is_as_likely(world: World) -> None:
    """Of 400 draws of one from four, each has about a hundred: five standard deviations are 43."""
    for _n in range(4):
        world.submitted()
    cases = Case.objects.filter(submitted_at__isnull=False)
    found = Counter(sampling.draw(cases, f"s{n}", 1)[0].pk for n in range(400))
    assert len(found) == 4
    assert all(57 <= n <= 143 for n in found.values())


def test_a_seed_is_made_where_there_is_none_and_drafts_are_never_drawn(
    world: World, client: Client
) -> None:
    world.draft()
    client.force_login(world.staff["auditor"])
    sent = client.get("/cases/sample/")
    assert sent.status_code == 302
    assert "seed=" in sent["Location"]
    assert client.get(sent["Location"]).context["rows"] == []


def test_nobody_else_draws(world: World, client: Client) -> None:
    client.force_login(world.officer)
    assert client.get("/cases/sample/?n=5&seed=a").status_code == 403
