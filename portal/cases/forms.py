"""Filters of the staff lists and the reason of a transition."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _lazy

from portal import clock, fiscal
from portal.accounts.models import User, in_force
from portal.accounts.permissions import prefixed
from portal.audit.chain import sha256
from portal.cases.columns import offered, works
from portal.days import fiscal_year_said
from portal.registry import seats, trades
from portal.registry.models import Municipality
from portal.together import together
from portal.types import Choices, Given, Sent
from portal.types import Text as Words
from portal.ui.forms import Day, LongText, Text, Yen, offer, offer_choices

TABS = [
    ("mine", _lazy("わたしの番")),
    ("applicant", _lazy("申請者の対応待ち")),
    ("others", _lazy("ほかの職員の番")),
    ("soon", _lazy("期限が近い")),
    ("later", _lazy("まだ始められない")),
]
# lists whose filters are kept under a name: the name of the address → what the list is called
LISTS = {"inbox": _lazy("受信箱"), "case_list": _lazy("案件")}
ORDERS = [("due", _lazy("期限が近い順")), ("age", _lazy("滞留が長い順"))]


YEARS_BACK = 8


_CALENDAR = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input input--s"})


class DayPicked(Day):
    """A day in one control, which offers a calendar; an address may spell it as people do."""

    def clean(self, value: Iterable[object] | date | None) -> date | None:
        return super().clean([value or "", "", ""])


class InboxFilter(forms.Form):
    tab = forms.ChoiceField(choices=TABS, required=False)
    programme = forms.ChoiceField(label=_lazy("制度"), required=False)
    municipality = forms.ModelChoiceField(
        Municipality.objects.all(),
        label=_lazy("市町村"),
        required=False,
        empty_label=_lazy("すべて"),
    )
    order = forms.ChoiceField(label=_lazy("並べ方"), choices=ORDERS, required=False)
    q = forms.CharField(required=False, max_length=80)

    def __init__(self, data: Sent = None, *, programmes: Choices) -> None:
        super().__init__(data)
        offer_choices(self, "programme", [("", _lazy("すべて")), *programmes])


class OfficerFilter(InboxFilter):
    """Of which cases the report by officer counts."""

    def __init__(self, data: Sent = None, *, programmes: Choices) -> None:
        super().__init__(data, programmes=programmes)
        for name in ("tab", "order", "q"):
            del self.fields[name]


NOBODY = "0"  # of the filter by officer: whose cases nobody has in hand


class CaseFilter(forms.Form):
    """Which cases the list shows. `order`: the name of a column, as `columns.ordered` takes it. Sums and
    days of what was decided neither narrow nor sort the list of a reviewer; the state does, which the
    page tells them anyway.
    """

    programme = forms.ChoiceField(label=_lazy("制度"), required=False)
    state = forms.ChoiceField(label=_lazy("状態"), required=False)
    officer = forms.ChoiceField(label=_lazy("担当"), required=False)
    year = forms.ChoiceField(label=_lazy("提出の年度"), required=False)
    decided = forms.ChoiceField(label=_lazy("決定の年度"), required=False)
    municipality = forms.ModelChoiceField(
        Municipality.objects.all(),
        label=_lazy("市町村"),
        required=False,
        empty_label=_lazy("すべて"),
    )
    trade = forms.ChoiceField(label=_lazy("業種"), required=False, choices=trades.choices)
    seat = forms.ChoiceField(label=_lazy("本社のある所"), required=False, choices=seats.places)
    call = Text(label=_lazy("公募回"), required=False, max_length=60)
    since = DayPicked(label=_lazy("提出の日から"), required=False, widget=_CALENDAR)
    until = DayPicked(label=_lazy("提出の日まで"), required=False, widget=_CALENDAR)
    least = Yen(label=_lazy("金額（円）から"), required=False)
    most = Yen(label=_lazy("金額（円）まで"), required=False)
    open_only = forms.BooleanField(label=_lazy("終わっていない案件だけ"), required=False)
    order = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    # names with a dot between: those of a saved view, in the stead of the person's own
    columns = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    q = forms.CharField(required=False, max_length=80)

    FOLDED = ("trade", "seat", "call", "since", "until", "least", "most", "open_only")
    INNER = ("decided", "least", "most")

    def __init__(
        self,
        data: Sent = None,
        *,
        user: User,
        programmes: Choices,
        states: Choices,
        parts: Mapping[str, forms.Field],
    ) -> None:
        super().__init__(data)
        self.fields.update(parts)
        self.offered = {column.name for column in offered(user)}
        every = ("", _lazy("すべて"))
        offer_choices(self, "programme", [every, *programmes])
        offer_choices(self, "state", [every, *states])
        for name in ("year", "decided"):
            offer_choices(self, name, [every, *years_back()])
        held = Q(staff_roles__role__in=["programme_officer", "approver"])
        people = User.objects.filter(held).distinct().order_by("name", "pk")
        with together() as ask:
            officers = ask(people.values_list("pk", "name"))
            towns = ask(Municipality.objects.all())
        named = [(str(pk), name) for pk, name in officers]
        offer_choices(self, "officer", [every, (NOBODY, _lazy("未定")), *named])
        offer_choices(self, "municipality", [every, *((town.pk, str(town)) for town in towns)])
        for name in () if works(user) else self.INNER:
            del self.fields[name]
        self.lies_folded = tuple(name for name in (*self.FOLDED, *parts) if name in self.fields)

    def clean_order(self) -> str:
        order: str = self.cleaned_data["order"]
        return order if order.lstrip("-") in self.offered else ""

    def clean_columns(self) -> list[str]:
        return [name for name in self.cleaned_data["columns"].split(".") if name in self.offered]

    @property
    def is_unfolded(self) -> bool:
        """A filter that lies folded away is wrong. One that is in use is named beside the fold, so that
        what it found has the room.
        """
        return any(name in self.errors for name in self.lies_folded)

    @property
    def folded_in_use(self) -> list[Words]:
        return [self[name].label for name in self.lies_folded if self.data.get(name)]

    @property
    def folded(self) -> list[forms.BoundField]:
        return [self[name] for name in self.lies_folded]

    @property
    def first(self) -> list[forms.BoundField]:
        return [
            field for field in self.visible_fields() if field.name not in (*self.lies_folded, "q")
        ]


class SeenForm(forms.Form):
    """What a page that moves a row brings: the version seen, and the key of this form."""

    # nobody types them: what is wrong is the page
    UNREADABLE = dict.fromkeys(
        ("required", "invalid", "max_length", "null_characters_not_allowed"),
        _lazy("送られた内容が欠けています。ページを開き直してから、もう一度行ってください。"),
    )

    seen = forms.IntegerField(widget=forms.HiddenInput, error_messages=UNREADABLE)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, error_messages=UNREADABLE)

    def clean_key(self) -> str:
        """Sent again with the same words, a form gets the first result; with other words it asks
        anew, and `seen` tells that the row has moved on.
        """
        words = sorted((n, v) for n, v in dict(self.data).items() if n != "csrfmiddlewaretoken")
        return sha256(repr(words))

    def renew(self, version: int) -> None:
        """Somebody was first: the page that says so shows the row as it is now, at `version`."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["seen"], data["key"] = str(version), uuid.uuid4().hex
        self.data = data


class TransitionForm(SeenForm):
    """`at_counter`: the office does it for an applicant, from the applicant's own paper."""

    def __init__(
        self,
        data: Sent = None,
        *,
        reason: str = "",
        at_counter: bool = False,
        initial: Given | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        if at_counter:
            reason = "required"
            self.fields["paper"] = Text(
                label=_lazy("申請者から届いた書面"),
                max_length=200,
                help_text=_lazy(
                    "書面の名前、受け取った日と方法（例：取下届　12月2日　代表者が窓口に持参）。申請者への通知書に載ります。"
                ),
            )
        if reason:
            self.fields["reason"] = LongText(
                label=_lazy("理由"), required=reason == "required", rows=3, max_length=1000
            )


class AssignForm(forms.Form):
    person = forms.ModelChoiceField(
        User.objects.none(), label=_lazy("新しい担当"), empty_label=_lazy("選んでください")
    )
    note = LongText(
        label=_lazy("新しい担当への引継ぎ"),
        max_length=500,
        required=False,
        help_text=_lazy("どの案件のページにも、いちばん上に出ます。申請者には見えません。"),
    )

    def __init__(self, data: Sent = None) -> None:
        super().__init__(data)
        officers = prefixed(in_force(), "staff_roles") & Q(staff_roles__role="programme_officer")
        offer(self, "person", User.objects.filter(officers).distinct())


class InterestForm(forms.Form):
    detail = Text(
        label=_lazy("申請者との関係"),
        max_length=200,
        help_text=_lazy("例：代表者が親族、以前に勤めていた"),
    )


class SaveViewForm(forms.Form):
    page = forms.ChoiceField(choices=list(LISTS.items()), widget=forms.HiddenInput)
    name = Text(label=_lazy("名前"), max_length=40)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=600)
    shared = forms.BooleanField(label=_lazy("職員みんなに見せる"), required=False)


class ColumnsForm(forms.Form):
    columns = forms.MultipleChoiceField(
        label=_lazy("表に出す列"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Sent = None, *, user: User, shown: Sequence[str] = ()) -> None:
        super().__init__(data, initial={"columns": list(shown)})
        choices = [(column.name, column.label) for column in offered(user)]
        offer_choices(self, "columns", choices)


class SampleForm(forms.Form):
    """How many cases are drawn, from which, and by which seed."""

    n = forms.TypedChoiceField(
        label=_lazy("件数"), coerce=int, choices=[(n, str(n)) for n in (5, 10, 20, 50)]
    )
    programme = forms.ChoiceField(label=_lazy("制度"), required=False)
    year = forms.ChoiceField(label=_lazy("提出の年度"), required=False)
    seed = Text(label=_lazy("種（同じ種なら同じ案件）"), max_length=40)

    def __init__(self, data: Sent = None, *, programmes: Choices) -> None:
        super().__init__(data)
        offer_choices(self, "programme", [("", _lazy("すべて")), *programmes])
        offer_choices(self, "year", [("", _lazy("すべて")), *years_back()])


def years_back() -> list[tuple[str, Words]]:
    """The fiscal years that a list is narrowed by, the present one first."""
    this = fiscal.fiscal_year(clock.today())
    years = range(this, this - YEARS_BACK, -1)
    return [(str(year), fiscal_year_said(year)) for year in years]


class ReadingFilter(forms.Form):
    """Which readings are shown."""

    person = Text(label=_lazy("職員の氏名"), required=False, max_length=80)
    number = Text(label=_lazy("案件の番号・事業者名"), required=False, max_length=80)
    until = DayPicked(label=_lazy("この日まで"), required=False, widget=_CALENDAR)
