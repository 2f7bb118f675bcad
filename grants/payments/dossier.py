"""What is bound into the whole of a case of its money: claims, orders, transfers."""

from grants.payments.checks import CONFIRMATIONS
from grants.payments.models import BankWord, Claim, OrderCheck, Payment
from portal.accounts.models import User
from portal.cases.dossier import facts
from portal.cases.models import Case
from portal.cases.ports import Section
from portal.ui.templatetags import ui


def paid(case: Case, _user: User) -> list[Section]:
    """Accounts with their last digits alone, as on the pages."""
    claims = Claim.objects.filter(case=case)
    payments = Payment.objects.filter(case=case).select_related("account__confirmed_by")
    checks = OrderCheck.objects.filter(payment__case=case).select_related("batch", "checked_by")
    words = BankWord.objects.filter(payment__case=case).select_related("given_by").defer("content")
    return [
        *map(_claim, claims),
        *map(_payment, payments),
        *map(_check, checks),
        *map(_word, words),
    ]


def _claim(claim: Claim) -> Section:
    return facts(
        f"交付請求　{claim.get_kind_display()}",
        ("状態", claim.info.label),
        ("請求額", ui.in_yen(claim.amount)),
        ("請求", claim.claimed_at),
        ("理由", claim.reason),
    )


def _payment(payment: Payment) -> Section:
    return facts(
        "支払",
        ("状態", payment.info.label),
        ("支払額", ui.in_yen(payment.amount)),
        ("支出命令", payment.ordered_at),
        ("口座", payment.account.masked),
        ("口座の確認", "\n".join(payment.account.answered)),
        (
            "相殺した日" if payment.is_set_off or payment.was_set_off else "振り込んだ日",
            payment.paid_on,
        ),
        ("振込不能の理由", payment.bounce),
        ("戻った日", payment.came_back_on),
    )


def _check(check: OrderCheck) -> Section:
    return facts(
        f"支出命令の審査　{check.batch.number}",
        ("結果", "審査済み" if check.is_passed else "経理へ差戻し"),
        *[
            (str(said), "確認" if getattr(check, name) else "確認できず")
            for name, said in CONFIRMATIONS.items()
        ],
        ("理由", check.reason),
        ("審査", check.checked_at),
        ("審査した職員", check.checked_by.name),
    )


def _word(word: BankWord) -> Section:
    return facts(
        "銀行の書面",
        ("ファイル", word.name),
        ("記録", word.given_at),
        ("記録した職員", word.given_by.name),
    )
