"""弁明の機会: how whoever an award is taken back from was heard before, or why it needed not be."""

from collections.abc import Callable, Iterator
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import ReasonForm
from portal import clock
from portal.types import Given
from portal.ui.forms import Day, LongText

WAYS = [
    ("written", _lazy("書面による弁明")),
    ("oral", _lazy("口頭による弁明")),
    ("hearing", _lazy("聴聞")),
    ("silent", _lazy("弁明がなかった（期限までに提出なし）")),
    ("needless", _lazy("不要のため行わなかった")),
]
NEEDLESS = [
    ("ordinance", _lazy("行政手続条例により不要（金銭の給付の決定の取消し）")),
    ("act", _lazy("行政手続法第13条第2項第4号により不要（金銭の給付決定の取消し）")),
    ("subsidies", _lazy("補助金適正化法第24条の2により不要（国の補助金を財源とするもの）")),
    ("urgent", _lazy("公益上、緊急に行う必要があるため不要")),
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
    NEEDED_SOMETIMES = DETAILS

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
    needless = forms.ChoiceField(
        label=_lazy("不要とする根拠"), choices=[("", "―"), *NEEDLESS], required=False
    )

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


def misfits(given: Given) -> list[str]:
    """Asked again when it is decided, of what the draft keeps as texts."""
    typed = {name: given.get(name) for name in ASKED}
    days = {name: date.fromisoformat(day) if day else None for name, day in typed.items()}
    return [f"{_('弁明の機会')}：{fault}" for _name, fault in faults(given | days, clock.today())]


def told(given: Given, day: Callable[[date], str]) -> list[list[str]]:
    """As draft and paper say it. A draft from before this was asked for has one text."""
    how, heard = given.get("how"), str(given.get("heard") or "")
    if not how:
        return [[_("弁明の機会と内容"), heard]] if heard else []
    way = str(dict(WAYS)[how])
    if how == "needless":
        return [[_("弁明の機会"), f"{way}\n{dict(NEEDLESS)[given['needless']]}"]]
    asked, answer_by = (day(date.fromisoformat(given[name])) for name in ASKED)
    when = _("%(asked)sに、%(by)sを期限として求めた。") % {"asked": asked, "by": answer_by}
    words = [[_("弁明の内容"), heard]] if heard else []
    return [[_("弁明の機会"), f"{way}\n{when}"], *words]


def shown(given: Given, day: Callable[[date], str]) -> list[tuple[str, str, str]]:
    """As a row of the draft says it."""
    return [(label, "", text) for label, text in told(given, day)]


def kept(given: Given) -> Given:
    return {name: given.get(name) for name in FIELDS}
