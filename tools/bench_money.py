"""The second half's part of `make bench`: a bank's result, many fixings by one act,
and the budget book of many awards.

The rows are copies of one rehearsed case each, put in place by SQL; what is timed then goes through
the one door.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from django.db.models import Model

    from grants.awards.models import Award
    from grants.budget.models import BudgetLine
    from portal.accounts.models import User

M = TypeVar("M", bound="Model")

YEN = 1_000  # every copied award is of so many yen


def copies(template: M, count: int, **change: object) -> list[M]:
    """`count` rows like `template`, saved;
    `change`: attribute → value, or a list with one value for each.
    """
    model = type(template)
    same = {
        f.attname: getattr(template, f.attname)
        for f in model._meta.concrete_fields
        if not f.primary_key
    }
    rows = [
        model(
            **same
            | {
                name: value[n] if isinstance(value, list) and len(value) == count else value
                for name, value in change.items()
            }
        )
        for n in range(count)
    ]
    return list(model._default_manager.bulk_create(rows, batch_size=2_000))


def awards(count: int, template: Award, **change: object) -> list[Award]:
    """Copies of an awarded case, each with its own firm, application and version."""
    from portal.accounts.models import Organisation
    from portal.registry.corporate_number import fictitious

    start = (
        2 * 10**9 + Organisation.objects.count()
    )  # a range of numbers that nothing else here uses
    case, application, version = (
        template.case,
        template.application,
        template.application.last_version,
    )
    if version is None:
        raise SystemExit("the base has an award without a version of its application")
    firms = copies(
        case.organisation, count, corporate_number=[fictitious(start + n) for n in range(count)]
    )
    for member in case.organisation.memberships.filter(left_at=None):
        copies(member, count, organisation_id=[firm.pk for firm in firms])
    numbers = [f"BENCH-{start + n}" for n in range(count)]
    drafts = [f"BENCH-D{start + n}" for n in range(count)]
    cases = copies(
        case,
        count,
        organisation_id=[f.pk for f in firms],
        number=numbers,
        receipt_number=numbers,
        draft_number=drafts,
    )
    made = copies(application, count, case_id=[row.pk for row in cases])
    copies(version, count, application_id=[row.pk for row in made])
    sums = {"requested_amount": YEN, "awarded_amount": YEN, "cut_reason": ""}
    return copies(
        template,
        count,
        application_id=[row.pk for row in made],
        case_id=[row.pk for row in cases],
        **sums,
        **change,
    )


def commit(line: BudgetLine, cases: Iterable[int], by: User) -> None:
    """An appropriation, and a commitment for each case, in the book."""
    from grants.budget.models import BudgetEntry, book

    numbers = list(cases)
    book(line, "appropriation", YEN * len(numbers), by=by, note="bench")
    BudgetEntry.objects.bulk_create(
        [
            BudgetEntry(line=line, kind="commitment", amount=YEN, case_id=case, booked_by=by)
            for case in numbers
        ],
        batch_size=2_000,
    )


def result_of_the_bank(count: int) -> float:
    """Seconds to take in the bank's answer about `count` transfers, all paid,
    as the worker does it.
    """
    from grants.payments import jobs
    from grants.payments.models import Payment, PaymentBatch, ResultImport
    from portal.accounts.models import User

    payment = (
        Payment.objects.filter(state="paid", award__state="closed")
        .select_related("award__application__call", "claim", "account", "batch")
        .first()
    )
    if payment is None or payment.batch is None:
        raise SystemExit("the base has no paid case")
    award, account = payment.award, payment.account
    finance = User.objects.get(email="nomura@demo.example")
    made = awards(count, award, state="amount_fixed", fixed_amount=YEN, fixed_trace=[])
    cases = [row.case_id for row in made]
    for line in award.application.call.budget_lines.filter(frame=award.frame, unit="yen"):
        commit(line, cases, finance)
    claims = copies(
        payment.claim, count, award_id=[row.pk for row in made], case_id=cases, amount=YEN
    )
    batch = copies(payment.batch, 1, number=f"FB-BENCH-{cases[0]}", state="exported")[0]
    copies(
        payment,
        count,
        award_id=[row.pk for row in made],
        case_id=cases,
        claim_id=[row.pk for row in claims],
        amount=YEN,
        batch_id=batch.pk,
        line=list(range(1, count + 1)),
        state="ordered",
        paid_on=None,
        reissue_of_id=None,
        bounce="",
    )
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            "データ番号",
            "行",
            "金融機関コード",
            "支店コード",
            "口座番号",
            "金額",
            "結果コード",
            "理由",
        ]
    )
    writer.writerows(
        [
            [batch.number, n, account.bank_code, account.branch_code, account.number, YEN, "0", ""]
            for n in range(1, count + 1)
        ]
    )
    running = ResultImport.objects.create(
        batch=batch, name="bench.csv", text=out.getvalue(), total=count, started_by=finance
    )
    start = time.perf_counter()
    jobs.import_result(running.pk)
    span = time.perf_counter() - start
    done = Payment.objects.filter(batch=batch, state="paid").count()
    if done != count or PaymentBatch.objects.get(pk=batch.pk).payments.count() != count:
        raise SystemExit(f"only {done} of {count} were paid")
    return span


def fixings(count: int) -> float:
    """Seconds to fix the amounts of `count` cases by one approval."""
    from grants.awards.models import Award
    from grants.completion.models import CompletionReport
    from portal.approvals.models import Approval
    from portal.workflow.door import begin, perform
    from tools.demonstration.people import staff

    report = (
        CompletionReport.objects.filter(
            state="inspected", award__state__in=["amount_fixed", "closed"]
        )
        .select_related("award__application__call")
        .first()
    )
    if report is None:
        raise SystemExit("the base has no inspected report")
    people = staff()
    plain: dict[str, object] = {
        "fixed_amount": None,
        "fixed_on": None,
        "fixed_trace": [],
        "state": "active",
    }
    made = awards(count, report.award, **plain)
    cases = [row.case_id for row in made]
    for line in report.award.application.call.budget_lines.filter(
        frame=report.award.frame, unit="yen"
    ):
        commit(line, cases, people["accountant"])
    rows = copies(
        report, count, award_id=[row.pk for row in made], case_id=cases, state="inspected"
    )
    start = time.perf_counter()
    approval = begin(
        Approval,
        by=people["officer"],
        act="fix",
        title="bench",
        rows=[(row, {}) for row in rows],
        steps=[("decide", people["director"])],
    )
    perform(perform(approval, "circulate", by=people["officer"]), "approve", by=people["director"])
    span = time.perf_counter() - start
    if Award.objects.filter(pk__in=[row.pk for row in made], state="amount_fixed").count() != count:
        raise SystemExit("not every amount was fixed")
    return span


def book_of(count: int) -> str:
    """The address of the budget book of a line with `count` awards in it."""
    from grants.budget.models import BudgetLine
    from portal.accounts.models import User
    from portal.cases.models import Case

    line = BudgetLine.objects.filter(unit="yen").order_by("pk").last()
    if line is None:
        raise SystemExit("the base has no line in yen")
    commit(
        line,
        Case.objects.order_by("-pk").values_list("pk", flat=True)[:count],
        User.objects.get(email="nomura@demo.example"),
    )
    return f"/staff/budget/{line.pk}/"
