"""A sketch as a file, as it is typed or uploaded."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.editing import document
from grants.programmes.models.sketches import demand_file
from portal.documents.fields import ScannedFile
from portal.ui.forms import check_text
from portal.workflow.errors import Refused


def _file(text: str) -> str:
    """The text as it is kept. Raises ValidationError where it is no file of a sketch."""
    text = check_text(document.in_lines(text))
    try:
        demand_file(text)
    except Refused as refused:
        raise forms.ValidationError(refused.reasons) from refused
    return text


class SketchTextForm(forms.Form):
    """`seen`: the version of the sketch that it takes the place of."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_lazy("制度ファイル（TOML）"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "textarea--code"}),
    )

    def clean_text(self) -> str:
        return _file(str(self.cleaned_data["text"]))


class SketchUploadForm(forms.Form):
    file = ScannedFile(
        label=_lazy("ファイルから読み込む"),
        help_text=_lazy("UTF-8のTOMLのファイル。置きかえる前に、違いを見られます。"),
        most=1,
    )

    def clean_file(self) -> str:
        try:
            return _file(self.cleaned_data["file"].data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(
                _("文字として読めません。UTF-8で保存し直してください。")
            ) from error
