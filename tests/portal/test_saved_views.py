"""A staff list's filters, kept under a name."""

from django.test import Client
from django.urls import reverse

from tests.conftest import World


def test_a_name_that_does_not_do_is_typed_again_where_the_filters_still_stand(
    client: Client, world: World
) -> None:
    client.force_login(world.officer)
    typed = {"page": "case_list", "query": "state=submitted&q=雪", "name": "雪" * 41}
    again = client.post(reverse("save_view"), typed)
    page = again.content.decode()
    assert again.status_code == 422
    assert f'value="{typed["name"]}"' in page
    assert 'value="state=submitted&amp;q=雪"' in page
    assert f'href="{reverse("case_list")}?state=submitted&amp;q=雪"' in page  # the way back
    assert world.officer.saved_views.count() == 0

    done = client.post(reverse("save_view"), typed | {"name": "雪"})
    assert done.status_code == 302
    assert done["Location"].startswith(f"{reverse('case_list')}?state=submitted")
    row = world.officer.saved_views.get()
    assert (row.page, row.name, row.query) == ("case_list", "雪", typed["query"])


def test_a_list_that_there_is_not_leads_to_the_inbox(client: Client, world: World) -> None:
    client.force_login(world.officer)
    typed = {"page": "https://example.com/", "query": "", "name": "雪"}
    again = client.post(reverse("save_view"), typed)
    assert again.status_code == 422
    assert f'href="{reverse("inbox")}?"' in again.content.decode()
