"""What is bound into the whole of a case of its approvals: what was drafted, each station of each
round, and why the case was taken out of one.
"""

from collections.abc import Iterable
from functools import partial

from portal.accounts.models import User
from portal.approvals.access import cases_told, unread
from portal.approvals.models import Approval, Dropped, Item, Step
from portal.approvals.paper import attachments_said, kind_of, station
from portal.approvals.states import ApprovalState
from portal.cases.dossier import facts
from portal.cases.models import Case
from portal.cases.ports import DossierPaper, Section
from portal.documents import store
from portal.ui.templatetags import ui


def circulated(case: Case, user: User) -> list[Section]:
    """Of an approval about several cases only what it says of this one."""
    items = (
        Item.objects.filter(case=case)
        .select_related("approval__drafted_by", "case")
        .prefetch_related(
            "approval__items", "approval__steps__person", "approval__steps__decided_by"
        )
        .order_by("approval__drafted_at", "pk")
    )
    dropped = Dropped.objects.filter(case=case).select_related("approval", "case", "dropped_by")
    return [*[_approval(item, user) for item in items], *map(_dropped, dropped)]


def papers(case: Case, user: User) -> list[DossierPaper]:
    """The attachments of what was decided about it, for who reads every case that they may tell of."""
    items = Item.objects.filter(case=case, approval__state=ApprovalState.APPROVED)
    items = items.select_related("approval").order_by("approval__drafted_at", "pk")
    return [
        DossierPaper(
            key=f"attachment:{row.pk}",
            title=f"{item.approval.number}　添付{n}　{row.name}",
            name=row.download_name,
            content_type=row.file.content_type,
            sha256=row.file.sha256,
            make=partial(store.read, row.file),
            file_id=row.file_id,
        )
        for item in items
        if not unread(user, item.approval)
        for n, row in enumerate(item.approval.files, 1)
        if row.file is not None and row.is_open
    ]


def _dropped(row: Dropped) -> Section:
    others = _others(row.approval, row.case)
    return facts(
        f"起案から外した案件　{_alone(row.approval.title, others)}",
        ("外した", f"{ui.short_moment(row.dropped_at)}　{row.dropped_by.name}"),
        ("理由", _alone(row.reason, others)),
    )


def _others(approval: Approval, case: Case) -> list[Case]:
    told = Case.objects.filter(cases_told(approval.pk)).exclude(pk=case.pk)
    return list(told.select_related("organisation"))


def _alone(text: str, others: Iterable[Case]) -> str:
    """What was written about several cases, without what names another one: its number, its firm."""
    for other in others:
        for name in filter(None, (str(other), other.number, other.organisation.name)):
            text = text.replace(name, "〔ほかの案件〕")
    return text


def _approval(item: Item, user: User) -> Section:
    approval = item.approval
    others = _others(approval, item.case)
    stay = len(approval.items.all()) - 1
    section = facts(
        f"起案　{_alone(approval.title, others)}",
        ("文書番号", approval.number),
        ("内容", approval.act_label),
        ("根拠", approval.basis),
        ("専決の規則", approval.decided_under),
        ("起案", f"{ui.short_moment(approval.drafted_at)}　{approval.drafted_by.name}"),
        ("案件", f"この案件のほかに{stay}件" if stay else ""),
        ("伺い文", _alone(approval.note, others)),
        *[
            (_station(approval, step), _alone(station(step), others))
            for step in approval.steps.all()
        ],
        ("状態", approval.info.label),
        ("終了", approval.decided_at),
        *_files(approval, user),
        *[(what, f"{before or '―'} → {after}") for what, before, after in item.changes],
    )
    if approval.is_live:
        section["undecided"] = approval.subject_key
    return section


def _files(approval: Approval, user: User) -> list[tuple[str, str]]:
    rows = attachments_said(approval)
    if rows and unread(user, approval):
        return [("添付", f"{len(rows)}件（ほかの案件も読める方だけが読めます）")]
    return rows


def _station(approval: Approval, step: Step) -> str:
    kind = kind_of(step, approval.steps.all())
    return kind if approval.round == 1 else f"第{step.round}回　{kind}"
