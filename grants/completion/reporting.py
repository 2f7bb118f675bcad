"""Writing a completion report: kept as typed,
checked the same for both sides, frozen when it is submitted.
"""

from collections import Counter

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.awards.models import Award, TraceStep
from grants.awards.states import AwardState
from grants.completion import forms, rules
from grants.completion.models import CompletionReport, Cut, Purchase
from portal import clock, jptext
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.approvals.turns import is_circulated
from portal.audit.record import record
from portal.documents.handing_in import demand_ready
from portal.documents.models import Document, DocumentQuerySet
from portal.money import Aid, eligible_total, fixed
from portal.types import Given
from portal.workflow.door import door, perform
from portal.workflow.drafts import confirm, fingerprint
from portal.workflow.errors import NotReady


def file_key(n: int) -> str:
    """The requirement under which the papers of item n (1-based) lie."""
    return f"evidence_{n}"


def starting_rows(award: Award) -> list[dict[str, object]]:
    """One row per planned item, so that nothing is typed twice."""
    return [
        {"what": what, "category": category, "amount": amount}
        for what, category, amount in award.planned
    ] or [{}]


def report_form(report: CompletionReport) -> forms.ReportForm:
    return forms.ReportForm(report.typed or None)


def item_set(report: CompletionReport) -> forms.BaseItems:
    typed = report.typed if "item-TOTAL_FORMS" in report.typed else None
    return forms.ItemSet(
        typed,
        prefix="item",
        initial=starting_rows(report.award) if typed is None else None,
        form_kwargs={"award": report.award},
    )


def _rows(report: CompletionReport, *, sent: bool = False) -> list[Given]:
    """The items as frozen, or (while it is written) as far as they can be read;
    `sent`: as frozen even then.
    """
    if report.content and (sent or report.state not in CompletionReport.EDITABLE):
        return list(report.content["items"])
    items = item_set(report)
    return items.items() if items.is_bound else []


def spent(report: CompletionReport) -> int:
    """Yen of all items as reported."""
    return sum(int(row["amount"]) for row in _rows(report))


def items_of(report: CompletionReport, *, sent: bool = False) -> list[rules.Item]:
    """The items, each with the number of papers that lie beside it;
    `sent`: as the office received them last.
    """
    if sent and report.content:
        count = Counter(paper["key"] for paper in report.content["documents"])
    else:
        rows = Document.objects.live().filter(case=report.case, key__startswith="evidence_")
        count = Counter(rows.values_list("key", flat=True))
    return [
        rules.Item.of(n, {**row, "files": count[file_key(n)]})
        for n, row in enumerate(_rows(report, sent=sent), 1)
    ]


def evidence(report: CompletionReport) -> DocumentQuerySet:
    """The papers of all items, with those that were not taken."""
    rows = Document.objects.sent().filter(case=report.case, key__startswith="evidence_")
    return rows.select_related("file")


def findings(report: CompletionReport, *, sent: bool = False) -> list[rules.Finding]:
    award = report.award
    frame = rules.Frame(
        award.stated,
        report.case.organisation.name,
        award.awarded_on,
        award.project_ends_on,
        award.planned,
    )
    return rules.findings(items_of(report, sent=sent), frame)


def cuts_of(report: CompletionReport) -> dict[int, int]:
    """Item number → yen cut from it."""
    found: dict[int, int] = {}
    for cut in report.cuts.all():
        found[cut.item] = found.get(cut.item, 0) + cut.amount
    return found


def computed(report: CompletionReport, *, sent: bool = False) -> Aid:
    """The amount to be fixed as things stand:
    eligible cost after cuts and caps of groups, then the formula.
    """
    items = [rules.Item.of(n, row) for n, row in enumerate(_rows(report, sent=sent), 1)]
    terms = report.award.terms
    eligible = eligible_total(rules.by_category(items, cuts_of(report)), terms.group_caps)
    return fixed(eligible, terms, report.award.payable)


def fixing(report: CompletionReport) -> tuple[Aid, list[TraceStep]]:
    """(the amount to be fixed, its trace): the trace has every yen cut as [rule, item number or 0,
    officer, before, after], the officer's cuts first, then the formula's.
    """
    left = {n: int(row["amount"]) for n, row in enumerate(_rows(report), 1)}
    trace: list[TraceStep] = []
    for cut in report.cuts.all():
        before = left.get(cut.item, 0)
        left[cut.item] = max(before - cut.amount, 0)
        trace.append(
            [f"{cut.cite}：{cut.reason}", cut.item, cut.made_by.name, before, left[cut.item]]
        )
    total = sum(left.values())
    result = computed(report)
    if result.eligible != total:
        trace.append(["group_cap", 0, "", total, result.eligible])
    return result, trace + [[step.rule, 0, "", step.before, step.after] for step in result.trace]


def draft_hash(report: CompletionReport) -> str:
    """The fingerprint of what is typed and attached now, whatever the row in hand says."""
    typed = CompletionReport.objects.values_list("typed", flat=True).get(pk=report.pk)
    rows = (
        Document.objects.live().filter(case=report.case, key__startswith="evidence_").order_by("pk")
    )
    return fingerprint(typed=typed, documents=list(rows.values_list("pk", "file__sent_sha256")))


def submit(
    report: CompletionReport, *, by: User, key: str = "", seen: str | None = None
) -> CompletionReport:
    """Freeze and submit.

    Raises NotReady with what is missing, Changed where `seen` is not the fingerprint of the draft.
    """
    confirm(seen, draft_hash(report))
    form, items = report_form(report), item_set(report)
    if not (form.is_bound and form.is_valid() and items.is_bound and items.is_valid()):
        raise NotReady(_("入力の途中の項目があります。保存して、赤い印のところを直してください。"))
    documents = list(evidence(report))
    demand_ready(documents)
    if any(f.what == _("証拠書類がありません") for f in findings(report)):
        raise NotReady(_("証拠書類の付いていない経費があります。"))
    data = form.cleaned_data
    content = {
        "finished_on": data["finished_on"].isoformat(),
        "result": data["result"],
        "reason": data["reason"],
        "items": items.items(),
        "documents": [
            {"id": d.pk, "key": d.key, "name": d.name, "size": d.file.size, "sha256": d.file.sha256}
            for d in documents
        ],
    }
    with transaction.atomic():
        done = perform(report, "submit", by=by, key=key, content=content)
        confirm(seen, draft_hash(report))
        _keep_purchases(done)
        Document.objects.filter(pk__in=[d.pk for d in documents]).update(frozen=True)
    return done


def _keep_purchases(report: CompletionReport) -> None:
    """Write anew from whom each item was bought."""
    report.purchases.all().delete()
    Purchase.objects.bulk_create(
        Purchase(
            report=report,
            n=n,
            vendor=row["vendor"],
            vendor_key=jptext.search_key(row["vendor"])[:200],
            number=jptext.digits(row.get("invoice_number") or "").upper().removeprefix("T")[:13],
            amount=int(row["amount"]),
            second_amount=row.get("second_amount"),
        )
        for n, row in enumerate(report.content["items"], 1)
    )


def _demand_open(report: CompletionReport, by: User) -> None:
    """Raises a refusal unless the person may change now what is cut from the report."""
    demand(by, report, "programme_officer", "inspector")
    if report.award.state != AwardState.ACTIVE:
        raise NotReady(_("額が確定したあとは変えられません。"))
    if is_circulated(report.case):
        raise NotReady(
            _("起案が回議中なので変えられません。起案者に差し戻してもらってから変えてください。")
        )


def _fresh(report: CompletionReport) -> CompletionReport:
    return CompletionReport.objects.select_related("award", "case").get(pk=report.pk)


def cut(
    report: CompletionReport,
    *,
    by: User,
    item: int,
    amount: int,
    cite: str,
    reason: str,
) -> Cut:
    """Declare part of an item ineligible, while the report is looked at.

    Raises NotReady beyond the item's amount, and while a draft about the case goes round.
    """
    with door(by, [report.case, report]):
        fresh = _fresh(report)
        if fresh.state not in CompletionReport.HANDED_IN:
            raise NotReady(_("検査中の実績報告にだけ、対象外の額を付けられます。"))
        _demand_open(fresh, by)
        left = _left(fresh, item)
        if amount > left:
            raise NotReady(
                _("経費%(n)sの残り（%(left)s円）を超えています。")
                % {"n": item, "left": f"{left:,}"}
            )
        made = Cut.objects.create(
            report=fresh,
            item=item,
            amount=amount,
            cite=cite,
            reason=reason,
            made_by=by,
            made_at=clock.now(),
        )
        label = gettext_noop("対象外の額を付けました")
        _note(made, "cut.make", label, by, cite=cite, reason=reason)
        return made


def _left(report: CompletionReport, item: int) -> int:
    """Yen of an item that are not cut from it yet."""
    return {i.n: i.amount for i in items_of(report)}.get(item, 0) - cuts_of(report).get(item, 0)


def uncut(made: Cut, *, by: User) -> None:
    """Take a cut back before the amount is fixed; NotReady as for `cut`, and where it is gone."""
    with door(by, [made.report.case, made.report]):
        _demand_open(_fresh(made.report), by)
        there = Cut.objects.filter(pk=made.pk).first()
        if there is None:
            raise NotReady(_("この対象外の額は、すでに取り消されています。"))
        _note(there, "cut.take_back", gettext_noop("対象外の額を取り消しました"), by)
        there.delete()


def _note(made: Cut, action: str, label: str, by: User, **more: str) -> None:
    record(
        chain=f"case:{made.report.case_id}",
        action=action,
        subject=made.report.subject_key,
        by=by,
        capacity="office",
        label=label,
        item=made.item,
        amount=made.amount,
        **more,
    )
