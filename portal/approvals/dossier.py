"""What is bound into the whole of a case of its approvals: what was drafted, each station of each
round, and why the case was taken out of one.
"""

from functools import partial

from portal.accounts.models import User
from portal.approvals.access import unread
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
        .select_related("approval__drafted_by")
        .prefetch_related("approval__steps__person", "approval__steps__decided_by")
        .order_by("approval__drafted_at", "pk")
    )
    dropped = Dropped.objects.filter(case=case).select_related("approval", "dropped_by")
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
    return facts(
        f"起案から外した案件　{row.approval.title}",
        ("外した", f"{ui.short_moment(row.dropped_at)}　{row.dropped_by.name}"),
        ("理由", row.reason),
    )


def _approval(item: Item, user: User) -> Section:
    approval = item.approval
    section = facts(
        f"起案　{approval.title}",
        ("文書番号", approval.number),
        ("内容", approval.act_label),
        ("根拠", approval.basis),
        ("専決の規則", approval.decided_under),
        ("起案", f"{ui.short_moment(approval.drafted_at)}　{approval.drafted_by.name}"),
        ("伺い文", approval.note),
        *[(_station(approval, step), station(step)) for step in approval.steps.all()],
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
