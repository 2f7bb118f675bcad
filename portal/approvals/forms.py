"""The forms of a draft approval: title, note and stations of the circulation; rows taken out."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock, sentences
from portal.accounts.models import User, away_until
from portal.approvals import rules
from portal.approvals.models import KEEP_YEARS, Approval
from portal.approvals.rules import Ruled
from portal.approvals.stations import ROLES_OF_STEP, STATIONS, able, scopes
from portal.cases.models import Case
from portal.types import Given, Sent
from portal.ui.forms import Day, LongText, Text, offer_choices
from portal.ui.offering import offer_to_each
from portal.ui.templatetags.ui import short_day

if TYPE_CHECKING:  # Django's fields take no type argument at run time
    ChoiceOfPerson = forms.ModelChoiceField[User]
else:
    ChoiceOfPerson = forms.ModelChoiceField


class StationField(ChoiceOfPerson):
    """Who may be asked: of which office and in which place there, and until when they are away and who
    stands in for them.
    """

    roles: tuple[str, ...] = STATIONS

    def label_from_instance(self, person: User) -> str:
        said = [*_offices(person, self.roles), *_absence(person, self.roles)]
        return _("%(name)s（%(said)s）") % {"name": person.name, "said": _("、").join(said)}


class DeciderField(StationField):
    """Whoever may decide, with their rank."""

    roles = ROLES_OF_STEP["decide"]


READ = ("absences", "staff_roles__municipality", "deputies__stand_in__absences")


def _offices(person: User, roles: Collection[str]) -> list[str]:
    """The offices of a person's roles, and the rank or else the role in each."""
    held = [role for role in person.staff_roles.all() if role.is_in_force and role.role in roles]
    return list(
        dict.fromkeys(
            _("%(office)s %(place)s")
            % {
                "office": role.municipality or _("全市町村"),
                "place": role.get_rank_display() if role.rank else role.get_role_display(),
            }
            for role in held
        )
    )


def _absence(person: User, roles: Collection[str]) -> list[str]:
    last = away_until(person)
    if last is None:
        return []
    there = [
        deputy.stand_in.name
        for deputy in person.deputies.all()
        if deputy.is_in_force and deputy.role in roles and away_until(deputy.stand_in) is None
    ]
    said = _("%(day)sまで不在") % {"day": short_day(last)}
    return [said, _("代決 %(name)s") % {"name": there[0]} if there else _("代決者なし")]


class DraftForm(forms.Form):
    title = Text(
        label=_lazy("件名"),
        max_length=200,
        help_text=_lazy("回議先へのメールに載ります。個人の名前は書かないでください。"),
    )
    note = LongText(label=_lazy("伺いの内容"), required=False, rows=4)
    basis = Text(
        label=_lazy("根拠"),
        max_length=300,
        required=False,
        help_text=_lazy("要綱や規則の条項です。"),
    )
    wanted_on = Day(
        label=_lazy("決裁を求める日"),
        required=False,
        help_text=_lazy("この日までに決裁してほしいとき。回議先の未処理の一覧に期限として出ます。"),
    )
    keep_years = forms.TypedChoiceField(
        label=_lazy("保存年限"),
        coerce=int,
        choices=KEEP_YEARS,
        initial=5,
        required=False,
        empty_value="5",
    )
    first = StationField(
        User.objects.none(), label=_lazy("回議1"), required=False, empty_label=_lazy("なし")
    )
    second = StationField(
        User.objects.none(), label=_lazy("回議2"), required=False, empty_label=_lazy("なし")
    )
    agree_together = forms.BooleanField(
        label=_lazy("回議1と回議2に同時に回す"),
        required=False,
        help_text=_lazy("順番を決めずに回します。2人とも同意すると次へ進みます。"),
    )
    consult = StationField(
        User.objects.none(),
        label=_lazy("合議1"),
        required=False,
        empty_label=_lazy("なし"),
        help_text=_lazy(
            "経理など、ほかの部署の同意を求めるとき。合議先へは同時に回り、全員の同意がそろうと次へ進みます。"
        ),
    )
    consult_second = StationField(
        User.objects.none(), label=_lazy("合議2"), required=False, empty_label=_lazy("なし")
    )
    consult_third = StationField(
        User.objects.none(), label=_lazy("合議3"), required=False, empty_label=_lazy("なし")
    )
    decider = DeciderField(
        User.objects.none(), label=_lazy("決裁する人"), empty_label=_lazy("選んでください")
    )

    CONSULTED = ("consult", "consult_second", "consult_third")
    # the stations in the order of the circulation, each with the kind of its step
    ROUTE = {
        "first": "agree",
        "second": "agree",
        **dict.fromkeys(CONSULTED, "consult"),
        "decider": "decide",
    }
    nobody_decides = ""  # why, where nobody may by the rules

    WORDS = ("title", "note", "basis", "wanted_on", "keep_years", "agree_together")

    def __init__(
        self,
        data: Sent = None,
        *,
        drafter: User,
        cases: list[Case],
        initial: Given | None = None,
        ruled: Ruled | None = None,
        approval: Approval | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        others = able("agree", cases, approval).exclude(pk=drafter.pk).prefetch_related(*READ)
        offer_to_each(self, ("first", "second", *self.CONSULTED), others)
        deciders = able("decide", cases, approval).exclude(pk=drafter.pk)
        deciders = deciders.prefetch_related(*READ)
        may_decide = offer_to_each(self, ["decider"], deciders)
        if ruled is not None:
            self._propose(ruled, may_decide(), cases)

    def _propose(self, ruled: Ruled, people: list[User], cases: list[Case]) -> None:
        """The rule, and whoever decides by it; a choice that was made stays."""
        said = [_("%(rule)sによります。") % {"rule": ruled}, ruled.why]
        person = rules.lowest(people, ruled.rule.rank, scopes(cases))
        if person is not None:
            self.initial.setdefault("decider", person.pk)
            said.append(rules.above_rule(ruled, person, scopes(cases), lambda: people))
        else:
            self.nobody_decides = _(
                "%(rule)sでは%(rank)sが決裁しますが、すべての案件を受け持てる方がいません。職位の登録か規則の見直しを、管理者に依頼してください。"
            ) % {"rule": ruled, "rank": ruled.rule.least_label}
        self.fields["decider"].help_text = sentences.joined(said)

    def clean_wanted_on(self) -> date | None:
        day: date | None = self.cleaned_data["wanted_on"]
        if day is not None and day < clock.today():
            raise forms.ValidationError(_("今日以降の日にしてください。"))
        return day

    @staticmethod
    def said(approval: Approval) -> Given:
        """What the form begins with where `approval` is put right: its words and its route."""
        people: dict[str, list[User]] = {"agree": [], "consult": [], "decide": []}
        for step in approval.steps_now:
            people[step.kind].append(step.person)
        places = {
            "first": people["agree"][:1],
            "second": people["agree"][1:2],
            **{name: people["consult"][n : n + 1] for n, name in enumerate(DraftForm.CONSULTED)},
            "decider": people["decide"][:1],
        }
        words = {name: getattr(approval, name) for name in DraftForm.WORDS}
        return words | {name: person for name, found in places.items() for person in found}

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        taken: dict[User, str] = {}
        for name in self.ROUTE:
            person = data.get(name)
            if person is None:
                continue
            if person in taken:
                self.add_error(
                    name,
                    _("%(name)sさんは「%(place)s」にも選ばれています。1人が受け持つ段階は1つです。")
                    % {"name": person.name, "place": self.fields[taken[person]].label},
                )
            taken.setdefault(person, name)
        return data

    def words(self) -> Given:
        """What the draft says of itself, as `Approval.begin` takes it."""
        data = self.cleaned_data
        return {name: data[name] for name in self.WORDS} | {"keep_years": int(data["keep_years"])}

    def steps(self) -> list[tuple[str, User]]:
        """(kind, person) in the order of the circulation."""
        data = self.cleaned_data
        return [(kind, data[name]) for name, kind in self.ROUTE.items() if data[name]]


class DropForm(forms.Form):
    """At each row of a draft that is put right: is it taken out, and why."""

    NEEDED_SOMETIMES = ("why",)

    drop = forms.BooleanField(label=_lazy("この案件を起案から外す"), required=False)
    why = LongText(
        label=_lazy("外す理由"),
        required=False,
        rows=2,
        max_length=1000,
        help_text=_lazy("外すときは必ず書いてください。起案のページに残ります。"),
    )

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if data.get("drop") and not data.get("why") and "why" not in self.errors:
            self.add_error("why", _lazy("外す理由を書いてください。"))
        return data


class DropRowsForm(forms.Form):
    """Which of the rows that can no longer be done are taken out of a draft on its way."""

    wants_object = True

    cases = forms.TypedMultipleChoiceField(
        label=_lazy("起案から外す案件"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Sent = None, *, obj: Approval) -> None:
        super().__init__(data)
        fallen = obj.fallen()
        offer_choices(
            self,
            "cases",
            [
                (str(case.pk), f"{case}　{case.organisation.name}：{' '.join(fallen[case.pk])}")
                for case in obj.touched_cases()
                if case.pk in fallen
            ],
        )
