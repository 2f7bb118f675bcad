"""What the registry says of a firm is not typed: its name and head office stand in forms as the
National Tax Agency publishes them.
"""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal.registry.models import Corporation
from portal.registry.seats import PREFECTURES, Seat
from portal.types import Given


def of(number: str | None) -> Corporation | None:
    """The corporation of this number; None where the portal's registry does not have it."""
    return Corporation.objects.filter(pk=number).first() if number else None


def columns(found: Corporation) -> Given:
    """What the registry knows, as a firm's own columns."""
    area = found.area
    outside = "" if area or found.prefecture not in PREFECTURES else found.prefecture
    return {
        "name": found.name,
        "address": found.address,
        "postal_code": found.postal_code,
        "area": area,
        "prefecture": outside,
    }


def hold(form: forms.Form, found: Corporation | None) -> None:
    """Let the form show what is registered, and take nothing else for it."""
    if found is None:
        return
    known = columns(found)
    shown = {name: known[name] for name in ("name", "address", "postal_code")}
    shown["area"] = Seat(known["area"], known["prefecture"]).code
    for name, value in shown.items():
        if value:
            form.fields[name].disabled = True
            form.initial[name] = value
            form.fields[name].help_text = _lazy("登記のとおりです（国税庁の公表情報）。")
