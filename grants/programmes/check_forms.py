"""What the public eligibility check asks. Everything may be left open."""

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes import sizes
from grants.programmes.eligibility import Facts
from grants.programmes.models import Call
from portal.accounts.models import Organisation
from portal.registry import seats
from portal.registry.fields import CorporateNumber, trade
from portal.registry.models import Corporation, Municipality
from portal.registry.seats import Seat
from portal.types import Sent
from portal.ui.forms import Number, Yen

ANSWERS = [("", _lazy("分からない")), ("yes", _lazy("はい")), ("no", _lazy("いいえ"))]


class EligibilityForm(forms.Form):
    """Everything may be left open: the check says what it does not know."""

    corporate_number = CorporateNumber(
        label=_lazy("法人番号"),
        required=False,
        help_text=_lazy("入力すると、本社の場所を国の公開情報から確かめます。"),
    )
    kind = forms.ChoiceField(
        label=_lazy("事業者の種類"),
        required=False,
        choices=[("", _lazy("分からない")), *Organisation.KINDS],
    )
    area = forms.ChoiceField(label=_lazy("本社のある所"), required=False, choices=seats.choices)
    sapporo_office = forms.ChoiceField(
        label=_lazy("札幌市内に事業所がある"), choices=ANSWERS, required=False
    )
    industry = trade(label=_lazy("主な業種"), required=False, nobody=_lazy("分からない"))
    capital = Yen(label=_lazy("資本金（円）"), required=False)
    employees = Number(label=_lazy("従業員数（人）"), required=False, counters="人名")
    partner_area = forms.ModelChoiceField(
        Municipality.objects.all(),
        label=_lazy("一緒に進めるIT企業の本社"),
        required=False,
        empty_label=_lazy("分からない・未定"),
    )
    tax_paid = forms.ChoiceField(
        label=_lazy("市町村の税金に滞納がない"), choices=ANSWERS, required=False
    )
    no_antisocial = forms.ChoiceField(
        label=_lazy("暴力団と関係がない"), choices=ANSWERS, required=False
    )
    received_before = forms.ChoiceField(
        label=_lazy("この補助金を以前に受けた"), choices=ANSWERS, required=False
    )
    tenant = forms.ChoiceField(
        label=_lazy("ウェットラボに入居している"), choices=ANSWERS, required=False
    )

    field_order = ("corporate_number", "kind", "area", "sapporo_office", "industry", "trade")

    SHOWN_BESIDE = sizes.BESIDE_FIRST
    NEEDS = {
        "kind": "sme_or_at_most",
        "partner_area": "partner",
        "received_before": "not_repeat",
        "tenant": "tenant",
        "sapporo_office": "office",
    }

    def __init__(self, data: Sent = None, *, call: Call) -> None:
        super().__init__(data)
        rules = {rule.rule for rule in call.stated.rules}
        for name, rule in self.NEEDS.items():
            if rule not in rules:
                del self.fields[name]
        if "independent" in rules:
            self.fields[sizes.FIRST] = forms.ChoiceField(
                label=sizes.ANY_LARGE_FIRM,
                choices=[ANSWERS[0], sizes.ANY[0], ("yes", _lazy("ある"))],
                required=False,
            )
            for name, test in sizes.LARGE_TESTS.items():
                self.fields[name] = forms.ChoiceField(label=test, choices=ANSWERS, required=False)
        self._ask_further(rules)

    def _ask_further(self, rules: Collection[str]) -> None:
        """The part of a trade, once a trade was chosen that has parts of different sizes."""
        parts = sizes.parts_of(self.data.get("industry"))
        if parts and ("sme" in rules or "sme_or_at_most" in rules):
            self.fields["trade"] = forms.ChoiceField(
                label=_lazy("主な業種の内訳"),
                required=False,
                choices=[("", _lazy("分からない")), *((p.key, p.name) for p in parts)],
            )
            self.order_fields(self.field_order)

    def facts(self) -> tuple[Facts, Corporation | None]:
        data = self.cleaned_data
        found = Corporation.objects.filter(number=data.get("corporate_number") or "-").first()
        seat = (
            seats.of(data.get("area") or "")
            if data.get("area")
            else Seat(found.area if found else None)
        )

        def said(name: str) -> bool | None:
            return {"yes": True, "no": False}.get(data.get(name) or "")

        tests = {name: said(name) for name in sizes.LARGE_TESTS}
        if said(sizes.FIRST) is False:
            tests |= dict.fromkeys(sizes.OF_LARGE_FIRMS, False)
        facts = Facts(
            kind=data.get("kind") or "corporation",
            trade=data.get("trade"),
            large=_settled(tests),
            area=seat.area.code if seat.area else None,
            municipality=seat.municipality,
            sapporo_office=said("sapporo_office"),
            industry=data["industry"].code if data.get("industry") else None,
            capital=data.get("capital"),
            employees=data.get("employees"),
            partner_area=data["partner_area"].pk if data.get("partner_area") else None,
            tax_paid=said("tax_paid"),
            no_antisocial=said("no_antisocial"),
            received_before=said("received_before"),
            tenant=said("tenant"),
        )
        return facts, found


def _settled(tests: dict[str, bool | None]) -> dict[str, bool] | None:
    """Nothing where a test is open and none is met: one that is met is enough to know."""
    known = {name: met for name, met in tests.items() if met is not None}
    return known if len(known) == len(tests) or any(known.values()) else None
