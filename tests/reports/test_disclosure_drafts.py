"""A draft of a copy: what is still being considered is withheld, the whole is seen before it is sent,
and it can be taken back.
"""

import pytest
from django.urls import reverse

from portal.approvals.models import Approval
from portal.cases.models import Case
from portal.documents.kinds import PNG
from portal.workflow.door import perform
from portal.workflow.errors import Refused
from reports.disclosure.masking import BLACK, lines_of, masked, undecided
from reports.disclosure.models import Disclosure
from reports.disclosure.sheets import boxes_of
from reports.disclosure.states import DisclosureState
from reports.dossiers.contents import Piece
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.reports.test_disclosure_pages import fresh, looked, prepared, scan
from tests.reports.test_public_copies import drafted, entered, received, text_of


def with_open_approval(world: World) -> tuple[Case, Approval]:
    """A case whose award is circulated again."""
    case = Case.objects.get(pk=awarded(world)[0].case.pk)
    approval = Approval.objects.filter(items__case=case)[0]
    Approval.objects.filter(pk=approval.pk).update(
        state="circulated", decided_at=None, title="まだ決まらない起案", note="ひそかな考え"
    )
    return case, approval


def test_lines_of_what_is_undecided_are_counted_as_they_are_written() -> None:
    pieces = [
        Piece("a", [{"heading": "h", "rows": [("l", "r")]}], []),
        Piece("none", [], []),
        Piece("b", [{"heading": "x", "undecided": "approval:1", "rows": [("l", "r")]}], []),
    ]
    texts = [text for _kind, text in lines_of(pieces)]
    assert [texts[n] for n in undecided(pieces)] == ["x", "l", "r"]


def test_an_undecided_approval_is_withheld_and_said_so(world: World) -> None:
    case, approval = with_open_approval(world)
    row = received(world, case)
    told = text_of(row.drawn().data)
    assert "ひそかな考え" not in told
    assert "まだ決まらない起案" not in told
    assert row.undecided == [approval.subject_key]
    held = {ground for _k, _t, spans in row.marked for _s, _e, ground in spans}
    assert "deliberation" in held
    client = entered(world.officer)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "まだ決裁されていません（回議中）" in page
    Approval.objects.filter(pk=approval.pk).update(state="approved")
    page = client.get(row.get_absolute_url()).content.decode()
    assert "受け付けたあとに「決裁済み」になりました" in page


def test_a_decided_approval_is_open(world: World) -> None:
    row = received(world, Case.objects.get(pk=awarded(world)[0].case.pk))
    assert row.undecided == []
    held = {ground for _k, _t, spans in row.marked for _s, _e, ground in spans}
    assert "deliberation" not in held


def test_a_draft_is_taken_back_by_its_side_and_bound_anew(world: World) -> None:
    row = drafted(world, received(world, awarded(world)[0].case))
    with pytest.raises(Refused):
        perform(row, "take_back", by=world.director)
    row = perform(row, "take_back", by=world.officer)
    assert (row.state, row.file) == (DisclosureState.RECEIVED, None)
    assert drafted(world, row).file is not None


def test_whoever_decides_is_named_and_never_the_drafter(world: World) -> None:
    row = drafted(world, received(world, awarded(world)[0].case))
    page = entered(world.officer).get(row.get_absolute_url())
    named = page.context["deciders"]
    assert world.director in named
    assert row.drafted_by not in named
    assert world.director.name in page.content.decode()


def test_the_whole_draft_is_seen_with_its_pictures_before_it_is_sent(world: World) -> None:
    row = prepared(world, (scan(), PNG, "scan.png"))
    n = row.kept_files[0][0]
    client = entered(world.officer)
    address = reverse("disclosure_preview", args=[row.number])
    page = client.get(address).content.decode()
    assert reverse("disclosure_picture", args=[row.number, n, 0]) in page
    assert "確かめてください" in page
    row = fresh(looked(world, row))
    page = client.get(address).content.decode()
    assert "確かめてください" not in page
    whole = [[0, 0, 1000, 1000, "person"]]
    perform(row, "cover", by=world.officer, n=n, page=0, boxes=boxes_of(whole))  # type: ignore[arg-type]
    page = client.get(address).content.decode()
    assert '<rect x="0" y="0" width="1000" height="1000"' in page
    assert BLACK in page
    marked = next(each for each in Disclosure.objects.get().marked if each[2])
    assert masked(marked[1], marked[2]).split(BLACK)[0].strip() in page
