"""What the papers say about a payment that a return stands against: withheld, released, set off."""

from django.utils.translation import gettext_lazy as _lazy

from grants.applications.papers import frame, yen
from grants.awards.papers import decided, earlier, on_award
from grants.payments.models import Payment
from grants.recovery.models import Recovery
from grants.recovery.papers import not_come, ordered
from portal import clock, fiscal
from portal.notices.citing import NOTHING, Cited
from portal.types import Row
from portal.ui.templatetags.ui import in_yen

UNDONE_FOR = {
    "not_owed": _lazy("相殺した返還金は、納める必要がなかった"),
    "not_free": _lazy("差押えなどで、相殺できない支払いだった"),
    "sum": _lazy("相殺の額または相手を誤った（改めて相殺します）"),
    "form": _lazy("手続きに誤りがあった"),
}


def on_held(payment: Payment) -> list[tuple[str, Row]]:
    """What withheld it, and the orders to return that it is withheld for."""
    rows = payment.withholdings.select_related("recovery__case")
    orders = [("recovery", row.recovery) for row in rows]
    return [*on_award(payment), ("withholding", payment.case), *orders]


def on_set_off(payment: Payment) -> list[tuple[str, Row]]:
    return [*on_award(payment), ("recovery", payment.set_against.debt)]


def withholding_facts(
    payment: Payment, *, reason: str = "", cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    """補助金支払一時停止通知書: what is not paid, for which return, and how it goes on."""
    award = payment.award
    rows = payment.withholdings.filter(ended_on=None).select_related(
        "recovery__award__application", "recovery__case"
    )
    return frame(
        award.application,
        about="の支払の一時停止",
        decides=True,
        title="補助金支払一時停止通知書",
        body=f"{award.stated.under('withholding')}、次の補助金の支払を一時停止することに決定しましたので、通知します。",
        body_en="The payment below is withheld until what is owed has been returned.",
        items=[
            *decided(award, cited),
            ["一時停止する額", yen(payment.amount)],
            *[["未納の返還", _owed(row.recovery, cited)] for row in rows],
            ["一時停止の理由", reason],
        ],
        small="返還金と延滞金を納めたことを確かめたあと、支払の手続きを再び進めます。",
    )


def set_off_facts(
    payment: Payment, *, reason: str = "", cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    """相殺通知書: which claims, how much of each from which day on, and what is left of both."""
    award, receipt = payment.award, payment.set_against
    debt, rest = receipt.debt, payment.claim.to_transfer
    left = debt.owed(receipt.paid_on)["left"]
    return frame(
        award.application,
        about="の支払と返還金との相殺",
        decides=True,
        title="相殺通知書",
        body=f"民法第505条第1項及び{award.stated.under('set_off')}、次の補助金の支払と返還金とを対当額で相殺しますので、同法第506条第1項の規定により通知します。",
        body_en="The payment below is set off against what you have to return.",
        items=[
            *decided(award, cited),
            ["支払う額", yen(payment.amount + rest)],
            ["相殺する返還金", _debt(debt, left + receipt.amount, cited)],
            ["相殺の額", yen(receipt.amount)],
            ["相殺の日", fiscal.era(clock.today())],
            ["効力の生じる日", f"{fiscal.era(receipt.paid_on)}（双方の弁済期が到来した日）"],
            ["振り込む額", yen(rest) if rest else "ありません。"],
            ["納める額の残り", yen(left) if left else "ありません。"],
            ["相殺の理由", reason],
        ],
        small="残りの額には、納める日までの加算金や延滞金がかかります。" if left else "",
    )


def on_set_off_undone(payment: Payment) -> list[tuple[str, Row]]:
    return [*on_set_off(payment), ("set_off", payment.case)]


def set_off_undone_facts(
    payment: Payment,
    *,
    reason: str = "",
    ground: str = "",
    cited: Cited = NOTHING,
    **_given: object,
) -> dict[str, object]:
    """相殺取消通知書: which set-off, why, and what either side has to pay now."""
    award, receipt = payment.award, payment.set_against
    debt = receipt.debt
    left = debt.owed()["left"]
    return frame(
        award.application,
        about="の支払と返還金との相殺の取消し",
        decides=True,
        title="相殺取消通知書",
        body=f"{award.stated.under('set_off')}行った次の相殺を取り消しましたので、通知します。",
        body_en="The set-off below has been undone: it counts as if it had never been made.",
        items=[
            *decided(award, cited),
            *earlier("相殺の日と番号", cited.of_case("set_off", payment.case_id)),
            ["取り消した相殺の額", yen(receipt.amount)],
            ["振り込む額", yen(payment.claim.to_transfer)],
            ["納める返還金", _debt(debt, left, cited, "いま納められていない額")],
            ["取消しの根拠", str(UNDONE_FOR.get(ground, ""))],
            ["取消しの理由", reason],
        ],
        small="納められていない額には、相殺をしなかったものとして計算した今日までの加算金や延滞金を含みます。"
        if left
        else "",
    )


def _debt(recovery: Recovery, left: int, cited: Cited, label: str = "相殺の前の未納の額") -> str:
    return (
        f"{recovery.award.application.title}（調定番号　{recovery.number}）\n"
        f"返還命令　{ordered(recovery, cited)}\n"
        f"返還額　{in_yen(recovery.principal)}（納期限　{fiscal.era(recovery.next_due)}）\n"
        f"{label}　{in_yen(left)}"
    )


def _owed(recovery: Recovery, cited: Cited) -> str:
    return (
        f"{recovery.award.application.title}\n調定番号　{recovery.number}\n"
        f"返還命令　{ordered(recovery, cited)}\n"
        f"未納の返還額　{in_yen(not_come(recovery))}（納期限　{fiscal.era(recovery.next_due)}）"
    )


def withholding_ended_facts(
    payment: Payment, *, reason: str = "", cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    """補助金支払一時停止解除通知書."""
    award = payment.award
    return frame(
        award.application,
        about="の支払の一時停止の解除",
        decides=True,
        title="補助金支払一時停止解除通知書",
        body=f"{award.stated.under('withholding')}行った次の補助金の支払の一時停止を解除し、支払の手続きを再び進めますので、通知します。",
        body_en="The payment below is no longer withheld and goes on.",
        items=[
            *decided(award, cited),
            *earlier("一時停止の日と番号", cited.of_case("withholding", payment.case_id)),
            ["支払う額", yen(payment.amount)],
            ["解除の理由", reason],
        ],
        small="振込の日と額は、振り込んだあとに、補助金支払通知書でお知らせします。",
    )
