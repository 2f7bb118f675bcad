"""What each kind of report or request asks, and what the officer and the applicant note beside it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.followup import figures
from portal import clock
from portal.days import span_said
from portal.types import Given
from portal.ui.forms import Day, Decimals, LongText, Number, SignedYen, Text, Yen
from portal.workflow.shown import ShownForm

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class ProgressForm(forms.Form):
    done = LongText(label=_lazy("これまでに行ったこと"), rows=4, max_length=2000)
    percent = Number(label=_lazy("進み具合（％）"), counters="%")
    spent = Yen(label=_lazy("これまでに支払った額（税抜・円）"))
    ends_on = Day(label=_lazy("終わる見込みの日"))
    trouble = LongText(label=_lazy("困っていること・遅れ"), rows=3, max_length=1000, required=False)

    def clean_percent(self) -> int:
        return percent(self.cleaned_data["percent"])


def percent(value: int) -> int:
    if not 0 <= value <= 100:
        raise forms.ValidationError(_lazy("0から100までの数字を入力してください。"))
    return value


class UseForm(forms.Form):
    IN_USE = [
        ("yes", _lazy("使っている")),
        ("partly", _lazy("一部だけ使っている")),
        ("no", _lazy("使っていない")),
    ]

    NEEDED_SOMETIMES = ("stopped_on", "started_on")  # the second in the first report alone

    in_use = forms.ChoiceField(
        label=_lazy("いまも使っていますか"), choices=IN_USE, widget=forms.RadioSelect
    )
    stopped_on = Day(label=_lazy("使わなくなった日"), required=False)
    people = Number(label=_lazy("使っている人数"), counters="人名")
    how = LongText(
        label=_lazy("使い方"),
        rows=4,
        max_length=2000,
        help_text=_lazy(
            "どの仕事で、どのくらい使っているか。画面や利用記録の写しを次の画面で付けてください。"
        ),
    )

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if (
            data.get("in_use") == "no"
            and not data.get("stopped_on")
            and "stopped_on" not in self.errors
        ):
            self.add_error("stopped_on", _lazy("使わなくなった日を入力してください。"))
        if data.get("stopped_on") and data["stopped_on"] > clock.today():
            self.add_error("stopped_on", _lazy("未来の日付は入力できません。"))
        return data


class FirstUseForm(UseForm):
    """Of a programme that asks a fine for late use (違約金)."""

    NEEDED_SOMETIMES = ("stopped_on", "started_on")

    started_on = Day(
        label=_lazy("使い始めた日"),
        required=False,
        help_text=_lazy("まだ一度も使っていないときだけ、空けてください。"),
    )
    field_order = ("in_use", "started_on")

    def clean(self) -> Given:
        data = super().clean()
        started = data.get("started_on")
        if not started and data.get("in_use") != "no" and "started_on" not in self.errors:
            self.add_error("started_on", _lazy("使い始めた日を入力してください。"))
        if started and started > clock.today():
            self.add_error("started_on", _lazy("未来の日付は入力できません。"))
        return data


class EffectForm(forms.Form):
    """The figures of the year as the filed accounts have them;
    those before the project with the first report.
    """

    closed_on = Day(label=_lazy("決算日"))
    sales = Yen(label=_lazy("売上高（円）"))
    profit = SignedYen(
        label=_lazy("営業利益（円）"), help_text=_lazy("赤字のときは、頭に▲を付けてください。")
    )
    personnel = Yen(label=_lazy("人件費（円）"))
    depreciation = Yen(label=_lazy("減価償却費（円）"))
    employees = Number(label=_lazy("従業員数（人）"), counters="人名")
    productivity = SignedYen(
        label=_lazy("労働生産性（円／人）"),
        help_text=_lazy("（営業利益＋人件費＋減価償却費）÷従業員数。市も計算して確かめます。"),
    )
    hours_saved = Number(
        label=_lazy("減った作業の時間（1か月あたり・時間）"),
        required=False,
        help_text=_lazy("会社全体で、前より減った時間です。測っていないときは空けてください。"),
    )
    teleworkers = Number(
        label=_lazy("テレワークをしている人数（人）"),
        required=False,
        help_text=_lazy(
            "月に1回以上、在宅勤務などをしている人の数です。分からないときは空けてください。"
        ),
    )
    effect = LongText(label=_lazy("事業の効果"), rows=4, max_length=2000)

    def clean_employees(self) -> int:
        n: int = self.cleaned_data["employees"]
        if n < 1:
            raise forms.ValidationError(_lazy("1人以上を入力してください。"))
        return n

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        at_home, all_of_them = data.get("teleworkers"), data.get("employees")
        if at_home is not None and all_of_them is not None and at_home > all_of_them:
            self.add_error("teleworkers", _lazy("従業員数より多くなっています。"))
        return data


class FirstEffectForm(EffectForm):
    base_profit = SignedYen(label=_lazy("事業の前の年の営業利益（円）"))
    base_personnel = Yen(label=_lazy("事業の前の年の人件費（円）"))
    base_depreciation = Yen(label=_lazy("事業の前の年の減価償却費（円）"))
    base_employees = Number(label=_lazy("事業の前の年の従業員数（人）"), counters="人名")


class VatForm(forms.Form):
    """How the firm filed its consumption tax, and what of the project's cost bore which tax."""

    NEEDED_SOMETIMES = ("filed_on", "ratio", "total")
    METHODS = [
        ("full", _lazy("全額控除（課税売上高5億円以下で、課税売上割合95％以上）")),
        ("individual", _lazy("個別対応方式")),
        ("proportional", _lazy("一括比例配分方式")),
    ]
    BASES = [
        *METHODS,
        ("exempt", _lazy("免税事業者（申告の義務がない）")),
        ("simple", _lazy("簡易課税")),
        ("special", _lazy("公益法人等で、特定収入割合が5％を超える")),
    ]

    basis = forms.ChoiceField(
        label=_lazy("消費税の申告"),
        choices=BASES,
        widget=forms.RadioSelect,
        help_text=_lazy(
            "下の3つのどれかにあたる方に、返還はありません。説明のほかは空けてください。"
        ),
    )
    filed_on = Day(label=_lazy("申告した日"), required=False)
    ratio = Decimals(
        label=_lazy("課税売上割合（％）"),
        required=False,
        help_text=_lazy("申告書の付表2の割合です。小数点以下2桁まで（例：87.6）。"),
    )
    total = Yen(
        label=_lazy("補助対象経費の合計（税込・円）"),
        required=False,
        help_text=_lazy("人件費など、消費税のかからない費用も含めてください。"),
    )
    taxable_10 = Yen(
        label=_lazy("10％の仕入れ：課税売上げのためのもの（税込・円）"),
        required=False,
        help_text=_lazy("個別対応方式でない方は、10％の仕入れをすべてここに入力してください。"),
    )
    common_10 = Yen(label=_lazy("10％の仕入れ：共通のもの（税込・円）"), required=False)
    exempt_10 = Yen(
        label=_lazy("10％の仕入れ：非課税売上げのためのもの（税込・円）"), required=False
    )
    taxable_8 = Yen(
        label=_lazy("8％の仕入れ：課税売上げのためのもの（税込・円）"),
        required=False,
        help_text=_lazy("軽減税率の仕入れがないときは、8％の欄を空けてください。"),
    )
    common_8 = Yen(label=_lazy("8％の仕入れ：共通のもの（税込・円）"), required=False)
    exempt_8 = Yen(label=_lazy("8％の仕入れ：非課税売上げのためのもの（税込・円）"), required=False)
    note = LongText(label=_lazy("説明"), rows=3, max_length=1000, required=False)

    def clean_ratio(self) -> str:
        """As text: what is frozen keeps the decimals as they were written."""
        ratio: Decimal | None = self.cleaned_data["ratio"]
        if ratio is None:
            return ""
        if not 0 <= ratio <= 100 or ratio != round(ratio, 2):
            raise forms.ValidationError(
                _lazy("0から100までの数字を、小数点以下2桁までで入力してください。")
            )
        return f"{ratio.normalize():f}"

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if data.get("basis") in dict(self.METHODS):
            self._demand_figures(data)
        return data

    def _demand_figures(self, data: Given) -> None:
        for name in ("filed_on", "ratio", "total"):
            if data.get(name) in (None, "", 0) and name not in self.errors:
                self.add_error(name, _lazy("この申告の方法では、入力が要ります。"))
        if data["basis"] == "full" and data.get("ratio") and Decimal(data["ratio"]) < 95:
            self.add_error("basis", _lazy("全額控除は、課税売上割合が95％以上のときだけです。"))
        bought = sum(part.amount for part in figures.purchases(data))
        if data.get("total") and bought > data["total"]:
            self.add_error("total", _lazy("仕入れの合計が、補助対象経費の合計を超えています。"))


class DisposalForm(forms.Form):
    WAYS = [
        ("scrap", _lazy("廃棄する")),
        ("sell", _lazy("売る・譲る")),
        ("lend", _lazy("貸す")),
        ("swap", _lazy("交換する")),
        ("pledge", _lazy("担保に入れる")),
        ("other_use", _lazy("目的と違うことに使う")),
    ]

    way = forms.ChoiceField(label=_lazy("処分の方法"), choices=WAYS, widget=forms.RadioSelect)
    on = Day(label=_lazy("処分する日"))
    proceeds = Yen(
        label=_lazy("処分による収入（円）"), help_text=_lazy("ないときは0と入力してください。")
    )
    other = Text(label=_lazy("相手"), max_length=100, required=False)
    reason = LongText(label=_lazy("処分する理由"), rows=3, max_length=1000)

    def __init__(self, data: Given | None = None, *, days: tuple[date, date] | None = None) -> None:
        """`days`: the first and the last that may be typed."""
        super().__init__(data)
        self.days = days
        if days is not None:
            self.fields["on"].help_text = span_said(*days)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if self.days is not None and not self.days[0] <= on <= self.days[1]:
            text = _("%(days)sの日を入力してください。")
            raise forms.ValidationError(text % {"days": span_said(*self.days)})
        return on


@dataclass(frozen=True)
class Kind:
    """A kind of filing: its form, what to attach, and whether that is required."""

    form: type[forms.Form]
    papers: "StrPromise"
    needs_papers: bool = False


ASKED = {
    "progress": Kind(ProgressForm, _lazy("進み具合の分かる写真や資料")),
    "use": Kind(UseForm, _lazy("使っている画面、利用記録、写真など"), needs_papers=True),
    "effect": Kind(
        EffectForm,
        _lazy("決算書（損益計算書・製造原価報告書・販売費及び一般管理費の内訳）"),
        needs_papers=True,
    ),
    "vat": Kind(VatForm, _lazy("消費税の確定申告書の写しと、付表2"), needs_papers=True),
    "disposal": Kind(DisposalForm, _lazy("見積書、写真、契約書の案など")),
}


class CheckForm(forms.Form):
    """What the officer reads in the filed accounts."""

    profit = SignedYen(label=_lazy("営業利益（円）"))
    personnel = Yen(label=_lazy("人件費（円）"))
    depreciation = Yen(label=_lazy("減価償却費（円）"))
    employees = Number(label=_lazy("従業員数（人）"), counters="人名")

    clean_employees = EffectForm.clean_employees


class DismissForm(forms.Form):
    reason = Text(label=_lazy("問題なしとする理由"), max_length=300)


class AssetForm(ShownForm):
    model = Text(label=_lazy("規格・型番"), max_length=100, required=False)
    place = Text(label=_lazy("保管場所"), max_length=200, required=False)
    note = Text(label=_lazy("備考"), max_length=200, required=False)


class LifeForm(forms.Form):
    """Another statutory life, which a second officer confirms."""

    life_years = Number(label=_lazy("耐用年数（年）"), counters="年")
    ground = Text(
        label=_lazy("根拠"),
        max_length=300,
        help_text=_lazy("例：減価償却資産の耐用年数等に関する省令 別表第一 器具及び備品"),
    )

    def clean_life_years(self) -> int:
        years: int = self.cleaned_data["life_years"]
        if not 1 <= years <= 50:
            raise forms.ValidationError(_lazy("1から50までの年数を入力してください。"))
        return years
