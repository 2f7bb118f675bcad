"""One subject has one module name in every room: who knows one room knows where to look in all."""

from collections.abc import Callable, Iterator

import pytest

from portal.cases.ports import case_kinds, case_panels, keeping_rules, loaders, turn_sources

Function = Callable[..., object]


def _functions() -> Iterator[tuple[Function, str, str]]:
    """(function, the module that it belongs into, how its name ends) of what rooms register."""
    yield from ((source.turns, "turns", "") for source in turn_sources.values())
    yield from ((loader, "access", "_for") for loader in loaders.values())
    yield from ((panel.context, "panels", "") for panel in case_panels.values())
    yield from ((rule, "retention", "") for rule in keeping_rules.values())
    for kind in case_kinds.values():
        yield from ((page, "case_page", "") for page in (kind.applicant_page, kind.staff_page))


@pytest.mark.parametrize(
    ("function", "module", "ending"),
    [pytest.param(*row, id=f"{row[0].__module__}.{row[0].__name__}") for row in _functions()],
)
def test_what_a_room_registers_stands_where_its_subject_stands(
    function: Function, module: str, ending: str
) -> None:
    assert function.__module__.rpartition(".")[2] == module
    assert function.__name__.endswith(ending)
