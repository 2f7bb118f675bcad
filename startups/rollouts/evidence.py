"""根拠資料: what the budget and the contract are argued with, drawn from the ledger.

Nothing that the proposer marked secret is in it.
"""

from decimal import Decimal

from portal import clock, fiscal
from startups.pilots import terms
from startups.pilots.chart import said
from startups.pilots.entries import Evaluation, Incident, Indicator
from startups.rollouts.models import Rollout
from startups.rollouts.ports import Report, Section, draw_report
from startups.rollouts.road import STEPS

OPEN_REPORT = ("done", "result", "lessons", "cost", "next")


def pdf(rollout: Rollout) -> bytes:
    return draw_report.value(facts(rollout))


def facts(rollout: Rollout) -> Report:
    """The document for the report drawer: title, lines under it, and sections in order."""
    pilot = rollout.pilot
    towns = list(pilot.partners.select_related("municipality"))
    partners = [f"{p.municipality.name}（支援金 {p.support:,}円）" for p in towns]
    took_part = rollout.municipality_id in {p.municipality_id for p in towns}
    indicators = list(pilot.indicators.prefetch_related("readings"))
    sides = dict(Evaluation.SIDES)
    evaluations = [
        [str(sides[row.side]), f"{row.get_mark_display()}　{row.text}"]
        for row in pilot.evaluations.all()
    ]
    road = rollout.road
    readings = sum(len(row.readings.all()) for row in indicators)
    charts: list[Section] = [
        {"chart": drawing, "caption": f"{row.name}（{row.unit}）　{row.method}"}
        for row in indicators
        if (drawing := row.drawing)
    ]
    sections: list[Section] = [
        {
            "heading": "1　実証のあらまし",
            "rows": [
                ["実証", f"{pilot.case.number}　{pilot.title}"],
                ["課題", f"{pilot.challenge.number}　{pilot.challenge.title}"],
                ["市町村", "、".join(partners)],
                ["会社", pilot.case.organisation.name],
                ["期間", f"{fiscal.era(pilot.starts_on)}から{fiscal.era(pilot.ends_on)}まで"],
                [
                    "いまの仕事の量",
                    "、".join(
                        f"{row['what']} {row['number']:,}{row['unit']}"
                        for row in pilot.challenge.content.get("work", [])
                    ),
                ],
            ],
        },
        {
            "heading": "2　計測の結果",
            "table": {
                "head": ["指標", "はじめ", "目標", "最後の値", "判定"],
                "rows": [_measured(row) for row in indicators],
            },
        },
        *charts,
        {
            "heading": "3　評価",
            "rows": [
                ["決定", str(pilot.get_verdict_display())],
                ["まとめ", pilot.summary],
                *evaluations,
                ["次に取り組む人へ", pilot.lessons],
            ],
        },
        {
            "heading": "4　報告",
            "rows": [
                [str(terms.REPORT[part][0]), pilot.report[part]]
                for part in OPEN_REPORT
                if pilot.report.get(part)
            ],
        },
        _incidents(list(pilot.incidents.all()), is_told=took_part),
        {
            "heading": "6　契約の方法と要件",
            "rows": [
                [
                    "方法",
                    f"{rollout.way.label}（{rollout.way.cite}）"
                    if rollout.way
                    else "まだ決めていない",
                ],
                *_tests(rollout),
            ],
        },
    ]
    if road:
        rows = [
            [
                str(STEPS[step.key][0]),
                fiscal.era(step.on) + (f"から{fiscal.era(step.until)}まで" if step.until else ""),
            ]
            for step in road.steps
        ]
        sections.append({"heading": "7　使い始める日から逆に数えた予定", "rows": rows})
    return {
        "title": "本格導入の根拠資料",
        "number": rollout.case.number,
        "lines": [
            f"{rollout.municipality.name}　{rollout.department}",
            f"{fiscal.era(clock.today())}現在の台帳（計測 {readings}件）から作成",
        ],
        "sections": sections,
        "foot": "契約の方法と予定は計画のための目安で、法的な助言ではない。秘密の指定のある事項は含まない。",
    }


def _measured(row: Indicator) -> list[str]:
    def number(value: Decimal | None) -> str:
        return "―" if value is None else f"{said(float(value))}{row.unit}"

    last = row.last
    return [
        row.name,
        number(row.baseline),
        number(row.target),
        number(last.value if last else None),
        "届いた" if row.is_reached else "届かない" if last else "―",
    ]


def _incidents(incidents: list[Incident], *, is_told: bool) -> Section:
    """What happened and how it was settled; of another municipality's pilot that it did and whether it
    was (decision 0157).
    """
    found: Section = {
        "heading": f"5　出来事（{len(incidents)}件）",
        "rows": [
            [
                f"{fiscal.era(row.happened_on)}　{row.get_grave_display()}",
                f"{row.text}\n対応：{row.settled or 'まだ'}" if is_told else _ended(row),
            ]
            for row in incidents
        ]
        or [["なし", "事故や苦情の記録はない。"]],
    }
    if incidents and not is_told:
        found["after"] = "内容は、実証を行った市町村に尋ねる。"
    return found


def _ended(row: Incident) -> str:
    return f"対応ずみ（{fiscal.era(row.settled_on)}）" if row.settled_on else "対応はまだ"


def _tests(rollout: Rollout) -> list[list[str]]:
    done = rollout.confirmed
    return [
        [
            str(label),
            f"確認 {fiscal.era(done[key].on)}　{done[key].note}"
            if key in done
            else "まだ確かめていない",
        ]
        for key, label in rollout.tests
    ]
