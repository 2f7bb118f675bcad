"""Forms about letters and claims."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import Membership
from portal.accounts.proving import Holder
from portal.firms import namesakes
from portal.firms.claims import is_held_unproved, outcomes
from portal.firms.models import FirmClaim
from portal.firms.proofs import choices
from portal.registry.fields import CorporateNumber
from portal.types import Given, Sent
from portal.ui.forms import LongText, Text, offer_choices


class ClaimForm(forms.Form):
    corporate_number = CorporateNumber(label=_lazy("法人番号"))
    matter = forms.ChoiceField(
        label=_lazy("あなたの立場"), widget=forms.RadioSelect, choices=FirmClaim.MATTERS[:2]
    )
    words = LongText(
        label=_lazy("事情と、示せる書類"),
        max_length=1000,
        help_text=_lazy(
            "役職、就いた日、登記事項証明書や委任状の有無などを書いてください。相手の方には見せません。"
        ),
    )


class NumberClaimForm(forms.Form):
    right_number = CorporateNumber(label=_lazy("正しい法人番号"))
    words = LongText(label=_lazy("まちがえた事情"), max_length=1000)


class NamesakeForm(forms.Form):
    found = forms.ChoiceField(
        label=_lazy("見比べた結果"), widget=forms.RadioSelect, choices=namesakes.FOUND
    )
    ground = Text(
        label=_lazy("根拠"),
        max_length=300,
        help_text=_lazy("所在地、代表者、登記など、見比べたものを書いてください。"),
    )


class KeptForm(forms.Form):
    """Who of a firm's people goes on with it, asked one by one."""

    kept = forms.MultipleChoiceField(
        label=_lazy("一緒に手続きを続ける方"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy(
            "あなたが知っている方だけに印を付けてください。印のない方は、確認とともに手続きから外れ、この事業者の申請を見られなくなります。あとから招くこともできます。"
        ),
    )

    def __init__(self, data: Sent = None, *, rows: Sequence[Holder] = (), prefix: str = "") -> None:
        super().__init__(data, auto_id=f"id_{prefix}%s")
        if rows:
            offer_choices(self, "kept", choices(rows))
        else:
            del self.fields["kept"]

    def clean(self) -> Given:
        return {"kept": [], **(super().clean() or {})}


class CodeForm(KeptForm):
    code = Text(
        label=_lazy("手紙にある番号"),
        max_length=40,
        help_text=_lazy("英字と数字の8文字です。大文字でも小文字でもかまいません。"),
    )
    field_order = ("code", "kept")


class AnswerForm(forms.Form):
    answer = LongText(
        label=_lazy("あなたの立場と、示せる書類"),
        max_length=1000,
        help_text=_lazy("担当だけが読みます。"),
    )


class ObjectionForm(forms.Form):
    objection = LongText(
        label=_lazy("異議と、その理由"),
        max_length=1000,
        help_text=_lazy(
            "あなたがいまも代表者であることを示せる書類を書いてください。担当だけが読みます。述べられるのは1回です。"
        ),
    )


class CheckForm(KeptForm):
    kept = forms.MultipleChoiceField(
        label=_lazy("書類で確かめた方"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy(
            "1人ずつ確かめて、印を付けてください。印のない方は、確認とともに手続きから外れ、わけをメールで知らせます。"
        ),
    )
    ground = Text(
        label=_lazy("確かめた根拠"),
        max_length=300,
        help_text=_lazy(
            "見た書類と日付、窓口に来た方との関係を書いてください。例：履歴事項全部証明書（発行から3か月以内）と代表者の運転免許証"
        ),
    )


class DropForm(forms.Form):
    reason = Text(
        label=_lazy("送らない理由"),
        max_length=200,
        required=False,  # asked where letters are taken out, and of no other button of the list
        help_text=_lazy("送らない手紙だけに印を残して、理由を書いてください。記録に残ります。"),
    )


class FindForm(forms.Form):
    q = Text(label=_lazy("名称か法人番号"), required=False, max_length=100)


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(label=_lazy("決め方"), widget=forms.RadioSelect)
    role = forms.ChoiceField(label=_lazy("加えるときの立場"), choices=Membership.ROLES)
    number = CorporateNumber(label=_lazy("正しい法人番号"))
    ground = LongText(
        label=_lazy("根拠"),
        max_length=1000,
        help_text=_lazy(
            "見た書類と、そう決めた理由を書いてください。申し出た方も読むので、相手の方の名前は書かないでください。"
        ),
    )

    LABELS = {
        "hand_over": _lazy("引き渡す（申し出た方を代表者にし、いまの代表者を外す）"),
        "add": _lazy("加える（いまの方はそのまま、申し出た方も加える）"),
        "correct": _lazy("法人番号を改める（名称と所在地も登記のとおりにする）"),
        "adopt": _lazy("認めて、登録を改める（これからの通知や支払いに使う）"),
        "refuse": _lazy("認めない"),
    }
    OF_UNPROVED = {
        "hand_over": _lazy(
            "引き渡す（申し出た方を代表者にし、確認の済んでいないいまの方を全員外す）"
        ),
    }

    def __init__(self, data: Sent = None, *, claim: FirmClaim) -> None:
        super().__init__(data, initial={"number": claim.right_number, "role": "representative"})
        labels = self.LABELS | (self.OF_UNPROVED if is_held_unproved(claim) else {})
        offer_choices(self, "outcome", [(name, labels[name]) for name in outcomes(claim)])
        needed = {"number": "number", "record": ""}.get(claim.matter, "role")
        if needed == "role" and "add" not in outcomes(claim):
            needed = ""
        for name in {"role", "number"} - {needed}:
            del self.fields[name]
        if "number" in self.fields:
            self.fields["number"].required = False

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if data.get("outcome") == "correct" and not data.get("number") and not self.errors:
            self.add_error("number", _lazy("正しい法人番号を入力してください。"))
        return data
