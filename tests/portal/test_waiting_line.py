"""Who is served next: `portal/waiting.py`."""

from portal.waiting import WaitingLine


def served(line: WaitingLine[str]) -> list[str]:
    return list(iter(line.next, None))


def test_first_come_first_served() -> None:
    line: WaitingLine[str] = WaitingLine(2)
    for name in ("a1", "b1", "c1"):
        line.add(name[0], name)
    assert served(line) == ["a1", "b1", "c1"]


def test_a_flood_of_one_address_is_before_nobody_by_more_than_its_share() -> None:
    line: WaitingLine[str] = WaitingLine(2)
    for n in range(6):
        line.add("flood", f"f{n}")
    line.add("shop", "s1")
    line.add("shop", "s2")
    assert served(line) == ["f0", "f1", "s1", "s2", "f2", "f3", "f4", "f5"]
    line.add("flood", "f6")  # nothing is kept of whom nobody waits for
    assert served(line) == ["f6"]
    assert (line._standing, line._behind) == ({}, {})


def test_a_full_office_has_as_many_in_the_line_all_the_time() -> None:
    line: WaitingLine[str] = WaitingLine(2)
    for n in range(4):
        line.add("office", f"o{n}")
    line.add("shop", "s0")
    assert line.next() == "o0"
    line.add("shop", "s1")
    assert served(line) == ["o1", "s0", "o2", "s1", "o3"]


def test_of_whom_most_stand_behind_the_last_gives_way() -> None:
    line: WaitingLine[str] = WaitingLine(1)
    for name in ("a1", "b1", "b2", "a2", "a3"):
        line.add(name[0], name)
    assert [line.give_way() for _ in range(4)] == ["a3", "b2", "a2", None]
    assert served(line) == ["a1", "b1"]
