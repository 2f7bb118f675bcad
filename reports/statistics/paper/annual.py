"""The annual report for the council.

A release on paper, in Japanese, every figure from its snapshot.
"""

from django.utils.translation import override

from portal import clock, fiscal
from portal.cases.ports import Table
from reports.papers.report import Facts, Part, draw
from reports.statistics.models import Release
from reports.statistics.page import comparisons, dashboard, wording
from reports.statistics.page.board import Board
from reports.statistics.page.choice import Choice
from reports.statistics.pipeline.names import ALL, OPEN
from reports.statistics.releasing.figures import Figures

# a part of the report, as `reports.papers.report` lays it out


def pdf(release: Release) -> bytes:
    """The report as PDF."""
    with override("ja"):
        return draw(facts(release))


def facts(release: Release) -> Facts:
    """What the report says, laid out for `reports.papers.report`."""
    figures = Figures(release)
    board = Board(release, figures, dashboard.all_areas(), Choice(release.fiscal_year))
    as_of = release.as_of or clock.now()
    day = as_of.astimezone(clock.JST)
    return {
        "title": f"{fiscal.era_fiscal_year(release.fiscal_year)} 事業支援の成果（年次報告）",
        "number": f"統計 {release.number}",
        "lines": [
            f"札幌市 経済観光局　{fiscal.era(clock.day_of(as_of))} {day:%H:%M}の数値による",
            "この報告の数値は、公表した統計の写しから作り、支出の台帳と1円まで照合したものです。",
            "画面の「成果と統計」とオープンデータで、同じ数値を確かめられます。",
        ],
        "foot": f"出典：札幌市（さっぽろ事業支援ポータル）　SHA-256 {release.sha256[:16]}…",
        "sections": [
            *_summary(board),
            *_budget(board),
            *_where(board),
            *_what(board),
            *_who(board),
            *_speed(board),
            *_came(board),
            *_innovation(board),
            *_differences(release),
            *_proof(release),
        ],
    }


def _yen(amount: int | None) -> str:
    return wording.hidden() if amount is None else f"{amount:,}"


def _summary(board: Board) -> list[Part]:
    now, year = board.awards, board.choice.year
    last = board.figures.awards(year - 1)
    people = board.figures.people(year)
    rows = [
        ["交付を決めた事業", f"{now['awards']:,}件（前年度 {last['awards']:,}件）"],
        ["交付を決めた額", f"{now['awarded_yen']:,}円（前年度 {last['awarded_yen']:,}円）"],
        ["確定した額", f"{now['fixed']:,}件、{now['fixed_yen']:,}円"],
        ["支払った額", f"{now['paid']:,}件、{now['paid_yen']:,}円"],
        [
            "取消しと返還",
            f"取消し {now['revoked']:,}件、返還を求めた額 {now['called_back_yen']:,}円、返ってきた額 {now['returned_yen']:,}円",
        ],
        [
            "個人事業主への交付",
            "ありません"
            if people is None
            else "秘匿"
            if people["suppressed"]
            else f"{people['awards']:,}件、{people['awarded_yen']:,}円（上の数には含みません）",
        ],
    ]
    return [
        {
            "heading": "1　まとめ",
            "text": "".join(board.counting()),
            "rows": rows,
        }
    ]


def _budget(board: Board) -> list[Part]:
    names, rows = (
        {code: pair[0] for code, pair in board.figures.programmes(paying=False).items()},
        [],
    )
    for row in [
        r
        for r in board.figures.tables["ledger"]
        if r["fiscal_year"] == board.choice.year and r["unit"] == "yen"
    ]:
        rate = (
            "―"
            if row["suppressed"] or not row["appropriated"]
            else f"{row['disbursed'] * 100 // row['appropriated']}％"
        )
        rows.append(
            [
                names.get(row["programme"], "合計"),
                _yen(row["appropriated"]),
                _yen(row["committed"]),
                _yen(row["disbursed"]),
                rate,
            ]
        )
    rows.sort(key=lambda row: row[0] == "合計")
    table: Table = {
        "head": ["制度", "予算額（円）", "負担行為（円）", "支出（円）", "執行率"],
        "rows": rows,
    }
    return [
        {
            "heading": "2　予算の執行",
            "table": table,
            "after": "金額で管理する予算科目。支出は戻入を引いた額です。件数や席数で管理する制度は含みません。",
        }
    ]


def _where(board: Board) -> list[Part]:
    rows = []
    for area in board.areas:
        won = board.figures.awards(board.choice.year, ALL, area.code)
        rows.append(
            [
                area.full_name,
                f"{won['awards']:,}",
                f"{won['awarded_yen']:,}",
                f"{won['paid_yen']:,}",
            ]
        )
    total = board.awards
    rows.append(
        ["合計", f"{total['awards']:,}", f"{total['awarded_yen']:,}", f"{total['paid_yen']:,}"]
    )
    return [
        {
            "turn": True,
            "heading": "3　どこの事業者に届いたか（交付決定の件数）",
            "map": board.map(),
            "after": dashboard.credit(board),
        },
        {
            "table": {
                "head": ["本社のある区・市町村", "件数", "決定額（円）", "支払額（円）"],
                "rows": rows,
            }
        },
    ]


def _what(board: Board) -> list[Part]:
    bars = [
        type(bar)(bar.name, bar.width, f"{bar.text}円", f"{bar.note}件")
        for bar in board.programmes()
    ]
    return [
        {"heading": "4　何に使われたか（決定額）", "bars": bars}
        if bars
        else {"heading": "4　何に使われたか", "text": "交付決定はまだありません。"},
        {"heading": "5　申請から支払いまで（法人の件数）", "bars": board.funnel()},
    ]


def _who(board: Board) -> list[Part]:
    kinds, hidden = comparisons.firms(board.figures, board.choice.year)
    found: list[Part] = [
        {
            "table": {
                "head": [kind.title, "申請", "受理", "交付決定"],
                "rows": [list(row) for row in kind.rows],
            },
            "after": f"秘匿：{kind.hidden}" if kind.hidden else "",
        }
        for kind in kinds
    ]
    text = "少ないところと、引き算で分かるところは秘匿しています。"
    if hidden:
        text += "数が少ないか、分からないため、次の分け方では出していません："
        text += f"{wording.listed(hidden)}。"
    return [{"heading": "6　どんな事業者か（法人の件数）", "text": text}, *found]


def _speed(board: Board) -> list[Part]:
    rows = [
        [
            row["name"],
            f"{row['median']}{'日' if row['median'][:1].isdigit() else ''}",
            f"{row['p90']}{'日' if row['p90'][:1].isdigit() else ''}",
            row["share"] or "―",
        ]
        for row in board.stages()
    ]
    table: Table = {
        "head": ["段階", "半分が済む日数", "9割が済む日数", "申請者の対応を待った割合"],
        "rows": rows,
    }
    return [
        {
            "heading": "7　決定までの日数",
            "text": "申し込んだ月ごとの、決定までの日数（中央値、土日祝を含む）。",
            "lines": board.days(),
        },
        {"table": table},
    ]


def _came(board: Board) -> list[Part]:
    rows = [[row.name, row.values[-1][1], row.reports] for row in board.outcomes().rows]
    reported: Part = {"text": "効果の報告は、まだそろっていません。"}
    if rows:
        year = board.outcome_year_words
        reported = {
            "text": f"{year}の公募で補助を受けた法人の報告（市が確かめたもの）の平均。",
            "table": {"head": ["成果", "平均", "報告の数"], "rows": rows},
        }
    effects = [
        [
            f"{row['name']}（{row['method']}）",
            row["text"] if row["text"] == "―" else f"{row['text']}（{row['low']}～{row['high']}）",
            f"{row['treated']}／{row['compared']}",
            str(row["verdict"]),
        ]
        for row in board.effects()
    ]
    table: Table = {
        "head": ["受けなかった事業者とくらべて", "差（95％の幅）", "件数", "読み方"],
        "rows": effects,
    }
    limits = (
        "点の近い申請どうしの比較は、採択の境界（基準点）の近くの事業者についてだけ言えます。"
        "前後の変化の比較は、もともと伸びる勢いの違う事業者が選ばれていたときは、補助の効果とはいえません。"
        "両側に20件ないときは出していません。"
    )
    return [
        {"heading": "8　そのあと、事業者はどうなったか"},
        reported,
        {"table": table, "after": limits},
    ]


def _innovation(board: Board) -> list[Part]:
    found = board.innovation()
    return [
        {
            "heading": "9　行政オープンイノベーションと人材育成（件数）",
            "rows": [
                *([str(name), wording.count(found[key])] for key, name in wording.ROAD.items()),
                *([f"人材育成の講座：{name}", n] for name, n in board.courses()),
            ],
        }
    ]


def _differences(release: Release) -> list[Part]:
    if not release.differences:
        return []
    rows = []
    for row in map(wording.difference, release.differences):
        why = (
            "、".join(f"{cause.name}{cause.awards}件 {cause.amount}" for cause in row.causes)
            or "変わりません"
        )
        rows.append([str(row.name), f"{row.before} → {row.after}（{why}）"])
    return [{"heading": "10　前回の公表からの違い", "text": release.note, "rows": rows}]


def _proof(release: Release) -> list[Part]:
    rows = [
        [
            str(wording.CHECKS[what]),
            *((f"{ours:,}", f"{book:,}") if what in OPEN else ("一致", "一致")),
        ]
        for what, ours, book in release.checks
    ]
    heading = f"{11 if release.differences else 10}　支出の台帳との照合"
    return [
        {
            "heading": heading,
            "table": {"head": ["くらべたもの", "統計", "台帳"], "rows": rows},
            "after": "個人事業主への支払いを含む合計は、だれのことか分かるおそれがあるため、一致したことだけを示します。",
        }
    ]
