"""The second half of the fictitious year: what becomes of awarded cases, from the report to the last yen."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from grants.applications.models import Application
from grants.awards.models import Award
from grants.budget import carrying, changes
from grants.budget.models import BudgetLine, lines_of
from grants.completion import cutting, reporting
from grants.completion.models import CompletionReport
from grants.payments import cautions, checking, paying, results
from grants.payments.accounts import BankAccount
from grants.payments.models import Claim, Payment, PaymentBatch
from portal import clock
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.cases.models import Case
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.drafts import keep
from tools.demonstration.simulation import World, at, paper, parts
from tools.demonstration.simulation.files import attach

# why an account is confirmed all the same, by what is open about it
ANSWERS = {
    "passbook": "窓口で通帳の原本を確かめた。",
    "name": "通帳の名義のカナを、窓口で1字ずつ確かめた。",
    "again": "通帳のカナが登録のとおりであることを、銀行に電話で確かめた。",
    "other": "口座を変えたことを、代表者に電話で確かめた。",
}
STAGES = (
    "started",
    "submitted",
    "returned",
    "inspected",
    "fixed",
    "claimed",
    "checked",
    "ordered",
    "bounced",
    "reissued",
    "closed",
)
ENDS = (
    "closed",
    "submitted",
    "fixed",
    "closed",
    "reissued",
    "returned",
    "closed",
    "claimed",
    "inspected",
    "bounced",
    "closed",
    "ordered",
    "active",
    "checked",
    "handed",
)


def run(world: World, applications: list[Application]) -> list[Callable[[], None]]:
    """Carry every award of a past call to one of the ends, each in turn, in its own past;
    one that has begun its report stays where it is.
    """
    found = Award.objects.filter(
        application__in=applications, application__call__periods__closes_at__lt=clock.now()
    )
    begun = set(CompletionReport.objects.filter(award__in=found).values_list("award_id", flat=True))
    acts: list[Callable[[], None]] = [
        partial(carry, world.staff, award, ENDS[n % len(ENDS)])
        for n, award in enumerate(
            found.select_related("application__call", "case__organisation").order_by("pk")
        )
        if award.state == "active" and award.pk not in begun
    ]
    return [*acts, partial(carry_the_rest_over, world.staff, applications)]


def carry_case_over(staff: dict[str, User], line: BudgetLine, case: Case) -> None:
    """What a case has open, proposed by one finance officer and confirmed by the other before the
    year was over.
    """
    finance, second = staff["accountant"], staff["treasurer"]
    with clock.at(min(clock.now(), at(date(line.fiscal_year + 1, 3, 25), 10))):
        if amount := carrying.may_carry(line, case):
            change = changes.propose(
                line, "carry_over", amount, by=finance, note="繰越明許費", case=case
            )
            changes.confirm(change, by=second)


def carry_the_rest_over(staff: dict[str, User], applications: list[Application]) -> None:
    """At the end of its year, what cases have been promised and not paid is carried over."""
    calls = {application.call_id for application in applications}
    for line in BudgetLine.objects.filter(call__in=calls, unit="yen"):
        if line.settles_on < clock.today() and line.may_carry:
            for case in Case.objects.filter(budget_entries__line=line).distinct():
                carry_case_over(staff, line, case)


def carry(staff: dict[str, User], award: Award, end: str) -> None:
    """One award as far as `end`.

    Each step happens some days after the one before, never in the future.
    """
    if end == "active":
        return
    person = award.case.organisation.memberships.get(role="representative").user
    until = STAGES.index("ordered" if end == "handed" else end)
    start = min(award.awarded_on + timedelta(days=40), clock.today() - timedelta(days=110))
    steps: list[Callable[[], object]] = [
        lambda: start_report(award, person),
        lambda: reporting.submit(report_of(award), by=person),
        lambda: answer_report(staff, award, person, back=end == "returned"),
        lambda: inspect(staff, award),
        lambda: fix(staff, award),
        lambda: claim(award, person),
        lambda: examine(staff, award, person),
        lambda: order(staff, award),
        lambda: bank(staff, award, bounced=end in ("bounced", "reissued")),
        lambda: None,
        lambda: None,
    ]
    for n, step in enumerate(steps[: until + 1]):
        with clock.at(at(start + timedelta(days=5 * n), 11)):
            step()
    if end == "handed":
        hand_over(staff, award)
    if end == "reissued":
        with clock.at(at(start + timedelta(days=70), 11)):
            reissue(staff, award, person)


def report_of(award: Award) -> CompletionReport:
    return CompletionReport.objects.select_related(
        "award__application__call", "case__organisation"
    ).get(award=award)


def typed(award: Award, *amounts: int) -> dict[str, str]:
    """What the applicant types: one row per planned item,
    with the given amounts without tax (the plan's where none).
    """
    plan = award.planned
    day, today = award.awarded_on, clock.today()
    data = {
        "result": "手作業が1日6時間から1.5時間に減った。",
        "reason": "",
        "item-TOTAL_FORMS": str(len(plan)),
        "item-INITIAL_FORMS": "0",
    }
    data |= parts("finished_on", min(day + timedelta(days=20), today))
    for n, (what, category, planned) in enumerate(plan):
        amount = amounts[n] if amounts else planned
        row = {
            "key": str(n + 1),
            "what": what,
            "category": category,
            "vendor": "有限会社架空事務機",
            "payee": "有限会社架空事務機",
            "own_account": "yes",
            "second_vendor": "株式会社架空商会"
            if amount * 11 // 10 > award.stated.two_quotes_above
            else "",
            "invoice_number": "T8700110005901",
            "amount": f"{amount:,}",
            "amount_with_tax": str(amount * 11 // 10),
        }
        data |= {f"item-{n}-{key}": value for key, value in row.items()}
        for k, name in enumerate(
            ("quoted_on", "ordered_on", "delivered_on", "invoiced_on", "paid_on")
        ):
            data |= parts(f"item-{n}-{name}", min(day + timedelta(days=k), today))
    return data


def start_report(award: Award, person: User, *amounts: int) -> None:
    report = begin(CompletionReport, by=person, award=award)
    report = keep(report, typed(award, *amounts), seen=report.version)
    for item in reporting.items_of(report):
        name, data = f"証拠書類{item.n}.pdf", paper(f"{award.case.number} evidence {item.n}")
        attach(award.case, key=reporting.file_key(item), name=name, data=data, by=person)


def answer_report(staff: dict[str, User], award: Award, person: User, *, back: bool) -> None:
    """Every third report is returned once and corrected; those that end returned wait for the applicant."""
    if back or award.pk % 3 == 0:
        reason = "経費1の支払いの記録に日付がありません。日付の分かるものをお送りください。"
        perform(
            report_of(award),
            "return_for_correction",
            by=staff["inspector"],
            reason=reason,
            correct_by=clock.today() + timedelta(days=14),
        )
        if not back:
            reporting.submit(report_of(award), by=person)


def inspect(staff: dict[str, User], award: Award) -> None:
    """Some with a cut."""
    report = report_of(award)
    if award.pk % 4 == 0:
        cutting.cut(
            report,
            by=staff["officer"],
            item="1",
            amount=30_000,
            cite="要綱 第4条",
            reason="送料は対象外です",
        )
    note = "証拠書類の原本と、現物の写真を確かめた。"
    perform(
        report,
        "inspect",
        by=staff["inspector"],
        inspected_on=clock.today(),
        inspection_kind="paper",
        inspection_note=note,
    )


def fix(staff: dict[str, User], award: Award) -> None:
    """Drafted by the officer, decided by the director."""
    report = report_of(award)
    title = f"{award.case.programme_name}　額の確定（{award.case.organisation.name}）"
    approval = begin(
        Approval,
        by=staff["officer"],
        act="fix",
        title=title,
        rows=[(report, {})],
        steps=[("decide", staff["director"])],
    )
    perform(perform(approval, "circulate", by=staff["officer"]), "approve", by=staff["director"])


def declare(award: Award, person: User, number: str) -> BankAccount:
    firm = award.case.organisation
    given = {
        "bank_code": "0116",
        "branch_code": "101",
        "kind": "1",
        "holder": firm.name,
        "holder_kana": firm.kana or "フィクティシャス",
    }
    return begin(BankAccount, by=person, organisation=firm, number=number, **given)


def claim(award: Award, person: User) -> None:
    fresh = Award.objects.get(pk=award.pk)
    declare(award, person, f"{award.pk:07}")
    begin(Claim, by=person, award=fresh, kind="settlement", amount=fresh.payable)


def examine(staff: dict[str, User], award: Award, person: User) -> None:
    confirm(staff, award)
    perform(Claim.objects.get(award=award), "examine", by=staff["accountant"])


def confirm(staff: dict[str, User], award: Award) -> None:
    """What is open about it was looked at, and it is said how."""
    account = BankAccount.objects.get(organisation=award.case.organisation, state="declared")
    why: Given = {caution.field: ANSWERS[caution.key] for caution in cautions.of_account(account)}
    perform(account, "confirm", by=staff["accountant"], **why)


def bring_into_year(staff: dict[str, User], award: Award) -> None:
    """What would be paid after its year was settled is carried over."""
    for line in lines_of(award.application.call, award.frame):
        if line.unit == "yen" and paying.next_pay_day() > line.settles_on:
            carry_case_over(staff, line, award.case)


def order(staff: dict[str, User], award: Award) -> Payment:
    bring_into_year(staff, award)
    return paying.order(Claim.objects.get(award=award), by=staff["treasurer"])


def hand_over(staff: dict[str, User], award: Award) -> PaymentBatch:
    """A batch of one, closed by finance: accounting has its order to look at."""
    bring_into_year(staff, award)
    payment = Payment.objects.get(award=award, state="ordered")
    batch = paying.make_batch(staff["treasurer"], pay_on=paying.next_pay_day(), payments=[payment])
    return perform(batch, "lock", by=staff["treasurer"])


def bank(staff: dict[str, User], award: Award, *, bounced: bool = False) -> None:
    """A batch of one, checked and sent, and on the day of transfer answered and reconciled."""
    batch = hand_over(staff, award)
    accounting = staff["accounting_officer"]
    checking.clear(batch, list(batch.payments.all()), by=accounting)
    batch = perform(batch, "export", by=accounting)
    code, reason = ("8", "口座名義相違") if bounced else ("0", "")
    with clock.at(max(clock.now(), at(batch.pay_on, 15))):
        answer_of_the_bank(batch, by=accounting, code=code, reason=reason)


def answer_of_the_bank(batch: PaymentBatch, *, by: User, code: str, reason: str) -> None:
    rows: list[results.Row] = []
    for p in batch.payments.select_related("account").order_by("line"):
        place = (p.account.bank_code, p.account.branch_code, p.account.number)
        rows.append(
            results.Row(len(rows) + 2, batch.number, p.line or 0, *place, p.amount, code, reason)
        )
    results.apply(rows, batch=batch, by=by)
    perform(batch, "reconcile", by=by)


def reissue(staff: dict[str, User], award: Award, person: User) -> None:
    """A corrected account, a new order, and this time it arrives."""
    bounced = Payment.objects.get(award=award, state="bounced")
    perform(bounced, "confirm_bounce", by=staff["treasurer"], reason="銀行の結果のファイルを見た")
    declare(award, person, f"{award.pk + 1_000_000:07}")
    confirm(staff, award)
    order(staff, award)
    bank(staff, award)
