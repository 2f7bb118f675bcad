"""What an officer cut from an item stays with that item, or is laid before an officer again: no row that is
moved, added, emptied or rewritten gives money back in silence.
"""

import json

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from grants.awards.models import Award
from grants.completion import acts, cuts, cutting, reporting
from grants.completion.forms import keyed
from grants.completion.models import CompletionReport, Cut
from grants.completion.rules import Item
from portal import clock
from portal.accounts.models import User
from portal.approvals.paper import document
from portal.audit.models import Event
from portal.days import dated
from portal.documents.models import Document
from portal.workflow.door import perform
from portal.workflow.drafts import keep
from portal.workflow.errors import Changed, Forbidden, NotReady
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded, inspected, reported
from tests.markup import one_line
from tools.demonstration.simulation import paper
from tools.demonstration.simulation.files import attach

WHY = "対象外の額に、付けたときと経費の内容が違うものがあります"
FROM_SECOND = 60_000  # of 120,000 yen


def cut_and_returned(world: World) -> tuple[CompletionReport, User, Cut]:
    """Two items of 300,000 and 120,000 yen, 60,000 cut from the second, returned for a photograph."""
    award, person = awarded(world, 300_000, 120_000)
    report = reported(world, award, person)
    made = cutting.cut(
        report,
        by=world.officer,
        item="2",
        amount=FROM_SECOND,
        cite="要綱 第5条",
        reason="目的外の備品",
    )
    assert reporting.computed(report).amount == 240_000
    report = perform(report, "return_for_correction", by=world.officer, reason="写真の不足")
    return report, person, made


def row_of(typed: dict[str, str], n: int) -> dict[str, str]:
    head = f"item-{n}-"
    return {name.removeprefix(head): v for name, v in typed.items() if name.startswith(head)}


def with_rows(typed: dict[str, str], *rows: dict[str, str]) -> dict[str, str]:
    found = {name: v for name, v in typed.items() if not name.startswith("item-")}
    found |= {"item-TOTAL_FORMS": str(len(rows)), "item-INITIAL_FORMS": "0"}
    return found | {f"item-{n}-{name}": v for n, row in enumerate(rows) for name, v in row.items()}


def sent_again(
    report: CompletionReport, person: User, *rows: dict[str, str], papers: tuple[str, ...] = ()
) -> CompletionReport:
    fresh = CompletionReport.objects.get(pk=report.pk)
    keep(fresh, keyed(with_rows(fresh.typed, *rows)), seen=fresh.version)
    for key in papers:
        attach(report.case, key=f"evidence_{key}", name="x.pdf", data=paper(key), by=person)
    return reporting.submit(CompletionReport.objects.get(pk=report.pk), by=person)


def rows_of(report: CompletionReport) -> tuple[dict[str, str], dict[str, str]]:
    return row_of(report.typed, 0), row_of(report.typed, 1)


def priced(row: dict[str, str], amount: int, **more: str) -> dict[str, str]:
    return row | {"amount": str(amount), "amount_with_tax": str(amount * 11 // 10)} | more


@begins(cut_and_returned)
def test_a_cut_does_not_fall_on_a_trifle_that_takes_the_number_of_its_item(
    world: World, client: Client
) -> None:
    """The attack, with the key kept, with none, and with a new one on the trifle."""
    report, person, made = world.begun(cut_and_returned)
    first, second = rows_of(report)
    trifle, rest = priced(second, 10_000), priced(second, 110_000, key="")
    report = sent_again(report, person, first, trifle, rest, papers=("3",))
    assert [item.key for item in reporting.items_of(report)] == ["1", "2", "3"]
    assert reporting.cuts_of(report) == {}
    found = [f for f in reporting.findings(report) if f.what == "対象外の額の付け直し"]
    assert [(f.tone, f.item, f.cite) for f in found] == [("stop", 2, "要綱 第5条")]
    assert "60,000円を対象外とした経費が、付けたときの「機器1」" in found[0].why
    assert "120,000円）から、「機器1」" in found[0].why
    with pytest.raises(NotReady, match=WHY):
        inspected(world, report)
    for reader in (world.officer, person):
        client.force_login(reader)
        page = one_line(client.get(report.case.get_absolute_url()))
        assert "付け直しが必要です" in page
        assert "付け直しのあと" in page
    client.force_login(world.staff["inspector"])
    page = one_line(client.get(f"/cases/{report.case.number}/report/inspection/"))
    assert WHY in page
    assert "検査を終える</button>" not in page
    cutting.recut(made, by=world.officer, item="3", amount=60_000, cite="x", reason="y")
    assert reporting.cuts_of(report) == {3: 60_000}
    assert reporting.computed(inspected(world, report)).amount == 240_000


@begins(cut_and_returned)
def test_two_rows_that_change_places_keep_their_cuts_and_papers(world: World) -> None:
    report, person, _made = world.begun(cut_and_returned)
    first, second = rows_of(report)
    before = {item.key: item.files for item in reporting.items_of(report)}
    attach(report.case, key="evidence_2", name="y.pdf", data=paper("y"), by=person)
    report = sent_again(report, person, second, first)
    now = [(item.n, item.key, item.what, item.files) for item in reporting.items_of(report)]
    assert before == {"1": 1, "2": 1}
    assert now == [(1, "2", "機器1", 2), (2, "1", "機器0", 1)]
    assert reporting.cuts_of(report) == {1: 60_000}
    report = inspected(world, report)
    assert reporting.computed(report).amount == 240_000
    steps = [
        [rule, n, before, after] for rule, n, _who, before, after in reporting.fixing(report)[1]
    ]
    assert steps == [["要綱 第5条：目的外の備品", 1, 120_000, 60_000]]


@begins(cut_and_returned)
def test_an_item_that_is_emptied_takes_its_cut_and_papers_to_no_other(
    world: World, client: Client
) -> None:
    report, person, made = world.begun(cut_and_returned)
    first, second = rows_of(report)
    empty = dict.fromkeys(second, "") | {"key": "2"}
    third = priced(second, 120_000, key="")
    fresh = CompletionReport.objects.get(pk=report.pk)
    typed = keyed(with_rows(report.typed, first, empty, third))
    keep(fresh, typed, seen=fresh.version)
    client.force_login(person)
    page = one_line(client.get(f"/cases/{report.case.number}/report/documents/"))
    assert "経費の表にない経費の書類" in page
    with pytest.raises(NotReady, match="証拠書類の付いていない"):
        reporting.submit(CompletionReport.objects.get(pk=report.pk), by=person)
    report = sent_again(report, person, first, empty, third, papers=("3",))
    found = [f for f in reporting.findings(report) if f.what == "対象外の額の付け直し"]
    assert [(f.item, "がなくなりました" in f.why) for f in found] == [(0, True)]
    assert cuts.unsettled(report)
    cutting.uncut(made, by=world.officer, why="なくなった経費")
    assert not cuts.unsettled(report)


@begins(cut_and_returned)
def test_of_two_items_with_one_name_the_cut_is_of_its_own(world: World) -> None:
    report, person, _made = world.begun(cut_and_returned)
    first, second = rows_of(report)
    twin = priced(second, 120_000, key="")
    report = sent_again(report, person, twin | {"key": "9"}, first, second, papers=("9",))
    assert reporting.cuts_of(report) == {3: 60_000}
    assert not cuts.unsettled(report)


@pytest.mark.parametrize(
    "change",
    [
        {"what": "別の物"},
        {"category": "software"},
        {"amount": "119999"},
        {"amount": "150000", "amount_with_tax": "165000"},
    ],
)
@begins(cut_and_returned)
def test_what_was_cut_from_is_what_category_and_yen(world: World, change: dict[str, str]) -> None:
    report, person, _made = world.begun(cut_and_returned)
    first, second = rows_of(report)
    assert cuts.unsettled(sent_again(report, person, first, second | change))


@begins(cut_and_returned)
def test_what_else_is_put_right_leaves_the_cut_as_it_is(world: World) -> None:
    report, person, _made = world.begun(cut_and_returned)
    first, second = rows_of(report)
    later = second | {"vendor": "有限会社別店", "payee": "有限会社別店"}
    assert not cuts.unsettled(sent_again(report, person, first, later))


@begins(cut_and_returned)
def test_no_amount_is_fixed_while_a_cut_lost_its_item(world: World) -> None:
    """Also where the inspection was over before this was asked."""
    report, person, made = world.begun(cut_and_returned)
    report = inspected(world, sent_again(report, person, *rows_of(report)))
    approval = world.approval("fix", [report])
    Cut.objects.filter(pk=made.pk).update(item_amount=119_000)  # by whatever way
    report = CompletionReport.objects.get(pk=report.pk)
    assert WHY in acts.obstacles(report)[0]
    with pytest.raises(NotReady):
        perform(approval, "approve", by=world.director)
    with pytest.raises(NotReady, match=WHY):
        acts.effect_all([(report, {})], by=world.director, approval=approval)


@begins(cut_and_returned)
def test_the_officer_makes_a_cut_anew_on_a_page(world: World, client: Client) -> None:
    report, person, made = world.begun(cut_and_returned)
    client.force_login(world.officer)
    address = f"/cases/{report.case.number}/report/cuts/{made.pk}/anew/"
    assert client.get(address).status_code == 404  # the firm has it
    first, second = rows_of(report)
    report = sent_again(report, person, first, priced(second, 50_000))
    page = client.get(address)
    assert "付けたときの「機器1」" in one_line(page)
    given = {"item": "2", "amount": "60,000", "cite": "要綱", "reason": "目的外"}
    seen = {"seen": cutting.all_of(reporting.items_of(report))}
    over = client.post(address, given | seen)
    assert (over.status_code, "残り（50,000円）を超えています" in one_line(over)) == (422, True)
    assert Cut.objects.get() == made  # refused, the old one stands where it was
    given["amount"] = "50000"
    late = client.post(address, given | {"seen": "another page"})
    assert (late.status_code, Cut.objects.get()) == (409, made)
    assert client.post(address, given | seen).status_code == 302
    assert reporting.cuts_of(report) == {2: 50_000}
    acts_done = Event.objects.filter(action__startswith="cut.").order_by("pk")
    assert [event.action for event in acts_done] == ["cut.make", "cut.take_back", "cut.make"]
    client.force_login(person)
    assert client.get(address).status_code == 404


@begins(cut_and_returned)
def test_a_page_of_a_cut_is_of_the_item_that_it_shows(world: World) -> None:
    report, person, _made = world.begun(cut_and_returned)
    seen = cutting.basis(reporting.items_of(report)[0])
    first, second = rows_of(report)
    report = sent_again(report, person, priced(first, 299_000), second)
    given = {"amount": 1_000, "cite": "x", "reason": "y"}
    with pytest.raises(Changed):
        cutting.cut(report, by=world.officer, item="1", seen=seen, **given)  # type: ignore[arg-type]
    with pytest.raises(Changed):
        cutting.cut(report, by=world.officer, item="7", **given)  # type: ignore[arg-type]


@begins(cut_and_returned)
def test_the_inspector_reads_papers_by_their_item(world: World, client: Client) -> None:
    report, person, _made = world.begun(cut_and_returned)
    first, second = rows_of(report)
    sent_again(report, person, second, first)
    client.force_login(world.staff["inspector"])
    page = one_line(client.get(f"/cases/{report.case.number}/report/inspection/"))
    names = [f"経費{n} 証拠.pdf" for n in (1, 2)]
    assert page.index(names[0]) < page.index(names[1])
    pk = Document.objects.get(case=report.case, key="evidence_2").pk
    assert f"/documents/{pk}/" in page[page.index(names[0]) - 300 : page.index(names[0]) + 300]


def cut_and_inspected(world: World) -> tuple[CompletionReport, Cut]:
    """60,000 of 420,000 yen cut by the inspector, who then ended the inspection."""
    award, person = awarded(world, 300_000, 120_000)
    report, inspector = reported(world, award, person), world.staff["inspector"]
    made = cutting.cut(
        report, by=inspector, item="2", amount=FROM_SECOND, cite="要綱 第5条", reason="目的外"
    )
    return inspected(world, report), made


@begins(cut_and_inspected)
def test_what_was_cut_is_not_given_back_after_the_inspection(world: World, client: Client) -> None:
    """The attack: the officer takes the cut back and drafts the fixing of more."""
    report, made = world.begun(cut_and_inspected)
    case = f"/cases/{report.case.number}"
    for person in (world.officer, world.staff["inspector"]):
        client.force_login(person)
        assert "/report/uncut/" not in client.get(f"{case}/").content.decode()
        given = {"why": "誤り", "amount": "1", "cite": "x", "reason": "y"}
        for address in (f"uncut/{made.pk}/", "cuts/1/", f"cuts/{made.pk}/anew/"):
            assert client.post(f"{case}/report/{address}", given).status_code == 404
        with pytest.raises(NotReady, match="検査が終わったので"):
            cutting.uncut(made, by=person, why="誤り")
        with pytest.raises(NotReady, match="検査が終わったので"):
            cutting.recut(made, by=person, item="1", amount=1, cite="x", reason="y")
    assert Cut.objects.get() == made
    with pytest.raises(Forbidden):
        perform(report, "inspect_again", by=world.officer, reason="誤り")


@begins(cut_and_inspected)
def test_a_cut_is_taken_back_with_a_reason_and_inspected_anew(world: World, client: Client) -> None:
    """The draft names each cut and each that was taken back, by whom and why."""
    report, made = world.begun(cut_and_inspected)
    inspector = world.staff["inspector"]
    assert [row[0] for row in acts.preview(report, {})][1] == (
        f"対象外の額：経費2　要綱 第5条：目的外（{inspector.name}）"
    )
    report = perform(report, "inspect_again", by=inspector, reason="型番の確認")
    assert (report.state, report.inspected_by, report.inspected_amount) == ("submitted", None, None)
    assert acts.obstacles(report)
    client.force_login(world.officer)
    address = f"/cases/{report.case.number}/report/uncut/{made.pk}/"
    assert client.post(address, {"why": ""}).status_code == 422
    assert client.post(address, {"why": "型番を取り違えた"}).status_code == 302
    client.force_login(inspector)
    page = one_line(client.get(f"/cases/{report.case.number}/report/inspection/"))
    assert "型番を取り違えた" in page
    report = inspected(world, report)
    rows = [
        ("検査で確かめた補助金の額（" + inspector.name + "）", "", "280,000円"),
        ("検査の記録", "", "現物と帳簿を確かめた。"),
        (
            f"取り消された対象外の額：「機器1」　要綱 第5条：目的外（{inspector.name}）",
            "−60,000円",
            f"{dated(clock.today())}に取消し：型番を取り違えた（{world.officer.name}）",
        ),
    ]
    assert acts.preview(report, {})[1:-1] == rows
    approval = world.approval("fix", [report])
    client.force_login(world.director)
    page = one_line(client.get(approval.get_absolute_url()))
    paper = json.dumps(document(approval), ensure_ascii=False, default=str)
    said = [text for row in rows for text in row]
    assert [text for text in said if " ".join(text.split()) not in page] == []
    assert [text for text in said if text not in paper] == []


@begins(cut_and_inspected)
def test_another_sum_than_was_inspected_is_not_fixed(world: World, client: Client) -> None:
    """Whatever moved it: here what the award still may pay, and a cut by a way around the door."""
    report, made = world.begun(cut_and_inspected)
    approval = world.approval("fix", [report])
    said = "検査で確かめた補助金の額（240,000円）と、いまの額（200,000円）が違います"
    Award.objects.filter(pk=report.award_id).update(payable=200_000)
    assert said in acts.obstacles(CompletionReport.objects.get(pk=report.pk))[0]
    client.force_login(world.director)
    assert said in one_line(client.get(approval.get_absolute_url()))
    with pytest.raises(NotReady, match="内容が動いています"):
        perform(approval, "approve", by=world.director)
    Award.objects.filter(pk=report.award_id).update(payable=280_000)
    Cut.objects.filter(pk=made.pk).delete()
    fresh = CompletionReport.objects.get(pk=report.pk)
    with pytest.raises(NotReady, match="検査をやり直して"):
        acts.effect_all([(fresh, {})], by=world.director, approval=approval)


@begins(cut_and_returned)
def test_the_database_takes_no_cut_above_its_item(world: World) -> None:
    _report, _person, made = world.begun(cut_and_returned)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cut.objects.filter(pk=made.pk).update(amount=120_001)


def test_a_row_that_brings_no_key_or_anothers_gets_one_of_its_own() -> None:
    typed = {"item-TOTAL_FORMS": "5", "item-0-key": "2", "item-2-key": "2", "item-3-key": "<x>"}
    found = keyed(typed)
    keys = [found[f"item-{n}-key"] for n in range(5)]
    assert (keys[0], keys[3], keys[4]) == ("2", "4", "5")
    assert len(set(keys)) == 5
    assert keyed(found) == found


def item(key: str, amount: int) -> Item:
    return Item(1, key, "機器", "equipment", "", "", amount, amount)


def test_cuts_that_stand_are_never_more_than_their_item() -> None:
    one = Cut(pk=1, key="1", what="機器", category="equipment", item_amount=100, amount=60)
    two = Cut(pk=2, key="1", what="機器", category="equipment", item_amount=100, amount=60)
    assert cuts.by_item(cuts.held([one], [item("1", 100)])) == {1: 60}
    assert cuts.by_item(cuts.held([one, two], [item("1", 100)])) == {}
