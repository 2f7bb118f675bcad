"""What the form of a draft says while it is filled in: why it goes so high, what stops it, and what was typed
of each row.
"""

import pytest
from django.http import HttpResponseBase
from django.test import Client
from lxml import html

from portal.approvals.models import Approval
from tests.conftest import World
from tests.markup import one_line
from tests.portal.test_approval_rounds import came_back
from tests.portal.test_approval_rounds import typed as edited
from tests.portal.test_ruling import CHIEF, HEAD, drafted, ranked, ruled, up_to

CHOSEN = "を決裁する人に選んでいます"
NOBODY = "この起案を受け持てる、より下の職位の方がいないためです"


@pytest.mark.parametrize(("rank", "said"), [(CHIEF, CHOSEN), (HEAD, NOBODY)])
def test_a_draft_goes_above_its_rule_for_a_reason_that_is_true(
    world: World, client: Client, rank: str, said: str
) -> None:
    ruled(world, *up_to(10_000_000))
    ranked(world.approver, rank)
    approval = drafted(world, world.director)
    client.force_login(world.officer)
    page = one_line(client.get(approval.get_absolute_url()))
    assert [words for words in (CHOSEN, NOBODY) if words in page] == [said]


def test_where_nobody_is_too_high_nothing_is_said(world: World, client: Client) -> None:
    ruled(world, *up_to(10_000_000))
    client.force_login(world.officer)
    page = one_line(client.get(drafted(world, world.approver).get_absolute_url()))
    assert "で決まります" in page
    assert "規則では" not in page


def form_of(world: World, **sent: str) -> dict[str, str | list[str]]:
    cases = [world.accepted()[0].case.number for _n in range(2)]
    words = {"act": "award", "title": "t", "keep_years": "5", "decider": str(world.director.pk)}
    differs = {"differs": cases[0], "opened": cases[0], f"{cases[0]}-amount": "250,000"}
    return {**words, **differs, "case": cases, **sent}


@pytest.mark.parametrize("keep", [{"keep": "1"}, {}])
def test_what_does_not_fit_a_row_stands_in_the_summary(
    world: World, client: Client, keep: dict[str, str]
) -> None:
    client.force_login(world.officer)
    sent = form_of(world, **keep)
    answer = client.post("/approvals/new/", sent)
    page = html.fromstring(answer.content)
    [summary] = page.find_class("error-summary")
    [link] = summary.iter("a")
    assert answer.status_code == 422
    assert summary.get("data-focus") is not None
    assert "減額の理由を書いてください" in link.text_content()
    assert page.get_element_by_id(link.get("href")[1:]).get("name") == f"{sent['differs']}-amount"
    assert not Approval.objects.exists()


def after(answer: HttpResponseBase) -> list[str]:
    """What stands in the column 決裁のあと, row by row."""
    cells = html.fromstring(answer.getvalue()).xpath("//td[@data-label='決裁のあと']")
    return ["".join(cell.text_content().split()) for cell in cells]


@pytest.mark.parametrize("way", [{}, {"open": "1"}])
def test_a_form_that_comes_back_counts_with_what_was_typed(
    world: World, client: Client, way: dict[str, str]
) -> None:
    ruled(world, *up_to(10_000_000))
    client.force_login(world.officer)
    sent = form_of(world)
    both = {"differs": sent["case"], "opened": sent["case"]}
    amounts = dict(zip(sent["case"], ("250,000", "240,000"), strict=True))
    typed = {f"{number}-amount": amount for number, amount in amounts.items()}
    answer = client.post("/approvals/new/", sent | both | typed | way)
    assert "1件でいちばん大きい額（250,000円）" in one_line(answer)
    shown = dict(zip(sent["case"], after(answer), strict=True))
    assert all(f"金額{amount}円" in shown[number] for number, amount in amounts.items())


def test_the_form_that_puts_a_draft_right_shows_what_it_awards(
    world: World, client: Client
) -> None:
    approval = came_back(world)
    client.force_login(world.officer)
    where = f"{approval.get_absolute_url()}edit/"
    first = approval.items.all()[0]
    first.given = {"amount": 230_000, "cut_reason": "予算のため"}
    first.save()
    page = after(client.get(where))[0]
    assert "金額230,000円" in page
    assert "減額の理由予算のため" in page
    number = first.case.number
    sent = edited(world, approval, differs=number, opened=number) | {f"{number}-amount": "220,000"}
    again = client.post(where, sent)
    assert again.status_code == 422
    assert "金額220,000円" in after(again)[0]
    assert html.fromstring(again.content).find_class("error-summary")
