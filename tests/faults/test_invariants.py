"""Each question of a campaign turns red where somebody does by hand what it looks for, and is green before."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from grants.applications.models import Application
from grants.payments.models import Payment
from portal.correspondence.models import Mail
from portal.documents.models import Document, StoredFile
from portal.notices.models import Notice
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_payments import account, answer, batched, fixed, ordered, taken_in
from tools.faults import invariants
from tools.faults.invariants import INVARIANTS, Known


def red(known: Known) -> set[str]:
    return {name for name in INVARIANTS if invariants.ask(name, known)}


def forced(sql: str, *given: str | int) -> None:
    """Past every trigger, as somebody does who has the database in hand."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, given)
        cursor.execute("SET session_replication_role = DEFAULT")


def row(model: type, pk: int, change: str) -> None:
    forced(f"UPDATE {model._meta.db_table} SET {change} WHERE id = %s", pk)  # type: ignore[attr-defined]  # noqa: S608


def lose_the_file(case: int) -> None:
    file = StoredFile.objects.get(documents__case=case, documents__key="quote")
    default_storage.delete(file.key)


def change_the_file(case: int) -> None:
    file = StoredFile.objects.get(documents__case=case, documents__key="quote")
    default_storage.delete(file.key)
    default_storage.save(file.key, ContentFile(b"other bytes"))


def delete_the_document(case: int) -> None:
    forced("DELETE FROM portal_documents_document WHERE case_id = %s AND key = 'quote'", case)


def delete_the_version(case: int) -> None:
    forced(
        "DELETE FROM grants_applications_applicationversion "
        "WHERE application_id = (SELECT id FROM grants_applications_application WHERE case_id = %s)",
        case,
    )


def delete_the_receipt(case: int) -> None:
    row(Notice, Notice.objects.get(case=case, kind="receipt").pk, "kind = 'other'")


def double_the_payment(case: int) -> None:
    payment = Payment.objects.get(case=case)
    columns = [f.column for f in Payment._meta.concrete_fields if f.column and f.column != "id"]
    forced("DROP INDEX payments_one_live")
    taken = [c if c not in ("clearance_id", "line") else "NULL" for c in columns]
    forced(
        f"INSERT INTO grants_payments_payment ({', '.join(columns)}) "  # noqa: S608
        f"SELECT {', '.join(taken)} FROM grants_payments_payment WHERE id = %s",
        payment.pk,
    )


def pay_more(case: int) -> None:
    row(Payment, Payment.objects.get(case=case).pk, "amount = amount + 1")


def change_the_answer(case: int) -> None:
    application = Application.objects.get(case=case)
    forced(
        "UPDATE grants_applications_section SET data = '{}' WHERE application_id = %s",
        application.pk,
    )


def change_the_record(case: int) -> None:
    forced("DELETE FROM portal_audit_event WHERE chain = %s AND seq = 2", f"case:{case}")


def take_the_turns(case: int) -> None:
    forced("DELETE FROM portal_cases_turn WHERE case_id = %s", case)


def say_sent(case: int) -> None:
    mail = Mail.objects.filter(case=case).first()
    assert mail
    row(Mail, mail.pk, "state = 'sent'")


def say_twice(case: int) -> None:
    mail = Mail.objects.filter(case=case).first()
    assert mail
    mail.pk, mail.envelope = None, "0" * 32
    mail.save()


def forget_the_worker(_case: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'remind', 'doing')"
        )


def fail_for_good(_case: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'remind', 'failed')"
        )


# what somebody does by hand → which questions must notice it
VIOLATIONS: dict[Callable[[int], None], str] = {
    lose_the_file: "what was handed in has its files",
    change_the_file: "documents agree with the storage",
    delete_the_document: "what was acknowledged is there",
    delete_the_version: "what was handed in is whole",
    delete_the_receipt: "what was handed in is whole",
    double_the_payment: "nobody is paid twice",
    pay_more: "sums are within their lines",
    change_the_answer: "what was acknowledged is there",
    change_the_record: "the record is whole",
    take_the_turns: "turns agree with their cases",
    say_sent: "no mail is lost or doubled",
    say_twice: "no mail is lost or doubled",
    forget_the_worker: "no job is stuck",
    fail_for_good: "no job is stuck",
}


def paid(world: World) -> Payment:
    """A case whose money the bank has paid."""
    award, person = fixed(world)
    account(world, person)
    payment = ordered(world, award, person)
    batch = batched(world, payment)
    assert taken_in(world, batch, answer(batch)) == ["paid"]
    return Payment.objects.get(pk=payment.pk)


def told(payment: Payment) -> Known:
    """What people of this case were told, as a campaign notes it."""
    known = Known()
    application = payment.award.application
    document = Document.objects.select_related("file").get(case=payment.case, key="quote")
    plan = application.sections.get(key="plan")
    case = str(payment.case_id)
    known.ledger.note("draft", payment.case.number)
    known.ledger.note("act", application.subject_key, "application.submit")
    known.ledger.note("file", case, "quote", document.file.sent_sha256)
    known.ledger.note("section", case, "plan", plan.data["title"])
    known.ledger.note("order", case)
    assert payment.batch
    known.ledger.note("file to the bank", str(payment.batch_id), payment.batch.sha256)
    return known


@begins(paid)
def test_nothing_is_wrong_with_a_case_that_was_brought_to_its_end(world: World) -> None:
    assert red(told(world.begun(paid))) == set()


@pytest.mark.parametrize("by_hand", VIOLATIONS)
@begins(paid)
def test_each_violation_is_noticed(world: World, by_hand: Callable[[int], None]) -> None:
    payment = world.begun(paid)
    known = told(payment)
    by_hand(payment.case_id)
    assert VIOLATIONS[by_hand] in red(known)


def test_every_question_has_a_violation_that_turns_it_red() -> None:
    """But for those that ask the rig itself."""
    of_the_rig = {"processes run", "nobody is kept out"}
    assert {*VIOLATIONS.values()} | of_the_rig == set(INVARIANTS)


def test_what_the_rig_says_is_told(db: None) -> None:
    known = Known(gave_up=["submit: 503"], dead=lambda: ["web"])
    assert red(known) == {"processes run", "nobody is kept out"}


def test_a_mail_that_came_twice_is_doubled_unless_its_answer_was_lost(world: World) -> None:
    mail = Mail.objects.create(address="x@firms.example", subject="件名", body="本文", state="sent")
    known = Known()
    known.taken[f"{mail.envelope}@localhost"] = 2
    assert red(known) == {"no mail is lost or doubled"}
    known.unanswered[f"{mail.envelope}@localhost"] = 1
    assert red(known) == set()
