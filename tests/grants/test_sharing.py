"""Who writes which section: noted among a firm's people, told by mail; neither a lock nor a right."""

from collections.abc import Callable
from datetime import timedelta

from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from grants.applications import discarding, sharing
from grants.applications.models import Application
from grants.applications.sections import SectionShare
from portal import clock
from portal.accounts import people
from portal.accounts.models import User
from tests.conftest import World
from tests.markup import one_line

Post = Callable[[], list[EmailMessage]]


class Draft:
    """A draft with a colleague of the firm and an adviser for its programme."""

    def __init__(self, world: World) -> None:
        self.application, self.owner = world.draft(complete=False)
        firm = self.application.case.organisation
        self.colleague = User.objects.create_user("colleague@firms.example", None, name="同僚 花子")
        self.member = firm.memberships.create(user=self.colleague, role="member")
        self.adviser = world.people["adviser"]
        self.mandate = people.delegate(
            firm,
            adviser=self.adviser,
            by=self.owner,
            programme_code=self.application.call.programme_code,
            starts_on=clock.today() - timedelta(days=1),
            ends_on=clock.today() + timedelta(days=30),
        )
        self.number = self.application.case.number
        self.page = reverse("application_sharing", args=[self.number])
        self.contents = reverse("application_tasks", args=[self.number])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_sections_are_given_to_colleagues_and_advisers_and_each_is_told_once(
    world: World, post: Post
) -> None:
    draft = Draft(world)
    client = signed_in(draft.owner)
    sent = {
        "plan": str(draft.colleague.pk),
        "costs": str(draft.colleague.pk),
        "documents": str(draft.adviser.pk),
        "contact": str(draft.owner.pk),
    }
    assert client.post(draft.page, sent).status_code == 302
    assert sharing.writers(draft.application) == {
        "plan": draft.colleague,
        "costs": draft.colleague,
        "documents": draft.adviser,
        "contact": draft.owner,
    }
    told = {mail.to[0]: mail.body for mail in post()}
    assert told.keys() == {draft.colleague.email, draft.adviser.email}  # not whoever noted it
    assert "2項目を、あなたが書くことになりました" in told[draft.colleague.email]
    client.post(draft.page, sent)
    assert len(post()) == 2  # nothing was new
    contents = one_line(client.get(draft.contents))
    assert "書く人：同僚 花子" in contents
    assert "書く人：あなた" in contents


def test_one_s_own_sections_stand_beside_one_s_cases(world: World) -> None:
    draft = Draft(world)
    assert "あなたが書く項目" not in one_line(signed_in(draft.adviser).get("/my/"))
    sharing.share(draft.application, {"documents": draft.adviser}, by=draft.owner)
    page = one_line(signed_in(draft.adviser).get("/my/"))
    assert f"/apply/{draft.number}/documents/" in page
    people.end_delegation(draft.mandate, by=draft.owner)
    assert f"/apply/{draft.number}/documents/" not in one_line(signed_in(draft.adviser).get("/my/"))


def test_it_locks_nothing_and_gives_no_right(world: World) -> None:
    draft = Draft(world)
    sharing.share(draft.application, {"plan": draft.colleague}, by=draft.owner)
    plan = reverse("application_section", args=[draft.number, "plan"])
    page = one_line(signed_in(draft.owner).get(plan))
    assert "この項目は、同僚 花子さんが書くことになっています" in page
    signed_in(draft.owner).post(plan, {"title": "紙の帳簿をやめる", "version": "0"})
    assert draft.application.sections.get(key="plan").data["title"] == "紙の帳簿をやめる"
    # who is of no use to the firm cannot be chosen, and who left is named no more
    answer = signed_in(draft.owner).post(draft.page, {"plan": str(world.outsider.pk)})
    assert answer.status_code == 422
    people.end_membership(draft.member, by=draft.owner)
    assert sharing.writers(draft.application) == {}
    assert signed_in(draft.colleague).get(plan).status_code == 404
    assert signed_in(world.outsider).get(draft.page).status_code == 404


def test_what_is_shared_goes_with_the_draft(world: World) -> None:
    draft = Draft(world)
    sharing.share(draft.application, {"plan": draft.colleague}, by=draft.owner)
    discarding.discard(Application.objects.get(pk=draft.application.pk), by=draft.owner)
    assert not SectionShare.objects.exclude(person=None).exists()
