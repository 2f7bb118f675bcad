"""The forms of the application's sections.

What was typed is stored as typed; these say what it means.
"""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import Application
from grants.programmes import choosing
from grants.programmes.models import Call, said
from portal import jptext
from portal.accounts import registered
from portal.accounts.forms import TAX_HELP
from portal.accounts.models import Organisation
from portal.registry.fields import SeatForm, trade
from portal.types import Given, Sent
from portal.types import Text as Shown
from portal.ui.forms import Day, Number, PastDay, PostalCode, Text, Yen
from portal.ui.names import Name

YES_NO = [("yes", _lazy("はい")), ("no", _lazy("いいえ"))]


def yes_no(
    label: Shown, help_text: Shown = "", *, choices: Sequence[tuple[str, Shown]] = YES_NO
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, help_text=help_text
    )


class SectionForm(forms.Form):
    """A section of one application. `content()` is what a submission freezes."""

    # asked before others to spare them, and kept in no version: what they stand for is
    ASKED_FIRST: tuple[str, ...] = ()

    def __init__(
        self,
        data: Sent = None,
        *,
        application: Application,
        initial: Given | None = None,
    ) -> None:
        self.application = application
        self.call: Call = application.call
        self.stated = application.stated
        super().__init__(data, initial=initial)
        self.build()

    def build(self) -> None:
        """Add the fields that depend on the call."""

    def content(self) -> Given:
        return {name: _frozen(value) for name, value in self.cleaned_data.items()}


def _frozen(value: object) -> object:
    """As it is kept: of several chosen ones each on a line."""
    if isinstance(value, list):
        return "\n".join(value)
    return value.isoformat() if isinstance(value, date) else value


class OrganisationForm(SeatForm, SectionForm):
    name = Name(
        label=_lazy("名称・屋号"),
        help_text=_lazy("登記や開業届のとおりに入力してください。旧字もそのまま使えます。"),
        max_length=150,
    )
    kana = Name(label=_lazy("名称のカナ"), required=False)
    postal_code = PostalCode(label=_lazy("郵便番号"), required=False)
    address = Text(label=_lazy("本社の所在地"), max_length=300)
    has_sapporo_office = yes_no(_lazy("札幌市内に事業所がありますか"))
    industry = trade(label=_lazy("主な業種"), nobody=_lazy("選んでください"))
    capital = Yen(
        label=_lazy("資本金（円）"),
        required=False,
        help_text=_lazy("個人事業主の方は空けておいてください。"),
    )
    employees = Number(label=_lazy("常時使用する従業員数（人）"), counters="人名")
    established_on = PastDay(
        label=_lazy("設立日（個人事業主は開業日）"),
        required=False,
        help_text=_lazy(
            "登記や開業届の日です。統計で、若い会社に届いているかを見るためにうかがいます。"
        ),
    )
    representative_title = Text(label=_lazy("代表者の役職"), required=False, max_length=40)
    representative_name = Name(label=_lazy("代表者の氏名"), max_length=80)
    tax_basis = forms.ChoiceField(
        label=_lazy("消費税の区分"),
        choices=[("", _lazy("選んでください")), *Organisation.TAX],
        help_text=TAX_HELP,
    )

    field_order = ("name", "kana", "area", "country", "postal_code", "address")

    def build(self) -> None:
        number = self.application.case.organisation.corporate_number
        registered.hold(self, registered.of(number))

    def content(self) -> Given:
        data = super().content()
        seat, industry = self.seat(), data["industry"]
        code = seat.area.code if seat.area else ""
        data |= {
            "area": code,
            "area_name": str(seat),
            "municipality": seat.municipality,
            "prefecture": seat.prefecture,
        }
        data |= {"industry": industry.code, "industry_name": industry.name}
        organisation = self.application.case.organisation
        return data | {
            "corporate_number": organisation.corporate_number or "",
            "kind": organisation.kind,
        }


class CostsForm(SectionForm):
    """The frame, and where the scheme counts by years the year of support."""

    NEEDED_SOMETIMES = ("before_on",)

    def build(self) -> None:
        stated = self.stated
        choices = [(frame.key, choosing.frame_words(frame)) for frame in stated.frames]
        if len(choices) > 1:
            self.fields["frame"] = forms.ChoiceField(
                label=_lazy("申し込む枠"),
                choices=choices,
                widget=forms.RadioSelect,
                help_text=choosing.choosing_words(stated),
            )
        if any(frame.before for frame in stated.frames):
            asking = "、".join(said(frame.name) for frame in stated.frames if frame.before)
            self.fields["before_on"] = PastDay(
                label=_lazy("申し込む前に要ることを済ませた日"),
                required=False,
                help_text=_("%(frames)sに申し込むときだけ入力し、ほかの枠では空けてください。")
                % {"frames": asking},
            )
        if any(frame.yearly for frame in stated.frames):
            self.fields["support_year"] = forms.ChoiceField(
                label=_lazy("支援を受ける年"),
                choices=[(str(n), _("%(n)s年目") % {"n": n}) for n in (1, 2, 3)],
                widget=forms.RadioSelect,
            )
            self.fields["months"] = Number(
                label=_lazy("この年度に支援を受ける月数"),
                help_text=_lazy("年度の途中から始めるときは、上限額を月割りにします（1～12）。"),
            )
        self.fields["own_funds"] = forms.ChoiceField(
            label=_lazy("自己負担分の用意"),
            choices=[
                ("cash", _lazy("手元の資金")),
                ("loan", _lazy("融資を受ける")),
                ("both", _lazy("両方")),
            ],
            help_text=_lazy(
                "補助金は事業が終わってから振り込みます。費用はいったん全額をお支払いいただきます。"
            ),
        )

    def clean_months(self) -> int:
        months: int = self.cleaned_data["months"]
        if not 1 <= months <= 12:
            raise forms.ValidationError(_lazy("1から12の月数を入力してください。"))
        return months

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        frames = {frame.key: frame for frame in self.stated.frames}
        chosen = frames.get(data.get("frame") or self.stated.frames[0].key)
        if (
            chosen
            and chosen.before
            and not data.get("before_on")
            and "before_on" not in self.errors
        ):
            self.add_error(
                "before_on",
                _("この枠に申し込む前に要ります：%(what)s") % {"what": said(chosen.before)},
            )
        return data

    @property
    def frame_key(self) -> str:
        return str(self.cleaned_data.get("frame") or self.stated.frames[0].key)


class OfficerForm(forms.Form):
    """One officer for the inquiry that keeps organised crime out."""

    name = Name(label=_lazy("氏名"), max_length=80)
    kana = Name(label=_lazy("氏名のカナ"), max_length=80)
    born_on = Day(label=_lazy("生年月日"))
    sex = forms.ChoiceField(
        label=_lazy("性別"),
        choices=[("", "―"), ("M", _lazy("男")), ("F", _lazy("女")), ("X", _lazy("回答しない"))],
    )
    address = Text(label=_lazy("住所"), max_length=200)

    def clean_kana(self) -> str:
        return jptext.kana(self.cleaned_data["kana"])


OfficerSet = forms.formset_factory(
    OfficerForm, extra=0, min_num=1, max_num=30, validate_min=True, absolute_max=30
)


class ConsentForm(SectionForm):
    tax_lookup = yes_no(
        _lazy("市が、納税の状況を直接確かめることに同意しますか"),
        help_text=_lazy(
            "本社が公募する市町村にあるときは、同意いただければ、納税証明書は要りません。ほかの市町村の納税の状況は確かめられないので、証明書を付けてください。"
        ),
    )
    registry_lookup = yes_no(_lazy("市が、登記の情報を直接確かめることに同意しますか"))

    def build(self) -> None:
        if self.application.case.organisation.kind != "corporation":  # in no register
            del self.fields["registry_lookup"]


PROMISED = {  # where no money follows, one thing is promised
    "proposal": _lazy("実証の結果が公表されることに同意します。"),
    "seats": _lazy("受講が決まったら、講座に出席することを約束します。"),
}


class PledgeForm(forms.Form):
    """The last step: the pledge, which names what is promised, and that the answers were read again."""

    truth = forms.BooleanField(label=_lazy("申請の内容に、虚偽や誤りがないことを誓います。"))
    rules = forms.BooleanField(
        label=_lazy("上の「守っていただくこと」を読み、守ることを約束します。")
    )
    antisocial = forms.BooleanField(
        label=_lazy("暴力団に関係する者ではなく、今後も関係を持たないことを誓います。")
    )

    def __init__(self, data: Sent = None, *, application: Application) -> None:
        super().__init__(data)
        self.fields["rules"].help_text = format_html(
            '<a href="{}" target="_blank" rel="noopener">{}</a>',
            application.guideline_url,
            _("全文：%(name)s（新しい画面）") % {"name": application.stated.guideline},
        )
        if application.stated.kind in PROMISED:
            self.fields["rules"].label = PROMISED[application.stated.kind]
