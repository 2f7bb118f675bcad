"""What a case shows of money to come back, whose turn it is, and the form that books what came."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from grants.awards.models import Award
from grants.payments import paying
from grants.recovery import collecting
from grants.recovery.models import Recovery
from portal import clock, fiscal
from portal.approvals.turns import is_live
from portal.cases.models import Case
from portal.ports import TurnWanted
from portal.ui.forms import Day, LongText, Text, Yen
from portal.workflow.access import staff
from portal.workflow.door import actions
from portal.workflow.errors import Refused


class InstalmentForm(forms.Form):
    due_on = Day(label=_("新しい納期限"))
    instalments = LongText(label=_("分割の計画"), rows=3, max_length=600, help_text=_("納める日と額を1行ずつ。"))

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day <= clock.today():
            raise forms.ValidationError(_("今日より後の日にしてください。"))
        return day


class ReceiptForm(forms.Form):
    amount = Yen(label=_("納付された額（円）"))
    paid_on = Day(label=_("納付の日"))
    note = Text(label=_("納付書の番号など"), max_length=120, required=False)

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(_("1円以上の金額を入力してください。"))
        return amount


def turns_of(case: Case) -> list[TurnWanted]:
    found: list[TurnWanted] = []
    for row in collecting.rows_of(case):
        if row.state not in ("ordered", "deferred"):
            continue
        if row.owed()["left"]:
            found.append(TurnWanted("applicant", gettext_noop("補助金を返還する"), due_on=row.due_on, obj=row))
        else:
            found.append(
                TurnWanted(
                    "office",
                    gettext_noop("納付を確認して終える"),
                    "finance_officer",
                    due_on=fiscal.add_business_days(row.came_in()[-1].on, 3),
                    obj=row,
                )
            )
    award = Award.objects.filter(case=case, state="amount_fixed").select_related("application__call").first()
    if award is not None and not is_live(case) and paying.surplus(award) - collecting.open_principal(award) > 0:
        found.append(
            TurnWanted(
                "office", gettext_noop("概算払の返還を起案する"), "programme_officer", case.assigned_to, obj=award
            )
        )
    return found


def later(case: Case) -> tuple[int, Any] | None:
    rows = [row for row in collecting.rows_of(case) if row.state in ("ordered", "deferred")]
    return (9, rows[0].info.say) if rows else None


def panel(case: Case, user: Any) -> dict[str, Any] | None:
    if case.state != "awarded":
        return None
    rows = collecting.rows_of(case)
    if not rows:
        return None
    may = user.has_role("finance_officer")
    return {
        "rows": [
            {"recovery": r, "lines": collecting.schedule(r), "owed": r.owed(), "receipts": list(r.receipts.all()), "actions": actions(user, r),
             "may_book": may and r.state in ("ordered", "deferred") and r.owed()["left"] > 0}
            for r in rows
        ]
    }  # fmt: skip


def load(user: Any, pk: int) -> Recovery:
    cases = Case.objects.visible_to(user)
    return get_object_or_404(
        Recovery.objects.select_related("award__application__call", "case__organisation"), pk=pk, case__in=cases
    )


@staff("finance_officer")
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Book what came in."""
    recovery = load(request.user, pk)
    form = ReceiptForm(request.POST or None, initial={"paid_on": clock.today(), "amount": recovery.owed()["left"]})
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            collecting.receive(recovery, by=request.user, **form.cleaned_data)
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _now("納付を記録しました。"))
            return redirect(recovery.get_absolute_url())
    context = {
        "recovery": recovery,
        "case": recovery.case,
        "form": form,
        "reasons": reasons,
        "lines": collecting.schedule(recovery),
        "owed": recovery.owed(),
    }
    return render(request, "grants/recovery/receive.html", context, status=422 if form.errors or reasons else 200)
