"""Declaring part of an item ineligible (対象外の額), taking that back, and making it anew where the item
is no longer what it was.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.completion import cuts, reporting
from grants.completion.models import CompletionReport, Cut, TakenBack
from grants.completion.rules import Item
from grants.completion.states import CompletionState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.audit.record import record
from portal.workflow import duties
from portal.workflow.door import door
from portal.workflow.drafts import fingerprint
from portal.workflow.errors import Changed, NotReady


def basis(item: Item) -> str:
    """What a page of a cut is drawn from."""
    return fingerprint(key=item.key, what=item.what, category=item.category, amount=item.amount)


def cut(
    report: CompletionReport,
    *,
    by: User,
    item: str,
    amount: int,
    cite: str,
    reason: str,
    seen: str | None = None,
) -> Cut:
    """Declare part of the item of that key ineligible, while the report is looked at.

    `seen`: the `basis` of the page; raises Changed where it is another now (None: there is no page).
    Raises NotReady beyond the item's amount, and while a draft about the case goes round.
    """
    with door(by, [report.case, report]):
        return _cut(_looked_at(report, by), by, item, amount, cite, reason, seen)


def recut(
    made: Cut, *, by: User, item: str, amount: int, cite: str, reason: str, seen: str | None = None
) -> Cut:
    """Make a cut anew, on the item that it belongs to now, and take the old one back.

    `seen`: the `basis` of all items that could be chosen. Raises as `cut` and `uncut` do.
    """
    with door(by, [made.report.case, made.report]):
        fresh = _looked_at(made.report, by)
        if seen is not None and seen != all_of(reporting.items_of(fresh)):
            raise _changed()
        _take_back(made, by, _("経費が変わったので、付け直しました。"))
        return _cut(fresh, by, item, amount, cite, reason, None)


def uncut(made: Cut, *, by: User, why: str) -> None:
    """Take a cut back before the inspection; NotReady as for `cut`, and where it is gone."""
    with door(by, [made.report.case, made.report]):
        _looked_at(made.report, by)
        _take_back(made, by, why)


def all_of(items: list[Item]) -> str:
    """What a page is drawn from that shows all items."""
    return fingerprint(items=[basis(item) for item in items])


def _cut(
    report: CompletionReport,
    by: User,
    key: str,
    amount: int,
    cite: str,
    reason: str,
    seen: str | None,
) -> Cut:
    item = next((row for row in reporting.items_of(report) if row.key == key), None)
    if item is None or (seen is not None and seen != basis(item)):
        raise _changed()
    left = _left(report, item)
    if amount > left:
        raise NotReady(
            _("経費%(n)sの残り（%(left)s円）を超えています。") % {"n": item.n, "left": f"{left:,}"}
        )
    made = Cut.objects.create(
        report=report,
        key=key,
        what=item.what,
        category=item.category,
        item_amount=item.amount,
        amount=amount,
        cite=cite,
        reason=reason,
        made_by=by,
        made_at=clock.now(),
    )
    label = gettext_noop("対象外の額を付けました")
    _note(made, "cut.make", label, by, cite=cite, reason=reason)
    return made


def _left(report: CompletionReport, item: Item) -> int:
    """Yen of an item that are not cut from it yet."""
    return item.amount - reporting.cuts_of(report).get(item.n, 0)


def _take_back(made: Cut, by: User, why: str) -> None:
    there = Cut.objects.filter(pk=made.pk).first()
    if there is None:
        raise NotReady(_("この対象外の額は、すでに取り消されています。"))
    _note(there, "cut.take_back", gettext_noop("対象外の額を取り消しました"), by, reason=why)
    TakenBack.objects.create(
        report=there.report,
        what=there.what,
        amount=there.amount,
        cite=there.cite,
        reason=there.reason,
        made_by=there.made_by,
        why=why,
        taken_by=by,
    )
    there.delete()


def _looked_at(report: CompletionReport, by: User) -> CompletionReport:
    """The report as it stands now, while it waits for its inspection: whoever cuts takes part in it.

    Raises a refusal unless the person may change now what is cut from it.
    """
    fresh = CompletionReport.objects.select_related("award", "case").get(pk=report.pk)
    demand(by, fresh, "programme_officer", "inspector")
    if reasons := cuts.closed(fresh):
        raise NotReady(*reasons)
    if fresh.state == CompletionState.INSPECTED:
        raise NotReady(
            _(
                "検査が終わったので、対象外の額は変えられません。検査員が検査をやり直すと変えられます。"
            )
        )
    if fresh.state != CompletionState.SUBMITTED:
        raise NotReady(_("検査中の実績報告でだけ、対象外の額を変えられます。"))
    duties.take_all(by, fresh.duty_subjects(), "inspect")
    return fresh


def _changed() -> Changed:
    return Changed(
        _(
            "この画面を開いたあとに、経費の内容が変わりました。いまの内容を見て、付け直してください。"
        )
    )


def _note(made: Cut, action: str, label: str, by: User, **more: str) -> None:
    record(
        chain=f"case:{made.report.case_id}",
        action=action,
        subject=made.report.subject_key,
        by=by,
        capacity="office",
        label=label,
        item=made.key,
        of=made.what,
        amount=made.amount,
        **more,
    )
