"""What a draft carries (添付): who puts it there, who opens it, and that what was agreed to is what was decided."""

import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponseBase
from django.test import TestCase
from django.utils.translation import override

from portal import clock
from portal.accounts.models import User
from portal.approvals import dossier, paper
from portal.approvals.models import Approval, Attachment
from portal.approvals.models import attachments as rules
from portal.audit.models import Event, Print
from portal.audit.verifying import first_fault
from portal.cases import retention
from portal.cases.models import Reading
from portal.documents.models import StoredFile
from portal.documents.store import sha256_of
from portal.documents.turns import to_be_checked
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady, WrongState
from reports.dossiers import making
from tests.conftest import World, check_files
from tests.grants.test_approval_document import text_of
from tests.journeys.test_queries import count
from tests.journeys.test_rights import entered
from tests.portal.hostile import pdf
from tests.portal.test_hostile_files import photo
from tests.portal.test_rows_of_drafts import MATRIX
from tests.portal.test_rows_of_drafts import drafted as of_two
from tools.demonstration.simulation import at

PLAN = ("見積の比較.pdf", pdf())


def drafted(world: World, count: int = 1) -> Approval:
    return begin(
        Approval,
        by=world.officer,
        act="award",
        title="件名",
        rows=[(world.accepted()[0], {}) for _n in range(count)],
        steps=[("agree", world.approver), ("decide", world.director)],
    )


def attach(
    approval: Approval, *files: tuple[str, bytes], by: User, check: bool = True
) -> HttpResponseBase:
    sent = [SimpleUploadedFile(name, data) for name, data in files or [PLAN]]
    answer = entered(by).post(f"{approval.get_absolute_url()}attachments/", {"file": sent})
    if check:
        check_files()
    return answer


def with_plan(world: World, count: int = 1) -> Approval:
    approval = drafted(world, count)
    assert attach(approval, by=world.officer).status_code == 302
    return approval


def circulated(world: World) -> Approval:
    return perform(with_plan(world), "circulate", by=world.officer)


def decided(world: World) -> Approval:
    approval = perform(circulated(world), "agree", by=world.approver)
    return perform(approval, "approve", by=world.director)


def page(approval: Approval, by: User) -> str:
    return entered(by).get(approval.get_absolute_url()).content.decode()


def taken_off(approval: Approval, by: User) -> HttpResponseBase:
    row = approval.attachments.order_by("-pk")[0]
    return entered(by).post(f"{approval.get_absolute_url()}attachments/{row.pk}/remove/")


def test_an_attachment_is_looked_into_before_anybody_is_asked(world: World) -> None:
    approval = drafted(world)
    attach(approval, by=world.officer, check=False)
    assert "確認しています" in page(approval, world.officer)
    with pytest.raises(NotReady, match="添付を確かめています：見積の比較"):
        perform(approval, "circulate", by=world.officer)
    check_files()
    approval = perform(approval, "circulate", by=world.officer)
    [row] = approval.files
    assert row.file is not None
    assert (row.sha256, row.file.pages) == (hashlib.sha256(PLAN[1]).hexdigest(), 1)
    recorded = Event.objects.get(chain=approval.audit_chain, action="approval.attach")
    assert row.sha256 in recorded.payload.content


@pytest.mark.parametrize("scan", ["pending", "infected"])
def test_a_file_that_no_scanner_has_passed_is_not_circulated(world: World, scan: str) -> None:
    approval = with_plan(world)
    StoredFile.objects.filter(attachments__approval=approval).update(scan=scan)
    with pytest.raises(NotReady, match="ウイルス検査を待っている添付があります"):
        perform(approval, "circulate", by=world.officer)
    row = approval.attachments.get()
    address = f"{approval.get_absolute_url()}attachments/{row.pk}/"
    assert entered(world.officer).get(address).status_code == 404


def test_a_hostile_file_is_refused_in_words_and_stops_the_draft(world: World) -> None:
    approval = drafted(world)
    attach(approval, ("見積.pdf", b"%PDF-1.7 nothing"), by=world.officer)
    [row] = approval.files
    assert row.file is not None
    assert row.file.refusal == "broken_pdf"
    assert not default_storage.exists(row.file.key)
    assert "PDFが壊れているようです" in page(approval, world.officer)
    with pytest.raises(NotReady, match="受け付けられなかった添付があります：見積"):
        perform(approval, "circulate", by=world.officer)
    assert taken_off(approval, world.officer).status_code == 302
    assert not StoredFile.objects.filter(key=row.file.key).exists()
    assert perform(approval, "circulate", by=world.officer).is_circulated


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("x.exe", b"MZ\x90\x00 program")], "この種類のファイルは受け付けられません"),
        ([("空.pdf", b"")], "ファイルが空です"),
        ([PLAN, ("x.exe", b"MZ\x90\x00 program")], "「x.exe」：この種類の"),
    ],
    ids=["kind", "empty", "one of two"],
)
def test_what_is_never_taken_is_said_at_its_field_and_nothing_is_kept(
    world: World, files: list[tuple[str, bytes]], said: str
) -> None:
    approval = drafted(world)
    answer = attach(approval, *files, by=world.officer)
    assert answer.status_code == 422
    assert said in answer.content.decode()  # type: ignore[attr-defined]
    assert not approval.attachments.exists()


def test_a_photograph_is_kept_as_it_was_made_ready_and_so_recorded(world: World) -> None:
    approval = drafted(world)
    attach(approval, ("現場.jpg", photo(turned=True)), by=world.officer)
    [row] = approval.files
    assert row.file is not None
    assert row.file.sha256 != row.file.sent_sha256
    event = Event.objects.get(chain=approval.audit_chain, action="attachment.convert")
    assert row.file.sha256 in event.payload.content
    perform(approval, "circulate", by=world.officer)
    assert approval.attachments.get().sha256 == row.file.sha256


def test_limits_are_said_before_and_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    approval = with_plan(world)
    stored = StoredFile.objects.count()
    assert "20個まで、合計100MBまで" in page(approval, world.officer)
    monkeypatch.setattr(rules, "MOST", 2)
    answer = attach(approval, PLAN, PLAN, by=world.officer)
    assert answer.status_code == 422
    assert "添付は2個まで" in answer.content.decode()  # type: ignore[attr-defined]
    monkeypatch.setattr(rules, "MOST_BYTES", len(PLAN[1]) + 1)
    assert attach(approval, by=world.officer).status_code == 422
    assert (approval.attachments.count(), StoredFile.objects.count()) == (1, stored)


def test_a_file_counts_in_its_senders_turn_at_the_checks(world: World) -> None:
    approval = drafted(world)
    first = to_be_checked(world.officer)
    attach(approval, PLAN, PLAN, PLAN, by=world.officer, check=False)
    assert to_be_checked(world.officer) == first - 2


@pytest.mark.parametrize("name", ["approver", "director", "auditor"])
def test_only_its_drafter_puts_files_to_a_draft_and_takes_them_off(world: World, name: str) -> None:
    approval = with_plan(world)
    person = world.staff[name]
    assert attach(approval, by=person).status_code == 403
    taken_off(approval, person)
    assert len(approval.files) == 1
    with pytest.raises(Forbidden):
        perform(approval, "detach", by=person, attachment=approval.files[0].pk)


def test_nobody_changes_the_files_of_what_circulates_or_is_decided(world: World) -> None:
    approval = circulated(world)
    assert attach(approval, by=world.officer).status_code == 422
    taken_off(approval, world.officer)
    approval = perform(approval, "agree", by=world.approver)
    approval = perform(approval, "approve", by=world.director)
    for name, given in (("attach", {"files": [], "sha256": ""}), ("detach", {"attachment": 1})):
        with pytest.raises(WrongState):
            perform(approval, name, by=world.officer, **given)
    assert len(approval.files) == 1
    assert "外す</button>" not in page(approval, world.officer)


def test_a_draft_that_came_back_is_circulated_anew_with_other_files(world: World) -> None:
    approval = circulated(world)
    approval = perform(approval, "send_back", by=world.approver, reason="見積が古い")
    before = approval.files[0]
    taken_off(approval, world.officer)
    attach(approval, ("新しい見積.pdf", PLAN[1] + b"\n"), by=world.officer)
    approval = Approval.objects.get(pk=approval.pk)
    assert approval.state == "drafted"
    approval = perform(approval, "circulate", by=world.officer)
    assert approval.round == 2
    assert [row.name for row in approval.files] == ["新しい見積.pdf"]
    said = page(approval, world.approver)
    assert "前の回議のあとで外した添付" in said
    address = f"{approval.get_absolute_url()}attachments/{before.pk}/original"
    assert entered(world.approver).get(address).content == PLAN[1]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE portal_documents_storedfile SET sha256 = 'x' WHERE id = {file}",
        "UPDATE portal_documents_storedfile SET scan = 'infected' WHERE id = {file}",
        "INSERT INTO portal_approvals_attachment (name, uploaded_at, sha256, approval_id, file_id, uploaded_by_id)"
        " SELECT name, uploaded_at, '', approval_id, file_id, uploaded_by_id FROM portal_approvals_attachment",
    ],
    ids=["other bytes", "infected", "one more"],
)
def test_nobody_agrees_to_other_files_than_were_circulated(world: World, change: str) -> None:
    approval = circulated(world)
    with connection.cursor() as cursor:
        cursor.execute(change.format(file=approval.files[0].file_id))
    with pytest.raises(NotReady, match="添付が変わっています"):
        perform(approval, "agree", by=world.approver)
    assert perform(approval, "send_back", by=world.approver, reason="x").state == "returned"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE portal_approvals_attachment SET sha256 = 'x'",
        "UPDATE portal_approvals_attachment SET approval_id = approval_id + 1",
        "DELETE FROM portal_approvals_attachment",
        "TRUNCATE portal_approvals_attachment",
    ],
)
def test_the_database_keeps_what_was_circulated(world: World, statement: str) -> None:
    decided(world)
    assert Print.objects.filter(kept=Attachment._meta.db_table).count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.parametrize(("reader", "reads"), MATRIX.items())
def test_a_file_is_open_to_whom_every_case_of_its_draft_is_open(
    world: World, reader: str, reads: tuple[bool, bool]
) -> None:
    approval, person, *_items = of_two(world, reader)
    Approval.objects.filter(pk=approval.pk).update(state="drafted")  # as before it went round
    attach(approval, by=approval.drafted_by)
    row = approval.attachments.get()
    client, address = entered(person), f"{approval.get_absolute_url()}attachments/{row.pk}/"
    wanted = 200 if all(reads) else 404
    assert client.get(address).status_code == wanted
    answer = client.get(f"{address}original")
    assert answer.status_code == wanted
    said = page(approval, person)
    document = text_of(client.get(f"{approval.get_absolute_url()}document.pdf").content)
    for text in (said, document):
        assert (PLAN[0] in text) is all(reads)
    kept = Reading.objects.filter(person=person, what="approval.attachment")
    told = {item.case_id for item in approval.items.all()}
    assert {reading.case_id for reading in kept} == (told if all(reads) else set())
    if not all(reads):
        assert "添付が1件あります" in said
        return
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("name", ["reviewer", "administrator"])
def test_who_has_no_draft_has_none_of_its_files(world: World, name: str) -> None:
    approval = circulated(world)
    row = approval.files[0]
    address = f"{approval.get_absolute_url()}attachments/{row.pk}/original"
    assert entered(world.staff[name]).get(address).status_code == 403
    assert entered(world.outsider).get(address).status_code == 404


def test_the_paper_of_a_decision_names_each_file_by_its_hash(world: World) -> None:
    approval = decided(world)
    [row] = approval.files
    assert row.file is not None
    pdf_ = entered(world.director).get(f"{approval.get_absolute_url()}document.pdf").content
    said = text_of(pdf_)
    for words in ("添付1", row.name, "1ページ", f"{row.file.size:,}バイト", row.sha256):
        assert words in said
    with override("ja"):
        assert paper.attachments_said(approval)[0][0] == "添付1"


def test_what_was_decided_on_is_bound_into_the_whole_of_its_case(world: World) -> None:
    waiting, approval = circulated(world), decided(world)
    case = approval.items.get().case
    assert dossier.papers(waiting.items.get().case, world.officer) == []
    [bound] = dossier.papers(case, world.officer)
    assert bound.make() == PLAN[1]
    copy = making.wanted(case, world.officer, "zip")
    making.make(copy)
    copy.refresh_from_db()
    assert copy.file is not None
    with zipfile.ZipFile(io.BytesIO(default_storage.open(copy.file.key).read())) as pack:
        [name] = [name for name in pack.namelist() if PLAN[0] in name]
        assert pack.read(name) == PLAN[1]


def test_files_of_several_cases_are_erased_with_the_last_of_them(world: World) -> None:
    approval = perform(with_plan(world, 2), "circulate", by=world.officer)
    approval = perform(approval, "agree", by=world.approver)
    approval = perform(approval, "approve", by=world.director)
    [row] = approval.files
    assert row.file is not None
    key = row.file.key
    first, second = (item.case for item in approval.items.all())
    with (
        clock.at(at(clock.today() + timedelta(days=9 * 365))),
        TestCase.captureOnCommitCallbacks(execute=True),
    ):
        retention.dispose(first, by=User.objects.system())
        assert sha256_of(key) == row.sha256
        retention.dispose(second, by=User.objects.system())
    assert Attachment.objects.filter(name="", file=None, sha256=row.sha256).count() == 1
    assert not default_storage.exists(key)
    assert first_fault() == ""


def test_the_page_of_a_draft_asks_no_more_for_many_files(world: World) -> None:
    approval = with_plan(world)
    client = entered(world.officer)
    one = count(client, approval.get_absolute_url())
    attach(approval, *[(f"{n}.pdf", PLAN[1]) for n in range(4)], by=world.officer)
    assert count(client, approval.get_absolute_url()) == one
