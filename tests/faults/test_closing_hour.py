"""The closing hour in small: what is told of it, and its bounds."""

import random
import sys
from types import SimpleNamespace

import pytest

from tools import closing_hour
from tools.closing_hour import MIX, Hour, Told


def test_what_came_instead_of_an_answer_is_counted() -> None:
    told = Told()
    told.note("read", lambda: "")
    told.note("read", lambda: "503")
    told.note("read", lambda: f"{1 // 0}")
    assert len(told.spans["read"]) == 1
    assert dict(told.instead["read"]) == {"503": 1, "ZeroDivisionError": 1}


@pytest.mark.parametrize("asked", [["--people", "61"], ["--seconds", "601"], ["--rate", "201"]])
def test_it_is_bounded(monkeypatch: pytest.MonkeyPatch, asked: list[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["closing_hour", *asked])
    with pytest.raises(SystemExit):
        closing_hour.main()


def test_a_file_of_three_megabytes_is_one() -> None:
    data = closing_hour._large(0.5)
    assert (len(data), data[:5]) == (closing_hour.FILE, b"%PDF-")


def test_the_mix_is_of_a_hundred_and_nobody_hands_in_twice() -> None:
    assert sum(MIX.values()) == 100
    hour = Hour([], "http://127.0.0.1:1", ["/"], 1)
    story = SimpleNamespace(number="x")
    hour.stories = [story]  # type: ignore[list-item]
    hour.waiting = [story]  # type: ignore[list-item]
    hour.chance = random.Random(1)  # noqa: S311
    hour.begin("hand in")
    assert hour.waiting == []
    hour.begin("hand in")
    assert hour.waiting == []
