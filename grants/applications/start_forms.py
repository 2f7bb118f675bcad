"""How an application begins: by the applicant, or on paper at the counter."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from unicodedata import normalize

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.at_counter import unexplained
from grants.applications.models import Application
from grants.programmes.models import Call, IntakePeriod
from grants.programmes.states import CallState
from portal import clock
from portal.accounts.models import Organisation
from portal.registry.fields import CorporateNumber
from portal.types import Given, Sent
from portal.ui.forms import LongText, PastDay, Text, offer
from portal.ui.names import Name

if TYPE_CHECKING:
    ChoiceOfApplication = forms.ModelChoiceField[Application]
else:
    ChoiceOfApplication = forms.ModelChoiceField


class Earlier(ChoiceOfApplication):
    """An earlier application, told by what it was and whose."""

    def label_from_instance(self, obj: Application) -> str:
        case = obj.case
        said = f"{case.shown_programme}　{case.shown_call}　{case.title}"
        number = f"{case.number_word} {case.number}"
        return f"{case.organisation.name}　{said}（{number}）"


class StartForm(forms.Form):
    """Which organisation applies, where the person acts for several."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_lazy("申請する事業者"), empty_label=None
    )
    copy_from = Earlier(
        Application.objects.none(),
        label=_lazy("前の申請から写す"),
        required=False,
        empty_label=_lazy("写さずに始める"),
    )

    def __init__(
        self,
        data: Sent = None,
        *,
        organisations: QuerySet[Organisation],
        earlier: QuerySet[Application],
    ) -> None:
        super().__init__(data)
        offer(self, "organisation", organisations)
        offer(self, "copy_from", earlier)
        firm = self.fields["organisation"]
        if isinstance(firm, forms.ModelChoiceField) and organisations.count() > 1:
            firm.empty_label = _lazy("選んでください")
        if not earlier.exists():
            del self.fields["copy_from"]

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        firm, earlier = data.get("organisation"), data.get("copy_from")
        if firm and earlier and earlier.case.organisation_id != firm.pk:
            self.add_error(
                "copy_from",
                _lazy(
                    "ほかの事業者の申請です。申請する事業者のものを選ぶか、写さずに始めてください。"
                ),
            )
        return data


# how long after its intake an application that reached the counter in time may still be typed in
PAPER_DAYS = 60


class PaperForm(forms.Form):
    """A paper application; cleaned with `received_at`, the moment it reached the counter."""

    corporate_number = CorporateNumber(label=_lazy("法人番号（個人事業主は空欄）"), required=False)
    name = Name(label=_lazy("名称・屋号"), max_length=150)
    call = forms.ModelChoiceField(
        Call.objects.none(),
        label=_lazy("公募回"),
        empty_label=_lazy("選んでください"),
        help_text=_lazy("受付中の回と、受付が終わって60日以内の回を選べます。"),
    )
    received_on = PastDay(
        label=_lazy("申請書を受け取った日"),
        help_text=_lazy("窓口に届いた日です。入力する日ではありません。"),
    )
    received_time = Text(
        label=_lazy("受け取った時刻"),
        max_length=5,
        help_text=_lazy("24時間で入力してください（例：14:30）。申請の到着の時刻になります。"),
    )
    late_reason = LongText(
        label=_lazy("受け取ってから入力までに日がかかった理由"),
        max_length=300,
        rows=2,
        required=False,
        help_text=_lazy(
            "受け取ってから3開庁日を過ぎて入力するときに書きます。受理する職員と決裁者が読みます。"
        ),
    )
    consent = Text(
        label=_lazy("代行入力への同意の記録"),
        max_length=200,
        help_text=_lazy(
            "いつ、だれから、どのように同意を得たか（例：12月2日 窓口で代表者から書面）"
        ),
    )

    def __init__(self, data: Sent = None) -> None:
        super().__init__(data)
        since = clock.now() - timedelta(days=PAPER_DAYS)
        periods = IntakePeriod.objects.filter(opens_at__lte=clock.now(), closes_at__gte=since)
        calls = Call.objects.filter(state=CallState.ANNOUNCED, pk__in=periods.values("call"))
        offer(self, "call", calls)

    def clean_received_time(self) -> time:
        try:
            parts = normalize("NFKC", self.cleaned_data["received_time"]).split(":", 1)
            hour, *minutes = map(int, parts)
            return time(hour, minutes[0] if minutes else 0)
        except ValueError as error:
            raise forms.ValidationError(
                _lazy("時刻を「14:30」のように入力してください。")
            ) from error

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if {"received_on", "received_time"} - data.keys():
            return data
        data["received_at"] = datetime.combine(
            data["received_on"], data["received_time"], clock.JST
        )
        call = data.get("call")
        if data["received_at"] > clock.now():
            self.add_error(
                "received_time", _lazy("いまより後の時刻です。受け取った日時を入力してください。")
            )
        elif call is not None and not call.is_open_at(data["received_at"]):
            self.add_error(
                "received_on", _lazy("受け取った日時が、この公募の受付期間に入っていません。")
            )
        elif call is not None:
            for reason in unexplained(call, data["received_at"], data.get("late_reason", "")):
                self.add_error("late_reason", reason)
        return data


class DiscardForm(forms.Form):
    """One look more before a draft is erased."""

    is_sure = forms.BooleanField(
        label=_lazy("書いた内容とファイルが消え、元に戻せないことを確かめました")
    )
