"""What a firm said of itself, as the facts that a programme's conditions are held against."""

from collections.abc import Mapping
from dataclasses import replace

from grants.applications.content import Content
from grants.applications.eligibility_form import OUTSIDE
from grants.programmes import sizes
from grants.programmes.eligibility import Facts

YES_NO = {"yes": True, "no": False}


def declared(facts: Facts, answers: Mapping[str, str]) -> Facts:
    """With what it declared for the conditions of its call; what nobody asked stays unknown."""

    def yes(name: str) -> bool | None:
        return YES_NO.get(answers.get(name, ""))

    area = answers.get("partner_area")
    return replace(
        facts,
        partner_name=answers.get("partner_name", ""),
        partner_area=None if area is None else area.replace(OUTSIDE, ""),
        tax_paid=yes("tax_paid"),
        no_antisocial=yes("no_antisocial"),
        received_before=yes("received_before"),
        tenant=yes("tenant"),
        trade=answers.get("trade"),
        large={n: answers[n] == "yes" for n in sizes.LARGE_TESTS if n in answers} or None,
    )


def of_version(organisation: Content, answers: Mapping[str, str]) -> Facts:
    """Of two frozen sections of a version, by the same words."""
    found = Facts(
        kind=organisation["kind"],
        area=organisation.get("area") or None,
        municipality=organisation.get("municipality"),
        sapporo_office=YES_NO.get(organisation.get("has_sapporo_office", "")),
        industry=organisation.get("industry") or None,
        capital=organisation.get("capital"),
        employees=organisation.get("employees"),
    )
    return declared(found, answers)
