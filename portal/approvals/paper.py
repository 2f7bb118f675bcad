"""起案用紙: what was drafted, who agreed and decided, what it changed; always Japanese."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import override

from portal import fiscal
from portal.accounts.models import User
from portal.approvals import rules
from portal.approvals.models import Approval, Attachment, Item, Step, contents
from portal.approvals.ports import Change, Document, Draw, acts
from portal.cases.dossier import facts, listed
from portal.cases.ports import Section
from portal.ui.templatetags import ui


def document(approval: Approval, closed: Collection[int] = ()) -> Document:
    """The paper of a draft as it stands now, or as it ended; of the cases that are `closed` to its
    reader the number and the state alone.
    """
    with override("ja"):
        items = list(approval.items.select_related("case__organisation"))
        act = acts[approval.act]
        changes: Mapping[int, list[Change]] = (
            contents.previews(approval)
            if approval.is_live
            else {i.case_id: i.changes for i in items}
        )
        draws = approval.draws(closed)
        steps = approval.steps.select_related("person", "decided_by")
        return {
            "title": "決裁文書" if approval.is_decided else "起案用紙",
            "number": approval.number,
            "lines": [approval.title, f"{act.label}　{approval.info.label}"],
            "sections": [
                _head(approval, items, closed),
                *_words(approval),
                _route(steps),
                *([_budget(draws)] if draws else []),
                *_files(approval, closed),
                _rows(items, changes, closed, is_over=not approval.is_live),
                *_dropped(approval, closed),
            ],
            "foot": f"{approval.number}　保存年限 {approval.get_keep_years_display()}",
        }


def _sum(items: Collection[Item], closed: Collection[int]) -> list[tuple[str, str]]:
    """What it decides together; of what its reader does not read, only how many there are."""
    if closed:
        return [("案件", f"{len(items)}件")]
    total = sum(item.case.amount or 0 if item.yen is None else item.yen for item in items)
    return [("案件", f"{len(items)}件"), ("金額の合計", f"{total:,}円" if total else "")]


def _head(approval: Approval, items: Collection[Item], closed: Collection[int]) -> Section:
    return facts(
        "起案",
        ("文書番号", approval.number),
        ("起案", f"{ui.short_moment(approval.drafted_at)}　{_person(approval.drafted_by)}"),
        (
            "終了",
            f"{ui.short_moment(approval.decided_at)}　{approval.info.label}"
            if approval.decided_at
            else "",
        ),
        ("決裁を求める日", fiscal.era(approval.wanted_on) if approval.wanted_on else ""),
        ("根拠", approval.basis),
        ("専決の規則", approval.ruled_by),
        ("専決の理由", rules.why(approval) if approval.is_live and not closed else ""),
        *_sum(items, closed),
        ("保存年限", str(approval.get_keep_years_display())),
    )


def _words(approval: Approval) -> list[Section]:
    text = "\n".join(filter(None, [approval.note, approval.left_after_dropping]))
    return [Section(heading="伺い", text=text)] if text else []


def kind_of(step: Step, steps: Iterable[Step]) -> str:
    """回議, 合議 or 決裁, and whether several were asked together."""
    beside = [each for each in steps if (each.round, each.n) == (step.round, step.n)]
    kind = str(step.get_kind_display())
    return f"{kind}（並行）" if len(beside) > 1 else kind


def _route(steps: Iterable[Step]) -> Section:
    rows = list(steps)
    return {
        "heading": "回議と決裁",
        "rows": [(f"第{step.round}回　{kind_of(step, rows)}", station(step)) for step in rows],
    }


def station(step: Step) -> str:
    """Who did what at a station, for whom, with what they said; and the 後閲 after a deputy."""
    who = step.person.name
    if step.decided_by is None or step.decided_at is None:
        return who
    if step.is_by_deputy:
        who = f"{step.decided_by.name}（{who}の代わり）"
    told = [f"{who}　{step.decision_label}　{ui.short_moment(step.decided_at)}"]
    if step.opinion:
        told.append(step.opinion)
    if step.looked_at is not None:
        told.append(f"後閲　{step.person.name}　{ui.short_moment(step.looked_at)}")
    return "\n".join(told)


def _files(approval: Approval, closed: Collection[int]) -> list[Section]:
    """Of whoever does not read one of its cases, the number of its files alone."""
    rows = attachments_said(approval)
    if rows and closed:
        rows = [("件数", f"{len(rows)}件（すべての案件を読める方だけが読めます）")]
    return listed("添付", rows)


def attachments_said(approval: Approval) -> list[tuple[str, str]]:
    """Each attachment with what it is known by."""
    return [(f"添付{n}", _file(row)) for n, row in enumerate(approval.files, 1)]


def _file(row: Attachment) -> str:
    if row.file is None:
        return f"（保存期間が満了し、廃棄しました）\nSHA-256 {row.sha256}"
    pages = f"{row.file.pages}ページ　" if row.file.pages else ""
    is_taken = "" if row.is_open else "　（確認が済んでいません）"
    return f"{row.name}{is_taken}\n{pages}{row.file.size:,}バイト\nSHA-256 {row.file.sha256}"


def _budget(draws: Iterable[Draw]) -> Section:
    return {
        "heading": "予算",
        "table": {
            "head": ["予算", "決裁の前の残り", "この起案で使う", "決裁のあとの残り"],
            "rows": [
                [d.line, f"{d.left:,}{d.unit}", f"{d.need:,}{d.unit}", f"{d.after:,}{d.unit}"]
                for d in draws
            ],
        },
    }


def _rows(
    items: Iterable[Item],
    changes: Mapping[int, list[Change]],
    closed: Collection[int],
    *,
    is_over: bool,
) -> Section:
    rows = []
    for item in items:
        if item.case_id in closed:
            rows.append([str(item.case), "担当の方だけが読めます", "", str(item.case.state_label)])
            continue
        what = changes.get(item.case_id) or [("", "", "")]
        for n, (name, before, after) in enumerate(what):
            case = f"{item.case}　{item.case.organisation.name}" if n == 0 else ""
            rows.append([case, name, str(before), str(after)])
    return {
        "heading": "案件と、決裁で変わったこと" if is_over else "案件と、決裁すると変わること",
        "table": {"head": ["案件", "項目", "前", "後"], "rows": rows},
    }


def _dropped(approval: Approval, closed: Collection[int]) -> list[Section]:
    rows = approval.dropped.select_related("case__organisation", "dropped_by")
    found = [
        [
            f"{d.case}　{d.case.organisation.name}",
            d.reason,
            f"{d.dropped_by.name}　{ui.short_moment(d.dropped_at)}",
        ]
        for d in rows
        if d.case_id not in closed
    ]
    table: Section = {
        "heading": "起案から外した案件",
        "table": {"head": ["案件", "理由", "外した人"], "rows": found},
    }
    return [table] if found else []


def _person(user: User) -> str:
    return f"{user.office}　{user.name}".strip()
