"""弁明の機会: how whoever an award is taken back from was heard before, or why it needed not be."""

from collections.abc import Callable, Iterator
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import ReasonForm
from grants.awards.models import Award
from portal import clock
from portal.days import day_said
from portal.types import Given
from portal.ui.forms import Day, LongText

WAYS = [
    ("written", _lazy("書面による弁明")),
    ("oral", _lazy("口頭による弁明")),
    ("hearing", _lazy("聴聞")),
    ("silent", _lazy("弁明がなかった（期限までに提出なし）")),
    ("needless", _lazy("不要のため行わなかった")),
]
ASKED = ("asked_on", "answer_by")
# what each way of hearing says; nothing else goes with it
SAYS = {
    "written": (*ASKED, "heard"),
    "oral": (*ASKED, "heard"),
    "hearing": (*ASKED, "heard"),
    "silent": ASKED,
    "needless": ("needless",),
}
DETAILS = (*ASKED, "heard", "needless")
FIELDS = ("how", *DETAILS)
NOTHING = {"なし", "無し", "無", "特になし", "特に無し", "ありません", "なかった", "弁明なし"}


class HearingForm(ReasonForm):
    """`needless` chooses among the grounds of each row's programme (`choices`)."""

    NEEDED_SOMETIMES = DETAILS
    # each detail is shown beside the ways that ask for it
    SHOWN_BESIDE = {name: ("how", [way for way in SAYS if name in SAYS[way]]) for name in DETAILS}

    how = forms.ChoiceField(label=_lazy("弁明の機会"), choices=WAYS, widget=forms.RadioSelect)
    asked_on = Day(label=_lazy("弁明を求めた日"), required=False)
    answer_by = Day(label=_lazy("弁明の期限（聴聞はその期日）"), required=False)
    heard = LongText(
        label=_lazy("弁明の内容"),
        rows=3,
        max_length=1000,
        required=False,
        help_text=_lazy("いつ、だれから、どのような弁明を聞いたか。"),
    )
    needless = forms.ChoiceField(label=_lazy("不要とする根拠"), required=False)

    def clean(self) -> Given:
        """A draft keeps texts."""
        data = super().clean() or {}
        for name, fault in list(faults(data, clock.today())):
            if name not in self.errors:
                self.add_error(name, fault)
        return data | {name: data[name].isoformat() for name in ASKED if data.get(name)}


def faults(said: Given, today: date) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it)."""
    if (how := said.get("how")) is None:
        return
    for name in DETAILS:
        if name in SAYS[how] and not said.get(name):
            yield name, _("選んだ弁明の機会では、入力が要ります。")
        if name not in SAYS[how] and said.get(name):
            yield name, _("選んだ弁明の機会では使いません。空けてください。")
    if (said.get("heard") or "").strip("　 。") in NOTHING:
        yield "heard", _("弁明がなかったときは、「弁明がなかった」を選んでください。")
    if (asked := said.get("asked_on")) is None or (answer_by := said.get("answer_by")) is None:
        return
    if asked >= today:
        yield "asked_on", _("今日より前の日を入力してください。")
    if answer_by <= asked:
        yield "answer_by", _("弁明を求めた日より後の日を入力してください。")
    if how == "silent" and answer_by >= today:
        yield "answer_by", _("期限がまだ過ぎていません。過ぎてから起案してください。")


def choices(award: Award) -> dict[str, list[tuple[str, str]]]:
    grounds = [(ground.key, ground.said) for ground in award.stated.unheard]
    return {"needless": [("", "―"), *grounds]}


def misfits(award: Award, given: Given) -> list[str]:
    """Asked again when it is decided, of what the draft keeps as texts."""
    if (key := given.get("needless")) and key not in {g.key for g in award.stated.unheard}:
        return [_("弁明の機会を要しない根拠は、この制度が定めるものから選んでください。")]
    typed = {name: given.get(name) for name in ASKED}
    days = {name: date.fromisoformat(day) if day else None for name, day in typed.items()}
    return [f"{_('弁明の機会')}：{fault}" for _name, fault in faults(given | days, clock.today())]


def told(award: Award, given: Given, day: Callable[[date], str]) -> list[list[str]]:
    """As draft and paper say it. A draft from before this was asked for has one text."""
    how, heard = given.get("how"), str(given.get("heard") or "")
    if not how:
        return [[_("弁明の機会と内容"), heard]] if heard else []
    way = str(dict(WAYS)[how])
    if how == "needless":
        [ground] = [each for each in award.stated.unheard if each.key == given["needless"]]
        return [[_("弁明の機会"), f"{way}\n{ground.said}"]]
    asked, answer_by = (day(date.fromisoformat(given[name])) for name in ASKED)
    when = _("%(asked)sに、%(by)sを期限として求めた。") % {"asked": asked, "by": answer_by}
    words = [[_("弁明の内容"), heard]] if heard else []
    return [[_("弁明の機会"), f"{way}\n{when}"], *words]


def shown(award: Award, given: Given) -> list[tuple[str, str, str]]:
    """As a row of the draft says it."""
    return [(label, "", text) for label, text in told(award, given, day_said)]


def kept(given: Given) -> Given:
    return {name: given.get(name) for name in FIELDS}
