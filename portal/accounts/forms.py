"""Forms about organisations, members, delegations and staff roles."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal import clock, jptext
from portal.accounts import registered
from portal.accounts.models import Organisation, StaffRole, User
from portal.registry.codes import SAPPORO
from portal.registry.fields import CorporateNumber, SeatForm, trade
from portal.registry.models import Corporation, Municipality
from portal.types import Choices, Given, Sent
from portal.ui.forms import (
    Day,
    Email,
    LongText,
    Number,
    PastDay,
    Phone,
    PostalCode,
    Text,
    Yen,
    offer,
    offer_choices,
)
from portal.ui.names import Name
from portal.workflow import duties


class NumberForm(forms.Form):
    """The first step of a new organisation: its corporate number, or none for a sole proprietor."""

    NEEDED_SOMETIMES = ("corporate_number",)

    corporate_number = CorporateNumber(
        label=_lazy("法人番号"),
        required=False,
        help_text=_lazy(
            "13桁。名称と所在地を国の公開情報から写します。ない方は空けて、下のどちらかに印を付けてください。"
        ),
    )
    sole = forms.BooleanField(label=_lazy("個人事業主なので、法人番号はない"), required=False)
    foreign = forms.BooleanField(label=_lazy("外国の会社なので、法人番号はない"), required=False)

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        said = [bool(data.get(name)) for name in ("corporate_number", "sole", "foreign")]
        if not self.errors and sum(said) != 1:
            self.add_error(
                "corporate_number",
                _lazy(
                    "法人番号を入力するか、個人事業主・外国の会社のどちらかに印を付けてください。"
                ),
            )
        return data


class FindByNameForm(forms.Form):
    """For whoever does not know the number of the firm."""

    name = Text(
        label=_lazy("会社や団体の名称"),
        min_length=2,
        max_length=100,
        help_text=_lazy("登記にある日本語の名称の、初めの部分で探します。"),
    )


class MailedCodeForm(forms.Form):
    """Six digits, in any width and with spaces between."""

    code = Text(
        label=_lazy("確認コード"),
        max_length=20,
        help_text=_lazy("メールにある6桁の数字です。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        return jptext.digits(str(self.cleaned_data["code"]))


TAX_HELP = _lazy(
    "消費税を納めない方は「免税事業者」、納める方は簡易課税を届け出ていれば「簡易課税」、ほかは「課税事業者（本則課税）」です。申請の経費は、どの方も税抜（税を含まない額）で書きます。"
)


class OrganisationForm(SeatForm):
    """The record of a firm; each control reads what is typed by its kind.

    `stored()` is what is kept.
    """

    name = Name(
        label=_lazy("名称・屋号"),
        max_length=150,
        help_text=_lazy("登記や開業届のとおりに入力してください。旧字もそのまま使えます。"),
    )
    kana = Name(label=_lazy("名称のカナ"), required=False)
    postal_code = PostalCode(label=_lazy("郵便番号"), required=False)
    address = Text(label=_lazy("所在地"), required=False, max_length=300)
    has_sapporo_office = forms.BooleanField(label=_lazy("札幌市内に事業所がある"), required=False)
    industry = trade(label=_lazy("業種"), required=False, nobody=_lazy("選んでください"))
    capital = Yen(label=_lazy("資本金（円）"), required=False)
    employees = Number(label=_lazy("常時使用する従業員数"), required=False, counters="人名")
    established_on = PastDay(label=_lazy("設立日（個人事業主は開業日）"), required=False)
    representative_title = Text(label=_lazy("代表者の役職"), required=False, max_length=40)
    representative_name = Name(label=_lazy("代表者の氏名"), required=False, max_length=80)
    phone = Phone(label=_lazy("電話番号"), required=False)
    tax_basis = forms.ChoiceField(
        label=_lazy("消費税の区分"),
        required=False,
        help_text=TAX_HELP,
        choices=[("", _lazy("選んでください")), *Organisation.TAX],
    )

    STORED = (
        "name",
        "kana",
        "postal_code",
        "address",
        "has_sapporo_office",
        "industry",
        "capital",
        "employees",
        "established_on",
        "representative_title",
        "representative_name",
        "phone",
        "tax_basis",
    )
    # what an application asks for: whatever is empty here is asked there
    NEEDED_TO_APPLY = (
        "address",
        "area",
        "industry",
        "employees",
        "representative_name",
        "phone",
        "tax_basis",
    )
    # who the firm is: its representatives alone say so
    IDENTITY = (
        "name",
        "kana",
        "postal_code",
        "address",
        "area",
        "country",
        "representative_title",
        "representative_name",
    )
    field_order = ("name", "kana", "area", "country", *STORED[2:])

    def __init__(
        self,
        data: Sent = None,
        *,
        instance: Organisation | None = None,
        initial: Given | None = None,
        found: Corporation | None = None,
        says_who: bool = True,
    ) -> None:
        """`found`: the firm in the registry; `says_who`: whether the person may say who the firm is
        (`IDENTITY`).
        """
        known = {name: getattr(instance, name) for name in self.STORED} if instance else {}
        if instance:
            known |= {"area": instance.seat.code, "country": instance.country}
        super().__init__(data, initial={**known, **(initial or {})})
        self.fields["area"].required = False
        registered.hold(self, found)
        for name in () if says_who else self.IDENTITY:
            self.fields[name].disabled = True
            self.fields[name].help_text = _lazy("代表者だけが直せます。")

    def stored(self) -> Given:
        seat = self.seat()
        own = {name: self.cleaned_data[name] for name in self.STORED}
        return own | {"area": seat.area, "prefecture": seat.prefecture, "country": seat.country}


class InviteForm(forms.Form):
    email = Email(label=_lazy("メールアドレス"))
    role = forms.ChoiceField(
        label=_lazy("招く立場"),
        widget=forms.RadioSelect,
        choices=[
            ("member", _lazy("担当者（社員）")),
            ("representative", _lazy("代表者")),
            ("adviser", _lazy("代理人（行政書士など、社外の方）")),
        ],
    )
    programme_code = forms.ChoiceField(label=_lazy("任せる制度（代理人のとき）"), required=False)
    may_submit = forms.BooleanField(label=_lazy("提出も任せる（代理人のとき）"), required=False)
    ends_on = Day(label=_lazy("任せる最後の日（代理人のとき）"), required=False)

    def __init__(self, data: Sent = None, *, programmes: Choices, own: str) -> None:
        super().__init__(data)
        self.own = own
        offer_choices(self, "programme_code", [("", _lazy("すべての制度")), *programmes])

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.lower() == self.own.lower():
            raise forms.ValidationError(_lazy("自分のメールアドレスは招待できません。"))
        return email

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        last: date | None = data.get("ends_on")
        if data.get("role") == "adviser":
            today = clock.today()
            if last is None or not today <= last <= today + timedelta(days=1100):
                self.add_error("ends_on", _lazy("今日から3年以内の日を入力してください。"))
        return data


class RoleForm(forms.Form):
    person = forms.ModelChoiceField(
        User.objects.none(), label=_lazy("職員"), empty_label=_lazy("選んでください")
    )
    role = forms.ChoiceField(
        label=_lazy("役割"), choices=[("", _lazy("選んでください")), *StaffRole.ROLES]
    )
    programme_code = forms.ChoiceField(label=_lazy("制度"), required=False)
    municipality = forms.ModelChoiceField(
        Municipality.objects.all(),
        label=_lazy("市町村"),
        required=False,
        empty_label=_lazy("すべて"),
    )
    assigned_only = forms.BooleanField(
        label=_lazy("担当になった案件だけ（制度担当のとき）"),
        required=False,
        help_text=_lazy("ほかの案件、公募回の順位や予算、事業者の確認は開けません。"),
    )
    rank = forms.ChoiceField(
        label=_lazy("職位（決裁者のとき）"),
        required=False,
        choices=[("", _lazy("なし")), *StaffRole.RANKS],
        help_text=_lazy("専決の規則で、いくらまで決裁できるかが決まります。"),
    )
    starts_on = Day(label=_lazy("始まりの日"))
    ends_on = Day(label=_lazy("終わりの日"), required=False)

    def __init__(
        self, data: Sent = None, *, programmes: Choices, initial: Given | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        staff = User.objects.filter(is_system=False, is_active=True).exclude(office="")
        offer(self, "person", staff.order_by("name"))
        offer_choices(self, "programme_code", [("", _lazy("すべて")), *programmes])

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _lazy("始まりの日か、それより後の日にしてください。"))
        if data.get("assigned_only") and data.get("role") not in StaffRole.NARROWED:
            self.add_error("assigned_only", _lazy("制度担当の役割だけに付けられます。"))
        if data.get("rank") and data.get("role") != "approver":
            self.add_error("rank", _lazy("決裁者の役割だけに付けられます。"))
        if data.get("role") == "administrator":
            for name in ("programme_code", "municipality"):
                if data.get(name):
                    self.add_error(name, _lazy("システム管理の役割は、範囲を限れません。"))
        return data


class DutyExceptionForm(forms.Form):
    """Which pairs of duties one person may hold in a municipality, why, and for how long."""

    municipality = forms.ModelChoiceField(
        Municipality.objects.exclude(pk=SAPPORO),
        label=_lazy("市町村"),
        empty_label=_lazy("選んでください"),
    )
    pairs = forms.MultipleChoiceField(
        label=_lazy("1人が行える職務の組"), widget=forms.CheckboxSelectMultiple
    )
    ground = Text(
        label=_lazy("例外が要る理由"),
        max_length=300,
        help_text=_lazy("例：担当課の職員が2人で、1人が休職中のため"),
    )
    starts_on = Day(label=_lazy("始まりの日"))
    ends_on = Day(label=_lazy("終わりの日"), help_text=_lazy("1年まで"))

    def __init__(self, data: Sent = None, *, initial: Given | None = None) -> None:
        super().__init__(data, initial=initial)
        offer_choices(self, "pairs", duties.may_be_excepted().items())


class HandOverForm(forms.Form):
    """Pairs of giver and receiver, one line each, all on one day."""

    on = Day(label=_lazy("引き継ぐ日"))
    pairs = LongText(
        label=_lazy("前任と後任のメールアドレス"),
        help_text=_lazy("1行に「前任,後任」を書いてください。"),
    )

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day < clock.today():
            raise forms.ValidationError(_lazy("引き継ぐ日は、今日からあとの日にしてください。"))
        return day

    def clean_pairs(self) -> list[tuple[User, User]]:
        people = {user.email: user for user in User.objects.exclude(office="")}
        found = []
        for n, line in enumerate(self.cleaned_data["pairs"].splitlines(), 1):
            names = [part.strip().lower() for part in line.split(",")]
            if len(names) != 2 or not all(name in people for name in names):
                raise forms.ValidationError(
                    _lazy("%(n)s行目を読めません。職員のアドレスを2つ、コンマで区切ってください。"),
                    params={"n": n},
                )
            found.append((people[names[0]], people[names[1]]))
        return found


class StaffForm(forms.Form):
    """A new member of staff: gets a mail to set a password."""

    name = Name(label=_lazy("氏名"), max_length=80)
    email = Email(label=_lazy("メールアドレス"))
    office = Text(label=_lazy("所属"), max_length=80)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_lazy("このアドレスは登録済みです。"))
        return email


class FactorRemovalForm(forms.Form):
    """Whose second factors go, how it was shown who asks, and what was seen."""

    NEEDED_SOMETIMES = ("code",)

    email = Email(
        label=_lazy("メールアドレス"), help_text=_lazy("ログインに使っているアドレスです。")
    )
    how = forms.ChoiceField(label=_lazy("本人をどう確かめたか"), widget=forms.RadioSelect)
    code = Text(
        label=_lazy("本人が読み上げた、書留の番号"),
        required=False,
        max_length=40,
        help_text=_lazy(
            "書留で確かめたときだけ入力します。書留は、事業者の確認で、その事業者のページから頼みます。"
        ),
    )
    ground = LongText(
        label=_lazy("確かめた内容"),
        max_length=1000,
        help_text=_lazy(
            "いつ、どこで、だれが、何を見たかを書いてください。電話やメールの申し出だけでは提案できません。"
        ),
    )

    def __init__(self, data: Sent = None, *, ways: Choices) -> None:
        super().__init__(data)
        offer_choices(self, "how", ways)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if data.get("how") == "letter" and not data.get("code"):
            self.add_error("code", _lazy("書留にある番号を、本人に読み上げてもらってください。"))
        return data


class RoleEndForm(forms.Form):
    reason = Text(label=_lazy("理由"), max_length=200, required=False)

    def __init__(self, data: Sent = None, *, needs_reason: bool) -> None:
        super().__init__(data)
        self.fields["reason"].required = needs_reason


class SessionsForm(forms.Form):
    """Whose sessions end: by an address that the account has, or had lately."""

    email = Email(
        label=_lazy("メールアドレス"), help_text=_lazy("変えられる前のアドレスでも探せます。")
    )
    gives_back = forms.BooleanField(
        label=_lazy("登録のアドレスをこれに戻す（知らないうちに変えられたとき）"), required=False
    )
    reason = Text(label=_lazy("理由"), max_length=200)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()
