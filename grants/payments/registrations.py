"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.payments import forms, pages, paying
from portal import ports
from portal.cases import visibility
from portal.workflow.graph import Requirement
from portal.workflow.ports import joined_requirements, transition_forms


def register() -> None:
    ports.duty_subjects.add("payments", pages.duty_subjects)
    ports.erasures.add("grants_payments.Claim", ("case", {"reason": ""}))
    ports.erasures.add("grants_payments.Payment", ("case", {"bounce": ""}))
    ports.public_actions.add("payments", ("claim.", "payment."))
    ports.loaders.add("claim", pages.load_claim)
    ports.loaders.add("payment", pages.load_payment)
    ports.loaders.add("bankaccount", pages.load_account)
    ports.loaders.add("paymentbatch", pages.load_batch)
    transition_forms.add("came_back", forms.CameBackForm)
    ports.turn_sources.add("payments", pages.SOURCE)
    ports.later_life.add("payments", pages.later)
    ports.case_panels.add(
        "payments",
        ports.Panel(
            "grants/payments/panel.html",
            pages.panel,
            anchor="payments",
            label=_lazy("請求と支払い"),
            readers=visibility.MONEY,
        ),
    )
    ports.notice_kinds.add(
        "payment",
        ports.NoticeKind(_lazy("補助金支払通知書"), pages.payment_facts, "補助金支払通知書"),
    )
    joined_requirements.join(
        "grants_awards.Award", "close", Requirement("settled", paying.unsettled)
    )
    ports.money_paid.add("payments", paying.received_of)
    for ending in ("withdraw", "abandon", "cancel", "revoke"):
        joined_requirements.join(
            "grants_awards.Award", ending, Requirement("idle", paying.under_way)
        )
    ports.menus.add(
        "execution",
        ports.Menu(
            _lazy("執行"),
            "execution",
            lambda user: user.has_role("approver", "finance_officer", "auditor"),
        ),
    )
    ports.menus.add(
        "payments",
        ports.Menu(
            _lazy("支払い"),
            "payment_desk",
            lambda user: user.has_role("finance_officer", "auditor"),
        ),
    )
