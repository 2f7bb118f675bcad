"""Booking money that came back, and taking back what was booked wrongly."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.programmes.interest import percent_said
from grants.recovery import collecting, deferring, demanding, on_surplus, taking_back
from grants.recovery.access import award_for, receipt_for, recovery_for, to_book
from grants.recovery.forms import (
    DemandForm,
    GiveBackForm,
    OwedReceiptForm,
    RatesForm,
    ReceiptForm,
    SurplusForm,
    TakingBackForm,
)
from grants.recovery.models import MoneyIn, Recovery
from grants.recovery.requests import ASKED
from portal import clock
from portal.cases.models import Case
from portal.types import Context, SignedIn
from portal.ui.limits import MESSAGES, limited
from portal.workflow.access import proves_again, signed_in, staff
from portal.workflow.writing import press, turn_back, write


def _about(case: Case, heading: str) -> Context:
    """What the head of each of these pages shows (`work.html`)."""
    return {"heading": heading, "case": case}


@staff("finance_officer")
def receive(request: SignedIn, pk: int) -> HttpResponse:
    """Book what came in."""
    recovery = to_book(request.user, recovery_for(request.user, pk))
    form = OwedReceiptForm(request.POST or None, recovery=recovery)

    def context() -> Context:
        return {
            **_about(recovery.case, _("納付を記録する")),
            "recovery": recovery,
            "lines": collecting.schedule(recovery),
            "owed": recovery.owed(),
        }

    return write(
        request,
        form,
        lambda data: collecting.receive(recovery, by=request.user, **data),
        template="grants/recovery/receive.html",
        context=context,
        done=_("納付を記録しました。"),
        then=recovery.get_absolute_url(),
        once=True,
    )


def _ask(request: SignedIn, recovery: Recovery, *, reason: str, plan: str) -> None:
    deferring.ask(recovery, reason=reason, plan=plan, by=request.user)
    for closed, day in deferring.moved(recovery, plan):
        said = _("%(closed)sは閉庁日なので、次の開庁日の%(day)sとして申し出ました。")
        messages.info(request, said % {"closed": closed, "day": day})


@signed_in
@limited(MESSAGES)
def ask_later(request: SignedIn, pk: int) -> HttpResponse:
    """履行延期の申し出, by the firm."""
    recovery = recovery_for(request.user, pk)
    if not deferring.may_ask(request.user, recovery):
        raise Http404
    if request.method == "GET" and deferring.asked(recovery):
        return turn_back(request, [ASKED], recovery)
    return write(
        request,
        deferring.LaterForm(request.POST or None),
        lambda data: _ask(request, recovery, **data),
        template="grants/recovery/later.html",
        context={
            **_about(recovery.case, _("履行延期を申し出る")),
            "recovery": recovery,
            "lines": collecting.schedule(recovery),
            "owed": recovery.owed(),
            "to_split": deferring.to_split(recovery),
        },
        done=_("市へ送りました。市が返事をするまで、納期限は変わりません。"),
        then=recovery.get_absolute_url(),
        once=True,
    )


@staff("finance_officer")
def early(request: SignedIn, pk: int) -> HttpResponse:
    """Book what came back before anything was ordered."""
    award = to_book(request.user, award_for(request.user, pk))
    first = {"paid_on": clock.today(), "seen": collecting.came_early(award)}
    return write(
        request,
        ReceiptForm(request.POST or None, initial=first),
        lambda data: collecting.receive_early(award, by=request.user, **data),
        template="grants/recovery/early.html",
        context=_about(award.case, _("返還命令の前の入金を記録する")),
        done=_("入金を記録しました。返還命令が出たときに充てます。"),
        then=MoneyIn.get_absolute_url,
        once=True,
    )


@staff("finance_officer")
def demand(request: SignedIn, pk: int) -> HttpResponse:
    """督促: a letter with a day to whoever is late."""
    recovery = to_book(request.user, recovery_for(request.user, pk))
    return write(
        request,
        DemandForm(request.POST or None),
        lambda data: demanding.make(
            recovery, answer_by=data["answer_by"], fee=data["fee"] or 0, by=request.user
        ),
        template="grants/recovery/demand.html",
        context={
            **_about(recovery.case, _("返還を督促する")),
            "recovery": recovery,
            "lines": collecting.schedule(recovery),
            "owed": recovery.owed(),
        },
        done=_("督促状を送りました。"),
        then=recovery.get_absolute_url(),
        once=True,
    )


@staff("finance_officer")
def give_back(request: SignedIn, pk: int) -> HttpResponse:
    """What was too much has been given back; before it another has seen that it is too much."""
    row = to_book(request.user, receipt_for(request.user, pk))
    if row.waits_to_be_seen:
        return _surplus(request, row)
    return write(
        request,
        GiveBackForm(request.POST or None, initial={"on": clock.today()}),
        lambda data: collecting.give_back(row, on=data["on"], by=request.user),
        template="grants/recovery/give_back.html",
        context={
            **_about(row.case, _("納めすぎた額を返す")),
            "receipt": row,
            "on_top": _on_top(request, row),
        },
        done=_("返した日を記録しました。"),
        then=row.get_absolute_url(),
    )


def _surplus(request: SignedIn, row: MoneyIn) -> HttpResponse:
    return write(
        request,
        SurplusForm(request.POST or None),
        lambda _data: collecting.see_surplus(row, by=request.user),
        template="grants/recovery/surplus.html",
        context={
            **_about(row.case, _("納めすぎた額を確かめる")),
            "receipt": row,
            "is_mine": row.booked_by_id == request.user.pk,
            "on_top": _on_top(request, row),
        },
        done=_("過誤納金還付通知書を送りました。"),
        then=row.get_absolute_url(),
        once=True,
    )


def _on_top(request: SignedIn, row: MoneyIn) -> Context:
    """還付加算金, as a figure beside: whether it is owed is for the office to say, with its ground."""
    until = clock.day_of(row.over_seen_at) if row.over_seen_at else clock.today()
    form = RatesForm(request.GET, on_surplus.unknown(row.paid_on, until))
    typed, too_much = form.rates(), row.over or row.amount
    rates = on_surplus.RATES | (typed or {})
    asked = on_surplus.years(row.paid_on, until)
    return {
        "form": form,
        "begins_on": on_surplus.begins_on(row.paid_on),
        "until": until,
        "is_owed": on_surplus.is_owed(row.award.stated.remedy),
        "has_begun": bool(asked),
        "has_rates": typed is not None,
        "yen": on_surplus.interest(too_much, row.paid_on, until, rates) if typed is not None else 0,
        "rates": {year: percent_said(rates[year]) for year in asked if year in rates},
    }


@staff("finance_officer")
def receipt(request: SignedIn, pk: int) -> HttpResponse:
    """A receipt that may have been entered wrongly: proposed here by one, confirmed by another."""
    row = to_book(request.user, receipt_for(request.user, pk))
    return write(
        request,
        TakingBackForm(request.POST or None),
        lambda data: taking_back.propose(row, by=request.user, **data),
        template="grants/recovery/receipt.html",
        context={
            **_about(row.case, _("納付の記録を取り消す")),
            "receipt": row,
            "is_mine": row.doubted_by_id == request.user.pk,
            "not_before": taking_back.not_before(row),
            "first": taking_back.first_of(row),
        },
        done=_("取消しを提案しました。別の職員が確認すると、記録を取り消します。"),
        then=row.get_absolute_url(),
    )


@require_POST
@staff("finance_officer")
@proves_again
def receipt_take_back(request: SignedIn, pk: int) -> HttpResponse:
    row = to_book(request.user, receipt_for(request.user, pk))
    return press(
        request,
        lambda: taking_back.confirm(row, by=request.user),
        back=row.get_absolute_url(),
        done=_("納付の記録を取り消しました。申請者にメールで知らせます。"),
    )


@require_POST
@staff("finance_officer")
def receipt_keep(request: SignedIn, pk: int) -> HttpResponse:
    row = to_book(request.user, receipt_for(request.user, pk))
    return press(
        request,
        lambda: taking_back.withdraw(row, by=request.user),
        back=row.get_absolute_url(),
        done=_("取消しの提案を取り下げました。"),
    )
