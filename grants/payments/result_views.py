"""The bank's answers: a file with its columns, how far it is taken in, and one answer by hand."""

import io

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from grants.payments import access, bank_words, forms, results
from grants.payments.accounts import ACCOUNTING
from grants.payments.models import BankWord, PaymentBatch, ResultImport
from grants.payments.states import PaymentState
from portal.cases.models import Reading
from portal.types import SignedIn
from portal.workflow.access import staff
from portal.workflow.errors import NotReady
from portal.workflow.writing import Tried, trying

READERS = PaymentBatch.READERS
SAMPLE = 3  # rows of a file shown beside the question what its columns are


@staff(*READERS)
def result(request: SignedIn, pk: int) -> HttpResponse:
    """What a file's columns are called, where nobody has said so; then how far it is taken in, and
    what became of each row.
    """
    batches = access.batches_for(request.user)
    running = get_object_or_404(
        ResultImport.objects.select_related("batch", "started_by"), pk=pk, batch__in=batches
    )
    if not running.columns:
        return _columns(request, running)
    wrong = [(place, text) for place, outcome, text in running.report if outcome == "wrong"]
    missing = (
        running.batch.payments.filter(state=PaymentState.ORDERED).count() if running.ended_at else 0
    )
    context = {
        "running": running,
        "counts": results.summary(running.report),
        "wrong": wrong[:200],
        "missing": missing,
    }
    return render(request, "grants/payments/result.html", context)


def _columns(request: SignedIn, running: ResultImport) -> HttpResponse:
    may = not ACCOUNTING.reasons(request.user, running.batch)
    form = forms.ColumnsForm(request.POST or None, text=running.text)
    if request.method == "POST":
        ACCOUNTING.demand(request.user, running.batch)
        if form.is_valid():
            results.start(running, form.cleaned_data)
            return redirect("batch_result", pk=running.pk)
    context = {
        "running": running,
        "form": form,
        "may": may,
        "heads": results.heads(running.text),
        "sample": results.sample(running.text, SAMPLE),
    }
    return render(
        request,
        "grants/payments/result_columns.html",
        context,
        status=422 if form.errors else 200,
    )


@staff(*READERS)
def bank_word(request: SignedIn, pk: int) -> FileResponse:
    """What the bank wrote about a transfer."""
    word = get_object_or_404(BankWord.objects.select_related("payment"), pk=pk)
    payment = access.payment_for(request.user, word.payment_id)
    if not word.content:  # erased with the records of its case
        raise Http404
    Reading.note(request.user, "bank.word", payment.case, payment.subject_key)
    return FileResponse(
        io.BytesIO(word.content),
        as_attachment=True,
        filename=word.name,
        headers={"X-Content-Type-Options": "nosniff"},
    )


@staff(*ACCOUNTING.roles)
def row(request: SignedIn, pk: int, line: int) -> HttpResponse:
    """The bank's answer about one transfer, entered by hand: the same door as a file's."""
    batch = access.batch_for(request.user, pk)
    ACCOUNTING.demand(request.user, batch)
    if not batch.is_due:
        raise Http404
    payment = get_object_or_404(
        batch.payments.select_related("account", "batch", "case__organisation"),
        line=line,
        state=PaymentState.ORDERED,
    )
    form = forms.OutcomeForm(request.POST or None, request.FILES or None)
    tried = Tried(status=422 if request.method == "POST" else 200)
    if request.method == "POST" and form.is_valid():
        said = results.by_hand(payment, batch, line, came_back=form.cleaned_data["reason"])
        with trying() as tried, transaction.atomic():
            outcome, reason = results.apply([said], batch=batch, by=request.user)[0]
            if outcome == "wrong":
                raise NotReady(reason)
            if outcome != "already":  # sent twice at once: its paper is kept with the first
                bank_words.keep(payment, form.cleaned_data["document"], by=request.user)
        if tried.is_done:
            messages.success(request, _("%(line)s行目の結果を記録しました。") % {"line": line})
            return redirect(batch)
    context = {"batch": batch, "payment": payment, "form": form, "reasons": tried.reasons}
    return render(request, "grants/payments/row.html", context, status=tried.status)
