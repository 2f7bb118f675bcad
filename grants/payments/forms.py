"""Account, claim, batch and result: what people type."""

from datetime import date

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.payments import cautions, holders, results, zengin
from grants.payments.accounts import KINDS, BankAccount
from grants.payments.checks import CONFIRMATIONS
from grants.payments.models import Payment
from grants.payments.obstacles import pay_day_refusals
from portal import sheets
from portal.accounts.models import Organisation
from portal.documents.fields import CheckedFile, ScannedFile
from portal.registry.models import Bank, Branch
from portal.types import Given
from portal.ui.forms import Code, Day, PastDay, Text, Yen, offer
from portal.ui.names import Name


class AccountForm(forms.Form):
    bank_code = Code(
        label=_lazy("金融機関コード"),
        most=4,
        help_text=_lazy(
            "4桁の数字です。通帳やキャッシュカードにあります（北洋銀行は0501、北海道銀行は0116）。"
        ),
    )
    branch_code = Code(label=_lazy("支店コード"), most=3, help_text=_lazy("3桁の数字です。"))
    kind = forms.ChoiceField(label=_lazy("預金の種類"), choices=KINDS, widget=forms.RadioSelect)
    number = Code(
        label=_lazy("口座番号"),
        most=7,
        help_text=_lazy("7桁の数字です。7桁より少ないときは、前に0を付けます。"),
    )
    holder = Name(
        label=_lazy("口座名義"), max_length=100, help_text=_lazy("申請者ご本人の名義に限ります。")
    )
    holder_kana = Name(
        label=_lazy("口座名義のカナ"),
        max_length=100,
        help_text=_lazy("通帳の見開きにあるとおりに入力してください。"),
    )

    explanation = Text(
        label=_lazy("申請者や代表者の名義でないときの説明"),
        max_length=300,
        required=False,
        help_text=_lazy(
            "だれの口座か、なぜその口座で受け取るのかを書きます。受け取りを任せる委任状を、通帳の写しと一緒に送ってください。"
        ),
    )

    def __init__(
        self, data: QueryDict | None = None, *, firm: Organisation, initial: Given | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.firm = firm

    def clean_bank_code(self) -> str:
        code: str = self.cleaned_data["bank_code"].zfill(4)
        if not Bank.objects.filter(code=code).exists():
            raise forms.ValidationError(
                _lazy("この番号の金融機関は見つかりません。4桁の番号を確かめてください。")
            )
        return code

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        return number.zfill(7)

    def clean_holder_kana(self) -> str:
        text: str = self.cleaned_data["holder_kana"]
        try:
            zengin.holder(text)
        except zengin.Unfit as unfit:
            raise forms.ValidationError(
                _lazy(
                    "銀行が受け付けない文字があります：%(signs)s。カナ・英字・数字・( ) - . と空白だけが使えます。"
                ),
                params={"signs": unfit.signs},
            ) from unfit
        return text

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        code = str(data.get("branch_code", "")).zfill(3)
        if data.get("bank_code") and data.get("branch_code"):
            if not Branch.objects.filter(bank_id=data["bank_code"], code=code).exists():
                self.add_error(
                    "branch_code",
                    _lazy(
                        "この金融機関に、この番号の支店はありません。統廃合で変わっていることがあります。"
                    ),
                )
            data["branch_code"] = code
        self._demand_own_name(data)
        return data

    def _demand_own_name(self, data: Given) -> None:
        """Money goes to the applicant; where it goes to somebody else, the office reads why."""
        holder, kana = str(data.get("holder", "")), str(data.get("holder_kana", ""))
        if not holder or not kana or data.get("explanation"):
            return
        if holders.is_of(self.firm, holder, kana):
            return
        known = [self.firm.name, self.firm.kana, self.firm.representative_name]
        text = _lazy(
            "口座名義が、申請者や代表者の名義（%(known)s）と違います。通帳のとおりに直してください。"
            "この名義で受け取る事情があるときは、「申請者や代表者の名義でないときの説明」に書いてください。"
        )
        names = "、".join(name for name in known if name)
        self.add_error("holder", forms.ValidationError(text, params={"known": names}))


class AccountCautionsForm(forms.Form):
    """Why an account is confirmed all the same: of each caution that is open."""

    wants_object = True

    def __init__(self, data: QueryDict | None = None, *, obj: BankAccount) -> None:
        super().__init__(data)
        for caution in cautions.of_account(obj):
            self.fields[caution.field] = Text(
                label=_("確認する理由：%(said)s") % {"said": caution.said}, max_length=300
            )


class AdvanceForm(forms.Form):
    amount = Yen(label=_lazy("概算払を求める額（円）"))
    reason = Text(label=_lazy("概算払が要る理由"), max_length=300)


class BatchForm(forms.Form):
    pay_on = Day(label=_lazy("振込日"))

    def clean_pay_on(self) -> date:
        day: date = self.cleaned_data["pay_on"]
        if refusals := pay_day_refusals(day):
            raise forms.ValidationError(refusals)
        return day


class CheckForm(forms.Form):
    """Which orders of a batch were looked at, and that of each all three is confirmed."""

    orders = forms.ModelMultipleChoiceField(
        Payment.objects.none(),
        error_messages={"required": _lazy("審査した支出命令を選んでください。")},
    )

    def __init__(self, data: QueryDict | None = None, *, orders: QuerySet[Payment]) -> None:
        super().__init__(data)
        offer(self, "orders", orders)
        for name, said in CONFIRMATIONS.items():
            self.fields[name] = forms.BooleanField(label=said)

    @property
    def confirmations(self) -> list[forms.BoundField]:
        return [self[name] for name in CONFIRMATIONS]


class OrderDoubtsForm(forms.Form):
    """What of an order accounting could not confirm."""

    doubts = forms.MultipleChoiceField(
        label=_lazy("確かめられなかったこと"),
        choices=list(CONFIRMATIONS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("当てはまるものをすべて選んでください。"),
    )


class NotExecutedForm(forms.Form):
    """The bank's written word that it did not execute the file."""

    takes_files = True

    document = CheckedFile(
        label=_lazy("銀行の回答（PDFか写真）"),
        help_text=_lazy("このファイルの振込を実行していないことを、銀行が書いたもの。10 MBまで。"),
        most=10,
    )


class BankWordForm(forms.Form):
    """What the bank wrote about one transfer."""

    takes_files = True

    document = CheckedFile(
        label=_lazy("銀行の書面（PDFか写真）"),
        help_text=_lazy("この振込の結果を、銀行が書いたもの。10 MBまで。"),
        most=10,
    )


class CameBackForm(BankWordForm):
    """When it came back, by the bank's paper."""

    field_order = ["came_back_on"]
    came_back_on = PastDay(
        label=_lazy("振込が戻った日"),
        help_text=_lazy(
            "銀行からの連絡にある日です。その年度の出納閉鎖のあとに戻った額は、予算には戻らず、今年度の歳入になります。"
        ),
    )


class ResultForm(forms.Form):
    """The file as it came: which of its columns is what, is asked afterwards where nobody knows."""

    file = ScannedFile(
        label=_lazy("銀行の結果（CSV）"),
        help_text=format_lazy(
            _lazy(
                "1行目に列の名前が要ります：{names}。名前が違うファイルは、次の画面で列を選べます。"
                "結果コードは、0と空欄が振込済み、1から9が振込不能です。"
                "ほかのコードは、理由があるときだけ振込不能として取り込みます。"
            ),
            names="、".join(results.standard().values()),
        ),
        most=20,
    )

    def clean_file(self) -> tuple[str, str, dict[str, str]]:
        """(name, text, columns); no columns: to be asked."""
        name, data = self.cleaned_data["file"]
        try:
            text = sheets.decoded(data)
            columns = results.known(text)
            if columns is not None:
                results.whole(text, columns)
        except sheets.Unreadable as error:
            raise forms.ValidationError(str(error)) from error
        if len(results.heads(text)) < len(results.FIELDS) - len(results.SPARE):
            raise forms.ValidationError(
                _lazy("1行目に列の名前がないか、列が足りません。CSVを確かめてください。")
            )
        return name, text, columns or {}


class ColumnsForm(forms.Form):
    """Which column of a bank's file holds what."""

    def __init__(self, data: QueryDict | None = None, *, text: str) -> None:
        super().__init__(data)
        self.text = text
        found = results.heads(text)
        self.said_before = results.said_before(text)
        offered = self.said_before or results.standard()
        for name, label in results.FIELDS.items():
            none = _("この列はない") if name in results.SPARE else _("選んでください")
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[("", none), *((head, head) for head in found)],
                required=name not in results.SPARE,
                initial=offered[name] if offered[name] in found else "",
            )

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        chosen = [name for name in data.values() if name]
        if len(chosen) > len(set(chosen)):
            raise forms.ValidationError(_lazy("同じ列を二つの項目に選んでいます。"))
        if not self.errors:
            try:
                results.whole(self.text, data)
            except sheets.Unreadable as error:
                raise forms.ValidationError(str(error)) from error
        return data


class OutcomeForm(forms.Form):
    """The bank's answer about one transfer, from its paper."""

    NEEDED_SOMETIMES = ("reason",)

    outcome = forms.ChoiceField(
        label=_lazy("結果"),
        choices=[("paid", _lazy("振り込まれた")), ("bounced", _lazy("振込不能で戻った"))],
        widget=forms.RadioSelect,
    )
    reason = Text(
        label=_lazy("振込不能の理由"),
        max_length=100,
        required=False,
        help_text=_lazy(
            "銀行が言うとおりに（例：口座なし、名義相違）。振り込まれたときは空欄のまま。"
        ),
    )
    document = BankWordForm.base_fields["document"]

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if data.get("outcome") == "bounced" and not data.get("reason"):
            self.add_error("reason", _lazy("振込不能の理由を入力してください。"))
        if data.get("outcome") == "paid" and data.get("reason"):
            self.add_error("reason", _lazy("振り込まれたときは、理由を空欄にしてください。"))
        return data
