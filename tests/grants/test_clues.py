"""Cases are found by their open clues; a vendor's clue is set aside for several at once."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.followup import clues
from grants.followup.models import Clue, Dismissal
from portal.bulk.models import Bulk
from portal.cases import interests
from portal.cases.jobs import index_cases
from portal.cases.models import Case
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded, reported
from tests.grants.test_dealings import PARTNER, held, listed, six
from tests.markup import mark_on, one_line

MANY = f"many:{PARTNER}"


def found(world: World) -> list[Case]:
    """The six cases, after the night."""
    cases = [application.case for application in world.begun(six)]
    clues.look_over_all()
    return cases


@begins(six)
def test_the_list_leaves_cases_with_a_clue_until_it_is_set_aside(
    world: World, client: Client
) -> None:
    world.accepted()  # without any
    cases = found(world)
    numbers = {case.number for case in cases}
    client.force_login(world.officer)
    assert listed(client, clue="on") == numbers
    aside = f"/cases/{cases[0].number}/signals/dismiss/?signal={MANY}"
    assert client.post(aside, {"reason": "同じ地域の会社で、価格も確かめた"}).status_code == 302
    assert listed(client, clue="on") == numbers - {cases[0].number}
    client.force_login(held(world, programme_officer="telework"))
    assert listed(client, clue="on") == set()


@begins(six)
def test_a_case_is_looked_over_when_something_was_done_in_it_and_every_night(
    world: World,
) -> None:
    first = world.begun(six)[0].case
    index_cases(cases=[first.pk])
    assert [*Clue.objects.values_list("case", "signal")] == [(first.pk, MANY)]
    clues.look_over_all()  # what others did makes a clue in cases that nobody touched
    assert Clue.objects.filter(signal=MANY).count() == 6
    world.begun(six)[1].call.applications.filter(case=first).update(partner_key="")
    clues.look_over_all()
    assert Clue.objects.filter(signal=MANY).count() == 1  # it names none: nobody watches it
    index_cases(cases=[case.pk for case in Case.objects.all()])
    assert not Clue.objects.exclude(case=first).exists()


def test_a_report_brings_all_its_clues(world: World) -> None:
    award, person = awarded(world, 400_000, 400_000)
    other, _stranger = awarded(world)
    namesake = other.case.organisation
    namesake.name = award.case.organisation.name
    namesake.save()
    reported(world, award, person)
    clues.look_over_all()
    assert "namesake" in Clue.objects.filter(case=award.case).values_list("signal", flat=True)
    assert not Clue.objects.filter(case=other.case).exists()
    clues.erase(award.case)
    assert not Clue.objects.exists()


def planned(client: Client, cases: list[Case]) -> Bulk:
    picked = [case.number for case in cases]
    answer = client.post("/cases/bulk/", {"do": "set_aside", "pick": picked, "next": "/cases/"})
    assert answer.status_code == 302
    return Bulk.objects.latest("pk")


@begins(six)
def test_one_reason_sets_a_vendors_clue_aside_for_several_and_refuses_whom_it_must(
    world: World, client: Client
) -> None:
    cases = found(world)
    interests.declare(cases[5], by=world.officer, detail="親族の会社")
    other, _person = world.accepted()
    client.force_login(world.officer)
    bulk = planned(client, [*cases[:5], other.case])
    page = client.get(bulk.get_absolute_url())
    shown = one_line(page)
    assert f"多くの案件に出る発注先：{PARTNER}（5件）" in shown
    assert "発注先の手がかりはありません。" in shown
    assert client.post(bulk.get_absolute_url(), {"clue": MANY, "reason": ""}).status_code == 422
    assert not Dismissal.objects.exists()
    given = {"clue": MANY, "reason": "価格を確かめた", "seen": mark_on(page)}
    assert client.post(bulk.get_absolute_url(), given).status_code == 302
    done = Dismissal.objects.filter(signal=MANY, reason="価格を確かめた", made_by=world.officer)
    assert {row.case_id for row in done} == {case.pk for case in cases[:5]}
    assert sorted(bulk.rows.values_list("outcome", flat=True)) == ["done"] * 5 + ["refused"]
    again = planned(client, cases[:5])
    assert all("手がかりはありません" in row.reasons[0] for row in again.rows.all())


@begins(six)
def test_who_may_not_set_one_aside_sets_none_of_several_aside(world: World, client: Client) -> None:
    cases = found(world)
    client.force_login(held(world, approver="dx_promotion"))
    bulk = planned(client, cases)
    assert bulk.rows.exclude(reasons=[]).count() == 6
    client.post(bulk.get_absolute_url(), {"clue": MANY, "reason": "よい"})
    assert not Dismissal.objects.exists()


@begins(six)
@pytest.mark.parametrize("n", [2, 6])
def test_a_plan_asks_as_much_of_two_cases_as_of_six(world: World, n: int) -> None:
    keys = [case.pk for case in found(world)[:n]]
    cases = list(Case.objects.select_related("organisation").filter(pk__in=keys))
    with CaptureQueriesContext(connection) as asked:
        clues.SET_ASIDE.look(world.officer, cases, None)
    assert len(asked) <= 5


@begins(six)
def test_the_form_tells_of_clues_to_nobody_who_may_not_set_them_aside(
    world: World, client: Client
) -> None:
    cases = found(world)
    client.force_login(held(world, approver="dx_promotion"))
    answer = client.post(
        "/cases/bulk/", {"do": "set_aside", "pick": [cases[0].number], "next": "/cases/"}
    )
    page = client.post(answer["Location"], {})
    assert page.status_code == 422
    assert PARTNER not in page.content.decode()
