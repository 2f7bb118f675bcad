"""The form of a table of 専決: some more lines than it has, so that it grows without a script."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import StaffRole
from portal.approvals.ports import acts
from portal.approvals.ruling import Rule, misfits
from portal.types import Given, Sent
from portal.ui.forms import Number, Yen

EMPTY_LINES = 3
EVERY = "every"  # how the form says "every act without a rule of its own"


class RulesForm(forms.Form):
    deputy_after = Number(
        label=_lazy("代決できるまでの日数"),
        least=1,
        required=False,
        help_text=_lazy(
            "番が来てからこの日数がたつと、不在でなくても代決者が代決できます。空けておくと、不在の間だけです。"
        ),
    )

    def __init__(
        self, data: Sent = None, *, rules: list[Rule], deputy_after: int | None = None
    ) -> None:
        super().__init__(data, initial={"deputy_after": deputy_after})
        self.lines = range(1, len(rules) + EMPTY_LINES + 1)
        choices = [("", "―"), (EVERY, _("すべての起案")), *_acts()]
        for n in self.lines:
            rule = rules[n - 1] if n <= len(rules) else None
            self.fields[f"act-{n}"] = forms.ChoiceField(
                label=_("起案の種類%(n)s") % {"n": n},
                choices=choices,
                required=False,
                initial=(rule.act or EVERY) if rule else "",
            )
            self.fields[f"up_to-{n}"] = Yen(
                label=_("1件の上限%(n)s（円）") % {"n": n},
                least=1,
                required=False,
                initial=rule.up_to if rule else None,
                help_text=_("空けておくと、上限なしです。"),
            )
            self.fields[f"rank-{n}"] = forms.ChoiceField(
                label=_("決裁する職位%(n)s") % {"n": n},
                choices=[("", "―"), *StaffRole.RANKS],
                required=False,
                initial=rule.rank if rule else "",
            )

    @property
    def rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The lines with their number and their three fields."""
        return [(n, [self[f"{name}-{n}"] for name in ("act", "up_to", "rank")]) for n in self.lines]

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        found = []
        for n in self.lines:
            act, rank = data.get(f"act-{n}"), data.get(f"rank-{n}")
            if bool(act) != bool(rank):
                missing = "rank" if act else "act"
                self.add_error(f"{missing}-{n}", _lazy("起案の種類と職位の両方を選んでください。"))
            elif act and rank:
                found.append(Rule("" if act == EVERY else act, data.get(f"up_to-{n}"), rank))
        for reason in [] if self.errors else misfits(found):
            self.add_error(None, reason)
        return data | {"rules": found}


def _acts() -> list[tuple[str, str]]:
    return [(name, str(act.label)) for name, act in acts.items()]
