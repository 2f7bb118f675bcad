"""The pages of an act on many cases: begun from a list, looked over, done, reported."""

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.bulk import planning, running
from portal.bulk.models import Bulk, BulkRow, Outcome
from portal.cases.assignment import HOLDERS
from portal.cases.models import Case
from portal.sheets import csv_response
from portal.types import Context, SignedIn, Text
from portal.ui.limits import EXPORTS, limited
from portal.ui.paging import page_of
from portal.workflow.access import back_to, prove_again, staff
from portal.workflow.writing import turn_back

CHANGED = _lazy("確かめたあとに変わった案件があります。いまの内容を、もう一度確かめてください。")
BY_INPUT = _lazy(
    "入力した内容によって、行えるかどうかが変わった案件が%(n)s件あります。理由を確かめて、もう一度押してください。"
)
SHOWN = 100  # rows of one page
# finance, too: accounts, claims and orders
ACTORS = (*HOLDERS, "finance_officer")


@staff(*ACTORS)
def begin(request: SignedIn) -> HttpResponse:
    """What the person did with many cases; from a list, what is to be done with those ticked, or
    with all that match.
    """
    if request.method != "POST":
        return _list(request)
    back, name = back_to(request, "inbox"), request.POST.get("do", "")
    every, ticked = "all" in request.POST, request.POST.getlist("pick")
    act, cases = planning.act_of(name), planning.cases_of(request.user, ticked, back, every=every)
    if not cases:
        return turn_back(request, [_("案件を1つ以上選んでください。")], back)
    if act is None:
        return _choose(request, cases, back)
    bulk = planning.plan(request.user, name, act, cases, back)
    if act.goes_to is not None and not bulk.rows.exclude(reasons=[]).exists():
        return redirect(act.goes_to(bulk.pk))
    return redirect(bulk)


def _choose(request: SignedIn, cases: Sequence[Case], back: str) -> HttpResponse:
    """Which acts fit the cases, each with how many; of too many, to ask of each act, all of them."""
    if len(cases) > planning.LOOKED_OVER:
        reason = _("%(n)s件を超えています。一覧で、行うことを選んでから進んでください。")
        return turn_back(request, [reason % {"n": planning.LOOKED_OVER}], back)
    acts = planning.fitting(request.user, cases)
    return render(request, "portal/bulk/choose.html", {"cases": cases, "acts": acts, "back": back})


def _list(request: SignedIn) -> HttpResponse:
    rows = Bulk.objects.filter(person=request.user).annotate(
        n=Count("rows"), done=Count("rows", filter=Q(rows__outcome=Outcome.DONE))
    )
    page = page_of(request, rows.order_by("-planned_at", "-pk"))
    acts = {bulk.act: _label(bulk.act) for bulk in page}
    shown = [(bulk, acts[bulk.act]) for bulk in page]
    return render(request, "portal/bulk/list.html", {"page": page, "shown": shown})


def _label(name: str) -> Text:
    act = planning.act_of(name)
    return act.label if act is not None else name


@staff(*ACTORS)
def page(request: SignedIn, pk: int) -> HttpResponse:
    """Before it is done: what will be and what cannot, case by case, and what is typed once for
    all. From then on: how far it is, and what became of each.
    """
    bulk = get_object_or_404(Bulk.objects.select_related("person"), pk=pk, person=request.user)
    act = planning.act_of(bulk.act)
    rows = list(_rows(bulk))
    context: Context = {"bulk": bulk, "label": _label(bulk.act)}
    status = 200
    if bulk.started_at is None and act is not None:
        cases = [row.case for row in rows]
        post = request.POST if request.method == "POST" else None
        form = (
            planning.form_of(bulk, act, cases)
            if post is None
            else act.form(post, cases, bulk.person)
        )
        given = form.cleaned_data if form.is_bound and form.is_valid() else None
        if post is None or given is None:
            planning.look_again(bulk, act, rows, given, None)
            status = 200 if post is None else 422
        else:
            is_as_shown = post.get("seen") == planning.mark(rows)
            moved, by_input = planning.look_again(bulk, act, rows, given, post)
            if is_as_shown and not moved and not by_input:
                if act.sensitive:
                    prove_again(request)
                running.start(bulk, planning.typed(request.POST))
                running.carry_on(bulk, running.AT_ONCE)
                return redirect(bulk)
            by_others = moved or not is_as_shown
            messages.warning(request, CHANGED if by_others else BY_INPUT % {"n": by_input})
        able = [row for row in rows if not row.reasons]
        context |= {
            "form": form,
            "mark": planning.mark(rows),
            "able": able,
            "hinted": sum(bool(row.hints) for row in able),
            "sum": sum(row.amount or 0 for row in able),
            "goes_to": act.goes_to(bulk.pk) if act.goes_to is not None else "",
        }
    if bulk.ended_at is not None:
        context["went"] = [row.case.number for row in rows if row.outcome == Outcome.DONE]
    shown = page_of(request, _in_order(rows), SHOWN)
    if bulk.started_at is None and act is not None and act.against is not None:
        weighed = act.against(request.user, [row.case for row in shown])
        context["against"] = {row.pk: weighed.get(row.case_id) for row in shown}
    return render(
        request,
        "portal/bulk/page.html",
        {**context, **_figures(rows), "page": shown},
        status=status,
    )


def _rows(bulk: Bulk) -> Iterator[BulkRow]:
    """Those of the cases that the person may still open."""
    seen = Case.objects.visible_to(bulk.person)
    return iter(bulk.rows.filter(case__in=seen).select_related("case__organisation"))


def _in_order(rows: Sequence[BulkRow]) -> list[BulkRow]:
    """What needs somebody first: what cannot be done, or was not, then what may not."""
    return sorted(rows, key=lambda row: (not row.reasons, not row.hints))


def _figures(rows: Sequence[BulkRow]) -> Context:
    count = {outcome.name.lower(): 0 for outcome in Outcome}
    for row in rows:
        count[Outcome(row.outcome).name.lower()] += 1
    blocked = sum(bool(row.reasons) for row in rows)
    done_so_far = len(rows) - count["open"]
    return {"count": count, "blocked": blocked, "total": len(rows), "done_so_far": done_so_far}


@staff(*ACTORS)
@limited(EXPORTS)
def report(request: SignedIn, pk: int) -> HttpResponse:
    """What became of each case, as CSV."""
    bulk = get_object_or_404(Bulk.objects.select_related("person"), pk=pk, person=request.user)
    head = [_("受付番号"), _("申請者"), _("結果"), _("理由"), _("時刻")]
    rows = [
        [
            row.case.number,
            row.case.organisation.name,
            Outcome(row.outcome).label,
            "　".join(row.shown_reasons),
            row.at,
        ]
        for row in _rows(bulk)
    ]
    return csv_response(f"bulk-{bulk.pk}.csv", [head, *rows])
