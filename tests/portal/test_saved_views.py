"""A staff list's filters, kept under a name."""

from django.test import Client
from django.urls import reverse

from portal.cases.models import SavedView
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


def test_reviewers_from_outside_neither_share_views_nor_read_shared_ones(
    client: Client, world: World
) -> None:
    for person, name in ((world.staff["reviewer"], "外から"), (world.officer, "中から")):
        client.force_login(person)
        client.post(
            reverse("save_view"), {"page": "inbox", "query": "", "name": name, "shared": "on"}
        )
    assert [(view.name, view.shared) for view in SavedView.objects.order_by("pk")] == [
        ("外から", False),
        ("中から", True),
    ]
    client.force_login(world.staff["reviewer"])
    page = client.get(reverse("inbox"), {"order": "age"}).content.decode()
    assert "外から" in page
    assert "中から" not in page
    assert "職員みんなに見せる" not in page
    client.force_login(world.director)
    page = client.get(reverse("inbox"), {"order": "age"}).content.decode()
    assert "中から" in page
    assert "職員みんなに見せる" in page
