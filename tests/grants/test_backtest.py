"""A revision over past cases: what it makes of each, by the rules that applications are reckoned with, and never
by a guess. One that changes nothing brings exactly what was decided.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.backtest import telling
from grants.backtest.comparing import Outcome, Rules, compare
from grants.backtest.reckoning import Decided, Filed, Money
from grants.programmes import loading
from grants.programmes.eligibility import Facts
from grants.programmes.parameters import Programme, read
from portal.registry.codes import SAPPORO

T0 = datetime(2026, 5, 1, tzinfo=UTC)
TELEWORK = (loading.DATA / "telework.toml").read_text(encoding="utf-8")
CREATION = (loading.DATA / "dx_creation.toml").read_text(encoding="utf-8")
FIRM = Facts(
    municipality=SAPPORO,
    sapporo_office=True,
    industry="76",
    capital=3_000_000,
    employees=12,
    tax_paid=True,
    no_antisocial=True,
    received_before=False,
    large={"large_half": False},
)
STUDIO = replace(FIRM, industry="39", trade="391", area=SAPPORO)


def programme(text: str, *changes: tuple[str, str]) -> Programme:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return read(text)


OFFICE, RANKED = programme(TELEWORK), programme(CREATION)
EVERY = {c.key: c.maximum for c in RANKED.criteria}


def filed(n: int, *, decided: Decided = "in", yen: int = 450_000, **other: object) -> Filed:
    """Of telework: two thirds of 450,000 yen are 300,000."""
    costs = {"equipment": yen}
    case = Filed(
        pk=n,
        receipt=f"TW8-{n:04}",
        arrived_at=T0 + timedelta(hours=n),
        frame="standard",
        facts=FIRM,
        costs=costs,
        accepted=costs,
        decided=decided,
        awarded=300_000 if decided == "in" else 0,
    )
    return replace(case, **other)  # type: ignore[arg-type]


def scored(n: int, mark: int, *, decided: Decided = "in") -> Filed:
    """Of the ranked programme: 5,000,000 yen asked for, each criterion scored `mark` of 5."""
    costs = {"development": 9_000_000}
    return filed(
        n,
        decided=decided,
        frame="creation",
        facts=STUDIO,
        costs=costs,
        accepted=costs,
        awarded=5_000_000 if decided == "in" else 0,
        points=(dict.fromkeys(EVERY, mark),),
        maxima=EVERY,
    )


def tried(
    cases: list[Filed],
    now: Programme,
    then: Programme = OFFICE,
    *,
    had: int | None = None,
    has: int | None = None,
    seed: str = "",
) -> dict[int, Outcome]:
    def rules(stated: Programme, yen: int | None) -> Rules:
        money = {frame.key: Money(yen) for frame in stated.frames}
        return Rules({case.pk: stated for case in cases}, stated, money, seed)

    found = compare(cases, rules(then, had), rules(now, had if has is None else has))
    return {one.case.pk: one for one in found}


def said(found: dict[int, Outcome], now: Programme, then: Programme = OFFICE) -> dict[int, str]:
    return {n: " ".join(telling.reasons(one, then, now)) for n, one in found.items()}


def test_a_lower_rate_and_a_lower_cap_bring_less() -> None:
    lower = programme(TELEWORK, ('rate = "2/3"', 'rate = "1/2"'), ("cap = 400000", "cap = 200000"))
    found = tried([filed(1), filed(2, yen=360_000, awarded=240_000)], lower)
    assert [(one.change, one.amount) for one in found.values()] == [
        ("less", 200_000),
        ("less", 180_000),
    ]
    assert "2/3から1/2" in said(found, lower)[1]
    assert "補助上限額" in said(found, lower)[1]


def test_what_falls_below_a_higher_floor_is_nothing() -> None:
    higher = programme(TELEWORK, ("floor = 100000", "floor = 350000"))
    found = tried([filed(1)], higher)
    assert (found[1].change, found[1].amount, found[1].now.result) == ("out", 0, "nothing")
    assert "補助下限額" in said(found, higher)[1]


def test_a_stricter_condition_keeps_out_with_its_reason() -> None:
    strict = programme(
        TELEWORK,
        (
            "[[rules]]",
            '[[rules]]\nrule = "employees_at_most"\nlimit = 10\ncite = "要綱3条"\n'
            'text = { ja = "10人以下", en = "At most 10" }\n\n[[rules]]',
        ),
    )
    found = tried([filed(1), filed(2, facts=replace(FIRM, employees=10))], strict)
    assert [one.change for one in found.values()] == ["out", "same"]
    assert "2人多い" in said(found, strict)[1]
    assert "要綱3条" in said(found, strict)[1]


def test_a_condition_that_nobody_was_asked_is_unknown_and_never_guessed() -> None:
    asks = programme(
        TELEWORK,
        (
            "[[rules]]",
            '[[rules]]\nrule = "tenant"\ncite = "要綱3条"\n'
            'text = { ja = "入居者", en = "Tenants" }\n\n[[rules]]',
        ),
    )
    found = tried([filed(1), filed(2, decided="waits")], asks, had=300_000)
    assert [(one.change, one.amount, one.most) for one in found.values()] == [
        ("unknown", 0, 300_000),
        ("unknown", 0, 300_000),
    ]
    assert "当時の答えでは分かりません：入居施設" in said(found, asks)[1]
    assert telling.summed("", found.values()).untold == 2


def test_whoever_stands_behind_an_unknown_one_is_unknown_too() -> None:
    """The money does for one: if the first may not take part, it is the second's."""
    then = programme(TELEWORK)
    asks = programme(
        TELEWORK,
        (
            "[[rules]]",
            '[[rules]]\nrule = "tenant"\ncite = "要綱3条"\n'
            'text = { ja = "入居者", en = "Tenants" }\n\n[[rules]]',
        ),
    )
    known = replace(FIRM, tenant=True)
    cases = [
        filed(1),
        filed(2, decided="waits", facts=known),
        filed(3, facts=known, awarded=0, decided="waits"),
    ]
    found = tried(cases, asks, then, had=300_000)
    assert [one.change for one in found.values()] == ["unknown", "unknown", "same"]
    assert "順位が変わります" in said(found, asks)[2]


def test_another_pass_mark_moves_who_is_in() -> None:
    cases = [scored(1, 5), scored(2, 4), scored(3, 2, decided="out")]
    higher = programme(CREATION, ("pass_mark = 60", "pass_mark = 90"))
    found = tried(cases, higher, RANKED, had=25_000_000)
    assert [one.change for one in found.values()] == ["same", "out", "same"]
    assert "80.0点で、基準点の90点に届きません" in said(found, higher, RANKED)[2]
    lower = programme(CREATION, ("pass_mark = 60", "pass_mark = 40"))
    found = tried(cases, lower, RANKED, had=25_000_000)
    assert [(one.change, one.amount) for one in found.values()] == [
        ("same", 5_000_000),
        ("same", 5_000_000),
        ("in", 5_000_000),
    ]


def test_another_budget_moves_the_line_and_a_tie_is_not_decided() -> None:
    cases = [scored(1, 5), scored(2, 4), scored(3, 4, decided="waits")]
    less = tried(cases, RANKED, RANKED, had=10_000_000, has=5_000_000)
    assert [one.change for one in less.values()] == ["same", "out", "same"]
    more = tried(cases, RANKED, RANKED, had=10_000_000, has=15_000_000)
    assert [one.change for one in more.values()] == ["same", "same", "in"]
    tied = tried([scored(1, 4), scored(2, 4)], RANKED, RANKED, had=10_000_000, has=5_000_000)
    assert [(one.change, one.now.result) for one in tied.values()] == [("unknown", "tied")] * 2


def test_another_cap_of_a_group_cuts_what_counts() -> None:
    """Half the share of the whole that the group may have."""
    old = next(iter(RANKED.groups))
    inside = old.categories[0]
    outside = next(c.key for c in RANKED.categories if c.key not in old.categories)
    costs = {outside: 2_000_000, inside: 6_000_000}
    third = RANKED.model_copy(update={"groups": (old.model_copy(update={"share": old.share / 2}),)})
    case = replace(scored(1, 5), costs=costs, accepted=costs, awarded=0)
    before = tried([case], RANKED, RANKED)[1]
    case = replace(case, awarded=before.then.amount or 0)
    found = tried([case], third, RANKED)[1]
    assert (found.change, found.amount) == ("less", found.now.amount)
    assert found.amount < case.awarded
    assert "経費区分の割合の上限" in said({1: found}, third, RANKED)[1]


def test_criteria_that_nobody_scored_bring_no_place() -> None:
    other = programme(CREATION, ('key = "team"', 'key = "crew"'))
    found = tried([scored(1, 5)], other, RANKED)
    assert (found[1].change, found[1].most) == ("unknown", 5_000_000)
    assert "採点されていません" in said(found, other, RANKED)[1]


def test_a_revision_that_no_longer_scores_takes_them_as_they_came() -> None:
    plain = RANKED.model_copy(update={"criteria": (), "selection": "first_come"})
    assert tried([scored(1, 1)], plain, RANKED)[1].now.result == "in"


def test_a_draw_that_was_never_made_is_not_made_up() -> None:
    lots = programme(TELEWORK, ('selection = "first_come"', 'selection = "lottery"'))
    assert tried([filed(1)], lots)[1].change == "unknown"
    assert tried([filed(1)], lots, seed="ab")[1].change == "same"


def test_a_frame_and_a_category_that_are_gone_are_said() -> None:
    gone = OFFICE.model_copy(update={"frames": OFFICE.frames[1:]})
    found = tried([filed(1)], gone)
    assert (found[1].change, found[1].most) == ("unknown", 300_000)
    assert "枠が、この版にありません" in said(found, gone)[1]
    fewer = OFFICE.model_copy(
        update={"categories": tuple(c for c in OFFICE.categories if c.key != "software")}
    )
    both = {"equipment": 300_000, "software": 150_000}
    found = tried([filed(1, costs=both, accepted=both)], fewer)
    assert (found[1].change, found[1].amount) == ("less", 200_000)
    assert "この版にない経費の区分" in said(found, fewer)[1]


def test_what_an_officer_decided_otherwise_stays_and_is_said() -> None:
    """A cut, a refusal, a condition that was let go: of each the reckoning knows nothing."""
    cases = [
        filed(1, awarded=250_000),
        filed(2, decided="out"),
        filed(3, facts=replace(FIRM, tax_paid=False)),
        filed(4, decided="out", facts=replace(FIRM, tax_paid=False)),
    ]
    found = tried(cases, OFFICE)
    assert [(one.change, one.is_otherwise, one.amount) for one in found.values()] == [
        ("same", True, 250_000),
        ("same", True, 0),
        ("same", True, 300_000),
        ("same", False, 0),
    ]
    lower = programme(TELEWORK, ("cap = 400000", "cap = 200000"))
    found = tried(cases, lower)
    assert [one.amount for one in found.values()] == [150_000, 0, 200_000, 0]
    assert "50,000円減らして" in said(found, lower)[1]
    assert "職員の判断で交付していません" in said(found, lower)[2]


def test_whom_the_line_kept_out_comes_in_and_whom_an_officer_refused_does_not() -> None:
    cases = [
        filed(1),
        filed(2, decided="out"),
        filed(3),
        filed(4, decided="out"),
        filed(5, decided="waits"),
    ]
    found = tried(cases, OFFICE, had=600_000, has=1_500_000)
    assert [one.change for one in found.values()] == ["same", "same", "same", "in", "in"]
    assert found[2].now.result == "judged"


def test_what_was_accepted_of_the_costs_is_reckoned_and_what_was_asked_for_is_ranked() -> None:
    """The ranking is of what was applied for; the sum of what the office let stand."""
    cases = [filed(1, accepted={"equipment": 300_000}, awarded=200_000), filed(2, decided="waits")]
    found = tried(cases, OFFICE, had=550_000)
    assert [(one.change, one.amount, one.is_otherwise) for one in found.values()] == [
        ("same", 200_000, False),
        ("same", 0, False),
    ]


def test_nothing_is_said_of_what_is_not_decided_yet() -> None:
    found = tried([filed(1, decided="open")], OFFICE)
    sums = telling.summed("", found.values())
    assert (found[1].change, sums.n, sums.yen_now) == ("open", 0, 0)


DECISIONS: list[Decided] = ["in", "out", "waits", "open"]
FIRMS = [
    FIRM,
    replace(FIRM, tax_paid=False),
    replace(FIRM, tax_paid=None),
    replace(FIRM, employees=500, capital=10**9),
]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(DECISIONS),
            st.sampled_from(FIRMS),
            st.integers(0, 1_000_000),
            st.integers(0, 400_000),
            st.integers(0, 5),
            st.integers(0, 1),
        ),
        max_size=12,
    ),
    st.sampled_from([None, 0, 500_000, 1_000_000]),
    st.sampled_from(["first_come", "competitive", "lottery"]),
    st.sampled_from(["", "seed"]),
)
def test_a_revision_that_changes_nothing_brings_exactly_what_was_decided(
    rows: list[tuple[Decided, Facts, int, int, int, int]],
    budget: int | None,
    selection: str,
    seed: str,
) -> None:
    same = OFFICE.model_copy(
        update={"selection": selection, "criteria": RANKED.criteria, "pass_mark": 60}
    )
    cases = [
        filed(
            n,
            decided=decided,
            facts=facts,
            yen=yen,
            awarded=max(awarded, 1) if decided == "in" else 0,
            points=(dict.fromkeys(EVERY, mark),) if mark else (),
            maxima=EVERY,
            intake=intake,
        )
        for n, (decided, facts, yen, awarded, mark, intake) in enumerate(rows)
    ]
    for one in tried(cases, same, same, had=budget, seed=seed).values():
        if one.case.decided == "open":
            assert one.change == "open"
        else:
            assert (one.change, one.amount) == ("same", one.case.awarded)


@pytest.mark.parametrize("people", [0, 5, 6, 300, 301, None])
def test_a_size_has_one_name(people: int | None) -> None:
    name = telling.Groups([], []).size(filed(1, facts=replace(FIRM, employees=people)))
    wanted = {0: "5人以下", 5: "5人以下", 6: "6～20人", 300: "101～300人", 301: "301人以上"}
    assert name == wanted.get(-1 if people is None else people, "不明")
