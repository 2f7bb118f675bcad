"""Of a draft about several cases its readers read the rows of the cases that they see; whoever drafts or
decides it reads them all.
"""

import pytest

from portal.accounts.models import User
from portal.approvals import dossier
from portal.approvals.models import Approval, Item
from portal.types import Given
from portal.workflow.door import begin, perform
from tests.conftest import World
from tests.grants.test_approval_document import text_of
from tests.journeys.test_rights import entered
from tests.portal.test_assigned_only import fresh, narrowed
from tests.portal.test_assigned_only import given as hand_over

# reader → do they read the row of the case that the narrowed officer has in hand, and the other one
MATRIX = {
    "narrowed": (True, False),
    "narrowed on the route": (True, True),
    "drafter": (True, True),
    "approver": (True, True),
    "director": (True, True),
    "auditor": (True, True),
}


WHY = {"reason": "要件に合わないため"}


def drafted(
    world: World, reader: str, act: str = "reject", given: Given = WHY
) -> tuple[Approval, User, Item, Item]:
    """(a draft in circulation about two cases, its reader, the row of their case, the other row)."""
    rows = [(world.accepted()[0], given) for _n in range(2)]
    second = world.staff["second_officer"]
    route = [("consult", second)] if "route" in reader else []
    approval = begin(
        Approval,
        by=world.officer,
        act=act,
        title="不交付について",
        rows=rows,
        steps=[*route, ("agree", world.approver), ("decide", world.director)],
    )
    perform(approval, "circulate", by=world.officer)
    person = narrowed(world)
    mine, other = approval.items.select_related("case__organisation").order_by("n")
    hand_over(mine.case, person, world)
    known = {"drafter": world.officer, "approver": world.approver, "director": world.director}
    found = person if "narrowed" in reader else known.get(reader) or world.staff[reader]
    return Approval.objects.get(pk=approval.pk), found, mine, other


@pytest.mark.parametrize(("reader", "reads"), MATRIX.items())
def test_each_reader_reads_the_rows_that_the_table_says(
    world: World, reader: str, reads: tuple[bool, bool]
) -> None:
    approval, person, *items = drafted(world, reader)
    client, where = entered(person), approval.get_absolute_url()
    page = client.get(where).content.decode()
    letters = client.get(f"{where}letters/").content.decode()
    paper = text_of(client.get(f"{where}document.pdf").content)
    for item, is_open in zip(items, reads, strict=True):
        firm = item.case.organisation.name
        assert (firm in page, firm in letters, firm in paper) == (is_open,) * 3
        assert str(item.case) in page  # which cases there are is no secret of the draft
        assert str(item.case) in paper
        for way in (f"{where}letters/{item.n}/", f"{where}letters/{item.n}-1.pdf"):
            assert (client.get(way).status_code == 200) is is_open
        # a case is not asked for in the list of drafts by whoever does not read it there
        listed = client.get("/approvals/", {"state": "all", "case": item.case.number})
        assert (f'href="{where}"' in listed.content.decode()) is is_open


@pytest.mark.parametrize("sent", [{}, {"open": "1"}, {"circulate": "1"}])
def test_the_form_that_puts_a_draft_right_is_its_drafters_alone(
    world: World, sent: dict[str, str]
) -> None:
    approval, person, _mine, other = drafted(world, "narrowed")
    answer = entered(person).post(f"{approval.get_absolute_url()}edit/", sent)
    assert (answer.status_code, other.case.organisation.name in answer.content.decode()) == (
        302,
        False,
    )


def test_the_whole_of_a_case_says_nothing_of_the_others(world: World) -> None:
    _approval, person, mine, other = drafted(world, "narrowed")
    said = str(dossier.circulated(fresh(mine.case), person))
    assert "不交付について" in said
    assert other.case.organisation.name not in said
    assert str(other.case) not in said


@pytest.mark.parametrize(("reader", "reads"), [("narrowed", False), ("auditor", True)])
def test_what_a_draft_takes_of_the_budget_is_told_to_who_reads_all_of_it(
    world: World, reader: str, reads: bool
) -> None:
    cut = {"amount": 100_000, "cut_reason": "予算の範囲で決めるため"}
    approval, person, *_items = drafted(world, reader, act="award", given=cut)
    client, where = entered(person), approval.get_absolute_url()
    assert (approval.draws(())[0].line in client.get(where).content.decode()) is reads
    assert ("決裁の前の残り" in text_of(client.get(f"{where}document.pdf").content)) is reads
