"""Who is a small or medium-sized firm: every middle group of the classification by hand, the parts
of those that are split, and who counts as large all the same.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from grants.programmes import eligibility, loading, sizes
from grants.programmes.eligibility import Facts
from grants.programmes.parameters import Programme, read

# 中小企業庁の対応表, written out; {} where the small group decides
CLASSES = {
    "01 02 03 04 05": {"other"},
    "06 07 08": {"manufacturing"},
    "09 10 11 12 13 14 15 16 17 18": {"manufacturing"},
    "19": {"manufacturing", "rubber"},
    "20 21 22 23 24 25 26 27 28 29 30 31 32": {"manufacturing"},
    "33 34 35 36 37": {"other"},
    "38": {"service"},
    "39": {"software", "service"},
    "40": {"other"},
    "41": {"service", "other"},
    "42 43 44 45 46 47 48 49": {"manufacturing"},
    "50 51 52 53 54 55": {"wholesale"},
    "56 57 58 59 60 61": {"retail"},
    "62 63 64 65 66 67 68": {"other"},
    "69": {"service", "other"},
    "70 71 72 73 74": {"service"},
    "75": {"hotel", "service"},
    "76 77": {"retail"},
    "78": {"service"},
    "79": {"service", "other"},
    "80 81 82 83 84 85 86 87 88 89 90 91 92 93 94 95 96": {"service"},
    "97 98 99": {"other"},
}
NOT_LARGE = dict.fromkeys(sizes.LARGE_TESTS, False)


def groups() -> Iterator[str]:
    text = Path("portal/registry/data/industries.toml").read_text(encoding="utf-8")
    for major in tomllib.loads(text).values():
        yield from (code for code in major if code.isdigit())


def stated(name: str = "dx_promotion") -> Programme:
    return read((loading.DATA / f"{name}.toml").read_text(encoding="utf-8"))


def tone(rule: str, facts: Facts, programme: str = "dx_promotion") -> str:
    found = eligibility.findings(stated(programme), facts)
    return next(finding.tone for finding in found if finding.rule == rule)


def test_every_middle_group_is_of_the_right_class() -> None:
    expected = {code: found for codes, found in CLASSES.items() for code in codes.split()}
    assert len(expected) == 99
    assert {code: set(sizes.classes(code)) for code in groups()} == expected


@pytest.mark.parametrize(
    ("part", "size"),
    [
        ("411", "service"),
        ("412", "service"),
        ("415", "service"),
        ("416", "service"),
        ("41-", "other"),
        ("693", "service"),
        ("69-", "other"),
        ("791", "other"),
        ("79-", "service"),
        ("191", "manufacturing"),
        ("1931", "manufacturing"),
        ("19-", "rubber"),
        ("391", "software"),
        ("3921", "software"),
        ("39-", "service"),
        ("751", "hotel"),
        ("75-", "service"),
    ],
)
def test_a_part_of_a_split_group_has_its_own_class(part: str, size: str) -> None:
    assert sizes.classes(part[:2], part) == (size,)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(industry="41", trade="413", employees=50), "good"),  # small by either class
        (Facts(industry="41", employees=200), "care"),  # small as a publisher alone
        (Facts(industry="41", trade="41-", employees=200), "good"),
        (Facts(industry="41", trade="415", employees=200), "care"),
        (Facts(industry="69", trade="69-", employees=101), "good"),
        (Facts(industry="69", trade="693", employees=101), "care"),
        (Facts(industry="71", employees=101), "care"),
        (Facts(industry="79", trade="791", employees=101), "good"),
    ],
)
def test_a_part_is_asked_only_where_it_decides(facts: Facts, expected: str) -> None:
    assert tone("sme", facts) == expected


def test_a_programme_may_size_every_firm_alike() -> None:
    facts = Facts(industry="39", trade="39-", employees=250)
    assert (tone("sme", facts), tone("sme", facts, "sales_channel")) == ("care", "good")


@pytest.mark.parametrize("test", sizes.LARGE_TESTS)
def test_one_test_met_makes_a_firm_large(test: str) -> None:
    assert tone("independent", Facts(large=NOT_LARGE)) == "good"
    assert tone("independent", Facts(large=NOT_LARGE | {test: True})) == "care"
    assert tone("independent", Facts()) == "care"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(kind="corporation", industry="09", employees=250), "good"),
        (Facts(kind="sole_proprietor"), "good"),
        (Facts(kind="body", employees=100), "good"),
        (Facts(kind="body", employees=101), "care"),
        (Facts(kind="corporation", industry="58", capital=90_000_000, employees=80), "care"),
    ],
)
def test_telework_is_for_small_firms_and_for_other_bodies_up_to_a_hundred(
    facts: Facts, expected: str
) -> None:
    assert tone("sme_or_at_most", facts, "telework") == expected
