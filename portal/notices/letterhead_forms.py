"""The form of a municipality's sender."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal.notices.letterheads import Sender
from portal.types import Sent
from portal.ui.forms import Day, LongText, Phone, Text
from portal.ui.names import Name


class LetterheadForm(forms.Form):
    title = Text(label=_lazy("発信者の職名"), max_length=40, help_text=_lazy("例：札幌市長"))
    name = Name(label=_lazy("発信者の氏名"), max_length=40)
    series = Text(
        label=_lazy("文書番号の記号"),
        max_length=16,
        help_text=_lazy("例：札経産（通知書には「札経産第12号」のように入ります）"),
    )
    office = Text(
        label=_lazy("問い合わせ先の部署"),
        max_length=80,
        help_text=_lazy("制度に担当の部署があるときは、通知書には制度の担当が入ります。"),
    )
    phone = Phone(label=_lazy("問い合わせ先の電話番号"))
    how_to_pay = LongText(
        label=_lazy("返還金を納める方法"),
        rows=3,
        max_length=300,
        help_text=_lazy("返還命令書、納入通知書、返納通知書、督促状に入ります。"),
    )
    revenue_item = Text(
        label=_lazy("返還金の歳入科目"),
        max_length=120,
        help_text=_lazy(
            "款・項・目・節の順に書きます。納入通知書に入ります（地方自治法施行令第154条）。その年度の予算に戻る返還金の返納通知書には、予算科目が入ります。"
        ),
    )
    starts_on = Day(
        label=_lazy("効く日"), help_text=_lazy("この日から後に発行する通知書に使います。")
    )

    def __init__(self, data: Sent = None, *, sender: Sender | None) -> None:
        super().__init__(data)
        for name in Sender.__dataclass_fields__ if sender else ():
            self.fields[name].initial = getattr(sender, name)

    @property
    def sender(self) -> Sender:
        given = self.cleaned_data
        return Sender(**{name: given[name] for name in Sender.__dataclass_fields__})
