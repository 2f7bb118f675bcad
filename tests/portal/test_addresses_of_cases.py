"""A case is called by another number once it is handed in: its address says that one, and what leads to
the draft's goes on to it.
"""

from django.test import Client

from portal.accounts.models import User
from portal.cases.models import Case, Reading
from portal.ui import kept
from tests.conftest import World

DRAFT = {"title": "書きかけ", "version": "1"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_address_of_a_case_says_the_number_that_it_carries_now(world: World) -> None:
    application, _person = world.draft()
    begun = application.case
    assert begun.get_absolute_url() == f"/cases/{begun.number}/"
    submitted, _person = world.submitted()
    case = Case.objects.get(pk=submitted.case_id)
    assert case.get_absolute_url() == f"/cases/{case.receipt_number}/"
    assert case.draft_number is not None
    page = signed_in(world.officer).get(case.get_absolute_url()).content.decode()
    assert case.draft_number not in page


def test_what_leads_to_the_draft_leads_to_the_case(world: World) -> None:
    application, person = world.submitted()
    case = application.case
    officer, firm = signed_in(world.officer), signed_in(person)
    for client, path in (
        (officer, "/cases/{}/"),
        (officer, "/cases/{}/readings/"),
        (officer, "/cases/{}/?part=talk&q=a%20b"),
        (firm, "/cases/{}/"),
        (firm, "/apply/{}/plan/"),
        (firm, "/apply/{}/done/"),
        (firm, "/apply/{}/application.pdf"),
        (firm, "/en/cases/{}/"),
    ):
        answer = client.get(path.format(case.draft_number))
        assert (answer.status_code, answer.headers["Location"]) == (
            307,
            path.format(case.number),
        )
        assert client.get(path.format(case.number)).status_code == 200, path
    assert officer.get(f"/cases/{case.draft_number}/nothing/").status_code == 404
    assert set(Reading.objects.values_list("case", flat=True)) == {case.pk}


def test_a_form_of_a_page_that_was_open_at_the_hand_in_is_done(world: World) -> None:
    application, person = world.submitted()
    case, client = application.case, signed_in(person)
    sent = client.post(
        f"/cases/{case.draft_number}/messages/", {"body": "書類はいつまでに"}, follow=True
    )
    assert sent.status_code == 200
    assert [message.body for message in case.messages.all()] == ["書類はいつまでに"]
    # what was handed in is not written to: said as where the page was opened since
    by_script = {"Accept": "application/json"}
    answers = [
        client.post(f"/apply/{number}/plan/autosave/", DRAFT, follow=True, headers=by_script)
        for number in (case.draft_number, case.number)
    ]
    assert [(answer.status_code, answer.json()["closed"]) for answer in answers] == [
        (409, True)
    ] * 2


def test_what_was_typed_after_the_session_ended_waits_at_the_new_address(world: World) -> None:
    application, person = world.submitted()
    case = application.case
    client = Client()
    answer = client.post(f"/apply/{case.draft_number}/plan/", DRAFT)
    assert answer.status_code == 302
    assert client.session[kept.NAME]["typed"] == DRAFT
    client.force_login(person)
    page = client.get(f"/apply/{case.draft_number}/plan/", follow=True)
    assert page.redirect_chain == [(f"/apply/{case.number}/plan/", 307)]
    assert "書きかけ" in page.content.decode()


def test_who_may_not_see_the_case_hears_of_no_number(world: World) -> None:
    """Beside tests/portal/test_not_yours.py: also where something is sent."""
    application, _person = world.submitted()
    case = application.case
    for user in (world.outsider, world.staff["treasurer"]):
        client = signed_in(user)
        answers = {
            client.post(f"/cases/{number}/messages/", {"body": "?"}).status_code
            for number in (case.number, case.draft_number, "TW8-D9999", "TW8-9999")
        }
        assert answers == {404}, user
    stranger = Client()
    for number in (case.number, case.draft_number, "TW8-D9999"):
        path = f"/cases/{number}/"
        assert stranger.get(path).headers["Location"].endswith(f"?next={path}")
