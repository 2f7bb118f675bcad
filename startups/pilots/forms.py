"""Forms of a pilot: terms, gate, report, evaluation, and what is written into its ledger."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.days import day_said
from portal.registry.models import Municipality
from portal.types import Given, Sent
from portal.ui.forms import Day, Decimals, LongText, Text, Yen
from portal.workflow.shown import ShownForm
from startups.pilots.bookings import Booking
from startups.pilots.entries import Evaluation, Incident
from startups.pilots.extending import misfit
from startups.pilots.models import Pilot
from startups.pilots.terms import PARTS, REPORT, starting


class TermsForm(forms.Form):
    """協定の案. What is not secret of the proposal is there to begin with."""

    wants_object = True

    def __init__(self, data: Sent = None, *, obj: Pilot) -> None:
        super().__init__(data)
        self.pilot, self.partners = obj, list(obj.partners.select_related("municipality"))
        starts = obj.terms or starting(obj)
        self.fields["title"] = Text(label=_lazy("実証の名称"), max_length=80, initial=obj.title)
        self.fields["title_en"] = Text(
            label=_lazy("実証の名称の英語"), max_length=160, required=False, initial=obj.title_en
        )
        for name, label in (
            ("starts_on", _lazy("始まりの日")),
            ("midterm_on", _lazy("中間の判定の日")),
            ("ends_on", _lazy("終わりの日")),
        ):
            self.fields[name] = Day(label=label, initial=getattr(obj, name))
        for partner in self.partners:
            self.fields[f"support_{partner.municipality_id}"] = Yen(
                label=_lazy("%(town)sの支援金（円）") % {"town": partner.municipality},
                least=0,
                initial=partner.support,
                help_text=""
                if len(self.partners) == 1
                else _lazy("この額を変えられるのは、%(town)sの担当課だけです。")
                % {"town": partner.municipality},
            )
        for name, (label, rows, limit) in PARTS.items():
            self.fields[name] = LongText(
                label=label, rows=rows, max_length=limit, initial=starts.get(name, "")
            )

    def clean(self) -> Given:
        """{"terms": texts, days, "supports": code → yen, titles}."""
        data: Given = super().clean() or {}
        start, middle, end = (data.get(name) for name in ("starts_on", "midterm_on", "ends_on"))
        if start and end and end <= start:
            self.add_error("ends_on", _lazy("始まりの日より後の日にしてください。"))
        elif start and middle and end and not start < middle < end:
            self.add_error("midterm_on", _lazy("始まりと終わりのあいだの日にしてください。"))
        supports = {
            p.municipality_id: data.get(f"support_{p.municipality_id}") or 0 for p in self.partners
        }
        most = self.pilot.challenge.content.get("support") or 0
        if sum(supports.values()) > most and self.partners:
            self.add_error(
                f"support_{self.partners[0].municipality_id}",
                _("支援金の合計は、課題で公表した上限（%(most)s円）までです。")
                % {"most": f"{most:,}"},
            )
        days = {name: data.get(name) for name in ("starts_on", "midterm_on", "ends_on")}
        titles = {name: data.get(name, "") for name in ("title", "title_en")}
        return {
            "terms": {name: data.get(name, "") for name in PARTS},
            "supports": supports,
            **days,
            **titles,
        }


class IndicatorForm(forms.Form):
    name = Text(label=_lazy("指標"), max_length=60)
    unit = Text(label=_lazy("単位"), max_length=20)
    baseline = Decimals(label=_lazy("現状値"))
    target = Decimals(
        label=_lazy("目標値"),
        help_text=_lazy("現状値より小さければ、小さいほどよい指標として扱います。"),
    )
    method = Text(label=_lazy("測り方（だれが、いつ、何で）"), max_length=100)

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if data.get("baseline") is not None and data.get("baseline") == data.get("target"):
            self.add_error("target", _lazy("現状値と違う値にしてください。"))
        return data


class GateForm(forms.Form):
    gate = forms.ChoiceField(label=_lazy("判定"), choices=Pilot.GATES, widget=forms.RadioSelect)
    gate_text = LongText(label=_lazy("判定の理由と、これから変えること"), rows=4, max_length=1500)


class ExtensionForm(forms.Form):
    wants_object = True

    def __init__(self, data: Sent = None, *, obj: Pilot) -> None:
        super().__init__(data)
        self.pilot = obj
        self.fields["ends_on"] = Day(
            label=_lazy("新しい終わりの日"),
            initial=obj.extends_to,
            help_text=_("%(day)sまで延ばせます。") % {"day": day_said(obj.latest_end)},
        )

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if wrong := misfit(self.pilot, day):
            raise forms.ValidationError(wrong)
        return day


class ReportForm(forms.Form):
    """実証の結果の報告; the evidence of a later contract is drawn from it."""

    wants_object = True

    def __init__(self, data: Sent = None, *, obj: Pilot) -> None:
        super().__init__(data)
        for name, (label, rows, limit) in REPORT.items():
            self.fields[name] = LongText(
                label=label, rows=rows, max_length=limit, initial=obj.report.get(name, "")
            )

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        return {"report": {name: data.get(name, "") for name in REPORT}}


class AssessmentForm(forms.Form):
    mark = forms.ChoiceField(
        label=_lazy("目標に届いたか"), choices=Evaluation.MARKS, widget=forms.RadioSelect
    )
    text = LongText(
        label=_lazy("評価と理由"),
        rows=5,
        max_length=2000,
        help_text=_lazy("決定のあと、このまま公表します。"),
    )


class ResultForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_lazy("決定"), choices=Pilot.VERDICTS, widget=forms.RadioSelect
    )
    summary = LongText(label=_lazy("結果のまとめ（公表）"), rows=5, max_length=1500)
    summary_en = LongText(
        label=_lazy("結果のまとめの英語"), rows=4, max_length=3000, required=False
    )
    lessons = LongText(label=_lazy("次に同じ課題に取り組む人へ（公表）"), rows=4, max_length=1500)


class StopForm(forms.Form):
    wants_object = True

    lessons = LongText(
        label=_lazy("次に同じ課題に取り組む人へ（公表）"),
        rows=4,
        max_length=1500,
        help_text=_lazy("協定を結んだあとの中止は、理由とともに公表します。"),
    )

    def __init__(self, data: Sent = None, *, obj: Pilot) -> None:
        super().__init__(data)
        self.warning = _("担当課の中止の提案") if obj.why_stop else ""
        self.notes = [obj.why_stop]


class MeasureForm(forms.Form):
    """The readings of one day; what is left empty is not measured that day."""

    def __init__(self, data: Sent = None, *, pilot: Pilot) -> None:
        super().__init__(data)
        self.indicators = list(pilot.indicators.all())
        self.fields["on"] = Day(label=_lazy("測った日"), initial=clock.today())
        for row in self.indicators:
            self.fields[f"value_{row.n}"] = Decimals(
                label=f"{row.name}（{row.unit}）", required=False, help_text=row.method
            )
            self.fields[f"note_{row.n}"] = Text(
                label=_lazy("覚え書き（%(name)s）") % {"name": row.name},
                max_length=100,
                required=False,
            )

    def clean(self) -> Given:
        """{"on": date, "values": n → (value, note)}."""
        data: Given = super().clean() or {}
        values = {
            row.n: (data[f"value_{row.n}"], data.get(f"note_{row.n}") or "")
            for row in self.indicators
            if data.get(f"value_{row.n}") is not None
        }
        if not values and not self.errors:
            raise forms.ValidationError(_lazy("1つ以上の値を入れてください。"))
        return {"on": data.get("on"), "values": values}


class IncidentForm(forms.Form):
    happened_on = Day(label=_lazy("起きた日"))
    grave = forms.ChoiceField(label=_lazy("重さ"), choices=Incident.GRAVE, widget=forms.RadioSelect)
    text = LongText(
        label=_lazy("何が起きたか"),
        rows=4,
        max_length=1500,
        help_text=_lazy("個人の名前は書かないでください。"),
    )

    def clean_happened_on(self) -> date:
        day: date = self.cleaned_data["happened_on"]
        if day > clock.today():
            raise forms.ValidationError(_lazy("今日までの日にしてください。"))
        return day


class SettleForm(ShownForm):
    settled = LongText(label=_lazy("どう対応したか、どう防ぐか"), rows=4, max_length=1500)


class StatusForm(forms.Form):
    went = LongText(label=_lazy("進んだこと"), rows=4, max_length=1500)
    stuck = LongText(
        label=_lazy("困っていること・相手にお願いしたいこと"),
        rows=3,
        max_length=1500,
        required=False,
    )


class BookingForm(forms.Form):
    """What is asked of a municipality of the pilot."""

    def __init__(self, data: Sent = None, *, codes: list[str]) -> None:
        super().__init__(data)
        towns = Municipality.objects.filter(code__in=codes)
        self.fields["municipality"] = forms.ModelChoiceField(
            towns, label=_lazy("市町村"), empty_label=None
        )
        self.fields["kind"] = forms.ChoiceField(label=_lazy("種類"), choices=Booking.KINDS)
        self.fields["what"] = Text(
            label=_lazy("借りたいもの"),
            max_length=80,
            help_text=_lazy("例：除雪センター（西区）の会議室、過去5年の出動の記録"),
        )
        self.fields["purpose"] = Text(label=_lazy("使いみち"), max_length=300)
        self.fields["starts_on"] = Day(label=_lazy("使い始める日"))
        self.fields["ends_on"] = Day(label=_lazy("使い終わる日"))

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and start < clock.today():
            self.add_error("starts_on", _lazy("今日以降の日にしてください。"))
        if start and end and end < start:
            self.add_error("ends_on", _lazy("使い始める日より後の日にしてください。"))
        return data


class BookingAnswerForm(forms.Form):
    answer = Text(label=_lazy("使い方の条件・受け渡しの方法"), max_length=300, required=False)


class FindForm(forms.Form):
    q = forms.CharField(label=_lazy("ことば"), required=False, max_length=80)
    stage = forms.ChoiceField(
        label=_lazy("段階"),
        required=False,
        choices=[
            ("", _lazy("すべて")),
            ("running", _lazy("実証中")),
            ("adopt", _lazy("本格導入を検討")),
            ("short", _lazy("目標に届かなかった・中止")),
        ],
    )
    municipality = forms.ModelChoiceField(
        Municipality.objects.all(),
        label=_lazy("市町村"),
        required=False,
        empty_label=_lazy("すべて"),
    )
