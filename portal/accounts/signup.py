"""What allauth asks of us: the name at sign-up, and where mail goes out."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.utils.translation import gettext_lazy as _

from portal import jptext


class NameForm(forms.Form):
    """Joined to allauth's sign-up form."""

    name = forms.CharField(label=_("お名前"), max_length=80, help_text=_("登録する方ご自身のお名前です。"))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if jptext.has_refused_sign(name):
            raise forms.ValidationError(_("使えない記号が入っています。文字だけで入力してください。"))
        return name

    def signup(self, _request: Any, user: Any) -> None:
        user.name = self.cleaned_data["name"]
        user.save()


class AccountAdapter(DefaultAccountAdapter):
    """E-mail and password; staff are told by the middleware to add a second factor."""

    def get_user_search_fields(self) -> list[str]:
        return ["email", "name"]
