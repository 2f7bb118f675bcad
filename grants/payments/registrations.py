"""What this room fills in elsewhere."""

from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.ports import later_life, money_paid
from grants.awards.models import Award
from grants.completion.ports import money_fixed
from grants.payments import (
    access,
    accounts,
    against,
    by_case,
    cautions,
    dossier,
    forms,
    many,
    outgoing,
    panels,
    papers,
    passbooks,
    paying,
    private,
    settling,
    turns,
    verifying,
    year_end,
)
from grants.payments.batches import PaymentBatch
from grants.payments.imports import ResultImport
from grants.payments.ports import account_cautions
from grants.payments.transfers import Payment
from portal.audit.ports import Kept, kept_rows
from portal.backups.ports import comparisons, sums
from portal.cases import search, visibility
from portal.cases.ports import (
    DossierPart,
    Erasure,
    Panel,
    PublicActs,
    applicant_ways,
    beside_inbox,
    bulk_acts,
    case_filter_parts,
    case_panels,
    closed_matters,
    dossier_parts,
    duty_subjects,
    erasures,
    loaders,
    named_rows,
    page_names,
    private_texts,
    public_acts,
    read_pages,
    reading_words,
    searched,
    shared_names,
    shared_sums,
    turn_duties,
    turn_notes,
    turn_pages,
    turn_sources,
    turn_sums,
)
from portal.correspondence.ports import Waiting, second_people
from portal.documents.ports import open_files
from portal.ui.ports import Menu, menus
from portal.workflow.graph import Requirement
from portal.workflow.ports import (
    NoticeKind,
    checked_against,
    joined_requirements,
    notice_kinds,
    transition_forms,
)

PAGES = [
    ("batch", _lazy("振込データ")),
    ("batch_check", _lazy("支出命令の審査")),
    ("batch_result", _lazy("振込結果の取込み")),
    ("batch_row", _lazy("振込データの1件")),
]
FILES = [
    ("settlement_csv", _lazy("決算の表（CSV）")),
    ("settlement_xlsx", _lazy("決算の表（Excel）")),
]


def _batches_named(keys: Collection[int]) -> dict[int, str]:
    return dict(PaymentBatch.objects.filter(pk__in=keys).values_list("pk", "number"))


def _results_named(keys: Collection[int]) -> dict[int, str]:
    return dict(ResultImport.objects.filter(pk__in=keys).values_list("pk", "batch__number"))


def register() -> None:
    for page, label in PAGES:
        page_names.add(page, label)
        read_pages.add(page, lambda _pk: None)
    sums.add("payments", ("grants_payments.Payment", "amount"))
    comparisons.add("awards", verifying.first_fault)
    page_names.add("payment_order", _lazy("支出命令を出す"))
    page_names.add("passbook", _lazy("通帳の写しを送る"))
    read_pages.add("payment_order", lambda pk: Q(claims=pk))
    applicant_ways.add("payment", access.account_page)
    applicant_ways.add("bankaccount", access.account_page)
    for page, label in FILES:
        page_names.add(page, label)
    for page in ("batch", "batch_check", "batch_row"):
        named_rows.add(page, _batches_named)
    named_rows.add("batch_result", _results_named)
    searched.add("payments", search.columns(Payment, "batch__number"))
    notice_kinds.add(
        "payment",
        NoticeKind(
            label=_lazy("補助金支払通知書"),
            facts=papers.payment_facts,
            matter="payment",
            cites=papers.on_fixing,
        ),
    )
    account_cautions.fill(cautions.of_account)
    transition_forms.add("account_cautions", forms.AccountCautionsForm)
    transition_forms.add("came_back", forms.CameBackForm)
    transition_forms.add("order_doubts", forms.OrderDoubtsForm)
    transition_forms.add("not_executed", forms.NotExecutedForm)
    transition_forms.add("bank_word", forms.BankWordForm)
    joined_requirements.join(Award, "close", Requirement("settled", settling.unsettled))
    for ending in ("withdraw", "abandon", "cancel", "revoke"):
        joined_requirements.join(Award, ending, Requirement("idle", paying.under_way))

    second_people.add(
        "batches",
        Waiting(
            words=outgoing.VOIDS_ASKED,
            page="payment_desk",
            counts=paying.waiting_voids,
        ),
    )
    beside_inbox.add("year end", year_end.beside)
    turn_sources.add("payments", turns.SOURCE)
    turn_notes.add("claim", turns.CLAIM_CAME_BACK)
    turn_sums.add("claim", turns.sums_of_claims)
    turn_sums.add("payment", turns.sums_of_payments)
    for what, duty in turns.DUTIES.items():
        turn_duties.add(what, duty)
    turn_pages.add("paymentbatch", lambda pk: reverse("batch", args=[pk]))
    shared_sums.add("paymentbatch", turns.sums)
    shared_names.add("paymentbatch", turns.named_by)

    reading_words.add("account", _lazy("口座の全部の番号を見た"))
    reading_words.add("batch.file", _lazy("銀行へ送るファイルを取り出した"))
    reading_words.add("batch.word", _lazy("銀行の回答を取り出した"))
    reading_words.add("bank.word", _lazy("銀行の書面を取り出した"))

    duty_subjects.add("payments", accounts.duty_subjects)

    case_filter_parts.add("payment", by_case.PAYMENT)
    bulk_acts.add("confirm_account", many.ACCOUNTS)
    bulk_acts.add("examine_claim", many.CLAIMS)
    bulk_acts.add("order_payment", many.ORDERS)
    open_files.add("passbooks", passbooks.open_files)
    checked_against.add("bankaccount", against.of_accounts)
    checked_against.add("claim", against.of_claims)
    checked_against.add("payment", against.of_payments)
    closed_matters.add("payments", (("claim", "payment", "bankaccount"), visibility.MONEY))
    loaders.add("claim", access.claim_for)
    loaders.add("payment", access.payment_for)
    loaders.add("bankaccount", access.account_for)
    loaders.add("paymentbatch", access.batch_for)
    case_panels.add(
        "payments",
        Panel(
            template="grants/payments/panel.html",
            context=panels.of_case,
            anchor="payments",
            label=_lazy("請求と支払い"),
            readers=visibility.MONEY,
            reads=panels.READS,
        ),
    )
    public_acts.add(
        "bankaccount",
        PublicActs(said="refuse", bare="begin confirm replace", is_of_firm=True),
    )
    public_acts.add(
        "claim", PublicActs(said="deny send_back", bare="begin claim_again examine restore")
    )
    public_acts.add(
        "payment",
        PublicActs(
            said="come_back fail hold set_off undo_set_off",
            bare="begin cancel confirm_arrival release settle",
        ),
    )
    later_life.add("payments", panels.reached)
    menus.add(
        "execution",
        Menu(
            label=_lazy("執行"),
            url_name="execution",
            may_see=lambda user: user.has_role("approver", *PaymentBatch.READERS),
        ),
    )
    menus.add(
        "payments",
        Menu(
            label=_lazy("支払い"),
            url_name="payment_desk",
            may_see=lambda user: user.has_role(*PaymentBatch.READERS),
        ),
    )

    money_paid.fill(paying.transferred)
    money_fixed.add("payments", paying.fixed)

    kept_rows.add(
        "grants_payments.PaymentBatch",
        Kept(goes_on=True, since="t.sha256 <> ''"),
    )
    kept_rows.add("grants_payments.OrderCheck", Kept(changes=("reason",)))
    kept_rows.add("grants_payments.BankWord", Kept(changes=("name", "content")))
    erasures.add(
        "grants_payments.BankWord",
        Erasure(path="payment__case", blank={"name": "", "content": b""}),
    )
    erasures.add("grants_payments.OrderCheck", Erasure(path="payment__case", blank={"reason": ""}))
    erasures.add("grants_payments.Claim", Erasure(blank={"reason": ""}))
    erasures.add("grants_payments.Payment", Erasure(blank={"bounce": "", "held_for": ""}))
    private_texts.add("payments", private.of_accounts)
    dossier_parts.add(
        "payments",
        DossierPart(label="請求と支払い", readers=visibility.MONEY, sections=dossier.paid),
    )
