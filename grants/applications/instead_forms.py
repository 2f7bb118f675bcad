"""What is typed of a document in the stead of a file."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import instead
from grants.applications.models import Application
from grants.programmes.parts import Required
from portal import clock
from portal.accounts.models import User
from portal.documents.models import Document
from portal.types import Sent
from portal.ui.forms import Day, Text, offer_choices
from portal.ui.templatetags import ui


class LaterForm(forms.Form):
    """It follows, by a day."""

    until = Day(label=_lazy("いつまでに出せますか"))

    def __init__(self, data: Sent = None, *, wanted: Required) -> None:
        super().__init__(data, prefix=f"{wanted.key}-later")
        self.wanted = wanted
        words = {"last": ui.full_day(instead.last_day(wanted))}
        self.fields["until"].help_text = _("%(last)sまでの日にしてください。") % words

    @classmethod
    def of(cls, wanted: Required, tried: "LaterForm | ElsewhereForm | None") -> "LaterForm | None":
        """Where it may follow: as it was typed, or empty."""
        if isinstance(tried, cls) and tried.wanted.key == wanted.key:
            return tried
        return cls(wanted=wanted) if wanted.later_days else None

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if not clock.today() <= day <= instead.last_day(self.wanted):
            words = {
                "first": ui.full_day(clock.today()),
                "last": ui.full_day(instead.last_day(self.wanted)),
            }
            raise forms.ValidationError(_("%(first)sから%(last)sまでの日にしてください。") % words)
        return day

    def keep(self, application: Application, *, by: User) -> None:
        instead.promise(application, self.wanted.key, self.cleaned_data["until"], by=by)


class ElsewhereForm(forms.Form):
    """It lies in a file that was sent for something else."""

    file = forms.ChoiceField(label=_lazy("どのファイルに入っていますか"))
    where = Text(
        label=_lazy("ファイルのどこですか"),
        max_length=60,
        required=False,
        help_text=_lazy("例：3ページ目から"),
    )

    def __init__(self, data: Sent = None, *, wanted: Required, files: Sequence[Document]) -> None:
        super().__init__(data, prefix=f"{wanted.key}-elsewhere")
        self.wanted = wanted
        self.others = {str(f.pk): f for f in files if f.key != wanted.key and not f.internal}
        rows = [(pk, file.name) for pk, file in self.others.items()]
        offer_choices(self, "file", [("", _lazy("選んでください")), *rows])

    @classmethod
    def of(
        cls,
        wanted: Required,
        files: Sequence[Document],
        tried: "LaterForm | ElsewhereForm | None",
    ) -> "ElsewhereForm | None":
        """Where it may lie elsewhere: as it was typed, or empty."""
        if isinstance(tried, cls) and tried.wanted.key == wanted.key:
            return tried
        return cls(wanted=wanted, files=files) if wanted.elsewhere else None

    def keep(self, application: Application, *, by: User) -> None:
        given = self.cleaned_data
        file = self.others[given["file"]]
        instead.refer(application, self.wanted.key, file, given["where"], by=by)
