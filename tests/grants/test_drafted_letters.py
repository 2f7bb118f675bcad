"""施行文案: before a decision its letters are read word for word, and reading them leaves nothing behind."""

import io
import json
from collections.abc import Callable, Iterable

import pypdfium2
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.awards.models import Award
from portal.approvals import letters
from portal.approvals.models import Approval
from portal.cases.models import Reading
from portal.correspondence.models import Mail
from portal.notices import citing
from portal.notices.issue import Draft
from portal.notices.models import Notice
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_completion as completion
from tests.grants import test_payments as payments
from tests.grants.test_decisions import accepted, small
from tests.lines import Lines
from tests.roles import never_granted

WHEN_ISSUED = {"number", "date", "of"}  # what a letter gets by its decision alone
PARTIAL = {"amount": 250_000, "cut_reason": "付属品を除くため"}


def to_award(world: World) -> Approval:
    return world.approval("award", [accepted(world), accepted(world)], PARTIAL)


def to_reject(world: World) -> Approval:
    return world.approval("reject", [accepted(world)], {"reason": "対象の経費にあたらないため。"})


def to_declare_inadmissible(world: World) -> Approval:
    submitted = world.submitted()[0]
    return world.approval("declare_inadmissible", [submitted], {"reason": "市外の事業所のため。"})


def to_fix(world: World) -> Approval:
    award, person = completion.awarded(world)
    report = completion.reported(world, award, person)
    return world.approval("fix", [completion.inspected(world, report)])


def to_revoke(world: World) -> Approval:
    award, _person, _payment = payments.paid(world)
    given = {"reason": "偽りの申請", "heard": "弁明はなかった。", "with_surcharge": True}
    return world.approval("revoke", [award], given)


def to_put_on_the_list(world: World) -> Approval:
    """One waits there already, and may be moved down."""
    small(world, 300_000)
    world.decided("award", [accepted(world)])
    world.decided("waitlist", [accepted(world)])
    return world.approval("waitlist", [accepted(world), accepted(world)])


DRAFTS = [to_put_on_the_list, to_award, to_reject, to_declare_inadmissible, to_fix, to_revoke]


def rows_of_everything() -> dict[str, int]:
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.managed
    }


def series() -> list[tuple[object, ...]]:
    return list(apps.get_model("portal_cases.NumberSeries")._default_manager.values_list())


def words(notice: Notice | Draft) -> tuple[str, int, dict[str, object]]:
    said = {name: text for name, text in notice.facts.items() if name not in WHEN_ISSUED}
    return notice.kind, notice.case.pk, said


def read_before(approval: Approval) -> list[tuple[str, int, dict[str, object]]]:
    """What the letters of each row say; one that goes out with several rows is there once."""
    found = [
        words(x) for item in approval.items.all() for x in letters.drafted(approval, item).notices
    ]
    return [said for n, said in enumerate(found) if said not in found[:n]]


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_letter_goes_out_as_it_was_read_before(
    world: World, draft: Callable[[World], Approval]
) -> None:
    approval = draft(world)
    before = read_before(approval)
    known = set(Notice.objects.values_list("pk", flat=True))
    perform(approval, "approve", by=world.director)
    issued = Notice.objects.exclude(pk__in=known).order_by("pk")
    assert sorted(map(flat, before)) == sorted(unnumbered(words(it), issued) for it in issued)
    assert before


def flat(said: object) -> str:
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def unnumbered(said: tuple[str, int, dict[str, object]], issued: Iterable[Notice]) -> str:
    """With what a draft has where one paper of the decision names another one."""
    text = flat(said)
    for notice in issued:
        text = text.replace(citing.said(str(notice.facts["date"]), notice.number), citing.NOT_YET)
    return text


def test_the_mails_go_out_as_they_were_read_before(world: World) -> None:
    approval = to_award(world)
    items = list(approval.items.all())
    before = [mail for item in items for mail in letters.drafted(approval, item).mails]
    known = set(Mail.objects.values_list("pk", flat=True))
    perform(approval, "approve", by=world.director)
    sent = Mail.objects.exclude(pk__in=known).exclude(case=None)
    assert {(mail.case.pk, mail.subject, mail.body) for mail in before} == set(
        sent.values_list("case", "subject", "body")
    )
    assert {mail.to for mail in before if "交付" in mail.subject} == {("申請者の代表者",)}


def test_reading_the_letters_leaves_nothing_behind(world: World, lines: Lines) -> None:
    approval = to_award(world)
    stood, numbers, said = rows_of_everything(), series(), len(lines)
    state = list(Approval.objects.values())
    assert read_before(approval)
    assert (rows_of_everything(), series(), len(lines)) == (stood, numbers, said)
    assert list(Approval.objects.values()) == state
    assert not Award.objects.exists()


def test_who_can_no_longer_decide_is_said_and_not_logged(
    world: World, client: Client, lines: Lines
) -> None:
    approval = to_award(world)
    never_granted(world.director.staff_roles.all())
    said = len(lines)
    with pytest.raises(NotReady, match="決裁者の職務です"):
        read_before(approval)
    assert len(lines) == said
    client.force_login(world.officer)
    page = client.get(f"{approval.get_absolute_url()}letters/1/")
    assert page.status_code == 200
    assert "いまは決裁できないので、案を作れません" in page.content.decode()
    assert client.get(f"{approval.get_absolute_url()}letters/1-1.pdf").status_code == 404


@begins(to_award)
def test_the_pages_show_each_letter_marked_as_a_draft(world: World, client: Client) -> None:
    approval = world.begun(to_award)
    address = f"{approval.get_absolute_url()}letters/"
    client.force_login(world.approver)
    assert f'href="{address}"' in client.get(approval.get_absolute_url()).content.decode()
    listed = client.get(address).content.decode()
    for item in approval.items.select_related("case__organisation"):
        assert item.case.organisation.name in listed
    letter = client.get(f"{address}2/").content.decode()
    for text in (
        "案（まだ送られていません）",
        "一緒に届くメール",
        "申請者の代表者",
        "金　250,000円",
        "付属品を除くため",
        "2件目（全2件）",
    ):
        assert text in letter
    assert 'rel="next"' not in letter
    paper = client.get(f"{address}2-1.pdf")
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    pages = pypdfium2.PdfDocument(io.BytesIO(paper.content))
    text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    assert "通知書としての効力はありません" in text
    assert "確認番号" not in text
    assert client.get(f"{address}3/").status_code == 404
    read = Reading.objects.filter(person=world.approver, what="approval.letter")
    assert {row.case_id for row in read} == {approval.items.all()[1].case_id}


@begins(to_award)
def test_once_decided_there_is_no_draft_of_a_letter(world: World, client: Client) -> None:
    approval = perform(world.begun(to_award), "approve", by=world.director)
    client.force_login(world.officer)
    address = approval.get_absolute_url()
    assert client.get(f"{address}letters/").headers["Location"] == address
    assert client.get(f"{address}letters/1/").status_code == 404


@pytest.mark.parametrize("where", ["letters/", "letters/1/"])
def test_a_draft_of_many_rows_is_read_in_as_many_queries(
    world: World, client: Client, where: str
) -> None:
    client.force_login(world.director)
    counts = []
    for n in (2, 5):
        approval = world.approval("award", [accepted(world) for _ in range(n)])
        client.get(f"{approval.get_absolute_url()}{where}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{approval.get_absolute_url()}{where}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
