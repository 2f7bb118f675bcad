"""The form of a table of grounds: some more lines than it has, so that it grows without a script."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal.types import Given, Sent
from portal.ui.forms import Day, LongText, Text
from reports.disclosure.grounds import Ground, misfits

EMPTY = 2  # further lines


class GroundsForm(forms.Form):
    starts_on = Day(
        label=_lazy("効く日"),
        help_text=_lazy("この日から後に受け付ける公開請求に使います。"),
    )

    def __init__(self, data: Sent = None, *, grounds: list[Ground]) -> None:
        super().__init__(data)
        self.codes = [*(ground.code for ground in grounds), *_further(grounds)]
        for n, code in enumerate(self.codes):
            ground = grounds[n] if n < len(grounds) else None
            self.fields[f"clause-{code}"] = Text(
                label=_lazy("条項"),
                max_length=40,
                required=False,
                initial=ground.clause if ground else "",
            )
            self.fields[f"name-{code}"] = Text(
                label=_lazy("名前"),
                max_length=60,
                required=False,
                initial=str(ground.name) if ground else "",
            )
            self.fields[f"why-{code}"] = LongText(
                label=_lazy("公開しない理由の文"),
                rows=2,
                max_length=300,
                required=False,
                initial=str(ground.why) if ground else "",
            )

    def rows(self) -> list[list[forms.BoundField]]:
        return [
            [self[f"{name}-{code}"] for name in ("clause", "name", "why")] for code in self.codes
        ]

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        found = []
        for code in self.codes:
            clause, name, why = (
                data.get(f"{part}-{code}", "") for part in ("clause", "name", "why")
            )
            if name and why:
                found.append(Ground(code, clause, name, why))
            elif clause or name or why:
                missing = "name" if not name else "why"
                self.add_error(f"{missing}-{code}", _lazy("名前と理由の文の両方を書いてください。"))
        for reason in [] if self.errors else misfits(found):
            self.add_error(None, reason)
        return data | {"grounds": found}


def _further(grounds: list[Ground]) -> list[str]:
    """Codes of lines that no ground of the table has."""
    taken = {ground.code for ground in grounds}
    free = (f"own{n}" for n in range(1, len(taken) + EMPTY + 1))
    return [code for code in free if code not in taken][:EMPTY]
