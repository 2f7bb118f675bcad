"""What the papers of an award say, and what every paper after the award names of it."""

from grants.applications import rules
from grants.applications.papers import applied, frame, yen
from grants.awards import tracing, withdrawing
from grants.awards.assessing import applied_items, assessment_of
from grants.awards.models import Award
from grants.budget import owing
from portal import fiscal
from portal.cases.models import Case
from portal.money import aid
from portal.notices.citing import NOTHING, Cited
from portal.types import Row

PAID = {
    "settlement": "精算払（額の確定のあと、請求により支払います）",
    "advance": "概算払（事業の途中で、請求により支払います）",
}


def on_award(row: Row) -> list[tuple[str, Case]]:
    """Every paper after the award rests on it."""
    return [("award", row.case)]


def decided(award: Award, cited: Cited) -> list[list[str]]:
    """The decision that a later paper rests on: project, day and number of the award, its sum."""
    return [
        ["補助事業の名称", award.application.title],
        ["交付決定の日と番号", cited.of_case("award", award.case_id, award.awarded_on)],
        ["交付決定額", yen(award.awarded_amount)],
    ]


def earlier(label: str, said: str) -> list[list[str]]:
    """A later decision that a paper rests on too, where a paper was issued of it."""
    return [[label, said]] if said else []


def award_facts(award: Award, **_given: object) -> dict[str, object]:
    """交付決定通知書."""
    application, stated = award.application, award.stated
    assessment = assessment_of(application)
    items = [
        ["補助事業の名称", application.title],
        ["補助対象経費", yen(award.eligible_amount)],
        ["交付決定額", yen(award.awarded_amount)],
        *_computed(award),
        *([["減額の理由", award.cut_reason]] if award.cut_reason else []),
        *([["経費の査定", "別紙2のとおり"]] if assessment is not None else []),
        ["事業の期間", f"この通知の日から{fiscal.era(award.project_ends_on)}まで"],
        ["支払の方法", "\n".join(PAID[mode] for mode in stated.payment)],
        *_paid_later(award),
        ["交付の条件", "別紙のとおり" if assessment is None else "別紙1のとおり"],
    ]
    return frame(
        application,
        about="の交付の決定",
        decides=True,
        title="補助金交付決定通知書",
        body=f"{applied(application)}次のとおり交付することに決定しましたので、"
        f"{stated.guideline}{stated.award_article}の規定により通知します。",
        body_en="We have decided to award the subsidy as follows.",
        items=items,
        table=assessment.table if assessment is not None else None,
        small=withdrawing.sentence(stated.periods.withdrawal_days),
        annex=[
            *stated.award_conditions,
            *(line for line in award.conditions.splitlines() if line.strip()),
        ],
    )


def _paid_later(award: Award) -> list[list[str]]:
    """The year in which an award is paid that was promised of a later one."""
    debt = owing.of_frame(award.application.call, award.frame)
    if debt is None:
        return []
    year = fiscal.era_fiscal_year(debt.spent_in)
    return [["支払う年度", f"{year}（債務負担行為　{debt.ground}）"]]


def _computed(award: Award) -> list[list[str]]:
    """From the costs as applied for to the sum of the award; nothing where no version has any."""
    items = applied_items(award.application)
    if not items:
        return []
    assessment = assessment_of(award.application)
    accepted = (
        [(row.category, row.accepted) for row in assessment.items.all()]
        if assessment is not None
        else [(item["category"], item["amount"]) for item in items]
    )
    totals = rules.by_category([{"category": name, "amount": sum_} for name, sum_ in accepted])
    spent = sum(item["amount"] for item in items)
    less = spent - sum(totals.values())
    result = aid(totals, award.terms, requested=award.requested_amount)
    lines = tracing.steps(
        spent, [("査定で対象外とした額", less)] if less else [], result, award.terms
    )
    if result.amount != award.awarded_amount:
        lines.append(f"減額後の額　{award.awarded_amount:,}円")
    return [["額の計算", "\n".join(lines)]]


def on_suspension(award: Award) -> list[tuple[str, Row]]:
    return [*on_award(award), ("suspension", award)]


def suspension_facts(
    award: Award, *, reason: str = "", cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    return frame(
        award.application,
        about="の補助事業の一時停止",
        does="命令",
        decides=True,
        title="補助事業一時停止命令書",
        body=f"{award.stated.under('suspension')}、次のとおり補助事業の一時停止を命じます。再開を認める通知があるまで、事業を止めてください。",
        body_en="We order that the project is paused until we allow it to go on.",
        items=[*decided(award, cited), ["一時停止の理由", reason]],
    )


def resumption_facts(
    award: Award, *, reason: str = "", cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    return frame(
        award.application,
        about="の補助事業の再開の承認",
        decides=True,
        title="補助事業再開承認通知書",
        body=f"{award.stated.under('suspension')}、一時停止を命じた補助事業の再開を認めましたので、通知します。",
        body_en="We allow that the project goes on.",
        items=[
            *decided(award, cited),
            *earlier("一時停止の命令の日と番号", cited.of("suspension", award)),
            ["再開を認める理由", reason],
            ["事業の終わりの日", fiscal.era(award.project_ends_on)],
        ],
    )
