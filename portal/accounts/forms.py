"""Forms about organisations, members, delegations and staff roles."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.accounts.models import Organisation, StaffRole, User
from portal.registry.fields import CorporateNumber, SeatForm
from portal.registry.models import Industry, Municipality
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


class NumberForm(forms.Form):
    """The first step of a new organisation: its corporate number, or none for a sole proprietor."""

    corporate_number = CorporateNumber(
        label=_("法人番号"),
        required=False,
        help_text=_("13桁。名称と所在地を国の公開情報から写します。"),
    )
    sole = forms.BooleanField(label=_("個人事業主なので、法人番号はない"), required=False)
    foreign = forms.BooleanField(label=_("外国の会社なので、法人番号はない"), required=False)

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        said = [bool(data.get(name)) for name in ("corporate_number", "sole", "foreign")]
        if not self.errors and sum(said) != 1:
            self.add_error(
                "corporate_number",
                _("法人番号を入力するか、個人事業主・外国の会社のどちらかに印を付けてください。"),
            )
        return data


class OrganisationForm(SeatForm):
    """The record of a firm; each control reads what is typed by its kind.

    `stored()` is what is kept.
    """

    name = Text(
        label=_("名称・屋号"),
        max_length=150,
        help_text=_("登記や開業届のとおりに入力してください。旧字もそのまま使えます。"),
    )
    kana = Text(label=_("名称のカナ"), required=False)
    postal_code = PostalCode(label=_("郵便番号"), required=False)
    address = Text(label=_("所在地"), required=False, max_length=300)
    has_sapporo_office = forms.BooleanField(label=_("札幌市内に事業所がある"), required=False)
    industry = forms.ModelChoiceField(
        Industry.objects.all(), label=_("業種"), required=False, empty_label=_("選んでください")
    )
    capital = Yen(label=_("資本金（円）"), required=False)
    employees = Number(label=_("常時使用する従業員数"), required=False, counters="人名")
    established_on = PastDay(label=_("設立日（個人事業主は開業日）"), required=False)
    representative_title = Text(label=_("代表者の役職"), required=False, max_length=40)
    representative_name = Text(label=_("代表者の氏名"), required=False, max_length=80)
    phone = Phone(label=_("電話番号"), required=False)

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
    )
    field_order = ("name", "kana", "area", "country", *STORED[2:])

    def __init__(
        self,
        data: Sent = None,
        *,
        instance: Organisation | None = None,
        initial: Given | None = None,
    ) -> None:
        known = {name: getattr(instance, name) for name in self.STORED} if instance else {}
        if instance:
            known |= {"area": instance.seat.code, "country": instance.country}
        super().__init__(data, initial={**known, **(initial or {})})
        self.fields["area"].required = False

    def stored(self) -> Given:
        seat = self.seat()
        own = {name: self.cleaned_data[name] for name in self.STORED}
        return own | {"area": seat.area, "prefecture": seat.prefecture, "country": seat.country}


class InviteForm(forms.Form):
    email = Email(label=_("メールアドレス"))
    role = forms.ChoiceField(
        label=_("招く立場"),
        widget=forms.RadioSelect,
        choices=[
            ("member", _("担当者（社員）")),
            ("representative", _("代表者")),
            ("adviser", _("代理人（行政書士など、社外の方）")),
        ],
    )
    programme_code = forms.ChoiceField(label=_("任せる制度（代理人のとき）"), required=False)
    may_submit = forms.BooleanField(label=_("提出も任せる（代理人のとき）"), required=False)
    ends_on = Day(label=_("任せる最後の日（代理人のとき）"), required=False)

    def __init__(self, data: Sent = None, *, programmes: Choices) -> None:
        super().__init__(data)
        offer_choices(self, "programme_code", [("", _("すべての制度")), *programmes])

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        last: date | None = data.get("ends_on")
        if data.get("role") == "adviser":
            today = clock.today()
            if last is None or not today <= last <= today + timedelta(days=1100):
                self.add_error("ends_on", _("今日から3年以内の日を入力してください。"))
        return data


class RoleForm(forms.Form):
    person = forms.ModelChoiceField(
        User.objects.none(), label=_("職員"), empty_label=_("選んでください")
    )
    role = forms.ChoiceField(label=_("役割"), choices=[("", _("選んでください")), *StaffRole.ROLES])
    programme_code = forms.ChoiceField(label=_("制度"), required=False)
    municipality = forms.ModelChoiceField(
        Municipality.objects.all(), label=_("市町村"), required=False, empty_label=_("すべて")
    )
    starts_on = Day(label=_("始まりの日"))
    ends_on = Day(label=_("終わりの日"), required=False)

    def __init__(
        self, data: Sent = None, *, programmes: Choices, initial: Given | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        staff = User.objects.filter(is_system=False, is_active=True).exclude(office="")
        offer(self, "person", staff.order_by("name"))
        offer_choices(self, "programme_code", [("", _("すべて")), *programmes])

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("始まりの日より後の日にしてください。"))
        return data


class HandOverForm(forms.Form):
    """Pairs of giver and receiver, one line each, all on one day."""

    on = Day(label=_("引き継ぐ日"))
    pairs = LongText(
        label=_("前任と後任のメールアドレス"),
        help_text=_("1行に「前任,後任」を書いてください。"),
    )

    def clean_pairs(self) -> list[tuple[User, User]]:
        people = {user.email: user for user in User.objects.exclude(office="")}
        found = []
        for n, line in enumerate(self.cleaned_data["pairs"].splitlines(), 1):
            names = [part.strip().lower() for part in line.split(",")]
            if len(names) != 2 or not all(name in people for name in names):
                raise forms.ValidationError(
                    _("%(n)s行目を読めません。職員のアドレスを2つ、コンマで区切ってください。"),
                    params={"n": n},
                )
            found.append((people[names[0]], people[names[1]]))
        return found


class StaffForm(forms.Form):
    """A new member of staff: gets a mail to set a password."""

    name = Text(label=_("氏名"), max_length=80)
    email = Email(label=_("メールアドレス"))
    office = Text(label=_("所属"), max_length=80)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("このアドレスは登録済みです。"))
        return email
