"""What all rows of a draft take of the budget together: said before anything is decided, and refused where it is too much."""

import pytest
from django.test import Client

from grants.applications.models import Application
from grants.completion.models import CompletionReport
from portal.approvals.models import Approval
from portal.approvals.ports import acts
from portal.workflow.door import begin
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.grants.test_completion import awarded, inspected, reported
from tests.grants.test_decisions import accepted, small


def two_accepted(world: World, yen: int, slots: int = 10) -> tuple[Application, Application]:
    """300,000 yen each, of a line with `yen` and `slots`."""
    small(world, yen, slots)
    return accepted(world), accepted(world)


def test_rows_that_fit_alone_and_not_together_are_not_drafted(world: World) -> None:
    one, other = two_accepted(world, 500_000)
    world.approval("award", [one])  # alone it fits
    with pytest.raises(NotReady, match="残り500,000円に対し、この起案で600,000円"):
        begin(
            Approval,
            by=world.officer,
            act="award",
            title="x",
            rows=[(other, {}), (accepted(world), {})],
            steps=[("decide", world.director)],
        )


def test_places_are_added_up_as_yen_are(world: World) -> None:
    one, other = two_accepted(world, 5_000_000, slots=1)
    with pytest.raises(NotReady, match="残り1件に対し、この起案で2件"):
        world.approval("award", [one, other])


def test_a_cut_makes_both_fit(world: World) -> None:
    one, other = two_accepted(world, 500_000)
    cut = {"amount": 250_000, "cut_reason": "対象外の経費を除くため"}
    approval = world.approval("award", [one, other], cut)
    draws = [(draw.need, draw.after) for draw in acts["award"].draws(approval.rows())]
    assert draws == [(500_000, 0), (2, 8)]


def test_the_pages_say_the_sums_of_all_rows(world: World, client: Client) -> None:
    one, other = two_accepted(world, 5_000_000)
    client.force_login(world.officer)
    cases = f"case={one.case.number}&case={other.case.number}"
    text = client.get(f"/approvals/new/?act=award&{cases}").content.decode()
    assert "この起案が使う予算" in text
    assert ("600,000円" in text, "4,400,000円" in text) == (True, True)
    approval = world.approval("award", [one, other])
    client.force_login(world.director)
    page = client.get(approval.get_absolute_url()).content.decode()
    assert ("600,000円" in page, "4,400,000円" in page) == (True, True)


def test_a_draft_page_shows_the_amount_that_will_be_fixed_and_what_goes_back(
    world: World, client: Client
) -> None:
    award, person = awarded(world)
    report = inspected(world, reported(world, award, person, 300_000))
    client.force_login(world.officer)
    text = client.get(f"/approvals/new/?act=fix&case={award.case.number}").content.decode()
    row = CompletionReport.objects.get(pk=report.pk)
    (draw,) = [d for d in acts["fix"].draws([(row, {})]) if d.unit == "円"]
    fixed = award.awarded_amount + draw.need
    assert draw.need < 0
    assert f"{fixed:,}円" in text
    assert f"−{-draw.need:,}円" in text
