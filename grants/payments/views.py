"""The money's pages: the account, claims, the finance officer's desk,
batches and the bank's results.
"""

import io
import uuid

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from grants.awards.models import Award
from grants.awards.states import AwardState
from grants.payments import (
    access,
    against,
    by_case,
    cautions,
    forms,
    ordering,
    passbooks,
    paying,
    results,
    side_by_side,
    voided,
    who_orders,
)
from grants.payments import desk as desks
from grants.payments.access import may_declare
from grants.payments.accounts import ACCOUNTING, BankAccount, confirmed_account
from grants.payments.claims import claimable
from grants.payments.declaring import Holder
from grants.payments.models import Claim, PaymentBatch
from grants.payments.obstacles import NO_LONGER_FREE
from grants.payments.states import UNSENT_BATCHES, AccountState
from portal.accounts.factors import to_hand_in, two_factors
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.permissions import demand, stands_for_applicant
from portal.cases.models import Case, Reading
from portal.types import Given, SignedIn
from portal.ui.limits import CHANGES, limited
from portal.ui.paging import page_of, page_up_to
from portal.workflow.access import proves_again, signed_in, staff
from portal.workflow.door import actions, begin
from portal.workflow.errors import NotReady
from portal.workflow.writing import Tried, trying, write

READERS = PaymentBatch.READERS


def _account_holders(user: User) -> QuerySet[Organisation]:
    """Organisations whose account page the person may open:
    their own, or, at the counter, those of paper cases that have nobody online.
    """
    if not user.is_office:
        return Organisation.objects.filter(memberships__in=user.memberships.filter(left_at=None))
    cases = Case.objects.visible_to(user, by=["programme_officer"]).filter(on_paper=True)
    online = Membership.objects.filter(left_at=None)
    firms = Organisation.objects.filter(pk__in=cases.values("organisation"))
    return firms.exclude(pk__in=online.values("organisation"))


@signed_in
@proves_again
@two_factors
@limited(CHANGES)
def account(request: SignedIn, pk: int) -> HttpResponse:
    """The organisation's account, masked; declaring a new one asks again who it is."""
    organisation = get_object_or_404(_account_holders(request.user), pk=pk)
    declared = BankAccount.objects.filter(organisation=organisation)
    # what the counter declared for a firm is not for people of whom nobody knows that it is theirs
    is_open = request.user.is_office or organisation.is_proved
    accounts = list(declared.exclude(state=AccountState.REPLACED)) if is_open else []
    open_one = next((a for a in accounts if a.state in BankAccount.UNCONFIRMED), None)
    known = {"holder": organisation.name, "holder_kana": organisation.kana}
    if open_one is not None:  # to be corrected: all but the number, which is shown to nobody whole
        known = {
            name: getattr(open_one, name)
            for name in (
                "bank_code",
                "branch_code",
                "kind",
                "holder",
                "holder_kana",
                "explanation",
            )
        }
    form = forms.AccountForm(request.POST or None, firm=organisation, initial=known)
    may = not BankAccount.specs()["begin"].permission.reasons(request.user, Holder(organisation))
    tried = Tried(status=422 if request.method == "POST" else 200)
    if request.method == "POST" and form.is_valid() and may:
        with trying() as tried:
            made = begin(
                BankAccount, by=request.user, organisation=organisation, **form.cleaned_data
            )
        if tried.is_done:
            messages.success(
                request, _("口座を届け出ました。市の担当が確かめると、次の支払いから使います。")
            )
            if again := cautions.same_name_again(made, cautions.of_firms([pk]).ended[pk]):
                messages.warning(request, again)
            return redirect("bank_account", pk=pk)
    paid = Case.objects.filter(pk__in=BankAccount(organisation=organisation).awaited_by)
    context = {
        "organisation": organisation,
        "form": form,
        "may": may,
        "too_few": who_orders.once_typed(request.user, paid, "change_account"),
        "reasons": tried.reasons,
        "accounts": accounts,
        "bounced": {
            a.pk for a in accounts if a.state == AccountState.CONFIRMED and paying.came_back(a)
        },
        "open_one": open_one,
        "awards": [
            award
            for award in Award.objects.filter(
                case__in=Case.objects.worked_on_by(request.user),
                case__organisation=organisation,
                case__closed_at=None,
            ).select_related("case")
            if passbooks.is_asked(award)
        ],
    }
    return render(request, "grants/payments/account.html", context, status=tried.status)


@signed_in
@to_hand_in
def claim_new(request: SignedIn, number: str) -> HttpResponse:
    """Claim the settlement (all that is left of the fixed amount), or an advance where the call allows it."""
    award = access.award_at(request, number)
    if not stands_for_applicant(request.user, award.case):
        raise Http404
    is_running = award.state == AwardState.ACTIVE
    advance = request.GET.get("kind") == "advance" if "kind" in request.GET else is_running
    if advance != is_running:
        raise Http404
    form = forms.AdvanceForm(request.POST or None) if advance else None
    tried = Tried(status=422 if request.method == "POST" else 200)
    if request.method == "POST" and (form is None or form.is_valid()):
        given: Given = (
            {"kind": "advance", **form.cleaned_data}
            if form
            else {"kind": "settlement", "amount": claimable(award)}
        )
        with trying() as tried:
            begin(
                Claim,
                by=request.user,
                award=award,
                key=request.POST.get("form_key", "")[:64],
                **given,
            )
        if tried.is_done:
            messages.success(request, _("補助金を請求しました。"))
            return redirect(award.case)
    accounts = BankAccount.objects.filter(organisation=award.case.organisation).exclude(
        state__in=[AccountState.REPLACED, AccountState.REFUSED]
    )
    context = {
        "award": award,
        "case": award.case,
        "form": form,
        "reasons": tried.reasons,
        "left": claimable(award),
        "accounts": list(accounts),
        "may_declare": may_declare(request.user, award.case),
        "form_key": request.POST.get("form_key") or uuid.uuid4().hex,
        "expected": paying.next_pay_day(),
        "too_few": who_orders.once_typed(request.user, [award.case], "file_claim"),
    }
    return render(
        request,
        "grants/payments/claim.html",
        context,
        status=tried.status,
    )


@staff("finance_officer")
def order(request: SignedIn, pk: int) -> HttpResponse:
    """支出命令 on a checked claim, with what it is checked against."""
    claim = access.claim_for(request.user, pk)
    demand(request.user, claim, "finance_officer")
    key = request.POST.get("form_key", "")[:64]
    account = confirmed_account(claim.case.organisation)
    return write(
        request,
        Form(request.POST if request.method == "POST" else None),
        lambda _given: paying.order(
            claim, by=request.user, key=key, seen=request.POST.get("seen", "")
        ),
        template="grants/payments/order.html",
        context=lambda: {
            "claim": claim,
            "against": against.of_claims(request.user, [claim])[claim.pk],
            "forbidden": ordering.forbidden(request.user, claim, account),
            "label": ordering.label(claim.payment),
            "form_key": key or uuid.uuid4().hex,
            "mark": paying.seen_with(account),
        },
        done=_("支出命令を出しました。"),
        then=claim.get_absolute_url(),
    )


@staff(*READERS)
def desk(request: SignedIn) -> HttpResponse:
    """Payments that wait for a batch, with the letters the bank will see, and the batches."""
    waiting = paying.ready(request.user)
    ticked = desks.picked(request, waiting)
    form = forms.BatchForm(request.POST or None, initial={"pay_on": paying.next_pay_day()})
    writes = request.method == "POST" and desks.wish(request) not in desks.LOOKS
    tried = Tried(status=422 if writes else 200)
    if writes and form.is_valid():
        with trying() as tried:
            if ticked.is_stale:
                raise NotReady(str(NO_LONGER_FREE))
            batch = paying.make_batch(
                request.user, pay_on=form.cleaned_data["pay_on"], payments=ticked.orders
            )
        if tried.is_done:
            return redirect(batch)
    context = {
        **desks.shown(request, waiting, ticked),
        "held": list(paying.held(request.user)[: desks.HELD]),
        "stopped": [(name, label) for name, (label, _found) in by_case.WAITING.items()],
        "form": form,
        "reasons": tried.reasons,
        **page_up_to(request, access.batches_listed(request.user), per_page=30),
        "may": request.user.has_role("finance_officer"),
    }
    return render(
        request,
        "grants/payments/desk.html",
        context,
        status=tried.status,
    )


@staff(*READERS)
def batch_page(request: SignedIn, pk: int) -> HttpResponse:
    """One batch: the dry run as a table, faults, acts, and the bank's results."""
    batch = access.batch_for(request.user, pk)
    is_theirs = not ACCOUNTING.reasons(request.user, batch)
    takes_results = batch.is_due and is_theirs
    form = forms.ResultForm(request.POST or None, request.FILES or None) if takes_results else None
    if request.method == "POST":
        demand(request.user, batch, *ACCOUNTING.roles)
    if request.method == "POST" and form is not None and form.is_valid():
        name, text, columns = form.cleaned_data["file"]
        running = results.received(batch, name=name, text=text, columns=columns, by=request.user)
        return redirect("batch_result", pk=running.pk)
    rows = page_of(
        request,
        batch.payments.select_related(
            "case__organisation",
            "account__organisation",
            "account__confirmed_by",
            "clearance__checked_by",
        ).order_by("line"),
        100,
    )
    BankAccount.name_all([payment.account for payment in rows])
    payments = list(batch.payments.select_related("case", "award__application"))
    others, open_ones = {}, {}
    if batch.state in UNSENT_BATCHES:
        others = side_by_side.beside(request.user, rows)
        firms = cautions.of_firms({p.account.organisation_id for p in rows})
        open_ones = {p.pk: cautions.before_money(p.account, firms) for p in rows}
    years = side_by_side.years_of(payments, batch.pay_on)
    to_check = batch.to_check().count() if batch.is_with_accounting else 0
    context = {
        "batch": batch,
        "page": rows,
        "lines": [
            (
                p,
                *desks.letters(p),
                years.get(p.pk, ""),
                [
                    *map(side_by_side.elsewhere, others.get(p.pk, ())),
                    *open_ones.get(p.pk, ()),
                ],
            )
            for p in rows
        ],
        "years": side_by_side.by_year(payments, years),
        "voided": voided.of(batch, request.user),
        "faults": batch.faults() if batch.state in UNSENT_BATCHES else [],
        "twins": batch.twins() if batch.state in UNSENT_BATCHES else [],
        "actions": [a for a in actions(request.user, batch) if batch.offers(a.spec.name)],
        "form": form,
        "to_check": to_check,
        "may_check": batch.is_with_accounting and to_check and is_theirs,
        "total": sum(p.amount for p in payments),
        "count": len(payments),
        "imports": list(batch.imports.defer("text")),
    }
    return render(
        request,
        "grants/payments/batch.html",
        context,
        status=422 if form is not None and form.errors else 200,
    )


def _paid_in(batch: PaymentBatch) -> Q:
    """The cases whose accounts a file to the bank names."""
    return Q(pk__in=batch.payments.values("case"))


@staff(*ACCOUNTING.roles)
def batch_file(request: SignedIn, pk: int) -> HttpResponse:
    """The very bytes that were frozen, while they may go to the bank; each download is logged."""
    batch = access.batch_for(request.user, pk)
    demand(request.user, batch, *ACCOUNTING.roles)
    if batch.content is None or not batch.has_file:
        raise Http404
    Reading.note_each(request.user, "batch.file", _paid_in(batch), batch.subject_key)
    response = HttpResponse(bytes(batch.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{batch.number}.txt"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@staff(*READERS)
def batch_word(request: SignedIn, pk: int) -> FileResponse:
    """The bank's word that the file was not executed."""
    batch = access.batch_for(request.user, pk)
    if batch.not_executed is None:
        raise Http404
    Reading.note_each(request.user, "batch.word", _paid_in(batch), batch.subject_key)
    return FileResponse(
        io.BytesIO(batch.not_executed),
        as_attachment=True,
        filename=batch.not_executed_name,
        headers={"X-Content-Type-Options": "nosniff"},
    )
