from django import forms
from django.apps import AppConfig
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.utils.translation import gettext_lazy as _lazy

# The framework's own sentence says what a field is, not what to do. A field takes its words when it is
# made, so this stands where it is read before any model, and with it any form.
forms.Field.default_error_messages["required"] = _lazy("入力するか、選んでください。")
forms.BooleanField.default_error_messages = {"required": _lazy("チェックを付けてください。")}
MaxLengthValidator.message = _lazy("%(limit_value)s字までです。いまは%(show_value)s字あります。")
MinLengthValidator.message = _lazy(
    "%(limit_value)s字以上で入力してください。いまは%(show_value)s字です。"
)


class Config(AppConfig):
    name = "portal.ui"
    label = "portal_ui"
