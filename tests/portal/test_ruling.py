"""専決: who decides what up to which sum, as the table of a municipality says; proposed on the form, and asked
when it is circulated and when it is decided.
"""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from portal import clock
from portal.accounts.models import StaffRole, User
from portal.approvals import paper, rules
from portal.approvals.models import Approval, RuleTable
from portal.approvals.ruling import EXAMPLE, Rule, from_rank, misfits, rule_for
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.types import Given, Row
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady
from tests.absences import deputised
from tests.conftest import World
from tests.markup import one_line
from tests.portal.test_roles import entered
from tests.roles import granted

CHIEF, HEAD, MAYOR = "section_chief", "department_head", "mayor"
OWN = (*EXAMPLE, Rule("reject", None, CHIEF))


@pytest.mark.parametrize(
    ("act", "yen", "rank"),
    [
        ("award", 0, CHIEF),
        ("award", 1_000_000, CHIEF),
        ("award", 1_000_001, HEAD),
        ("award", 5_000_000, HEAD),
        ("award", 5_000_001, MAYOR),
        ("reject", 9_000_000, CHIEF),
    ],
)
def test_a_sum_falls_under_the_rule_that_reaches_least_far(act: str, yen: int, rank: str) -> None:
    found = rule_for(OWN[::-1], act, yen)
    assert found is not None
    assert found.rank == rank


def test_where_no_rule_reaches_there_is_none() -> None:
    assert rule_for([Rule("", 100, CHIEF)], "award", 101) is None
    assert rule_for([], "award", 1) is None


@pytest.mark.parametrize(
    ("table", "n"),
    [
        (list(OWN), 0),
        ([], 1),
        ([Rule("", 100, CHIEF)], 1),
        ([Rule("", 100, CHIEF), Rule("", 100, HEAD), Rule("", None, MAYOR)], 1),
        ([Rule("", 100, MAYOR), Rule("", None, CHIEF)], 1),
    ],
)
def test_what_does_not_hold_together_is_no_table(table: list[Rule], n: int) -> None:
    assert len(misfits(table)) == n


def test_ranks_rise() -> None:
    assert from_rank(HEAD) == [HEAD, "bureau_head", "vice_mayor", MAYOR]


def ranked(person: User, rank: str) -> None:
    granted(person.staff_roles.filter(role="approver"), rank=rank)
    person.forget_roles()


def ruled(world: World, *table: Rule) -> RuleTable:
    """A table in force for Sapporo; the approver is a section chief, the director a head."""
    ranked(world.approver, CHIEF)
    ranked(world.director, HEAD)
    row = rules.propose(
        Municipality.objects.get(pk=SAPPORO), list(table), by=world.staff["administrator"]
    )
    rules.confirm(row, by=world.staff["second_administrator"])
    return row


def up_to(yen: int) -> tuple[Rule, ...]:
    return (Rule("", yen, CHIEF), Rule("", None, HEAD))


def drafted(world: World, decider: User, count: int = 1) -> Approval:
    rows: list[tuple[Row, Given]] = [(world.accepted()[0], {}) for _ in range(count)]
    return begin(
        Approval, by=world.officer, act="award", title="t", rows=rows, steps=[("decide", decider)]
    )


def test_a_decider_below_the_rule_is_refused_when_it_is_circulated(world: World) -> None:
    ruled(world, *up_to(1000))
    approval = drafted(world, world.approver)
    with pytest.raises(NotReady, match="部長以上の方が決裁します"):
        perform(approval, "circulate", by=world.officer)
    approval = drafted(world, world.director)
    assert perform(approval, "circulate", by=world.officer).state == "circulated"


def test_the_sum_is_that_of_the_decision_and_the_largest_counts(world: World) -> None:
    small, large = world.accepted()[0], world.accepted()[0]
    asked = large.requested_amount or 0
    ruled(world, *up_to(asked - 1))
    cut: Given = {"amount": 200_000, "cut_reason": "x"}

    def begun(given: Given) -> Approval:
        return begin(
            Approval,
            by=world.officer,
            act="award",
            title="t",
            rows=[(small, cut), (large, given)],
            steps=[("decide", world.approver)],
        )

    approval = begun({})
    with pytest.raises(NotReady):
        perform(approval, "circulate", by=world.officer)
    perform(approval, "withdraw", by=world.officer)
    assert perform(begun(cut), "circulate", by=world.officer).state == "circulated"


@pytest.mark.parametrize("how", ["rule", "rank"])
def test_a_decider_below_the_rule_is_refused_when_it_is_decided(world: World, how: str) -> None:
    ruled(world, *up_to(10_000_000))
    approval = perform(drafted(world, world.approver), "circulate", by=world.officer)
    if how == "rule":
        ruled(world, *up_to(1000))
    else:
        ranked(world.approver, "")
    with pytest.raises(NotReady, match="専決の規則"):
        perform(approval, "approve", by=world.approver)
    ranked(world.approver, MAYOR)
    assert perform(approval, "approve", by=world.approver).state == "approved"


def test_a_deputy_decides_with_the_rank_of_the_person(world: World) -> None:
    ruled(world, *up_to(1000))
    deputised(world.director, world.approver)
    approval = perform(drafted(world, world.director), "circulate", by=world.officer)
    assert perform(approval, "approve_as_deputy", by=world.approver).state == "approved"


def test_without_a_table_the_role_alone_is_asked(world: World) -> None:
    approval = perform(drafted(world, world.approver), "circulate", by=world.officer)
    approval = perform(approval, "approve", by=world.approver)
    assert (approval.state, approval.decided_under) == ("approved", "")


def test_page_and_paper_say_the_rule_and_keep_it(world: World, client: Client) -> None:
    ruled(world, *up_to(1000))
    told = "札幌市の専決の規則「すべての起案　金額を問わず　部長」"
    approval = perform(drafted(world, world.director), "circulate", by=world.officer)
    client.force_login(world.officer)
    assert told in client.get(approval.get_absolute_url()).content.decode()
    assert ("専決の規則", told) in paper.document(approval)["sections"][0]["rows"]
    approval = perform(approval, "approve", by=world.director)
    StaffRole.objects.create(
        person=world.staff["inspector"],
        role="approver",
        rank=MAYOR,
        starts_on=clock.today(),
        granted_by=world.director,
    )
    ruled(world, Rule("", None, MAYOR))
    approval = Approval.objects.get(pk=approval.pk)
    assert approval.decided_under == told
    assert told in client.get(approval.get_absolute_url()).content.decode()
    assert ("専決の規則", told) in paper.document(approval)["sections"][0]["rows"]


@pytest.mark.parametrize(("most", "who"), [(10_000_000, "approver"), (1000, "director")])
def test_the_form_proposes_whoever_decides_by_the_rule(
    world: World, client: Client, most: int, who: str
) -> None:
    ruled(world, *up_to(most))
    application = world.accepted()[0]
    client.force_login(world.officer)
    page = one_line(client.get(f"/approvals/new/?act=award&case={application.case.number}"))
    assert f'<option value="{world.staff[who].pk}" selected>' in page
    assert "専決の規則「" in page


def test_where_nobody_is_of_the_rank_the_drafter_is_told(world: World, client: Client) -> None:
    ruled(world, Rule("", None, HEAD))
    ranked(world.director, CHIEF)  # another post since the rules came into force
    application = world.accepted()[0]
    client.force_login(world.officer)
    address = f"/approvals/new/?act=award&case={application.case.number}"
    assert "すべての案件を受け持てる方がいません" in one_line(client.get(address))
    ranked(world.director, HEAD)
    assert "すべての案件を受け持てる方がいません" not in one_line(client.get(address))
    ranked(world.director, CHIEF)
    approval = drafted(world, world.director)
    page = one_line(client.get(approval.get_absolute_url()))
    assert "さんは決裁できません" in page


def test_a_form_that_cannot_be_circulated_leaves_no_draft(world: World, client: Client) -> None:
    ruled(world, *up_to(1000))
    sent = {
        "act": "award",
        "case": world.accepted()[0].case.number,
        "title": "t",
        "keep_years": "5",
        "decider": str(world.approver.pk),
    }
    client.force_login(world.officer)
    page = client.post("/approvals/new/", sent)
    assert page.status_code == 422
    assert "部長以上の方が決裁します" in page.content.decode()
    assert not Approval.objects.exists()
    assert (
        client.post("/approvals/new/", sent | {"decider": str(world.director.pk)}).status_code
        == 302
    )


# -- four eyes ----------------------------------------------------------------------------------------------------------
def test_a_table_rules_once_another_administrator_confirmed_it(world: World) -> None:
    first, second = world.staff["administrator"], world.staff["second_administrator"]
    city = Municipality.objects.get(pk=SAPPORO)
    table = rules.propose(city, list(EXAMPLE), by=first)
    assert perform(drafted(world, world.approver), "circulate", by=world.officer).is_circulated
    with pytest.raises(NotReady, match="確認を待っている提案"):
        rules.propose(city, list(EXAMPLE), by=second)
    with pytest.raises(Forbidden):
        rules.confirm(table, by=first)
    ranked(world.director, HEAD)
    with pytest.raises(NotReady, match="決裁できる方がいない規則"):
        rules.confirm(table, by=second)
    ranked(world.director, MAYOR)
    rules.confirm(table, by=second)
    with pytest.raises(NotReady):
        rules.take_back(table, by=second)
    with transaction.atomic(), pytest.raises(IntegrityError):
        RuleTable.objects.create(
            municipality=city,
            is_confirmed=True,
            proposed_by=first,
            closed_by=first,
            closed_at=clock.now(),
        )


def test_a_table_is_written_on_screen(world: World) -> None:
    first, second = (entered(world.staff[n]) for n in ("administrator", "second_administrator"))
    page = first.get(f"/approvals/rules/{SAPPORO}/").content.decode()
    assert "計画値" in page
    assert 'value="1000000"' in page.replace(",", "")
    sent = {
        "act-1": "every",
        "up_to-1": "100万円",
        "rank-1": CHIEF,
        "act-2": "every",
        "rank-2": MAYOR,
        "act-3": "award",
    }
    refused = first.post(f"/approvals/rules/{SAPPORO}/", sent)
    assert refused.status_code == 422
    assert "両方を選んでください" in refused.content.decode()
    assert first.post(f"/approvals/rules/{SAPPORO}/", sent | {"act-3": ""}).status_code == 302
    table = RuleTable.objects.get()
    assert table.rules == [Rule("", 1_000_000, CHIEF), Rule("", None, MAYOR)]
    confirm = f"/approvals/rules/proposals/{table.pk}/confirm/"
    assert "まだ確認できません" in second.get("/approvals/rules/").content.decode()
    second.post(confirm)
    assert not RuleTable.objects.get().is_confirmed
    ranked(world.director, MAYOR)
    assert "まだ確認できません" not in second.get("/approvals/rules/").content.decode()
    assert second.post(confirm).status_code == 302
    assert RuleTable.objects.get().is_confirmed
    assert "1件1,000,000円まで" in first.get("/approvals/rules/").content.decode()
