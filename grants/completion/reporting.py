"""Writing a completion report: kept as typed,
checked the same for both sides, frozen when it is submitted.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from grants.awards.models import Award, TraceStep
from grants.awards.states import AwardState
from grants.completion import cuts, forms, rules, summing
from grants.completion.models import CompletionReport, Cut, Purchase
from grants.programmes.models import said
from portal import jptext
from portal.accounts.models import User
from portal.documents import store
from portal.documents.handing_in import demand_ready
from portal.documents.models import Document, DocumentQuerySet
from portal.money import Aid
from portal.types import Given
from portal.workflow.door import lock, perform, touch
from portal.workflow.drafts import confirm, keep, of_draft
from portal.workflow.errors import NotReady

EVIDENCE = "evidence_"


def file_key(item: rules.Item) -> str:
    """The requirement under which the papers of an item lie, whatever its number becomes."""
    return f"{EVIDENCE}{item.key}"


def starting_rows(award: Award) -> list[dict[str, object]]:
    """One row per planned item, so that nothing is typed twice."""
    rows = [
        {"what": what, "category": category, "amount": amount}
        for what, category, amount in award.planned
    ]
    return [{"key": str(n), **row} for n, row in enumerate(rows or [{}], 1)]


def report_form(report: CompletionReport) -> forms.ReportForm:
    return forms.ReportForm(report.typed or None)


def ended_on(report: CompletionReport | None) -> date | None:
    """The day on which the project ended, as far as its report says a day by now."""
    form = report_form(report) if report is not None else None
    if form is None or not form.is_bound:
        return None
    form.is_valid()
    day: date | None = form.cleaned_data.get("finished_on")
    return day


@transaction.atomic
def keep_typed(
    report: CompletionReport, typed: Mapping[str, str], *, seen: int
) -> CompletionReport:
    """`keep`; the report falls due by the day on which the project ended, once that is typed."""
    before, kept = ended_on(report), keep(report, typed, seen=seen)
    if ended_on(kept) != before:
        touch(kept.case)
    return kept


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


def _items(report: CompletionReport, *, sent: bool = False) -> list[rules.Item]:
    """The same as items; who needs no more asks for no papers."""
    return [rules.Item.of(n, row) for n, row in enumerate(_rows(report, sent=sent), 1)]


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
        rows = Document.objects.live().filter(case=report.case, key__startswith=EVIDENCE)
        count = Counter(rows.values_list("key", flat=True))
    items = _items(report, sent=sent)
    return [replace(item, files=count[file_key(item)]) for item in items]


def evidence(report: CompletionReport) -> DocumentQuerySet:
    """The papers of all items, with those that were not taken."""
    rows = Document.objects.sent().filter(case=report.case, key__startswith=EVIDENCE)
    return rows.select_related("file")


def findings(report: CompletionReport, *, sent: bool = False) -> list[rules.Finding]:
    """What is to be looked at: first the cuts that lost their item, until the amount is fixed."""
    award = report.award
    frame = rules.Frame(
        award.stated,
        report.case.organisation.name,
        award.awarded_on,
        award.project_ends_on,
        award.planned,
    )
    items = items_of(report, sent=sent)
    open_now = award.state == AwardState.ACTIVE
    loose = [row for row in cuts.held(report.cuts.all(), items) if open_now and not row.stands]
    return cuts.findings(loose, _categories(award)) + rules.findings(items, frame)


def _categories(award: Award) -> dict[str, str]:
    return {category.key: said(category.name) for category in award.stated.categories}


def why_loose(report: CompletionReport, cut: Cut) -> str:
    """What became of the item of a cut; nothing where it stands."""
    found = next(row for row in held(report) if row.cut == cut)
    return "" if found.stands else cuts.why(found, _categories(report.award))


def held(report: CompletionReport, *, sent: bool = False) -> list[cuts.Held]:
    """The cuts, each beside its item."""
    return cuts.held(report.cuts.all(), _items(report, sent=sent))


def cuts_of(report: CompletionReport, *, sent: bool = False) -> dict[int, int]:
    """Item number → yen cut from it, by the cuts that stand."""
    return cuts.by_item(held(report, sent=sent))


def computed(report: CompletionReport, *, sent: bool = False) -> Aid:
    """The amount to be fixed as things stand."""
    return summing.aid(report, _items(report, sent=sent))


def fixing(report: CompletionReport) -> tuple[Aid, list[TraceStep]]:
    """(the amount to be fixed, its trace): the trace has every yen cut as [rule, item number or 0,
    officer, before, after], the officer's cuts first, then the formula's.
    """
    left = {item.n: item.amount for item in _items(report)}
    trace: list[TraceStep] = []
    for row in held(report):
        if row.stands:
            cut, before = row.cut, left[row.n]
            left[row.n] = before - cut.amount
            rule = f"{cut.cite}：{cut.reason}"
            trace.append([rule, row.n, cut.made_by.name, before, left[row.n]])
    total = sum(left.values())
    result = computed(report)
    if result.eligible != total:
        trace.append(["group_cap", 0, "", total, result.eligible])
    return result, trace + [[step.rule, 0, "", step.before, step.after] for step in result.trace]


def draft_hash(report: CompletionReport) -> str:
    """The fingerprint of what is typed and attached now, whatever the row in hand says."""
    typed = CompletionReport.objects.values_list("typed", flat=True).get(pk=report.pk)
    rows = Document.objects.live().filter(case=report.case, key__startswith=EVIDENCE).order_by("pk")
    return of_draft(typed=typed, documents=list(rows.values_list("pk", "file__sent_sha256")))


@transaction.atomic
def take_out(report: CompletionReport, document: Document, *, by: User) -> None:
    """Take a paper out of the draft. Raises NotReady where somebody handed it in meanwhile."""
    lock([report.case, report])
    if CompletionReport.objects.get(pk=report.pk).state not in CompletionReport.EDITABLE:
        raise NotReady(_("すでに提出しています。ここでは書き換えられません。"))
    store.remove(document, by=by)


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
