"""Whom the office asks about an application, and who was paid to help with it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.forms import SectionForm, yes_no
from portal.types import Given
from portal.ui.forms import Email, Phone, Text, Yen
from portal.ui.names import Name

# who helps firms with applications for money, as the form names them
KINDS = [
    ("gyoseishoshi", _lazy("行政書士")),
    ("consultant", _lazy("中小企業診断士")),
    ("accountant", _lazy("税理士・公認会計士")),
    ("institution", _lazy("金融機関・商工会議所などの支援機関")),
    ("other", _lazy("そのほか")),
]
OF_ADVISER = ("adviser_name", "adviser_kind", "adviser_fee", "adviser_terms")


# in which language the contact is written to
MAILS = [
    ("ja", _lazy("日本語で送る")),
    ("en", _lazy("英語で送る")),
    ("no", _lazy("送らない")),
]


class ContactForm(SectionForm):
    """Also, where the call asks it (`asks_adviser_fee`), whether somebody outside the firm is paid for
    the application: who, how much in yen, and how that was agreed.
    """

    NEEDED_SOMETIMES = ("adviser_name", "adviser_kind", "adviser_fee")

    name = Name(label=_lazy("担当者の氏名"), max_length=80)
    department = Text(label=_lazy("部署・役職"), required=False, max_length=80)
    phone = Phone(label=_lazy("電話番号"))
    email = Email(label=_lazy("メールアドレス"))
    mails = forms.ChoiceField(
        label=_lazy("この担当者にも、お知らせのメールを送りますか"),
        choices=MAILS,
        required=False,
        widget=forms.RadioSelect,
        help_text=_lazy(
            "提出したあとの補正、決定などのお知らせが、ポータルに登録していない担当者にも届きます。本人の了解があるときに選んでください。選ばないときは送りません。"
        ),
    )

    def build(self) -> None:
        if not self.stated.asks_adviser_fee:
            return
        self.fields["adviser"] = yes_no(
            _lazy("この申請のために、社外の方にお金を払いますか"),
            help_text=_lazy(
                "申請代行の手数料、成功報酬、この申請のための顧問料などです。払うことで不利にはなりません。"
            ),
        )
        self.fields["adviser_name"] = Name(
            label=_lazy("払う相手の名称"),
            required=False,
            max_length=150,
            help_text=_lazy("「はい」のときに入力してください。"),
        )
        self.fields["adviser_kind"] = forms.ChoiceField(
            label=_lazy("払う相手の資格など"),
            required=False,
            choices=[("", _lazy("選んでください")), *KINDS],
            help_text=_lazy(
                "「はい」のときに選んでください。報酬を受けて、役所に出す書類を作れるのは、行政書士などの資格のある方だけです（行政書士法第19条第1項）。"
            ),
        )
        self.fields["adviser_fee"] = Yen(
            label=_lazy("払う額（円）"),
            required=False,
            help_text=_lazy(
                "「はい」のときに入力してください。成功報酬は、見込みの額でかまいません。"
            ),
        )
        self.fields["adviser_terms"] = Text(
            label=_lazy("額の決め方"),
            required=False,
            max_length=200,
            help_text=_lazy("例：交付された額の10％、月2万円の顧問料のうち3か月分"),
        )

    def clean(self) -> Given:
        """What is said of somebody who is not paid is dropped."""
        data: Given = super().clean() or {}
        if data.get("adviser") != "yes":
            return {name: value for name, value in data.items() if name not in OF_ADVISER}
        for name in self.NEEDED_SOMETIMES:
            if data.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, _("払うときは、ここにも入力してください。"))
        return data
