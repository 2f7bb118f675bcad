"""A notice on paper has reached nobody before somebody posts it: who did, and when, is kept and shown."""

import pytest
from django.test import Client
from django.urls import reverse

from grants.applications.models import Application
from portal.audit.models import Event
from portal.cases.models import Case
from portal.notices import dossier, posting
from portal.notices.issue import draw
from portal.notices.models import Notice
from portal.together import together
from tests.conftest import World


def issued(world: World, *, on_paper: bool) -> Notice:
    """The drawn receipt of an application, as if it had come on paper."""
    application, _person = world.submitted()
    Case.objects.filter(pk=application.case_id).update(on_paper=on_paper)
    return draw(Notice.objects.get(case=application.case))


@pytest.mark.parametrize("on_paper", [True, False])
def test_what_goes_by_post_waits_until_somebody_ticks_it(world: World, on_paper: bool) -> None:
    notice = issued(world, on_paper=on_paper)
    fresh = Notice.objects.get(pk=notice.pk)
    if not on_paper:
        assert (fresh.stage[1], posting.waiting(world.officer).count()) == ("交付済み", 0)
        return
    assert fresh.stage == ("care", "郵送を待っています")
    assert [*posting.waiting(world.officer)] == [fresh]
    assert posting.posted(world.officer, [notice.pk]) == 1
    assert posting.posted(world.officer, [notice.pk]) == 0  # another press
    fresh = Notice.objects.get(pk=notice.pk)
    assert (fresh.posted_by, fresh.stage[0]) == (world.officer, "good")
    assert "郵送済み" in fresh.stage[1]
    event = Event.objects.filter(chain=f"case:{fresh.case_id}").latest("seq")
    assert (event.action, event.actor) == ("notice.post", world.officer)
    assert "郵送済み" in str(dossier.catalogue(fresh.case, world.officer))


def test_what_is_not_drawn_or_void_is_not_on_the_list(world: World) -> None:
    application, _person = world.submitted()
    Case.objects.filter(pk=application.case_id).update(on_paper=True)
    assert posting.waiting(world.officer).count() == 0
    notice = draw(Notice.objects.get(case=application.case))
    Notice.objects.filter(pk=notice.pk).update(state="voided")
    assert posting.waiting(world.officer).count() == 0


def test_the_page_names_where_it_goes_and_the_inbox_how_many_wait(
    world: World, client: Client
) -> None:
    notice = issued(world, on_paper=True)
    client.force_login(world.officer)
    firm = Application.objects.get(case=notice.case).case.organisation
    page = client.get(reverse("notices_to_post")).content.decode()
    assert (notice.number in page, firm.address in page) == (True, True)
    assert "郵送を待っている通知書が1通あります" in client.get(reverse("inbox")).content.decode()
    answer = client.post(
        reverse("notices_posted"), {"notice": [str(notice.pk), "x", "0", "9" * 30]}
    )
    assert answer.status_code == 302
    assert Notice.objects.get(pk=notice.pk).posted_at is not None


def test_who_does_not_keep_the_case_neither_reads_nor_ticks(world: World, client: Client) -> None:
    notice = issued(world, on_paper=True)
    for other in (world.staff["approver"], world.staff["accountant"], world.outsider):
        with together() as ask:
            said = posting.beside(other, ask)
        assert said() is None
        client.force_login(other)
        assert client.post(reverse("notices_posted"), {"notice": notice.pk}).status_code in (
            403,
            404,
        )
    assert Notice.objects.get(pk=notice.pk).posted_at is None
