"""What a firm declares of itself, for the conditions of the call that it applies to."""

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import hints
from grants.applications.forms import SectionForm, yes_no
from grants.applications.models import Application
from grants.programmes import sizes
from portal.registry.models import Municipality
from portal.types import Given, Sent
from portal.types import Text as Shown
from portal.ui.forms import LongText
from portal.ui.names import Name

OUTSIDE = "outside"


def _partner_areas() -> list[tuple[str, Shown]]:
    towns = [(town.pk, str(town)) for town in Municipality.objects.all()]
    return [("", _lazy("選んでください")), *towns, (OUTSIDE, _lazy("札幌圏の外"))]


def declared(rules: Collection[str]) -> dict[str, forms.Field]:
    """What a firm declares of itself by one of two words, where a rule of the call asks it."""
    asked = {
        "tax": (
            "tax_paid",
            yes_no(
                _lazy("本社のある市町村の税金の滞納"),
                choices=[("yes", _lazy("滞納はない")), ("no", _lazy("滞納がある"))],
            ),
        ),
        "antisocial": (
            "no_antisocial",
            yes_no(
                _lazy("役員を含め、暴力団との関係"),
                choices=[("yes", _lazy("関係はない")), ("no", _lazy("関係がある"))],
            ),
        ),
        "not_repeat": (
            "received_before",
            yes_no(_lazy("以前に、この補助金を受けたことがありますか")),
        ),
        "tenant": ("tenant", yes_no(_lazy("対象の施設（ウェットラボ）に入居していますか"))),
    }
    return dict(named for rule, named in asked.items() if rule in rules)


class EligibilityForm(SectionForm):
    """What the firm itself declares. The answers lead to findings, never to a lock."""

    ASKED_FIRST = (sizes.FIRST,)
    NEEDED_SOMETIMES = sizes.OF_LARGE_FIRMS
    SHOWN_BESIDE = sizes.BESIDE_FIRST

    def __init__(
        self, data: Sent = None, *, application: Application, initial: Given | None = None
    ) -> None:
        super().__init__(sizes.with_first(data), application=application, initial=initial)

    def build(self) -> None:
        rules = {rule.rule for rule in self.stated.rules}
        if rules & {"sme", "sme_or_at_most"} and (parts := sizes.parts_of(self._industry())):
            self.fields["trade"] = forms.ChoiceField(
                label=_lazy("主な業種の内訳"),
                choices=[("", _lazy("選んでください")), *((p.key, p.name) for p in parts)],
                help_text=_lazy("この業種は、内訳によって中小企業の範囲が違います。"),
            )
        if "independent" in rules:
            is_person = self.application.case.organisation.kind == "sole_proprietor"
            if not is_person:
                self.fields[sizes.FIRST] = yes_no(
                    sizes.ANY_LARGE_FIRM, help_text=sizes.INVESTORS, choices=sizes.ANY
                )
            for name in sizes.OF_A_PERSON if is_person else sizes.LARGE_TESTS:
                self.fields[name] = yes_no(sizes.LARGE_TESTS[name])
                self.fields[name].required = name not in sizes.OF_LARGE_FIRMS
        self.fields |= declared(rules)
        if "partner" in rules:
            self.fields["partner_name"] = Name(
                label=_lazy("一緒に進めるIT企業の名称"),
                max_length=150,
                help_text=hints.of_partner(self.application),
            )
            self.fields["partner_area"] = forms.ChoiceField(
                label=_lazy("そのIT企業の本社がある市町村"),
                choices=_partner_areas,
                help_text=_lazy("札幌市に本社のあるIT企業と組むことが条件です。"),
            )
        if "group" in rules:
            self.fields["group_members"] = LongText(
                label=_lazy("グループで申し込む場合の、構成員の名称"),
                required=False,
                rows=3,
                help_text=_lazy("1行に1者。代表して申請する方は除きます。"),
            )
        self.fields["other_subsidies"] = LongText(
            label=_lazy("同じ費用で申請中・受給中の、ほかの補助金"),
            required=False,
            rows=3,
            help_text=_lazy(
                "ないときは空けておいてください。同じ費用に二重に受けることはできません。"
            ),
        )

    def _industry(self) -> str:
        """The firm's middle group, as typed in this application."""
        typed = self.application.sections.filter(key="organisation").first()
        return str(typed.data.get("industry") or "") if typed else ""

    def clean(self) -> Given:
        """Whoever has to do with no large firm has said no to each question about them."""
        data: Given = super().clean() or {}
        first = data.pop(sizes.FIRST, "")
        for name in sizes.OF_LARGE_FIRMS if first else ():
            if first == "no":
                self.errors.pop(name, None)
                data[name] = "no"
            elif not data.get(name) and name not in self.errors:
                text = self.fields[name].error_messages["required"]
                self.add_error(name, forms.ValidationError(text, code="required"))
        return data

    def content(self) -> Given:
        data = super().content()
        if data.get("partner_area") == OUTSIDE:
            data["partner_area"] = ""
        return data
