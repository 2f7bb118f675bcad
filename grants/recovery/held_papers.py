"""What the papers say about a payment that a return stands against: withheld, released, set off."""

from grants.applications.papers import frame, yen
from grants.awards.papers import decided, earlier, on_award
from grants.payments.models import Payment
from grants.recovery.models import Recovery
from grants.recovery.papers import not_come, ordered
from portal import clock, fiscal
from portal.notices.citing import NOTHING, Cited
from portal.types import Row
from portal.ui.templatetags.ui import in_yen


def on_held(payment: Payment) -> list[tuple[str, Row]]:
    """What withheld it, and the orders to return that it is withheld for."""
    rows = payment.withholdings.select_related("recovery__case")
    orders = [("recovery", row.recovery) for row in rows]
    return [*on_award(payment), ("withholding", payment.case), *orders]


def on_set_off(payment: Payment) -> list[tuple[str, Row]]:
    return [*on_award(payment), ("recovery", payment.set_against.recovery)]


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
    debt, rest = receipt.recovery, payment.claim.to_transfer
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


def _debt(recovery: Recovery, before: int, cited: Cited) -> str:
    return (
        f"{recovery.award.application.title}（調定番号　{recovery.number}）\n"
        f"返還命令　{ordered(recovery, cited)}\n"
        f"返還額　{in_yen(recovery.principal)}（納期限　{fiscal.era(recovery.next_due)}）\n"
        f"相殺の前の未納の額　{in_yen(before)}"
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
