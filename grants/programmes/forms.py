"""Search and filters of the public list, and the forms that make calls."""

from collections.abc import Mapping
from datetime import date, datetime

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.briefing_forms import briefings, demand_place
from grants.programmes.mistakes import Mistake
from grants.programmes.models import Call, Programme
from grants.programmes.parameters import Frame, read
from grants.programmes.ports import past_its_year
from portal import clock
from portal.registry.models import Municipality
from portal.types import Given, Sent
from portal.ui.forms import Day, LongText, Number, Text, Year, Yen, check_text
from portal.ui.times import TimeOfDay

# as programme files state them, each in the reader's language
PURPOSES = [
    ("設備整備・IT導入をしたい", _lazy("設備整備・IT導入をしたい")),
    ("販路拡大・海外展開をしたい", _lazy("販路拡大・海外展開をしたい")),
    ("研究開発・実証事業を行いたい", _lazy("研究開発・実証事業を行いたい")),
    ("雇用・職場環境を改善したい", _lazy("雇用・職場環境を改善したい")),
    ("新たな事業を行いたい", _lazy("新たな事業を行いたい")),
    ("人材育成を行いたい", _lazy("人材育成を行いたい")),
]
SIZES = [
    ("5", _lazy("5人以下")),
    ("20", _lazy("20人以下")),
    ("50", _lazy("50人以下")),
    ("100", _lazy("100人以下")),
    ("300", _lazy("300人以下")),
    ("301", _lazy("301人以上")),
]


class FindForm(forms.Form):
    q = forms.CharField(label=_lazy("ことば"), required=False, max_length=80)
    purpose = forms.ChoiceField(
        label=_lazy("目的"),
        required=False,
        choices=[("", _lazy("すべて")), *PURPOSES],
    )
    area = forms.ModelChoiceField(
        Municipality.objects.all(),
        label=_lazy("本社の市町村"),
        required=False,
        empty_label=_lazy("すべて"),
    )
    industry = forms.ChoiceField(
        label=_lazy("業種"),
        required=False,
        choices=[
            ("", _lazy("すべて")),
            ("it", _lazy("情報サービス・インターネット")),
            ("other", _lazy("それ以外")),
        ],
    )
    size = forms.ChoiceField(
        label=_lazy("従業員数"), required=False, choices=[("", _lazy("すべて")), *SIZES]
    )
    open = forms.BooleanField(label=_lazy("受付中だけ"), required=False)


def demand_readable(text: str) -> None:
    """Raises ValidationError for a programme file with a mistake: its line and the reason."""
    try:
        read(text)
    except Mistake as mistake:
        raise forms.ValidationError(
            _lazy("%(line)s行目：%(reason)s"),
            params={"line": mistake.line, "reason": mistake.reason},
        ) from mistake


class ProgrammeForm(forms.Form):
    """A programme file as text; a mistake is shown with its line. `seen`: the version it was read in."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_lazy("制度ファイル（TOML）"),
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "textarea--code"}),
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        check_text(text.replace("\r\n", "\n"))
        demand_readable(text)
        return text


def usual_yen(frame: Frame) -> int | None:
    """What a call begins with for a frame: its budget, or what all its places cost at most; None of a
    course, whose seats are all that is counted.
    """
    if frame.budget is None and frame.slots is not None:
        return frame.slots * frame.cap
    return frame.budget


class CallForm(forms.Form):
    """A call of an approved programme: its year, windows, dates, and of each frame the yen and the places,
    or the seats.

    `call`: the one that is put right.
    """

    fiscal_year = Year(label=_lazy("年度（西暦）"))
    round_no = Number(label=_lazy("第何回"), initial=1)
    opens_on = Day(label=_lazy("受付の始まり"))
    opens_at = TimeOfDay("09:00", label=_lazy("受付を始める時刻"))
    closes_on = Day(label=_lazy("受付の終わり"))
    closes_at = TimeOfDay(
        "17:00",
        label=_lazy("締め切る時刻"),
        help_text=_lazy("2回目の受付も、同じ時刻に始まり、終わります。"),
    )
    second_opens_on = Day(label=_lazy("2回目の受付の始まり"), required=False)
    second_closes_on = Day(label=_lazy("2回目の受付の終わり"), required=False)
    decision_on = Day(label=_lazy("交付決定の予定日"))
    project_ends_on = Day(
        label=_lazy("事業の終わりの日"),
        help_text=_lazy(
            "年度の終わり（3月31日）まで。越えるときは、先に債務負担行為を登録してください。"
        ),
    )
    briefing_on = Day(label=_lazy("説明会の日"), required=False)
    briefing_at = TimeOfDay("14:00", label=_lazy("説明会の始まる時刻"))
    briefing_place = Text(label=_lazy("説明会の場所"), required=False, max_length=80)

    def __init__(
        self,
        data: Sent = None,
        *,
        programme: Programme,
        initial: Given | None = None,
        call: Call | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.programme, self.call = programme, call
        for name, field in self.fields.items():
            if isinstance(field, TimeOfDay):
                field.offer(str(self.get_initial_for_field(field, name)))
        if call is not None:
            self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput)
        if programme.stated.own_funder:
            towns = Municipality.objects.filter(code__in=programme.municipality_codes)
            self.fields["funder"] = forms.ModelChoiceField(
                towns, label=_lazy("支払う市町村"), empty_label=None
            )
        for frame in programme.stated.frames:
            if frame.slots is not None:
                self.fields[f"slots_{frame.key}"] = Number(
                    label=_lazy("%(frame)sの件数") % {"frame": frame.name.ja}, initial=frame.slots
                )
            if frame.seats is not None:
                self.fields[f"seats_{frame.key}"] = Number(
                    label=_lazy("%(frame)sの定員") % {"frame": frame.name.ja},
                    initial=frame.seats,
                    help_text=_lazy(
                        "このポータルが数えるのは席だけです。講座の費用は、委託契約として財務会計から支払ってください。"
                    ),
                )
                continue
            is_paid = programme.stated.pays
            self.fields[f"yen_{frame.key}"] = Yen(
                label=_lazy("%(frame)sの予算（円）") % {"frame": frame.name.ja},
                initial=usual_yen(frame),
                required=is_paid or frame.budget is not None,
                least=1 if is_paid else None,
            )

    def note(self, notes: Mapping[str, str]) -> None:
        """Words at fields that hold what was copied: to be looked at before anybody sends it."""
        for name, words in notes.items():
            if (field := self.fields.get(name)) is not None:
                field.help_text = " ".join(filter(None, [words, str(field.help_text)]))

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if self.errors:
            return data
        # add_error takes a field out of data
        closes_on, decision_on = data["closes_on"], data["decision_on"]
        if closes_on < data["opens_on"]:
            self.add_error("closes_on", _lazy("始まりの日より後の日にしてください。"))
        if decision_on <= closes_on:
            self.add_error("decision_on", _lazy("受付の終わりより後の日にしてください。"))
        self._check_project(data, decision_on, data["project_ends_on"])
        self._check_second(data)
        demand_place(self, data)
        code = self.programme.code_of_call(data["fiscal_year"], data["round_no"])
        others = Call.objects.filter(code=code)
        if (others.exclude(pk=self.call.pk) if self.call else others).exists():
            self.add_error("round_no", _lazy("この年度の同じ回は、すでにあります。"))
        return data

    def _check_project(self, data: Given, decision_on: date, ends_on: date) -> None:
        if ends_on <= decision_on:
            self.add_error("project_ends_on", _lazy("交付決定の予定日より後の日にしてください。"))
        funder, year = data.get("funder"), data["fiscal_year"]
        towns = [funder.pk] if funder else self.programme.municipality_codes
        for reason in past_its_year.value(self.programme, towns, year, ends_on):
            self.add_error("project_ends_on", reason)

    def _check_second(self, data: Given) -> None:
        """A second intake is whole, comes after the first, and ends before the decision."""
        opens_on, closes_on = data.get("second_opens_on"), data.get("second_closes_on")
        if opens_on is None and closes_on is None:
            return
        if opens_on is None or opens_on <= data["closes_on"]:
            self.add_error(
                "second_opens_on", _lazy("1回目の受付の終わりより後の日にしてください。")
            )
        elif closes_on is None or closes_on < opens_on:
            self.add_error("second_closes_on", _lazy("始まりの日より後の日にしてください。"))
        elif "decision_on" in data and data["decision_on"] <= closes_on:
            self.add_error("decision_on", _lazy("受付の終わりより後の日にしてください。"))

    def said(self) -> Given:
        """What the call says of itself, as `Call.begin` takes it."""
        data, periods = self.cleaned_data, self.periods()
        names = ("fiscal_year", "round_no", "decision_on", "project_ends_on")
        return {
            **{name: data[name] for name in names},
            "periods": periods,
            "briefings": briefings(data),
            "municipality_codes": [data["funder"].pk] if data.get("funder") else None,
            "intake": " ".join(f"{clock.stamp(a)}/{clock.stamp(b)}" for a, b in periods),
            "budget": " ".join(":".join(map(str, line)) for line in self.budgets()),
        }

    def periods(self) -> list[tuple[datetime, datetime]]:
        data = self.cleaned_data
        days = [(data["opens_on"], data["closes_on"])]
        if data.get("second_opens_on") and data.get("second_closes_on"):
            days.append((data["second_opens_on"], data["second_closes_on"]))
        at, until = data["opens_at"], data["closes_at"]
        return [
            (datetime.combine(a, at, clock.JST), datetime.combine(b, until, clock.JST))
            for a, b in days
        ]

    def budgets(self) -> list[tuple[str, str, int]]:
        """(frame, unit, amount) for each line that the form names."""
        found = []
        for frame in self.programme.stated.frames:
            for unit, prefix in (("slots", "slots"), ("seats", "seats"), ("yen", "yen")):
                amount = self.cleaned_data.get(f"{prefix}_{frame.key}")
                if amount:
                    found.append((frame.key, unit, amount))
        return found


class SuspensionForm(forms.Form):
    """Why the intake pauses, as the public reads it."""

    public_reason = LongText(
        label=_lazy("公表する理由"),
        rows=3,
        max_length=500,
        help_text=_lazy(
            "公募のページにそのまま載り、下書きのある方へのメールからもご案内します。止めた日数だけ、再開のときに締切を延ばします。"
        ),
    )


PUBLIC_REASON = _lazy(
    "公募のページにそのまま載り、申請を準備している方へのメールからもご案内します。"
)


class EarlyEndForm(forms.Form):
    """Another last day of the intake, with the reason for everybody."""

    closes_on = Day(label=_lazy("新しい締切の日"))
    closes_at = TimeOfDay("17:00", label=_lazy("締め切る時刻"))
    public_reason = LongText(
        label=_lazy("公表する理由"), rows=3, max_length=500, help_text=PUBLIC_REASON
    )

    def said(self) -> Given:
        """What `CallChange.begin` is given."""
        data = self.cleaned_data
        closes_at = datetime.combine(data["closes_on"], data["closes_at"], clock.JST)
        return {"public_reason": data["public_reason"], "closes_at": closes_at}


class CallOffForm(forms.Form):
    """Why an announced call is called off, as everybody reads it."""

    public_reason = LongText(
        label=_lazy("公表する理由"),
        rows=3,
        max_length=500,
        help_text=_lazy("公募のページにそのまま載り、申請した方へのメールからもご案内します。"),
    )

    def said(self) -> Given:
        """What `CallChange.begin` is given."""
        return {"public_reason": self.cleaned_data["public_reason"], "calls_off": True}


class AmendForm(forms.Form):
    """Other days of a running call, and a newer revision of its programme where there is one."""

    decision_on = Day(label=_lazy("交付決定の予定日"))
    project_ends_on = Day(
        label=_lazy("事業の終わりの日"), help_text=_lazy("いまの日より早くはできません。")
    )
    newer = forms.BooleanField(required=False)
    public_reason = LongText(
        label=_lazy("公表する理由"), rows=3, max_length=500, help_text=PUBLIC_REASON
    )

    def __init__(self, data: Sent = None, *, call: Call) -> None:
        days = {name: getattr(call, name) for name in ("decision_on", "project_ends_on")}
        super().__init__(data, initial=days)
        self.programme = call.programme.in_force
        if self.programme == call.programme or not self.programme.is_approved:
            del self.fields["newer"]
        else:
            self.fields["newer"].label = _lazy("募集の内容を、制度の第%(n)s版に改める") % {
                "n": self.programme.revision
            }

    def said(self) -> Given:
        """What `CallChange.begin` is given."""
        data = self.cleaned_data
        names = ("decision_on", "project_ends_on", "public_reason")
        programme = self.programme if data.get("newer") else None
        return {**{name: data[name] for name in names}, "programme": programme}


class ExtendForm(forms.Form):
    """Move the closing moment, as when a sign-in provider is down on the last day."""

    closes_on = Day(label=_lazy("新しい締切の日"))
    closes_at = TimeOfDay("17:00", label=_lazy("締め切る時刻"))

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if data.get("closes_on"):
            day, until = data.pop("closes_on"), data["closes_at"]
            data["closes_at"] = datetime.combine(day, until, clock.JST)
        return data
