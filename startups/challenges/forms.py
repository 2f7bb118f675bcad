"""What a department writes into a challenge, and what people ask and answer about it."""

from datetime import date
from typing import cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import User
from portal.registry.models import Municipality
from portal.types import Given, Sent
from portal.ui.forms import Day, LongText, Number, Phone, Text, Year, Yen, offer, offer_choices
from startups.challenges.models import Challenge, Question
from startups.challenges.routes import ROUTES

THEMES = [
    ("municipal", _lazy("自治体テーマ（一つの市町村の課題）")),
    ("common", _lazy("共通テーマ（いくつかの市町村に共通の課題）")),
    ("free", _lazy("フリーテーマ（提案を広く求める）")),
]


class ChallengeForm(forms.Form):
    """The question, the present, the wished state, what the city brings, and the road to adoption."""

    title = Text(
        label=_lazy("課題（問いかけの形で）"),
        max_length=80,
        help_text=_lazy("例：夜中の除雪の出動を、もっと早く判断できないか"),
    )
    title_en = Text(label=_lazy("課題の英語"), max_length=160, required=False)
    theme = forms.ChoiceField(label=_lazy("テーマの種類"), choices=THEMES)
    department = Text(label=_lazy("担当課"), max_length=80)
    phone = Phone(label=_lazy("公表する電話番号"))
    background = LongText(label=_lazy("背景といまのやり方"), rows=5, max_length=2000)
    wished = LongText(label=_lazy("めざす姿"), rows=4, max_length=1500)
    law = LongText(label=_lazy("法令・制度の制約"), rows=2, max_length=800, required=False)
    privacy = LongText(label=_lazy("個人情報の扱い"), rows=2, max_length=800, required=False)
    security = LongText(
        label=_lazy("情報セキュリティの条件"), rows=2, max_length=800, required=False
    )
    data_offered = LongText(label=_lazy("提供できるデータ"), rows=3, max_length=1000)
    field_offered = LongText(label=_lazy("実証に使える場所・設備・人"), rows=3, max_length=1000)
    skills = LongText(label=_lazy("求める技術や経験"), rows=2, max_length=800, required=False)
    starts_on = Day(label=_lazy("実証の始まり"))
    ends_on = Day(label=_lazy("実証の終わり"))
    support = Yen(
        label=_lazy("実証の支援額の上限（円）"),
        required=False,
        least=0,
        help_text=_lazy("支援がないときは0と入力してください。"),
    )
    route = forms.ChoiceField(
        label=_lazy("本格導入の方法"),
        choices=[("", _lazy("選んでください")), *((r.key, r.label) for r in ROUTES)],
        required=False,
        help_text=_lazy("公表までに決めます。決めた方法は、そのまま公表されます。"),
    )
    adoption_year = Year(label=_lazy("本格導入の予算の年度（西暦）"), required=False)
    adoption = LongText(
        label=_lazy("本格導入までの進め方"),
        rows=3,
        max_length=1000,
        required=False,
        help_text=_lazy(
            "だれが、いつ、何を見て導入を決めるか。見込みの金額があれば書いてください。"
        ),
    )
    questions_until = Day(label=_lazy("質問の締切"), required=False)

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", _lazy("実証の始まりより後の日にしてください。"))
        year = data.get("adoption_year")
        if year is not None and ends and not ends.year - 1 <= year <= ends.year + 5:
            self.add_error("adoption_year", _lazy("実証の終わりから5年以内の年度にしてください。"))
        return data

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if day <= clock.today():
            raise forms.ValidationError(_lazy("明日以降の日にしてください。"))
        return day


class WorkForm(forms.Form):
    """One line of the present workload in numbers."""

    what = Text(label=_lazy("仕事"), max_length=60)
    number = Number(label=_lazy("数"), least=0)
    unit = Text(label=_lazy("単位"), max_length=20)


class IndicatorForm(forms.Form):
    """One indicator: where it stands now and where it should be."""

    name = Text(label=_lazy("指標"), max_length=60)
    unit = Text(label=_lazy("単位"), max_length=20)
    baseline = Text(label=_lazy("いまの値"), max_length=20)
    target = Text(label=_lazy("目標値"), max_length=20)
    method = Text(label=_lazy("測り方"), max_length=100)


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]
    """Rows left empty do not count; at least one is wanted."""

    def clean(self) -> None:
        if not self.rows() and not any(self.errors):
            raise forms.ValidationError(_lazy("1行以上入力してください。"))

    def rows(self) -> list[Given]:
        return [form.cleaned_data for form in self.forms if form.has_changed() and form.is_valid()]


def _table_of(form: type[forms.Form], rows: int) -> type[Rows]:
    """A table with so many rows of a form."""
    made = forms.formset_factory(form, formset=Rows, extra=rows, max_num=rows, absolute_max=rows)
    return cast(type[Rows], made)  # the factory extends the class it is given, and forgets it


WorkSet = _table_of(WorkForm, 3)
IndicatorSet = _table_of(IndicatorForm, 4)


class StartForm(forms.Form):
    """For which round and which municipalities a challenge is begun."""

    call = forms.ModelChoiceField(Call.objects.none(), label=_lazy("公募回"), empty_label=None)
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(), label=_lazy("市町村"), empty_label=None
    )
    others = forms.ModelMultipleChoiceField(
        Municipality.objects.all(),
        label=_lazy("一緒に課題を出す市町村"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("共通テーマのときに選びます。"),
    )

    def __init__(
        self,
        data: Sent = None,
        *,
        calls: QuerySet[Call],
        municipalities: QuerySet[Municipality],
    ) -> None:
        super().__init__(data)
        offer(self, "call", calls)
        offer(self, "municipality", municipalities)


class QuestionForm(forms.Form):
    text = LongText(
        label=_lazy("質問"),
        rows=4,
        max_length=1000,
        help_text=_lazy(
            "質問と答えは、お名前を出さずにすべての方に公表します。会社の秘密や個人の情報は書かないでください。"
        ),
    )


class AnswerForm(forms.Form):
    shown = LongText(
        label=_lazy("公表する質問"),
        rows=3,
        max_length=1000,
        help_text=_lazy("名前や秘密が分かるところは、意味を変えずに直してください。"),
    )
    answer = LongText(label=_lazy("答え"), rows=4, max_length=2000)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Sent = None, *, question: Question) -> None:
        """Filled with what is public by now, else with the question as it came."""
        given = {"shown": question.shown or question.text, "answer": question.answer}
        super().__init__(data, initial=given | {"seen": question.said})


class CommentForm(forms.Form):
    KINDS = [("comment", _lazy("調整の連絡")), ("advice", _lazy("アドバイザリーボードの助言"))]

    kind = forms.ChoiceField(label=_lazy("種類"), choices=KINDS)
    text = LongText(label=_lazy("内容"), rows=3, max_length=2000)
    asks = forms.ModelChoiceField(
        User.objects.none(),
        label=_lazy("助言を頼む審査員"),
        required=False,
        empty_label=_lazy("頼まない"),
        help_text=_lazy("公表の前でも、この課題を読めるようになります。メールで知らせます。"),
    )

    def __init__(self, data: Sent = None, *, kinds: list[str], board: list[User]) -> None:
        super().__init__(data, initial={"kind": kinds[0] if kinds else ""})
        self.may_write = bool(kinds)
        offer_choices(self, "kind", [choice for choice in self.KINDS if choice[0] in kinds])
        if board:
            offer(self, "asks", User.objects.filter(pk__in=[person.pk for person in board]))
        else:
            del self.fields["asks"]


class SplitForm(forms.Form):
    """The municipality that goes its own way."""

    wants_object = True

    def __init__(self, data: Sent = None, *, obj: Challenge) -> None:
        super().__init__(data)
        choices = [(town.pk, str(town)) for town in obj.municipalities]
        self.fields["municipality"] = forms.ChoiceField(
            label=_lazy("別の課題にする市町村"),
            choices=choices,
            widget=forms.RadioSelect,
            help_text=_lazy("その市町村の担当課に、同じ内容の下書きが渡ります。"),
        )


class FindForm(forms.Form):
    q = forms.CharField(label=_lazy("ことば"), required=False, max_length=80)
    municipality = forms.ModelChoiceField(
        Municipality.objects.all(),
        label=_lazy("市町村"),
        required=False,
        empty_label=_lazy("すべて"),
    )
    open = forms.BooleanField(label=_lazy("募集中だけ"), required=False)
