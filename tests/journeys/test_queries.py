"""Each list under the same number of queries with one row and with three; the numbers are written here."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.payments.models import Claim, Payment
from portal.cases import search
from portal.workflow.door import perform
from tests.conftest import World
from tests.grants import test_followup as followup
from tests.grants import test_recovery as recovery
from tests.grants import test_reviews as reviews
from tests.markup import one_line


def count(client: Client, path: str) -> int:
    client.get(path)  # the first visit warms content types and the session
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.parametrize(
    ("path", "role", "limit"),
    [
        ("/cases/", "officer", 12),
        ("/inbox/", "officer", 12),
        ("/approvals/", "director", 12),
        ("/staff/programmes/", "officer", 9),
        ("/staff/programmes/{programme}/", "officer", 8),
        ("/staff/programmes/{programme}/papers/rejection/", "officer", 8),
        ("/staff/budget/", "officer", 6),
        ("/staff/budget/book/", "officer", 8),
        ("/programmes/", "anonymous", 6),
        ("/staff/calls/{call}/ranking/", "officer", 12),
        ("/staff/statistics/", "officer", 12),
        ("/cases/officers/", "officer", 12),
        ("/staff/firms/", "officer", 9),
        ("/staff/firms/?q=架空", "officer", 9),
        ("/readings/", "auditor", 8),
        ("/readings/?until=2030-01-01", "auditor", 8),
    ],
)
def test_a_list_asks_the_same_number_of_queries_for_one_row_and_for_three(
    world: World, path: str, role: str, limit: int
) -> None:
    client = Client()
    if role != "anonymous":
        client.force_login(world.staff[role])
    call = world.calls["telework"]
    path = path.format(call=call.pk, programme=call.programme_id)
    make: Callable[[], object] = (
        (lambda: world.approval("award", [world.accepted()[0]]))
        if role == "director"
        else world.accepted
    )
    if path == "/inbox/":
        make = world.submitted
    make()
    one = count(client, path)
    make()
    make()
    assert (count(client, path), one <= limit) == (one, True), f"{path}: {one} queries"


@pytest.mark.parametrize(
    "role",
    [
        "officer",
        "approver",
        "director",
        "inspector",
        "accountant",
        "reviewer",
        "concierge",
        "owner",
        "auditor",
    ],
)
def test_the_inbox_of_each_role_stays_within_twelve_queries(world: World, role: str) -> None:
    """With drafts in it that wait for one person, and a call beside it."""
    for _n in range(2):
        assert world.approval("award", [world.accepted()[0]]).is_circulated
    world.submitted()
    world.call("telework", round_no=9)
    client = Client()
    client.force_login(world.staff[role])
    found = [count(client, f"/inbox/?tab={tab}") for tab in ("mine", "applicant", "others", "soon")]
    assert max(found) <= 12, found


def test_the_inbox_asks_once_who_may_hold_both_duties(world: World) -> None:
    world.submitted()
    client = Client()
    client.force_login(world.staff["accountant"])
    with CaptureQueriesContext(connection) as found:
        client.get("/inbox/")
    assert sum("accounts_dutyexception" in query["sql"] for query in found) == 1


@pytest.mark.parametrize("end", ["open", "closed"])
def test_a_ranking_with_reviews_asks_no_more_for_many(world: World, end: str) -> None:
    panel, _applications = reviews.convened(world)
    assert world.accepted("dx_promotion")[0].call_id == panel.call_id
    for review in panel.reviews.all():
        reviews.scored(review)
    if end == "closed":
        perform(panel, "close", by=world.officer, minutes="全件を審査した")
    client = Client()
    client.force_login(world.officer)
    path = f"/staff/calls/{panel.call_id}/ranking/"
    few = count(client, path)
    for _n in range(2):
        world.accepted("dx_promotion")
    assert (count(client, path), few <= 12) == (few, True), few


FRAME = 4  # session, person, roles, second factor


def test_the_duties_of_a_case_are_asked_for_together(world: World) -> None:
    """Beside its frame: the case, on what its duties lie, the duties, and whether it was opened today."""
    award, _person = recovery.paid(world)
    client = Client()
    client.force_login(world.staff["auditor"])
    assert count(client, f"/cases/{award.case.number}/duties/") <= FRAME + 4


@pytest.mark.parametrize(
    "path",
    [
        "/cases/?q={number}",
        "/cases/?q={name}",
        "/cases/?page=1",
        "/inbox/",
        "/inbox/?tab=mine&q={name}",
    ],
)
def test_whatever_is_searched_a_list_of_the_office_stays_within_twelve_queries(
    world: World, path: str
) -> None:
    case = world.submitted()[0].case
    search.index([case.pk])
    client = Client()
    client.force_login(world.officer)
    path = path.format(number=case.receipt_number, name=case.organisation.name)
    assert count(client, path) <= 12


def test_a_telephone_number_is_no_number_of_a_case(world: World) -> None:
    """It asks what any word asks; only what has letters is looked up as the number of a case first."""
    world.submitted()
    client = Client()
    client.force_login(world.officer)
    word, phone, number = (
        count(client, f"/cases/?q={text}") for text in ("宇宙船団", "011-209-9999", "DX99-9999")
    )
    assert (phone, number) == (word, word + 1)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/", 12),
        ("/programmes/", 6),
        ("/programmes/?q=補助&size=50&industry=it&open=on", 8),
        ("/exp/v1/public/subsidies?keyword=補助", 4),
        ("/staff/programmes/", 9),
    ],
)
def test_a_list_of_calls_reads_columns_however_many_calls_there_are(
    world: World, path: str, limit: int
) -> None:
    """Whatever their number, a page of calls asks the same queries and reads the parameters of none."""
    client = Client()
    if path.startswith("/staff/"):
        client.force_login(world.officer)
    one = count(client, path)
    for n in (2, 3, 4):
        world.call("telework", round_no=n)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    assert (len(found), one <= limit) == (one, True), f"{path}: {one} and {len(found)} queries"
    calls = [
        query["sql"]
        for query in found
        if query["sql"].startswith('SELECT "grants_programmes_call"')
    ]
    assert calls
    assert not any(
        '"grants_programmes_call"."parameters"' in sql.partition("FROM")[0] for sql in calls
    )


def test_the_staff_list_of_calls_is_paged_and_searched(world: World) -> None:
    client = Client()
    client.force_login(world.officer)
    for n in range(2, 64):
        world.call("telework", round_no=n)
    page = client.get("/staff/programmes/").context["page"]
    assert (page.paginator.count, len(page.object_list)) == (63, 60)
    assert client.get("/staff/programmes/?q=宇宙船").context["page"].paginator.count == 0
    assert client.get("/staff/programmes/?q=テレワーク").context["page"].paginator.count == 63


def test_the_case_page_stays_within_its_queries(world: World) -> None:
    application, _person = world.submitted()
    client = Client()
    client.force_login(world.officer)
    assert count(client, f"/cases/{application.case.number}/") <= 20  # one keeps who opened it


@pytest.mark.parametrize("role", ["officer", "director", "inspector", "accountant", "auditor", ""])
def test_the_page_of_a_case_with_all_behind_it_asks_twenty(world: World, role: str) -> None:
    """Paid, a part asked back, and reports to come; also where transfers failed again and again."""
    award, person = recovery.paid(world)
    given = {"reason": "目的外", "heard": "", "with_surcharge": True, "amount": 100_000}
    world.decided("revoke_part", [award], given)
    followup.use(world, award)
    client = Client()
    client.force_login(world.staff.get(role, world.officer) if role else person)
    one = count(client, f"/cases/{award.case.number}/")
    account = Payment.objects.get(award=award).account
    for _n in range(3):  # denied before, each after a transfer that failed
        claim = Claim.objects.create(
            case=award.case, award=award, kind="settlement", amount=1_000, state="denied"
        )
        Payment.objects.create(
            case=award.case,
            award=award,
            claim=claim,
            account=account,
            amount=1_000,
            state="bounced",
        )
    many = count(client, f"/cases/{award.case.number}/")
    assert (many, one <= 20) == (one, True), one


def test_the_applicants_desk_is_constant(world: World) -> None:
    application, person = world.submitted()
    client = Client()
    client.force_login(person)
    one = count(client, "/my/")
    for n in (2, 3):
        other, _p = world.draft(call=world.call("telework", round_no=n), complete=False)
        other.case.organisation = application.case.organisation
        other.case.save()
    assert count(client, "/my/") == one


def test_the_first_page_asks_the_same_with_one_thing_that_waits_and_with_five(world: World) -> None:
    application, person = world.draft(complete=False)
    client = Client()
    client.force_login(person)
    one = count(client, "/")
    world.call("telework", round_no=2)
    for n in (3, 4, 5, 6):
        other, _p = world.draft(call=world.call("telework", round_no=n), complete=False)
        other.case.organisation = application.case.organisation
        other.case.save()
    page = one_line(client.get("/"))
    waiting = page.partition('id="waiting-h"')[2].partition("</section>")[0]
    assert waiting.count("<li>") == 3
    assert count(client, "/") == one <= 16


def test_the_first_page_shows_what_waits_to_whoever_it_waits_for_above_the_search(
    world: World,
) -> None:
    application, person = world.draft(complete=False)
    shown = f'href="/cases/{application.case.number}/"'
    for user in (None, world.outsider, world.officer, person):
        client = Client()
        if user is not None:
            client.force_login(user)
        above = one_line(client.get("/")).partition('role="search"')[0]
        assert (shown in above) == ("あなたの番です" in above) == (user == person)
    assert '<a class="go" href="/my/"' in above
    perform(application, "discard", by=person)
    assert "あなたの番です" not in one_line(client.get("/"))
