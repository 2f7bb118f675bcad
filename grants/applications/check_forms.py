"""What is typed about a check of the ledger: its result, and the decision to go on in spite of it."""

from collections.abc import Callable, Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import known
from grants.applications.models import Check
from portal.types import Given, Sent
from portal.ui.forms import LongText, Text

# none is chosen beforehand: a result is what somebody found
RESULTS = [("", _lazy("選んでください")), *(row for row in Check.RESULTS if row[0])]


class CheckForm(forms.Form):
    result = forms.ChoiceField(label=_lazy("結果"), choices=RESULTS)
    evidence = Text(label=_lazy("確かめた根拠"), max_length=300)


class LedgerForm(forms.Form):
    """All checks of a case that nobody made yet: what has a result is noted, and what has none either where
    one says so of all that are left; else it stays open. `look_first`: what somebody has to look at before
    a check is clear, by its kind; such a check is chosen by itself.
    """

    rest = forms.BooleanField(
        label=_lazy("結果を選んでいない確認は、すべて「問題なし」とする"), required=False
    )
    common = Text(label=_lazy("根拠を書いていない確認に共通の根拠"), max_length=300, required=False)
    accept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Sent,
        blank: Sequence[Check],
        known: Mapping[str, str],
        look_first: Callable[[str], list[str]] = lambda _kind: [],
    ) -> None:
        super().__init__(data)
        self.blank, self.look_first = blank, look_first
        for row in blank:
            name = str(row.get_kind_display())
            self.fields[f"result-{row.kind}"] = forms.ChoiceField(
                label=_("%(check)sの結果") % {"check": name}, choices=RESULTS, required=False
            )
            self.fields[f"evidence-{row.kind}"] = Text(
                label=_("%(check)sの根拠") % {"check": name},
                max_length=300,
                required=False,
                initial=known.get(row.kind, ""),
            )

    @property
    def lines(self) -> list[tuple[Check, forms.BoundField, forms.BoundField]]:
        """Each check with its two fields."""
        return [
            (row, self[f"result-{row.kind}"], self[f"evidence-{row.kind}"]) for row in self.blank
        ]

    def clean(self) -> Given:
        """A result and its evidence stand together; words that the portal proposed alone say nothing."""
        given: Given = super().clean() or {}
        for row in self.blank:
            result, evidence = f"result-{row.kind}", f"evidence-{row.kind}"
            if not given.get(result) and given.get("rest"):
                given[result] = "clear"
                for text in self.look_first(row.kind):
                    self.add_error(result, text)
            typed = given.get(evidence)
            if typed and not given.get(result) and not known.is_proposed(row.kind, typed):
                self.add_error(result, _("結果を選んでください。"))
            if given.get(result) and evidence in given and not typed:
                given[evidence] = given.get("common", "")
                if not given[evidence]:
                    self.add_error(evidence, _("根拠を書いてください。"))
        return given

    def notes(self) -> dict[str, tuple[str, str]]:
        """Kind of check → (result, evidence) of those that were made."""
        given = self.cleaned_data
        return {
            row.kind: (given[f"result-{row.kind}"], given[f"evidence-{row.kind}"])
            for row in self.blank
            if given[f"result-{row.kind}"]
        }


class GoOnForm(forms.Form):
    reason = Text(label=_lazy("進めてよいと判断した理由"), max_length=300)


class SetAsideForm(forms.Form):
    """Why an application goes on without a paper that was to follow."""

    reason = Text(label=_lazy("この書類を求めない理由"), max_length=300)


class HonourForm(forms.Form):
    """Why the moment of a submission that did not end is honoured."""

    reason = LongText(label=_lazy("理由"), rows=3, max_length=1000)
