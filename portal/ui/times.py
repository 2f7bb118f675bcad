"""Times of a day, as forms ask for them."""

from datetime import time

from django import forms

from portal.types import Text as Label


class TimeOfDay(forms.ChoiceField):
    """When something of a day begins or ends, to the half hour, as a time; what a form leaves out is
    the usual.
    """

    TIMES = tuple(f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30))

    def __init__(self, usual: str, *, label: Label, help_text: Label = "") -> None:
        self.usual = usual
        super().__init__(
            choices=[(each, each) for each in self.TIMES],
            initial=usual,
            required=False,
            label=label,
            help_text=help_text,
        )

    def offer(self, value: str) -> None:
        """Also what stands there already, where it is none of the half hours."""
        self.choices = [(each, each) for each in sorted({*self.TIMES, value})]

    def clean(self, value: object) -> time:
        return time.fromisoformat(super().clean(value) or self.usual)
