"""A role of one town decides nothing about a row of several, and changes no money but its own: drafts on a shared
case, programmes, calls, panels, challenges, joint pilots, lines of a budget.
"""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grants.budget import accounting_views, changes, owing
from grants.budget.debts import DebtAct
from grants.budget.models import BudgetLine
from grants.programmes.models import Call, Programme
from grants.reviews.models import ReviewPanel
from portal import clock, fiscal
from portal.accounts.models import StaffRole, User
from portal.approvals import stations
from portal.cases import kept_apart
from portal.cases.models import Case, Turn
from portal.disposals.models import Disposal
from portal.notices.models import Notice
from portal.together import together
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden
from startups.challenges import waiting
from startups.matching.models import Match
from startups.pilots.models import Pilot
from startups.pilots.starting import start_pilot
from startups.pilots.terms import PARTS
from startups.pilots.turns import SIGN
from tests.conftest import World
from tests.grants import test_decisions as decisions
from tests.grants.test_reviews import convened
from tests.roles import granted
from tests.startups.test_matching import matched as matched
from tests.startups.test_pilots import accepted
from tools.demonstration.rooms import challenges, pilots

ENIWA = "012319"


def of_eniwa(*people: User) -> list[User]:
    for person in people:
        granted(person.staff_roles.all(), municipality=ENIWA)
    return [User.objects.get(pk=person.pk) for person in people]


def test_a_draft_about_a_shared_case_asks_for_a_role_over_each_town(
    world: World, matched: tuple[list[Match], User]
) -> None:
    case = Case.objects.get(pk=matched[0][0].case_id)
    assert case.municipality_codes == ["011002", ENIWA]
    assert world.approver in stations.able("decide", [case])
    (approver,) = of_eniwa(world.approver)
    assert approver not in stations.able("decide", [case])
    alone = Case.objects.get(pk=case.pk)
    alone.municipality_codes = [ENIWA]
    assert approver in stations.able("decide", [alone])


def test_a_programme_of_many_towns_is_neither_changed_nor_approved_by_one(
    world: World, client: Client
) -> None:
    programme = Programme.objects.get(code="open_innovation", state="approved")
    assert len(programme.municipality_codes) > 1
    draft = begin(Programme, by=world.officer, text=programme.text)
    officer, approver = of_eniwa(world.staff["second_officer"], world.approver)
    client.force_login(officer)
    assert client.get(f"/staff/programmes/{programme.pk}/").status_code == 200  # reading stays
    assert client.get(f"/staff/programmes/{programme.pk}/edit/").status_code == 403
    with pytest.raises(Forbidden):
        perform(draft, "approve", by=approver)


def test_a_town_takes_no_programme_from_the_others(world: World) -> None:
    """By a revision that names it alone."""
    programme = Programme.objects.get(code="open_innovation", state="approved")
    draft = begin(Programme, by=world.officer, text=programme.text)
    draft.municipality_codes = [ENIWA]
    draft.save()
    (approver,) = of_eniwa(world.approver)
    with pytest.raises(Forbidden):
        perform(draft, "approve", by=approver)


def test_a_call_of_many_towns_is_not_announced_by_one(world: World) -> None:
    call = challenges.round_of(world.staff)
    assert len(call.municipality_codes) > 1
    (approver,) = of_eniwa(world.approver)
    with pytest.raises(Forbidden):
        perform(call, "suspend", by=approver, reason="x")


def joint(world: World) -> Pilot:
    """The pilot of a proposal that two towns agreed to, drafted and consented to."""
    pilot = start_pilot(accepted(world, more=(ENIWA,)), by=world.staff["concierge"])
    pilot = pilots.drafted(pilot, world.staff, clock.today() + timedelta(days=5))
    return perform(pilot, "consent", by=pilots.firm(pilot))


def test_a_joint_pilot_is_neither_agreed_nor_stopped_by_one_of_its_towns(world: World) -> None:
    """Under the name of another's mayor, and at its expense."""
    pilot = joint(world)
    (approver,) = of_eniwa(world.approver)
    for act in ("sign", "stop"):
        with pytest.raises(Forbidden):
            perform(pilot, act, by=approver, reason="x")
    for town in ("011002", ENIWA):  # one person for both, or one over all
        StaffRole.objects.get_or_create(
            person=approver,
            role="approver",
            municipality_id=town,
            defaults={"starts_on": clock.today(), "granted_by": world.staff["administrator"]},
        )
    assert perform(pilot, "sign", by=User.objects.get(pk=approver.pk)).agreed_on == clock.today()


def test_the_turn_of_a_joint_pilot_is_in_no_inbox_of_one_of_its_towns(
    world: World, client: Client
) -> None:
    """It stands among those of others there, and is of whoever covers all of them."""
    pilot = joint(world)
    (approver,) = of_eniwa(world.approver)

    def tabs(person: User) -> dict[str, bool]:
        client.force_login(person)
        inboxes = {tab: client.get(f"/inbox/?tab={tab}") for tab in ("mine", "others")}
        return {tab: SIGN in page.content.decode() for tab, page in inboxes.items()}

    assert tabs(world.director) == {"mine": True, "others": False}
    assert tabs(approver) == {"mine": False, "others": True}
    alone = Turn.objects.get(case=pilot.case, what=SIGN)
    assert kept_apart.open_to(approver, pilot.case, [alone]) == []
    assert kept_apart.open_to(world.director, pilot.case, [alone]) == [alone]
    StaffRole.objects.create(
        person=approver,
        role="approver",
        municipality_id="011002",
        starts_on=clock.today(),
        granted_by=world.staff["administrator"],
    )
    assert tabs(approver) == {"mine": True, "others": False}


def test_a_draft_of_terms_promises_no_other_towns_money(world: World) -> None:
    pilot = start_pilot(accepted(world, more=(ENIWA,)), by=world.staff["concierge"])
    owner = world.staff["eniwa_owner"]
    first, own = pilot.partners.order_by("municipality")
    assert (first.municipality_id, own.municipality_id) == ("011002", ENIWA)

    def draft(supports: dict[str, int]) -> Pilot:
        day = clock.today()
        return perform(
            Pilot.objects.get(pk=pilot.pk),
            "draft_terms",
            by=owner,
            terms=dict.fromkeys(PARTS, "x"),
            starts_on=day,
            midterm_on=day + timedelta(days=30),
            ends_on=day + timedelta(days=60),
            supports=supports,
            title="実証",
            title_en="",
        )

    with pytest.raises(Forbidden, match="担当課だけ"):
        draft({"011002": first.support + 1, ENIWA: own.support})
    assert draft({"011002": first.support, ENIWA: 100_000}).terms
    kept = dict(pilot.partners.values_list("municipality", "support"))
    assert kept == {"011002": first.support, ENIWA: 100_000}


def test_a_note_on_a_case_of_several_towns_says_who_reads_it(world: World, client: Client) -> None:
    shared = start_pilot(accepted(world, more=(ENIWA,)), by=world.staff["concierge"])
    alone = world.submitted()[0].case
    for person, case, is_said in (
        (world.staff["eniwa_owner"], shared.case, True),
        (world.officer, alone, False),
    ):
        client.force_login(person)
        page = client.get(case.get_absolute_url()).content.decode()
        assert "職員だけのメモ" in page
        assert ("札幌市、恵庭市の職員のすべてが読みます" in page) is is_said
    client.force_login(pilots.firm(shared))
    assert "すべてが読みます" not in client.get(shared.case.get_absolute_url()).content.decode()


def test_a_pilot_of_one_town_is_its_own(world: World) -> None:
    pilot = start_pilot(accepted(world), by=world.staff["concierge"])
    granted(world.approver.staff_roles.all(), municipality="011002")
    approver = User.objects.get(pk=world.approver.pk)
    pilot = pilots.stop_proposed(pilot, world.staff, "x")
    assert perform(pilot, "stop", by=approver, reason="x").state == "stopped"


def test_a_common_challenge_is_not_ended_by_the_concierge_of_one_town(world: World) -> None:
    call = challenges.round_of(world.staff)
    common = challenges.handed_in(
        call, world.staff, "eniwa_owner", challenges.VISITORS, more=("012351",)
    )
    (concierge,) = of_eniwa(world.staff["concierge"])
    for act in ("send_back", "cancel", "split"):
        with pytest.raises(Forbidden):
            perform(common, act, by=concierge, reason="x", municipality="012351")
    with together() as ask:
        found = waiting.beside(concierge, ask)
    assert found() is None


def test_a_panel_of_many_towns_is_neither_convened_nor_closed_by_one(world: World) -> None:
    panel, _applications = convened(world)
    Call.objects.filter(pk=panel.call_id).update(municipality_codes=["011002", ENIWA])
    panel = ReviewPanel.objects.get(pk=panel.pk)
    (officer,) = of_eniwa(world.officer)
    with pytest.raises(Forbidden):
        perform(panel, "close", by=officer, minutes="x", reason="x")
    with pytest.raises(Forbidden):
        begin(
            ReviewPanel,
            by=officer,
            call=panel.call,
            due_on=clock.today(),
            members=[],
            applications=[],
        )


# -- money ----------------------------------------------------------------------------------------
def shared_line(world: World) -> BudgetLine:
    """Sapporo's money in a call of many towns."""
    application, _person = world.accepted()
    line = BudgetLine.objects.filter(call=application.call, unit="yen")[0]
    Call.objects.filter(pk=line.call_id).update(municipality_codes=["011002", ENIWA])
    return BudgetLine.objects.get(pk=line.pk)


@pytest.mark.parametrize("kind", ["supplement", "supplement_cut", "allotment"])
def test_the_budget_of_one_town_is_not_changed_by_another_of_the_call(
    world: World, kind: str
) -> None:
    line = shared_line(world)
    proposed = changes.propose(line, kind, 1, by=world.staff["accountant"], note="x")
    first, second = of_eniwa(world.staff["accountant"], world.staff["treasurer"])
    with pytest.raises(Forbidden):
        changes.propose(line, kind, 1, by=first, note="x")
    with pytest.raises(Forbidden):
        changes.confirm(proposed, by=second)
    with pytest.raises(Forbidden):
        changes.take_back(proposed, by=first)
    assert changes.waiting() == {}
    line.refresh_from_db()
    assert (line.allotted, line.by_allotment) == (0, False)


def test_a_town_neither_classifies_nor_hands_over_the_money_of_another(
    world: World, client: Client
) -> None:
    line = shared_line(world)
    (finance,) = of_eniwa(world.staff["accountant"])
    client.force_login(finance)
    assert client.get(f"/staff/budget/{line.pk}/").status_code == 200  # reading stays
    assert client.post(f"/staff/budget/{line.pk}/", {"kind": "supplement"}).status_code == 403
    assert client.get(reverse("budget_classify", args=[line.pk])).status_code == 403
    assert not accounting_views._towns(finance).exists()


def owed(programme: Programme, *, by: User, towns: Sequence[str] = ()) -> DebtAct:
    year = fiscal.fiscal_year(clock.today())
    return owing.propose(
        programme,
        fiscal_year=year,
        spent_in=year + 1,
        limit_amount=1,
        ground="x",
        by=by,
        municipality_codes=towns,
    )


def test_a_town_enters_no_promise_of_later_years_for_another(world: World) -> None:
    programme = Programme.objects.get(code="open_innovation", state="approved")
    debt = owed(programme, by=world.staff["accountant"])
    assert len(debt.municipality_codes) > 1
    first, second = of_eniwa(world.staff["accountant"], world.staff["treasurer"])
    with pytest.raises(Forbidden):
        owed(programme, by=first)
    for act in (owing.confirm, owing.take_back):
        with pytest.raises(Forbidden):
            act(debt, by=second)
    assert owing.waiting() == {}
    own = owed(programme, by=first, towns=[ENIWA])
    owing.confirm(own, by=second)


def test_who_allots_first_keeps_all_the_lines_that_it_binds(world: World) -> None:
    application, _person = world.accepted()
    line = BudgetLine.objects.filter(call=application.call, unit="yen")[0]
    world.call("iot", round_no=7, budgets=[("introduction", "yen", 9)])
    proposed = changes.propose(line, "allotment", 1, by=world.staff["treasurer"], note="x")
    granted(world.staff["accountant"].staff_roles.all(), programme_code=line.programme_code)
    finance = User.objects.get(pk=world.staff["accountant"].pk)
    with pytest.raises(Forbidden, match="はじめての配当"):
        changes.propose(line, "allotment", 1, by=finance, note="x")
    with pytest.raises(Forbidden, match="はじめての配当"):
        changes.confirm(proposed, by=finance)
    assert finance not in changes.waiting()
    BudgetLine.objects.exclude(pk=line.pk).update(by_allotment=True)
    changes.confirm(proposed, by=finance)


def to_archives(case: Case, world: World) -> Disposal:
    """The records of a case, whose hand-over is decided."""
    approval = world.approval("award", [decisions.accepted(world)])
    return Disposal.objects.create(
        case=case, kept_until=clock.today(), approval=approval, state="to_archives"
    )


def test_the_records_of_a_joint_case_are_not_ended_by_two_of_one_town(
    world: World, client: Client, matched: tuple[list[Match], User]
) -> None:
    """What is confirmed as handed over is erased for every town."""
    disposal = to_archives(matched[0][0].case, world)
    given: Given = {"receipt": "2036-15", "received_on": clock.today()}
    here, there = of_eniwa(world.officer, world.staff["second_officer"])
    with pytest.raises(Forbidden):
        perform(disposal, "hand_over", by=here, **given)
    client.force_login(here)
    page = client.get("/staff/disposals/").content.decode()
    assert disposal.case.number in page
    assert "移管したことを記録する" not in page
    StaffRole.objects.create(  # of both towns
        person=here,
        role="programme_officer",
        municipality_id="011002",
        starts_on=clock.today(),
        granted_by=world.staff["administrator"],
    )
    assert "移管したことを記録する" in client.get("/staff/disposals/").content.decode()
    disposal = perform(disposal, "hand_over", by=User.objects.get(pk=here.pk), **given)
    for act in ("confirm_hand_over", "not_handed_over"):
        with pytest.raises(Forbidden):
            perform(disposal, act, by=there, reason="x")


def test_nobody_voids_a_letter_by_itself(world: World, client: Client) -> None:
    """Neither another town's, nor their own: the decision behind it would stand. A letter is void by
    the act that takes back what it says.
    """
    world.submitted()
    notice = Notice.objects.get()
    client.force_login(world.approver)
    page = f"/do/notice/{notice.pk}/void/"
    assert client.get(page).status_code == 404
    assert client.post(page, {"reason": "x"}).status_code == 404
    assert Notice.objects.get().state != "voided"
