"""What the papers of endings and of money back say."""

from django.utils.translation import gettext_lazy as _lazy

from grants.applications.papers import frame, issuer, yen
from grants.awards.models import Award
from grants.awards.papers import decided, earlier, on_award
from grants.awards.states import AwardState
from grants.payments import settling
from grants.programmes.remedies import demanded_under
from grants.recovery import broken, hearing
from grants.recovery.deferring import GROUNDS as DEFERRED_FOR
from grants.recovery.models import MoneyIn, Recovery
from portal import clock, fiscal
from portal.notices import letterheads
from portal.notices.citing import NOTHING, Cited
from portal.types import Row
from portal.ui.templatetags.ui import in_yen

WAIVER_GROUNDS = {
    "council": _lazy("議会の議決（地方自治法第96条第1項第10号）"),
    "decree": _lazy("履行延期をした債権の免除（地方自治法施行令第171条の7）"),
    "ordinance": _lazy("条例の定め"),
}

LATER = [
    "納められないとき",
    "納期限までに納めることが難しいときは、納期限までに、案件のページか下の担当に申し出てください。"
    "事情によって、期限を延ばすか、分けて納めることを認めることがあります（地方自治法施行令第171条の6）。",
]

# ground of an order → the paper of the decision behind it, and what that decision is called
BEHIND = {
    "revoked": ("revocation", "取消しの日と番号"),
    "partly": ("partial_revocation", "一部の取消しの日と番号"),
    "circumstances": ("revocation", "取消しの日と番号"),
    "abandoned": ("abandonment", "廃止の承認の日と番号"),
    "surplus": ("fixing", "額の確定の日と番号"),
    "disposal": ("disposal_approved", "財産の処分の承認の日と番号"),
}


# -- on what they rest ------------------------------------------------------------------------------
def on_decision(recovery: Recovery) -> list[tuple[str, Row]]:
    """An order rests on the award and on what was decided of it since."""
    found = BEHIND.get(recovery.ground)
    return [*on_award(recovery), *([(found[0], recovery.case)] if found else [])]


def on_order(recovery: Recovery) -> list[tuple[str, Row]]:
    return [*on_award(recovery), ("recovery", recovery)]


def ordered(recovery: Recovery, cited: Cited) -> str:
    return cited.of("recovery", recovery, recovery.ordered_on)


def _of_order(recovery: Recovery, cited: Cited) -> list[list[str]]:
    """Of a return, what ordered it and under which number it is booked."""
    return [["返還命令の日と番号", ordered(recovery, cited)], ["調定番号", recovery.number]]


# -- endings of awards -----------------------------------------------------------------------------
def abandonment_facts(
    award: Award, *, reason: str = "", cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    return frame(
        award.application,
        about="の補助事業の廃止の承認",
        decides=True,
        title="補助事業廃止承認通知書",
        body=f"{award.stated.under('abandonment')}、補助事業の廃止を承認しましたので、通知します。",
        body_en="We have approved that the project is given up.",
        items=[*decided(award, cited), ["廃止の理由", reason], *_kept(award)],
    )


def revocation_facts(
    award: Award, *, reason: str = "", cited: Cited = NOTHING, **given: object
) -> dict[str, object]:
    """The whole award, taken back for a fault or since circumstances changed."""
    if award.state == AwardState.CANCELLED:
        act, why = award.stated.under("circumstances"), "その後の事情の変更により"
    else:
        act, why = award.stated.under("revocation"), "次の理由で"
    return frame(
        award.application,
        about="の交付の決定の取消し",
        decides=True,
        title="補助金交付決定取消通知書",
        body=f"{act}、{why}、交付の決定の全部を取り消しましたので、通知します。",
        body_en="We have revoked the whole award for the reason below.",
        items=[
            *decided(award, cited),
            ["取り消した範囲", "交付の決定の全部"],
            *broken.told(award, given),
            *hearing.told(award, given, fiscal.era),
            ["取消しの理由", reason],
            *_kept(award),
        ],
    )


def partial_facts(
    award: Award, *, amount: int = 0, reason: str = "", cited: Cited = NOTHING, **given: object
) -> dict[str, object]:
    return frame(
        award.application,
        about="の交付の決定の一部の取消し",
        decides=True,
        title="補助金交付決定一部取消通知書",
        body=f"{award.stated.under('revocation')}、次の理由で、交付の決定の一部を取り消しましたので、通知します。",
        body_en="We have revoked a part of the award for the reason below.",
        items=[
            *decided(award, cited),
            ["取り消した範囲", "交付の決定の一部"],
            ["取り消した額", yen(amount)],
            ["取消し後の額", yen(award.payable)],
            *broken.told(award, given),
            *hearing.told(award, given, fiscal.era),
            ["取消しの理由", reason],
        ],
    )


def _kept(award: Award) -> list[list[str]]:
    """Of an advance, what was done for it."""
    return [["返還を要しない額", yen(award.payable)]] if award.payable else []


# -- money back ------------------------------------------------------------------------------------
def order_facts(
    recovery: Recovery, *, cited: Cited = NOTHING, **given: object
) -> dict[str, object]:
    """補助金返還命令書."""
    award = recovery.award
    fixed = award.fixed_amount
    return frame(
        award.application,
        about="の返還",
        does="命令",
        decides=True,
        title="補助金返還命令書",
        body=f"{award.stated.under('repayment')}、次のとおり補助金の返還を命じますので、納期限までに納付してください。",
        body_en="You are ordered to return the subsidy as follows by the due date.",
        items=[
            *decided(award, cited),
            *_behind(recovery, cited),
            *([["確定額", yen(fixed)]] if fixed is not None else []),
            ["支払った額", yen(settling.made(award.payments.all()))],
            ["返還の理由", f"{dict(Recovery.GROUNDS)[recovery.ground]}\n{recovery.reason}"],
            *hearing.told(award, given, fiscal.era),
            ["返還額", yen(recovery.principal)],
            ["納期限", fiscal.era(recovery.due_on)],
            how_to_pay(recovery),
            *_surcharge(recovery),
            ["延滞金", late(award)],
            LATER,
        ],
    )


def _behind(recovery: Recovery, cited: Cited) -> list[list[str]]:
    kind, label = BEHIND.get(recovery.ground, ("", ""))
    return earlier(label, cited.of_case(kind, recovery.case_id))


def asker(recovery: Recovery) -> letterheads.Sender:
    """The municipality that asks for it."""
    code = issuer(recovery.award.application.call.municipality_codes)
    return letterheads.holding([code], clock.today())[code]


def how_to_pay(recovery: Recovery) -> list[str]:
    return ["納める方法", asker(recovery).how_to_pay]


def _surcharge(recovery: Recovery) -> list[list[str]]:
    if not recovery.with_surcharge:
        return []
    said = recovery.award.stated.interest.surcharge_said
    parts = [
        said(f"{fiscal.era(part.on)}に受け取った{part.amount:,}円について")
        for part in recovery.instalments_back
    ]
    return [["加算金", "\n".join(parts)]]


def late(award: Award) -> str:
    return award.stated.interest.arrears_said("納期限の翌日")


def cancelled_facts(
    recovery: Recovery, *, reason: str = "", cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    """補助金返還命令取消通知書."""
    return frame(
        recovery.award.application,
        about="の返還の命令の取消し",
        decides=True,
        title="補助金返還命令取消通知書",
        body=f"{recovery.award.stated.under('repayment')}命じた次の返還の命令を取り消しましたので、通知します。この命令による納付は、しないでください。",
        body_en="The order below to return the subsidy has been cancelled. Please do not pay it.",
        items=[
            *decided(recovery.award, cited),
            *_of_order(recovery, cited),
            ["返還額", yen(recovery.principal)],
            ["取消しの理由", reason],
        ],
    )


def waiver_facts(
    recovery: Recovery,
    *,
    reason: str = "",
    ground: str = "",
    cited: Cited = NOTHING,
    **_given: object,
) -> dict[str, object]:
    return frame(
        recovery.award.application,
        about="の返還の免除",
        decides=True,
        title="補助金返還免除通知書",
        body="次のとおり補助金の返還を免除しましたので、通知します。",
        body_en="The return of the subsidy has been waived as follows.",
        items=[
            *decided(recovery.award, cited),
            *_of_order(recovery, cited),
            ["免除した額", yen(let_go(recovery))],
            ["うち返還額（元本）", yen(not_come(recovery))],
            ["免除の根拠", str(WAIVER_GROUNDS.get(ground, ""))],
            ["免除の理由", reason],
        ],
    )


def not_come(recovery: Recovery) -> int:
    """Yen of the principal that did not come in."""
    return recovery.principal - recovery.principal_back


def let_go(recovery: Recovery) -> int:
    """Yen that a waiver lets go of today: surcharge, arrears and fees with the principal that did not come."""
    return max(recovery.owed()["total"] - recovery.came_back, 0)


def deferral_facts(
    recovery: Recovery, *, ground: str = "", cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    """履行延期承認通知書."""
    award, rows = recovery.award, recovery.instalments
    late = award.stated.interest.arrears_said("それぞれの期限までに納めないときは、その翌日")
    return frame(
        award.application,
        about="の返還の履行延期の承認",
        decides=True,
        title="補助金返還履行延期承認通知書",
        body="補助金の返還について、次のとおり履行期限を延長しましたので、地方自治法施行令第171条の6第1項の規定により通知します。",
        body_en="We agree that the subsidy is returned later, in the parts below.",
        items=[
            *decided(award, cited),
            *_of_order(recovery, cited),
            ["延期の理由", str(DEFERRED_FOR.get(ground, ""))],
            ["残りの返還額", yen(sum(row.amount for row in rows))],
            *[
                [f"{n}回目", f"{fiscal.era(row.on)}までに　{in_yen(row.amount)}"]
                for n, row in enumerate(rows, 1)
            ],
            how_to_pay(recovery),
            *_accrued(recovery),
            ["延滞金", late],
        ],
    )


def _accrued(recovery: Recovery) -> list[list[str]]:
    """What had accrued before the deferral stays owed, beside the parts; a surcharge goes on growing."""
    owed = recovery.owed()
    said = {
        "surcharge": (
            "今日までの加算金",
            "分けた額とは別に、納める日までの日数で計算して納めていただきます。",
        ),
        "arrears": ("今日までの延滞金", "この延期によっては、なくなりません。"),
    }
    return [
        [label, f"{in_yen(owed[name])}（{words}）"]
        for name, (label, words) in said.items()
        if owed[name]
    ]


def demand_facts(
    recovery: Recovery, *, cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    """督促状."""
    row = recovery.demands.last()
    fee = [["督促手数料", yen(row.fee)]] if row is not None and row.fee else []
    return frame(
        recovery.award.application,
        about="の返還金の納付",
        does="督促",
        decides=True,
        title="督促状",
        body=f"次の返還金が納期限までに納められていませんので、{demanded_under(recovery.award.stated.remedy)}の規定により督促します。指定する期限までに納めてください。",
        body_en="The sum below was not returned by its due date. Please pay it by the day named.",
        items=[
            *decided(recovery.award, cited),
            *_of_order(recovery, cited),
            ["納期限", fiscal.era(recovery.next_due)],
            ["未納の返還額", yen(not_come(recovery))],
            ["今日までの延滞金", yen(recovery.owed()["arrears"])],
            ["延滞金", late(recovery.award)],
            *fee,
            ["指定する期限", fiscal.era(row.answer_by) if row is not None else ""],
            how_to_pay(recovery),
        ],
        small="指定する期限までに納められないときは、法令の定めにより、強制執行などの手続きをとることがあります。"
        "この書面と行き違いに納められたときは、ご容赦ください。",
    )


def on_overpaid(row: Recovery | Award) -> list[tuple[str, Row]]:
    """What came before an order, and gets none, rests on the award alone."""
    return [*on_order(row)] if isinstance(row, Recovery) else [*on_award(row)]


def overpaid_facts(
    row: Recovery | Award, *, receipt: MoneyIn, cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    """過誤納金還付通知書: what came in above what was owed goes back out of the revenue that it
    came in as (地方自治法施行令 165条の7); what came before an order was never revenue.
    """
    if isinstance(row, Recovery):
        award, order = row.award, _of_order(row, cited)
        body = "返還金として納められた額のうち、納める必要のなかった次の額を、地方自治法施行令第165条の7の規定によりお返しします。"
    else:
        award, order = row, []
        body = "返還金として納められた次の額は、納めていただく必要がありませんでしたので、お返しします。"
    payer = [["納めた方", receipt.payer]] if receipt.payer else []
    return frame(
        award.application,
        about="の返還金に係る過誤納金の還付",
        title="過誤納金還付通知書",
        body=body,
        body_en="The part of your payment that was not owed will be paid back to you.",
        items=[
            *decided(award, cited),
            *order,
            *payer,
            ["納めた日", fiscal.era(receipt.paid_on)],
            ["納めた額", yen(receipt.amount)],
            ["返還に充てた額", yen(receipt.counted)],
            ["お返しする額", yen(receipt.over)],
        ],
        small="お返しする口座は、担当が確かめます。還付加算金があるときは、その額を別にお知らせします。",
    )
