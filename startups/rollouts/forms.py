"""Forms of a roll-out, from the plan to the half-yearly answer."""

from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock, fiscal
from portal.accounts.models import User
from portal.registry.models import Municipality
from portal.types import Given, Sent
from portal.ui.forms import Day, LongText, Text, Year, Yen
from startups.challenges.routes import CONTRACT_KINDS, ROUTES
from startups.rollouts.models import Rollout


class BeginForm(forms.Form):
    """For which municipality, and which department carries it."""

    def __init__(self, data: Sent = None, *, municipalities: QuerySet[Municipality]) -> None:
        super().__init__(data)
        self.fields["municipality"] = forms.ModelChoiceField(
            municipalities, label=_lazy("市町村"), empty_label=None
        )
        self.fields["department"] = Text(label=_lazy("導入する担当課"), max_length=80)


class PlanForm(forms.Form):
    wants_object = True

    def __init__(self, data: Sent = None, *, obj: Rollout) -> None:
        super().__init__(data)
        self.fields["department"] = Text(
            label=_lazy("導入する担当課"), max_length=80, initial=obj.department
        )
        self.fields["route"] = forms.ChoiceField(
            label=_lazy("契約の方法"),
            choices=[(r.key, f"{r.label}（{r.cite}）") for r in ROUTES],
            initial=obj.route,
            widget=forms.RadioSelect,
            help_text=_lazy(
                "計画を立てるための目安で、法的な助言ではありません。どの方法がとれるかは、契約の担当と確かめてください。"
            ),
        )
        self.fields["contract_kind"] = forms.ChoiceField(
            label=_lazy("契約の種類"),
            choices=[(k.key, k.label) for k in CONTRACT_KINDS],
            initial=obj.contract_kind,
            widget=forms.RadioSelect,
            help_text=_lazy("少額の随意契約の目安は、種類ごとに違います。"),
        )
        self.fields["used_on"] = Day(
            label=_lazy("使い始めたい日"),
            initial=obj.used_on,
            help_text=_lazy("この日から逆に数えて、予算の要求や議会の日を示します。"),
        )


class BudgetForm(forms.Form):
    fiscal_year = Year(label=_lazy("予算の年度（西暦）"))
    budget = Yen(label=_lazy("予算の額（円）"), least=1)

    def clean_fiscal_year(self) -> int:
        year: int = self.cleaned_data["fiscal_year"]
        now = fiscal.fiscal_year(clock.today())
        if not now - 2 <= year <= now + 5:
            raise forms.ValidationError(
                _lazy("近い年度にしてください（例：%(y)s）。"), params={"y": now + 1}
            )
        return year


class SpecificationForm(forms.Form):
    wants_object = True

    def __init__(self, data: Sent = None, *, obj: Rollout) -> None:
        super().__init__(data)
        self.fields["specification"] = LongText(
            label=_lazy("仕様のあらまし"),
            rows=8,
            max_length=4000,
            initial=obj.specification,
            help_text=_lazy(
                "何を、どれだけ、どの水準で。実証で分かったことを、だれでも応じられる言葉で書きます。"
            ),
        )


class ContractForm(forms.Form):
    wants_object = True

    def __init__(self, data: Sent = None, *, obj: Rollout) -> None:
        super().__init__(data)
        self.fields["contractor"] = Text(
            label=_lazy("契約の相手"), max_length=150, initial=obj.case.organisation.name
        )
        self.fields["contractor_is_person"] = forms.BooleanField(
            label=_lazy("契約の相手は個人事業主です（公開ページにお名前を出しません）"),
            required=False,
            initial=obj.case.organisation.is_sole_proprietor,
        )
        self.fields["contract_amount"] = Yen(label=_lazy("契約の額（円）"), least=1)
        self.fields["contracted_on"] = Day(label=_lazy("契約の日"), initial=clock.today())
        self.fields["contract_ends_on"] = Day(label=_lazy("契約の終わりの日"), required=False)

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        start, end = data.get("contracted_on"), data.get("contract_ends_on")
        if start and start > clock.today():
            self.add_error("contracted_on", _lazy("今日までの日にしてください。"))
        if start and end and end <= start:
            self.add_error("contract_ends_on", _("契約の日より後の日にしてください。"))
        return data


class UseForm(forms.Form):
    """Where the route asks for it, with the day on which it was told with whom and why."""

    wants_object = True

    def __init__(self, data: Sent = None, *, obj: Rollout) -> None:
        super().__init__(data)
        self.contracted_on = obj.contracted_on
        if obj.way and obj.way.publishes:
            self.fields["published_on"] = Day(
                label=_lazy("契約の相手と選んだ理由を公表した日"),
                help_text=_lazy("この契約の方法では、契約のあとにも公表します（契約規則の手続）。"),
            )
        self.fields["use_began_on"] = Day(label=_lazy("使い始めた日"))

    def clean_use_began_on(self) -> date:
        return self._past("use_began_on")

    def clean_published_on(self) -> date:
        day = self._past("published_on")
        if self.contracted_on and day < self.contracted_on:
            raise forms.ValidationError(_lazy("契約の日から後の日にしてください。"))
        return day

    def _past(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        if day > clock.today():
            raise forms.ValidationError(_lazy("今日までの日にしてください。"))
        return day


class AnswerForm(forms.Form):
    in_use = forms.TypedChoiceField(
        label=_lazy("いまも使っていますか"),
        choices=[("yes", _lazy("使っている")), ("no", _lazy("使っていない"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = LongText(label=_lazy("使われ方と効果（公表）"), rows=3, max_length=1000)


class ConfirmForm(forms.Form):
    note = Text(label=_lazy("何で確かめたか（書類、日付、人）"), max_length=300)


def municipalities_of(user: User) -> QuerySet[Municipality]:
    """The municipalities for which the person may consider an adoption."""
    roles = [role for role in user.roles() if role.role == "challenge_owner"]
    rows = Municipality.objects.all()
    return (
        rows
        if any(not role.municipality_id for role in roles)
        else rows.filter(pk__in=[role.municipality_id for role in roles])
    )
