"""The applicant's page for a change of the funded project."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from grants.awards import changing
from grants.awards.changes import ChangeRequest
from grants.awards.models import Award
from grants.programmes.models import said
from portal.cases.models import Case
from portal.ui.forms import Day, LongText, Text, Yen
from portal.workflow.access import signed_in
from portal.workflow.errors import Refused

SPARE = 2  # empty rows for what the plan does not have yet


class ChangeForm(forms.Form):
    kind = forms.ChoiceField(label=_("変更の区分"), choices=ChangeRequest.KINDS, widget=forms.RadioSelect)
    reason = LongText(label=_("変更の理由"), rows=3, max_length=1000)
    ends_on = Day(label=_("新しい事業の終わり（期間を延ばすとき）"), required=False)

    def __init__(self, *args: Any, award: Award, **options: Any) -> None:
        super().__init__(*args, **options)
        self.award = award

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        day = data.get("ends_on")
        if data.get("kind") == "delay" and (day is None or day <= self.award.project_ends_on):
            self.add_error("ends_on", _("いまの終わりより後の日を入力してください。"))
        if data.get("kind") != "delay":
            data["ends_on"] = None
        return data


class ItemForm(forms.Form):
    what = Text(label=_("内容"), max_length=100, required=False)
    category = forms.ChoiceField(label=_("経費区分"))
    amount = Yen(label=_("変更後の金額（税抜・円）"), required=False)

    def __init__(self, *args: Any, award: Award, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].choices = [(c.key, said(c.name)) for c in award.stated.categories]

    def has_changed(self) -> bool:
        return any(name != "category" for name in self.changed_data)


ItemSet = forms.formset_factory(ItemForm, extra=0, min_num=1, max_num=30, absolute_max=30)


@signed_in
def change(request: HttpRequest, number: str) -> HttpResponse:
    """Say what changes and why; a minor change counts at once."""
    awards = Award.objects.select_related("application__call", "case__organisation")
    award = get_object_or_404(awards, case__number=number, case__in=Case.objects.visible_to(request.user))
    if request.user.is_office or award.state not in ("active", "suspended"):
        raise Http404
    post = request.POST if request.method == "POST" else None
    form = ChangeForm(post, award=award)
    rows = [{"what": what, "category": category, "amount": yen} for what, category, yen in award.planned]
    items = ItemSet(post, initial=rows + [{}] * SPARE, prefix="item", form_kwargs={"award": award})
    reasons: list[str] = []
    if post is not None and form.is_valid() & items.is_valid():
        found = [f.cleaned_data for f in items.forms]
        after = [
            (str(d["what"]), str(d["category"]), int(d["amount"])) for d in found if d.get("what") and d.get("amount")
        ]
        try:
            done = changing.file(award, after=after, by=request.user, **form.cleaned_data)
        except Refused as refused:
            reasons = refused.reasons
        else:
            minor = done.state == "notified"
            messages.success(
                request,
                _now("軽微な変更として届け出ました。承認は要りません。")
                if minor
                else _now("変更を申請しました。承認のお知らせを待ってから進めてください。"),
            )
            return redirect(award.case)
    live = ChangeRequest.objects.filter(award=award, state__in=ChangeRequest.LIVE).first()
    context = {"award": award, "case": award.case, "form": form, "items": items, "reasons": reasons, "live": live}
    return render(request, "grants/awards/change.html", context, status=422 if post is not None else 200)
