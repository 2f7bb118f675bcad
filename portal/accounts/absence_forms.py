"""The forms of absences and deputies: one's own, or an administrator's for anybody of the office."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import DEPUTISED, Deputy, StaffRole, User
from portal.accounts.permissions import people_with
from portal.types import Given, Sent
from portal.ui.forms import Day, offer, offer_choices


class OfOnePerson(forms.Form):
    """Whoever is no administrator is not asked of whom it speaks."""

    person = forms.ModelChoiceField(
        User.objects.none(), label=_lazy("職員"), empty_label=_lazy("選んでください")
    )

    def __init__(self, data: Sent = None, *, by: User) -> None:
        super().__init__(data, initial={"person": by.pk, "starts_on": clock.today()})
        self.by = by
        if by.has_role("administrator"):
            offer(self, "person", people_with(*(role for role, _label in StaffRole.ROLES)))
        else:
            del self.fields["person"]

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if "person" not in self.fields:
            data["person"] = self.by
        return data


class AbsenceForm(OfOnePerson):
    starts_on = Day(label=_lazy("最初の日"))
    ends_on = Day(label=_lazy("最後の日"), help_text=_lazy("この日の終わりまで不在です。"))

    def clean(self) -> Given:
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _lazy("最初の日か、それより後の日にしてください。"))
        return data


class DeputyForm(OfOnePerson):
    role = forms.ChoiceField(
        label=_lazy("役割"),
        choices=[("", _lazy("選んでください")), *Deputy.ROLES],
    )
    stand_in = forms.ModelChoiceField(
        User.objects.none(),
        label=_lazy("代決者"),
        empty_label=_lazy("選んでください"),
        help_text=_lazy(
            "同じ役割を持つ職員に限ります。先に決めた方が不在のとき、次の方が代決します。"
        ),
    )

    def __init__(self, data: Sent = None, *, by: User) -> None:
        super().__init__(data, by=by)
        held: tuple[str, ...] = DEPUTISED
        if not by.has_role("administrator"):
            held = tuple(role for role in DEPUTISED if by.has_role(role))
            known = [(name, label) for name, label in Deputy.ROLES if name in held]
            offer_choices(self, "role", [("", _lazy("選んでください")), *known])
        offer(self, "stand_in", people_with(*held).exclude(pk=by.pk))

    def clean(self) -> Given:
        """An administrator names for anybody, and chooses among all."""
        data = super().clean()
        stand_in, role = data.get("stand_in"), data.get("role")
        if stand_in and role and not people_with(role).filter(pk=stand_in.pk).exists():
            self.add_error(
                "stand_in",
                _("%(name)sさんは、この役割を持っていません。") % {"name": stand_in.name},
            )
        return data
