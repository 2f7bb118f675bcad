"""Booking money that came back, and taking back what was booked wrongly."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.recovery import collecting, demanding, taking_back
from grants.recovery.access import receipt_for, recovery_for
from grants.recovery.forms import (
    DemandForm,
    GiveBackForm,
    ReceiptForm,
    SurplusForm,
    TakingBackForm,
)
from grants.recovery.models import MoneyIn, Recovery
from portal import clock
from portal.types import Context, SignedIn
from portal.workflow.access import proves_again, staff
from portal.workflow.writing import press, write


def _about(recovery: Recovery, heading: str) -> Context:
    """What the head of each of these pages shows (`work.html`)."""
    return {"heading": heading, "recovery": recovery, "case": recovery.case}


@staff("finance_officer")
def receive(request: SignedIn, pk: int) -> HttpResponse:
    """Book what came in."""
    recovery = recovery_for(request.user, pk)
    form = ReceiptForm(
        request.POST or None,
        initial={
            "paid_on": clock.today(),
            "amount": recovery.owed()["left"],
            "seen": collecting.came_in(recovery),
        },
    )

    def context() -> Context:
        return {
            **_about(recovery, _("納付を記録する")),
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


@staff("finance_officer")
def demand(request: SignedIn, pk: int) -> HttpResponse:
    """督促: a letter with a day to whoever is late."""
    recovery = recovery_for(request.user, pk)
    return write(
        request,
        DemandForm(request.POST or None),
        lambda data: demanding.make(
            recovery, answer_by=data["answer_by"], fee=data["fee"] or 0, by=request.user
        ),
        template="grants/recovery/demand.html",
        context={
            **_about(recovery, _("返還を督促する")),
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
    row = receipt_for(request.user, pk)
    if row.waits_to_be_seen:
        return _surplus(request, row)
    return write(
        request,
        GiveBackForm(request.POST or None, initial={"on": clock.today()}),
        lambda data: collecting.give_back(row, on=data["on"], by=request.user),
        template="grants/recovery/give_back.html",
        context={**_about(row.recovery, _("納めすぎた額を返す")), "receipt": row},
        done=_("返した日を記録しました。"),
        then=row.recovery.get_absolute_url(),
    )


def _surplus(request: SignedIn, row: MoneyIn) -> HttpResponse:
    return write(
        request,
        SurplusForm(request.POST or None),
        lambda _data: collecting.see_surplus(row, by=request.user),
        template="grants/recovery/surplus.html",
        context={
            **_about(row.recovery, _("納めすぎた額を確かめる")),
            "receipt": row,
            "is_mine": row.booked_by_id == request.user.pk,
        },
        done=_("過誤納金還付通知書を送りました。"),
        then=row.recovery.get_absolute_url(),
        once=True,
    )


@staff("finance_officer")
def receipt(request: SignedIn, pk: int) -> HttpResponse:
    """A receipt that may have been entered wrongly: proposed here by one, confirmed by another."""
    row = receipt_for(request.user, pk)
    return write(
        request,
        TakingBackForm(request.POST or None),
        lambda data: taking_back.propose(row, by=request.user, **data),
        template="grants/recovery/receipt.html",
        context={
            **_about(row.recovery, _("納付の記録を取り消す")),
            "receipt": row,
            "is_mine": row.doubted_by_id == request.user.pk,
        },
        done=_("取消しを提案しました。別の職員が確認すると、記録を取り消します。"),
        then=row.recovery.get_absolute_url(),
    )


@require_POST
@staff("finance_officer")
@proves_again
def receipt_take_back(request: SignedIn, pk: int) -> HttpResponse:
    row = receipt_for(request.user, pk)
    return press(
        request,
        lambda: taking_back.confirm(row, by=request.user),
        back=row.recovery.get_absolute_url(),
        done=_("納付の記録を取り消しました。申請者にメールで知らせます。"),
    )


@require_POST
@staff("finance_officer")
def receipt_keep(request: SignedIn, pk: int) -> HttpResponse:
    row = receipt_for(request.user, pk)
    return press(
        request,
        lambda: taking_back.withdraw(row, by=request.user),
        back=row.recovery.get_absolute_url(),
        done=_("取消しの提案を取り下げました。"),
    )
